"""Rates of events as R gives them, and of no events and no time."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from remit.inference.rates import rate, rate_ratio, upper_bound
from tests.unit.inference.reference import page

REFERENCE = json.loads((Path(__file__).parents[2] / "reference" / "two_groups.json").read_text("utf-8"))


@pytest.mark.parametrize("case", REFERENCE["rates"], ids=lambda case: f"{case['events']} in {case['years']}")
def test_as_poisson_test_of_r(case: dict[str, Any]) -> None:
    found = rate(case["events"], case["years"], 1, case["confidence"])
    assert (found.value, found.lower, found.upper) == pytest.approx((case["value"], *case["ends"]), rel=1e-8)
    bound = upper_bound(case["events"], case["years"], 1, case["confidence"])
    assert (bound.lower, bound.upper) == (0, pytest.approx(case["bound"], rel=1e-8))


@pytest.mark.parametrize("case", REFERENCE["ratios"], ids=lambda case: f"{case['groups']}")
def test_ratios_as_poisson_test_of_r(case: dict[str, Any]) -> None:
    found = rate_ratio(*case["groups"])
    assert found.p == pytest.approx(case["p"], rel=1e-8)
    assert (found.lower, found.upper) == pytest.approx([float(end) for end in case["ends"]], rel=1e-8)
    assert found.value == (None if case["value"] == "Inf" else pytest.approx(case["value"], rel=1e-8))


@pytest.mark.parametrize(
    ("events", "lower", "upper"),
    [(0, 0, 3.689), (1, 0.0253, 5.572), (10, 4.795, 18.39)],  # F. Garwood, Biometrika 1936;28:437-42
)
def test_garwood_1936(events: int, lower: float, upper: float) -> None:
    found = rate(events, 1, per=1)
    assert (found.lower, found.upper) == (pytest.approx(lower, rel=1e-3), pytest.approx(upper, rel=1e-3))


def test_of_no_events_as_published() -> None:
    """L. Daly, Computers in Biology and Medicine 1992;22:351-61; R's package epitools."""
    bound, interval = upper_bound(0, 1, per=1), rate(0, 1, per=1)
    told = f"one-sided bound is {bound.upper:.3f} events, and the two-sided interval ends at {interval.upper:.3f}."
    assert told in page("rates")
    assert (f"{bound.upper:.3f}", f"{interval.upper:.3f}") == ("2.996", "3.689")


def test_andersen_1977() -> None:
    """E. B. Andersen, Scandinavian Journal of Statistics 1977;4:153-8: lung cancer in Fredericia and three towns."""
    found = rate_ratio(11, 800, 21, 3011)
    assert (found.value, found.lower, found.upper) == pytest.approx((1.971, 0.858, 4.277), abs=5e-4)
    assert found.p == pytest.approx(0.0797, abs=5e-5)


def test_rates_are_per_hundred_patient_years() -> None:
    found = rate(3, 60)
    assert found.value == pytest.approx(5)
    assert found.method == "exact Poisson 95 %"


def test_the_rule_of_three() -> None:
    found = upper_bound(0, 1000)
    assert (found.value, found.lower) == (0, 0)
    assert found.upper == pytest.approx(-100 * math.log(0.05) / 1000)
    assert found.upper == pytest.approx(0.3, rel=2e-3)
    assert upper_bound(0, 40).upper == pytest.approx(7.5, abs=0.02)


@settings(deadline=None)
@given(st.integers(0, 50), st.floats(0.1, 500), st.integers(0, 50), st.floats(0.1, 500))
def test_groups_swapped_turn_the_ratio(events: int, years: float, other: int, other_years: float) -> None:
    found, swapped = rate_ratio(events, years, other, other_years), rate_ratio(other, other_years, events, years)
    assert found.p == pytest.approx(swapped.p, rel=1e-6)
    assert found.lower is not None
    assert swapped.upper is not None
    assert found.lower * swapped.upper == pytest.approx(1, rel=1e-6) or (found.lower, swapped.upper) == (0, math.inf)


def test_nobody_observed() -> None:
    for found in (rate(0, 0), upper_bound(0, 0)):
        assert (found.value, found.upper, found.note) == (None, None, "nobody was observed for any time")
    assert rate_ratio(0, 0, 3, 10).note == "nobody was observed for any time in one of the groups"


def test_no_events_in_either_group() -> None:
    found = rate_ratio(0, 10, 0, 10)
    assert (found.value, found.lower, found.upper, found.p) == (None, 0, math.inf, 1)


@pytest.mark.parametrize(("events", "years"), [(-1, 3.0), (1, 0.0), (1, -1.0), (1, math.inf), (1, math.nan)])
def test_impossible(events: int, years: float) -> None:
    for method in (rate, upper_bound):
        with pytest.raises(ValueError, match="no rate"):
            method(events, years)
    with pytest.raises(ValueError, match="no rate"):
        rate_ratio(0, 0, events, years)
