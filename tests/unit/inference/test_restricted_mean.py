"""The restricted mean against R's survival: `tests/reference/kaplan_meier.R` made the numbers."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.inference.kaplan_meier import Step, kaplan_meier
from remit.inference.restricted_mean import (
    AT_ONCE,
    DIFFERENCE,
    METHOD,
    NOBODY,
    restricted_mean,
    restricted_mean_difference,
)
from tests.unit.inference.reference import page, reference

IN_R: dict[str, Any] = reference("kaplan_meier")["sets"]


def steps_of(times: list[float], events: list[int]) -> list[Step]:
    return kaplan_meier(times, [bool(event) for event in events])


@pytest.mark.parametrize("name", IN_R)
def test_it_is_that_of_r(name: str) -> None:
    steps = steps_of(IN_R[name]["time"], IN_R[name]["event"])
    for wanted in IN_R[name]["mean"]:
        found = restricted_mean(steps, wanted["until"][0])
        assert found.estimate.value == pytest.approx(wanted["value"][0], abs=1e-10)
        assert (found.standard_error or 0) == pytest.approx(wanted["error"][0], abs=1e-10)
        assert (found.estimate.note is None) == (wanted["error"][0] > 0)


def test_by_hand() -> None:
    """Until day 4: all of four on [0, 1), three quarters on [1, 3), a half on [3, 4): 1 + 1.5 + 0.5."""
    found = restricted_mean(steps_of([1, 3, 5, 6], [1, 1, 0, 0]), 4)
    assert found.estimate.value == 3
    assert found.standard_error == pytest.approx((4 / 12 + 0.25 / 6) ** 0.5)


def test_the_limits_stay_within_the_time() -> None:
    found = restricted_mean(steps_of([1, 9, 9], [1, 0, 0]), 9).estimate
    assert found.upper == 9
    assert restricted_mean(steps_of([1, 1, 1, 1, 9], [1, 1, 1, 1, 1]), 9).estimate.lower == 0


def test_nobody_is_observed_so_long() -> None:
    steps = steps_of([2, 5], [1, 0])
    assert restricted_mean(steps, 6).estimate.note == "nobody is observed so long"
    assert restricted_mean(steps, 6).estimate.value is None
    assert restricted_mean([], 6).estimate.note == "there are no patients"
    assert restricted_mean_difference(steps, steps_of([9], [1]), 6).estimate.note == "nobody is observed so long"


def test_without_events_there_is_a_mean_but_no_interval() -> None:
    found = restricted_mean(steps_of([5, 9], [0, 0]), 5)
    assert (found.estimate.value, found.estimate.lower, found.standard_error) == (5, None, None)
    assert found.estimate.note == NOBODY
    assert restricted_mean(steps_of([5, 5], [1, 1]), 9).estimate.note == AT_ONCE


def test_the_difference_of_two_groups() -> None:
    treated, placebo = (steps_of(*(IN_R[f"freireich_{arm}"][part] for part in ("time", "event"))) for arm in ARMS)
    found = restricted_mean_difference(treated, placebo, 12)
    of = [restricted_mean(steps, 12) for steps in (treated, placebo)]
    error = sum((one.standard_error or 0) ** 2 for one in of) ** 0.5
    assert found.standard_error == pytest.approx(error)
    assert found.estimate.value == pytest.approx((of[0].estimate.value or 0) - (of[1].estimate.value or 0))
    assert found.estimate.lower == pytest.approx(10.7831932773109 - 7.28571428571429 - 1.959963984540054 * error)
    other = restricted_mean_difference(placebo, treated, 12).estimate
    assert found.estimate.upper == pytest.approx(-(other.lower or 0))
    assert found.estimate.p == other.p == pytest.approx(0.000600198066565, rel=1e-9)
    assert found.estimate.method == DIFFERENCE != METHOD


ARMS = ("6mp", "placebo")


def test_a_difference_to_a_group_without_events_has_no_interval() -> None:
    found = restricted_mean_difference(steps_of([2, 5, 9], [1, 1, 0]), steps_of([9, 9], [0, 0]), 8)
    assert found.estimate.value == pytest.approx((2 + 3 * 2 / 3 + 3 / 3) - 8)
    assert (found.estimate.lower, found.estimate.p, found.estimate.note) == (None, None, NOBODY)


def test_no_time() -> None:
    with pytest.raises(ValueError, match="no mean time until 0"):
        restricted_mean([], 0)


@given(st.lists(st.integers(0, 30), min_size=1, max_size=40), st.integers(1, 40))
def test_without_censoring_it_is_the_mean_of_the_times(times: list[int], until: int) -> None:
    found = restricted_mean(kaplan_meier(times, [True] * len(times)), until)
    assert found.estimate.value == pytest.approx(sum(min(time, until) for time in times) / len(times), abs=1e-9)


def test_the_page_shows_what_comes_out() -> None:
    text = page("kaplan-meier")
    treated, placebo = (steps_of(IN_R[name]["time"], IN_R[name]["event"]) for name in ("pbc_treated", "pbc_placebo"))
    for name, steps in (("D-penicillamine", treated), ("placebo", placebo)):
        found = restricted_mean(steps, 10)
        mean = found.estimate
        row = f"| {name} | {mean.value:.3f} | {found.standard_error:.3f} | {mean.lower:.3f} to {mean.upper:.3f} |"
        assert row in text
    gain = restricted_mean_difference(treated, placebo, 10).estimate
    told = f"{gain.value:.3f} years (95 % limits {gain.lower:.3f} to {gain.upper:.3f}), p = {gain.p:.3f}."
    assert f"Difference: {told}" in text
