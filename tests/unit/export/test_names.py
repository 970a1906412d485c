"""A name of the study becomes a variable of at most eight characters, always the same and never one that is taken."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.export.names import Wanted, short, variable_names

NAMES = st.from_regex(r"[a-z][a-z0-9]*(_[a-z0-9]+){0,4}", fullmatch=True)
WANTED = st.builds(
    Wanted,
    NAMES,
    st.sampled_from(["", "FL", "DT", "C"]),
    st.none() | st.from_regex(r"[A-Z][A-Z0-9]{0,9}", fullmatch=True) | st.text(max_size=10),
)


@pytest.mark.parametrize(
    ("name", "room", "expected"),
    [
        ("sex", 8, "SEX"),
        ("ses_cd", 8, "SESCD"),  # what fits loses its underscores only
        ("perianal", 8, "PERIANAL"),
        ("disease_duration", 8, "DISSDRTN"),  # vowels go, those of the last word first; then the ends of long words
        ("prior_vte", 6, "PRIRVT"),
        ("12_lead", 8, "X12LEAD"),  # it begins with a letter
        ("a_b_c_d_e", 3, "ABC"),
        ("é", 8, "X"),
    ],
)
def test_short(name: str, room: int, expected: str) -> None:
    assert short(name, room) == expected


def test_headings_that_are_variables_names_stay_and_come_first() -> None:
    asked = [
        Wanted("age"),
        Wanted("years", given="AGE"),
        Wanted("smoker", "FL", "SMOKER"),
        Wanted("x", given="Age (y)"),
    ]
    assert variable_names(asked) == ("AGE2", "AGE", "SMOKER", "X")


def test_names_that_are_taken_get_a_number() -> None:
    asked = [Wanted("smoker", "FL"), Wanted("smoker", "FL"), Wanted("study_id"), Wanted("study_id")]
    assert variable_names(asked, {"STUDYID"}) == ("SMOKERFL", "SMOKE2FL", "STUDYID2", "STUDYID3")


@given(st.lists(WANTED, max_size=30), st.sets(st.sampled_from(["AGE", "SEX", "STUDYID", "A", "B2"])))
def test_names_are_short_apart_and_always_the_same(asked: list[Wanted], taken: set[str]) -> None:
    found = variable_names(asked, taken)
    assert found == variable_names(asked, taken)
    assert len(found) == len(set(found)) == len(asked)
    assert not set(found) & taken
    assert all(re.fullmatch(r"[A-Z][A-Z0-9]{0,7}", name) for name in found)


@given(st.lists(NAMES, min_size=1, max_size=12, unique=True))
def test_a_later_name_changes_no_earlier_one(names: list[str]) -> None:
    asked = [Wanted(name) for name in names]
    assert variable_names(asked)[:-1] == variable_names(asked[:-1])
