"""Cumulative incidences against R's survival: `tests/reference/competing_risks.R` made the numbers."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.inference.cumulative_incidence import Probability, at_time, cumulative_incidence
from remit.inference.kaplan_meier import kaplan_meier
from tests.unit.inference.reference import page, reference

IN_R: dict[str, Any] = reference("competing_risks")["curves"]


def causes_of(case: dict[str, Any]) -> list[str | None]:
    return [cause or None for cause in case["cause"]]


@pytest.mark.parametrize("name", IN_R)
def test_it_is_that_of_r(name: str) -> None:
    case = IN_R[name]
    steps = cumulative_incidence(case["time"], causes_of(case), case["order"])
    for place, time in enumerate(case["at"]):
        found = at_time(steps, time)
        assert found is not None
        assert found.at_risk == case["at_risk"][place]
        states = [found.free, *(found.incidence[cause] for cause in case["order"])]
        assert [state.value for state in states] == pytest.approx(case["value"][place], abs=1e-12)
        assert [state.standard_error for state in states] == pytest.approx(case["error"][place], abs=1e-10)
        for number, state in enumerate(states):
            limits = case["lower"][place][number], case["upper"][place][number]
            if state.lower is not None and state.upper is not None:
                assert (state.lower, state.upper) == pytest.approx(limits, abs=1e-10)
            else:
                assert state.value in (0, 1)


def test_by_hand() -> None:
    """Four patients: one stops for cost on day 2, one is lost on day 3, one stops for failure on day 5."""
    steps = cumulative_incidence([2, 3, 5, 8], ["cost", None, "failure", None])
    assert [step.at_risk for step in steps] == [4, 3, 2, 1]
    assert [step.free.value for step in steps] == [0.75, 0.75, 0.375, 0.375]
    assert [step.incidence["cost"].value for step in steps] == [0.25] * 4
    assert [step.incidence["failure"].value for step in steps] == [0, 0, 0.375, 0.375]
    assert steps[2].events == {"cost": 0, "failure": 1}


def test_a_cause_that_nobody_has() -> None:
    steps = cumulative_incidence([2, 3], ["cost", None], ["failure", "cost"])
    assert steps[-1].incidence["failure"] == Probability(0, 0, None, None)
    assert list(steps[-1].incidence) == ["failure", "cost"]


def test_nobody_and_no_events() -> None:
    assert cumulative_incidence([], []) == []
    assert at_time([], 3) is None
    steps = cumulative_incidence([4], [None], ["cost"])
    assert steps[0].free == Probability(1, 0, None, None)


def test_one_that_all_have_had_has_no_limits() -> None:
    """In floats not all sums of shares that are 1 are exactly 1."""
    for n in range(1, 60):
        last = cumulative_incidence(list(range(n)), ["cost"] * n)[-1]
        assert last.free == Probability(0, 0, None, None)
        assert last.incidence["cost"] == Probability(1, 0, None, None)


def test_between_and_after_the_steps() -> None:
    steps = cumulative_incidence([2, 5], ["cost", None])
    before, between = at_time(steps, 1), at_time(steps, 3)
    assert before is not None
    assert (before.at_risk, before.free.value, before.incidence["cost"].value) == (2, 1, 0)
    assert between is not None
    assert (between.at_risk, between.events, between.incidence) == (1, {"cost": 0}, steps[0].incidence)
    assert at_time(steps, 6) is None


def test_after_all_have_had_an_event_it_stays_as_it_was() -> None:
    steps = cumulative_incidence([2, 5, 5], ["cost", "harm", "cost"])
    after = at_time(steps, 6)
    assert after is not None
    assert (after.at_risk, after.events, after.free.value) == (0, {"cost": 0, "harm": 0}, 0)
    assert after.incidence == steps[-1].incidence


def test_what_is_wrong() -> None:
    with pytest.raises(ValueError, match="cost is not among the causes failure"):
        cumulative_incidence([2], ["cost"], ["failure"])
    with pytest.raises(ValueError, match="-2 is no time"):
        cumulative_incidence([-2], ["cost"])


patients = st.lists(
    st.tuples(st.integers(0, 20), st.sampled_from(["cost", "failure", "harm", None])), min_size=1, max_size=40
)


@given(patients)
def test_all_adds_up_and_the_free_are_those_of_kaplan_and_meier(those: list[tuple[int, str | None]]) -> None:
    times, causes = [time for time, _ in those], [cause for _, cause in those]
    curve = kaplan_meier(times, [cause is not None for cause in causes])
    for step, wanted in zip(cumulative_incidence(times, causes), curve, strict=True):
        assert step.free.value + sum(one.value for one in step.incidence.values()) == pytest.approx(1, abs=1e-12)
        assert step.free.value == pytest.approx(wanted.survival, abs=1e-12)
        assert sum(step.events.values()) == wanted.events
        if wanted.lower is not None:
            assert (step.free.lower, step.free.upper) == pytest.approx((wanted.lower, wanted.upper), abs=1e-9)
        for one in step.incidence.values():
            assert one.lower is None or one.upper is None or one.lower <= one.value <= one.upper


def test_the_page_shows_what_comes_out() -> None:
    text = page("competing-risks")
    ulcer, none = (
        cumulative_incidence(case["time"], causes_of(case))
        for case in (IN_R["melanoma_ulcer"], IN_R["melanoma_no_ulcer"])
    )
    for day in (1000, 2000, 3000, 4000):
        steps = [at_time(one, day) for one in (ulcer, none)]
        values = [step.incidence[cause].value for step in steps if step for cause in ("melanoma", "other")]
        assert f"| {day} | " + " | ".join(f"{value:.4f}" for value in values) + " |" in text
