"""Kaplan-Meier against R's survival: `survival_in_r/survival.R` made the numbers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from remit.estimate.survival import Median, at_day, kaplan_meier, median

IN_R: dict[str, Any] = json.loads((Path(__file__).parent / "survival_in_r" / "survival.json").read_text("utf-8"))
SETS = sorted(set(IN_R) - {"version"})


def steps_of(days: list[int], events: list[int]) -> list[Any]:
    return kaplan_meier(pl.DataFrame({"day": days, "event": [bool(event) for event in events]}, schema_overrides=DAY))


DAY = {"day": pl.Int64, "event": pl.Boolean}


def near(found: list[float | None], wanted: list[float | None]) -> bool:
    pairs = zip(found, wanted, strict=True)
    return all(a == b if a is None or b is None else a == pytest.approx(b, rel=1e-12, abs=1e-15) for a, b in pairs)


@pytest.mark.parametrize("name", SETS)
def test_the_curve_is_that_of_r(name: str) -> None:
    wanted = IN_R[name]["curve"]
    steps = steps_of(IN_R[name]["time"], IN_R[name]["event"])
    assert [step.day for step in steps] == wanted["time"]
    assert [step.at_risk for step in steps] == wanted["at_risk"]
    assert [step.events for step in steps] == wanted["events"]
    for part in ("survival", "lower", "upper"):
        assert near([getattr(step, part) for step in steps], wanted[part]), part


@pytest.mark.parametrize("name", SETS)
def test_the_median_and_its_limits_are_those_of_r(name: str) -> None:
    found = median(steps_of(IN_R[name]["time"], IN_R[name]["event"]))
    assert near([found.day, found.lower, found.upper], IN_R[name]["median"])


@pytest.mark.parametrize("name", SETS)
def test_a_given_day_is_that_of_r(name: str) -> None:
    """Before the first day R takes limits of 1 for granted; here there are none."""
    wanted, steps = IN_R[name]["at"], steps_of(IN_R[name]["time"], IN_R[name]["event"])
    for place, day in enumerate(wanted["time"]):
        found = at_day(steps, day)
        assert found is not None
        assert found.at_risk == wanted["at_risk"][place]
        assert near([found.survival], [wanted["survival"][place]])
        if wanted["survival"][place] < 1:
            assert near([found.lower, found.upper], [wanted["lower"][place], wanted["upper"][place]])


def test_by_hand() -> None:
    """Three patients: an event on day 2, one lost on day 5, an event on day 9."""
    steps = steps_of([2, 5, 9], [1, 0, 1])
    assert [(step.day, step.at_risk, step.events) for step in steps] == [(2, 3, 1), (5, 2, 0), (9, 1, 1)]
    assert [step.survival for step in steps] == [pytest.approx(2 / 3), pytest.approx(2 / 3), 0]


def test_nobody() -> None:
    assert steps_of([], []) == []
    assert median([]) == Median(None, None, None)
    assert at_day([], 3) is None


def test_after_the_last_day_nothing_is_known() -> None:
    assert at_day(steps_of([2, 5], [1, 0]), 6) is None
