"""Gray's test against R's cmprsk: `tests/reference/competing_risks.R` made the numbers."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.inference.gray import SPENT, TIED, gray
from tests.unit.inference.reference import page, reference

IN_R: dict[str, Any] = reference("competing_risks")["tests"]


@pytest.mark.parametrize("name", IN_R)
def test_it_is_that_of_r(name: str) -> None:
    case = IN_R[name]
    causes = [cause or None for cause in case["cause"]]
    found = gray(case["time"], causes, case["group"], case["which"], case["strata"])
    assert found.statistic == pytest.approx(case["statistic"], rel=1e-8)
    assert found.p == pytest.approx(case["p"], abs=1e-10)
    assert found.freedom == case["freedom"]


def test_what_cannot_be_tested_says_why() -> None:
    assert gray([3], ["x"], ["a"], "x").note == "there are no two groups to compare"
    assert gray([], [], [], "x").note == "there are no two groups to compare"
    assert gray([3, 4], ["y", None], ["a", "b"], "x").note == "nobody has the event x"
    assert gray([3, 4], [None, "x"], ["a", "b"], "x").note == "the events leave nothing to compare"


def test_ties_and_early_ends_in_small_groups_are_told() -> None:
    """In both cmprsk divides by next to nothing, or by less."""
    tied = gray([1, 3, 3, 3], ["x", "x", "x", "x"], ["b", "a", "a", "b"], "x")
    assert (tied.statistic, tied.note) == (None, TIED)
    spent = gray([1, 1, 2, 3], ["x", "x", "x", "x"], ["a", "a", "b", "b"], "x")
    assert (spent.statistic, spent.note) == (None, SPENT)


def test_a_stratum_without_events_says_nothing() -> None:
    times, causes, groups = [3, 4, 5, 6], ["x", "y", "x", None], ["a", "b", "b", "a"]
    alone = gray(times, causes, groups, "x")
    assert gray([*times, 7, 8], [*causes, None, None], [*groups, "a", "b"], "x", "111122") == alone


patients = st.lists(
    st.tuples(st.integers(0, 8), st.sampled_from(["x", "y", None]), st.sampled_from("abc")), min_size=2, max_size=25
)


@given(patients)
def test_the_order_does_not_matter_and_no_statistic_is_negative(those: list[tuple[int, str | None, str]]) -> None:
    found, turned = (
        gray([p[0] for p in some], [p[1] for p in some], [p[2] for p in some], "x") for some in (those, those[::-1])
    )
    assert found.freedom == turned.freedom
    if found.statistic is not None:
        assert found.statistic >= 0
        assert found.statistic == pytest.approx(turned.statistic, rel=1e-6, abs=1e-9)
        assert found.p is not None
        assert 0 <= found.p <= 1


def test_the_page_shows_what_comes_out() -> None:
    text = page("competing-risks")
    melanoma, other = (
        gray(case["time"], [one or None for one in case["cause"]], case["group"], case["which"])
        for case in (IN_R["melanoma"], IN_R["melanoma_other"])
    )
    assert f"death from melanoma, chi-squared {melanoma.statistic:.2f}, p = {melanoma.p:.7f};" in text
    assert f"death from other causes, {other.statistic:.3f}, p = {other.p:.3f}." in text
