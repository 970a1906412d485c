"""Of a large cohort only some patients are traced: enough of each set."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from remit.trace.people import set_of, size
from remit.trace.traced import ALL_UP_TO, OF_EACH, traced_of

MANY = ALL_UP_TO + 1


def test_of_a_cohort_that_is_not_large_all_are_traced() -> None:
    assert size(traced_of([set_of([1, 2])], ALL_UP_TO)) == ALL_UP_TO


def test_small_sets_choose_first_so_that_few_are_traced() -> None:
    everybody, some, two = (1 << MANY) - 1, set_of(range(100, 200)), set_of([150, 2000])
    traced = traced_of([everybody, some, two], MANY)
    assert traced & two == two
    assert size(traced) == OF_EACH + 1  # of `some` 19 beside one of the two; of everybody those 21


@settings(max_examples=50)
@given(st.lists(st.sets(st.integers(0, MANY - 1), max_size=60), max_size=8))
def test_of_each_set_so_many_are_traced_or_all(members: list[set[int]]) -> None:
    sets = [set_of([*each]) for each in members]
    traced = traced_of(sets, MANY)
    assert all(size(each & traced) >= min(size(each), OF_EACH) for each in sets)
    assert size(traced) <= sum(min(size(each), OF_EACH) for each in sets)
