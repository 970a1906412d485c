"""Kaplan-Meier against R's survival: `tests/reference/kaplan_meier.R` made the numbers."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.inference.estimate import Estimate
from remit.inference.kaplan_meier import QUANTILE, Step, at_time, kaplan_meier, median, quantile
from tests.unit.inference.reference import page, reference

IN_R: dict[str, Any] = reference("kaplan_meier")["sets"]


FREIREICH = {part: IN_R["freireich_placebo"][part] for part in ("time", "event")}


def steps_of(time: list[float], event: list[int]) -> list[Step]:
    return kaplan_meier(time, [bool(one) for one in event])


def near(found: list[float | None], wanted: list[float | None]) -> bool:
    pairs = zip(found, wanted, strict=True)
    return all(a == b if a is None or b is None else a == pytest.approx(b, rel=1e-12, abs=1e-14) for a, b in pairs)


@pytest.mark.parametrize("name", IN_R)
def test_the_curve_is_that_of_r(name: str) -> None:
    wanted = IN_R[name]["curve"]
    steps = steps_of(IN_R[name]["time"], IN_R[name]["event"])
    assert [step.time for step in steps] == wanted["time"]
    assert [step.at_risk for step in steps] == wanted["at_risk"]
    assert [step.events for step in steps] == wanted["events"]
    for part in ("survival", "lower", "upper"):
        assert near([getattr(step, part) for step in steps], wanted[part]), part


@pytest.mark.parametrize("name", IN_R)
def test_the_quantiles_and_their_limits_are_those_of_r(name: str) -> None:
    steps = steps_of(IN_R[name]["time"], IN_R[name]["event"])
    for share, *wanted in IN_R[name]["quantiles"]:
        found = quantile(steps, share)
        assert near([found.value, found.lower, found.upper], wanted), share


@pytest.mark.parametrize("name", IN_R)
def test_a_given_time_is_that_of_r(name: str) -> None:
    """Before the first time R takes limits of 1 for granted; here there are none."""
    wanted, steps = IN_R[name]["at"], steps_of(IN_R[name]["time"], IN_R[name]["event"])
    for place, time in enumerate(wanted["time"]):
        found = at_time(steps, time)
        assert found is not None
        assert found.at_risk == wanted["at_risk"][place]
        assert near([found.survival], [wanted["survival"][place]])
        if wanted["survival"][place] < 1:
            assert near([found.lower, found.upper], [wanted["lower"][place], wanted["upper"][place]])


def test_by_hand() -> None:
    """Three patients: an event on day 2, one lost on day 5, an event on day 9."""
    steps = steps_of([2, 5, 9], [1, 0, 1])
    assert [(step.time, step.at_risk, step.events) for step in steps] == [(2, 3, 1), (5, 2, 0), (9, 1, 1)]
    assert [step.survival for step in steps] == [pytest.approx(2 / 3), pytest.approx(2 / 3), 0]


def test_nobody() -> None:
    assert steps_of([], []) == []
    assert median([]) == Estimate(None, QUANTILE, note="there are no patients")
    assert at_time([], 3) is None


def test_a_median_that_is_not_reached_says_so() -> None:
    assert median(steps_of([2, 5], [0, 0])).note == "not reached"
    assert median(steps_of([2, 2], [1, 1])).note == (
        "there are no limits where all who are still observed have the event at the same time"
    )
    assert median(steps_of(**FREIREICH)).note is None
    assert median(steps_of([3, 8], [1, 0])).note == "its upper limit is not reached"


def test_after_the_last_time_nothing_is_known() -> None:
    assert at_time(steps_of([2, 5], [1, 0]), 6) is None
    assert at_time(steps_of([2, 5, 5], [1, 1, 0]), 6) is None


def test_after_all_have_had_the_event_nobody_is_without_it() -> None:
    assert at_time(steps_of([2, 5], [1, 1]), 6) == Step(6, 0, 0, 0.0, None, None)


def test_a_time_before_the_start_is_no_time() -> None:
    with pytest.raises(ValueError, match="-1 is no time"):
        steps_of([3, -1], [1, 1])
    with pytest.raises(ValueError, match="2 times, but 1"):
        steps_of([3, 1], [1])


def test_no_quantile_of_all() -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        quantile([], 1)


patients = st.lists(st.tuples(st.integers(0, 30), st.booleans()), min_size=1, max_size=40)


@given(patients)
def test_the_curve_falls_within_its_limits_and_does_not_depend_on_the_order(those: list[tuple[int, bool]]) -> None:
    steps = kaplan_meier(*zip(*those, strict=True))
    assert steps == kaplan_meier(*zip(*reversed(those), strict=True))
    assert all(step.lower <= step.survival <= step.upper for step in steps if step.lower is not None and step.upper)
    shares = [1.0, *(step.survival for step in steps)]
    assert shares == sorted(shares, reverse=True)


@given(patients)
def test_without_censoring_the_curve_is_the_share_that_is_left(those: list[tuple[int, bool]]) -> None:
    times = [time for time, _ in those]
    for step in kaplan_meier(times, [True] * len(times)):
        assert step.survival == pytest.approx(sum(time > step.time for time in times) / len(times), abs=1e-12)


def test_the_page_shows_what_comes_out() -> None:
    text = page("kaplan-meier")
    steps = steps_of(IN_R["freireich_6mp"]["time"], IN_R["freireich_6mp"]["event"])
    for step in steps:
        if step.events:
            row = f"| {step.time} | {step.at_risk} | {step.events} | {step.survival:.3f} "
            assert row + f"| {step.lower:.3f} to {step.upper:.3f} |" in text
    assert (median(steps).value, median(steps).lower, median(steps).upper) == (23, 13, None)
    placebo = median(steps_of(**FREIREICH))
    assert f"with placebo {placebo.value} weeks ({placebo.lower} to {placebo.upper})" in text
