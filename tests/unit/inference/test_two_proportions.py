"""Differences of proportions against published ones, and at the edges."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from remit.inference.two_proportions import newcombe, risk_ratio

REFERENCE = json.loads((Path(__file__).parents[2] / "reference" / "two_groups.json").read_text("utf-8"))


@pytest.mark.parametrize("case", REFERENCE["newcombe"], ids=lambda case: f"{case['groups']}")
def test_newcombe_of_the_wilson_intervals_of_r(case: dict[str, Any]) -> None:
    _, *ends = newcombe(*case["groups"], case["confidence"])
    assert ends == pytest.approx(case["ends"], rel=1e-8, abs=1e-12)


@pytest.mark.parametrize(
    ("one", "two", "difference", "low", "high"),
    [  # R. G. Newcombe, Statistics in Medicine 1998;17:873-90, Table II, method 10
        ((56, 70), (48, 80), 0.2000, 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.6000, 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.5714, 0.0582, 0.8062),
        ((5, 56), (0, 29), 0.0893, -0.0381, 0.1926),
        ((0, 10), (0, 20), 0.0000, -0.1611, 0.2775),
        ((0, 10), (0, 10), 0.0000, -0.2775, 0.2775),
        ((10, 10), (0, 20), 1.0000, 0.6791, 1.0000),
        ((10, 10), (0, 10), 1.0000, 0.6075, 1.0000),
    ],
)
def test_newcombe_1998(one: tuple[int, int], two: tuple[int, int], difference: float, low: float, high: float) -> None:
    assert newcombe(*one, *two) == pytest.approx((difference, low, high), abs=5e-5)


counts = st.integers(1, 300).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of)))


@settings(deadline=None)
@given(counts, counts)
def test_proportions_swapped_change_the_sign(one: tuple[int, int], two: tuple[int, int]) -> None:
    value, low, high = newcombe(*one, *two)
    assert -1 <= low <= value <= high <= 1
    assert newcombe(*two, *one) == (-value, -high, -low)


def test_a_ratio_of_risks_by_hand() -> None:
    """exp(log(r) ± 1.96 √(1/44 − 1/119 + 1/46 − 1/162)), as R's calculator gives it."""
    found = risk_ratio(44, 119, 46, 162)
    assert (found.value, found.lower, found.upper) == pytest.approx((1.302156, 0.9278986, 1.827365), abs=1e-6)


@pytest.mark.parametrize(("n", "other", "value"), [(0, 3, 0.0), (3, 0, None)])
def test_a_ratio_of_none_has_no_interval(n: int, other: int, value: float | None) -> None:
    found = risk_ratio(n, 10, other, 10)
    assert (found.value, found.lower, found.note is None) == (value, None, False)


def test_a_ratio_is_of_proportions() -> None:
    with pytest.raises(ValueError, match="are no proportions"):
        risk_ratio(3, 2, 1, 0)
