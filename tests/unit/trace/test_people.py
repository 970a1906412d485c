"""Patients as sets: numbers whose bits are the patients."""

from __future__ import annotations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from remit.trace.people import People, Places, joined, positions, set_of, size

TRUTHS = st.lists(st.sampled_from([True, False, None]), max_size=40)
SOME = st.lists(st.integers(0, 200), max_size=30)


@given(TRUTHS)
def test_yes_no_and_unknown_are_all(values: list[bool | None]) -> None:
    people = People(pl.DataFrame({"well": values}, schema={"well": pl.Boolean}))
    found = {True: people.yes("well"), False: people.no("well"), None: people.unknown("well")}
    for value, who in found.items():
        assert [*positions(who)] == [place for place, each in enumerate(values) if each is value]
    assert joined(found.values()) == people.everybody
    assert size(people.everybody) == len(values)


@given(SOME, SOME)
def test_positions_make_sets_and_sets_give_positions(some: list[int], asked: list[int]) -> None:
    found = set_of(some)
    assert [*positions(found)] == sorted({*some})
    assert size(found) == len({*some})
    assert Places(asked).inside(found) == [number for number, place in enumerate(asked) if place in some]


def test_levels_are_of_those_whose_level_is_known() -> None:
    people = People(pl.DataFrame({"colour": ["red", None, "blue", "red"]}))
    assert people.levels("colour") == {"blue": 0b0100, "red": 0b1001}
    assert people.having("colour", "green") == 0


def test_a_condition_that_cannot_be_decided_does_not_hold() -> None:
    people = People(pl.DataFrame({"age": [17, 18, None]}))
    assert people.where(pl.col("age") >= 18) == 0b010


def test_nobody() -> None:
    people = People(pl.DataFrame({"well": []}, schema={"well": pl.Boolean}))
    assert people.everybody == people.yes("well") == people.unknown("well") == 0
    assert people.levels("well") == {}


def test_the_sets_of_several_hundred_columns() -> None:
    columns = {f"c{number}": [number == place for place in range(9)] for number in range(150)}
    people = People(pl.DataFrame(columns))
    assert [people.yes(f"c{number}") for number in range(150)] == [*(1 << number for number in range(9)), *[0] * 141]
