"""Results are found by their name alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.schema.results import SCHEMA, Address, Denominator, Statistic, results_of, rows

# The columns of the design, in order.
COLUMNS = [
    *("result", "analysis", "population", "group", "group_level", "visit", "period", "time", "variable", "level"),
    *("contrast", "handling", "statistic", "value", "unit", "method", "numerator", "denominator", "missing"),
    *("population_n", "definition", "planned", "note"),
]


def test_the_columns_of_the_design() -> None:
    assert list(SCHEMA) == COLUMNS


texts = st.text(alphabet="ab _-.%", min_size=1, max_size=5)


@given(texts, texts)
def test_different_levels_have_different_names(one: str, two: str) -> None:
    names = {Address("a", variable="v", level=level).slug("n") for level in (one, two)}
    assert len(names) == len({one, two})


def test_two_results_of_one_name_are_refused() -> None:
    row = rows(Address("a"), [Statistic("n", 1.0)], Denominator(1, 1, 0, 1), None)
    with pytest.raises(ValueError, match=r"two results are called a\.n"):
        results_of([*row, *row])
