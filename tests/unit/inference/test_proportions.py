"""Intervals of a proportion against R and published ones, and at the edges."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from remit.inference.proportions import METHODS, intervals, proportion, wilson
from tests.unit.inference.reference import page

REFERENCE = json.loads((Path(__file__).parents[2] / "reference" / "proportions.json").read_text("utf-8"))
counts = st.integers(1, 500).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of)))


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("case", REFERENCE["intervals"], ids=lambda case: f"{case['n']}/{case['of']}")
def test_intervals_as_r_gives_them(case: dict[str, Any], method: str) -> None:
    found = proportion(case["n"], case["of"], method, case["confidence"])
    assert found.value == case["n"] / case["of"]
    assert (found.lower, found.upper) == pytest.approx(_within(case["intervals"][method]), rel=1e-8, abs=1e-12)


def _within(ends: list[float]) -> tuple[float, ...]:
    """R does not cut off what lies beyond 0 and 1; at 0 of n and n of n the ends are exact."""
    return tuple(min(max(end, 0), 1) for end in ends)


@pytest.mark.parametrize("method", METHODS)
def test_many_at_once_are_the_same(method: str) -> None:
    lower, upper = intervals(np.arange(21), 20, method)
    for n in range(21):
        found = proportion(n, 20, method)
        assert (found.lower, found.upper) == pytest.approx((lower[n], upper[n]), rel=1e-14)


@pytest.mark.parametrize("method", METHODS)
@settings(deadline=None)
@given(pair=counts, confidence=st.floats(0.5, 0.999))
def test_every_method_holds_the_share_mirrors_and_rises(method: str, pair: tuple[int, int], confidence: float) -> None:
    n, of = pair
    lower, upper = intervals(np.arange(of + 1), of, method, confidence)
    assert 0 <= lower[n] <= n / of <= upper[n] <= 1
    assert (lower, upper) == (pytest.approx(1 - upper[::-1], abs=1e-12), pytest.approx(1 - lower[::-1], abs=1e-12))
    assert (np.diff(lower) >= 0).all()
    assert (np.diff(upper) >= 0).all()
    assert (lower[0], upper[of]) == (0, 1)


@settings(deadline=None)
@given(counts)
def test_clopper_pearson_is_the_widest_but_at_the_ends(pair: tuple[int, int]) -> None:
    exact, mid = (intervals(*pair, method) for method in ("Clopper-Pearson", "mid-P"))
    assert exact[0] <= mid[0]
    assert mid[1] <= exact[1]


def test_nobody_in_the_denominator_has_no_interval_but_a_reason() -> None:
    found = proportion(0, 0, "Jeffreys")
    assert (found.value, found.lower, found.upper) == (None, None, None)
    assert found.note == "nobody is in the denominator"


def test_a_method_that_is_none() -> None:
    with pytest.raises(ValueError, match="'Wald' is none of the methods Wilson, Clopper-Pearson"):
        proportion(1, 2, "Wald")


@pytest.mark.parametrize(("n", "of"), [(-1, 3), (4, 3), (0, 0), (math.nan, 3)])
def test_impossible_counts_among_many(n: float, of: int) -> None:
    with pytest.raises(ValueError, match="no proportion"):
        intervals(np.array([1, n]), np.array([2, of]))


@pytest.mark.parametrize(
    ("n", "of", "score", "exact", "mid"),
    [  # R. G. Newcombe, Statistics in Medicine 1998;17:857-72, Table I, methods 3, 5 and 6
        (81, 263, (0.2553, 0.3662), (0.2527, 0.3676), (0.2544, 0.3658)),
        (15, 148, (0.0624, 0.1605), (0.0578, 0.1617), (0.0601, 0.1581)),
        (0, 20, (0.0000, 0.1611), (0.0000, 0.1684), (0.0000, 0.1391)),
        (1, 29, (0.0061, 0.1718), (0.0009, 0.1776), (0.0017, 0.1585)),
    ],
)
def test_newcombe_1998(
    n: int, of: int, score: tuple[float, float], exact: tuple[float, float], mid: tuple[float, float]
) -> None:
    assert wilson(n, of) == pytest.approx(score, abs=5e-5)
    for method, published in (("Wilson", score), ("Clopper-Pearson", exact), ("mid-P", mid)):
        found = proportion(n, of, method)
        assert (found.lower, found.upper) == pytest.approx(published, abs=5e-5)


@pytest.mark.parametrize(
    ("n", "of", "method", "lower", "upper"),
    [
        # Table 5 of L. D. Brown, T. T. Cai, A. DasGupta, Statistical Science 2001;16:101-33
        (2, 10, "Jeffreys", "0.044", "0.503"),
        (3, 10, "Jeffreys", "0.093", "0.606"),
        # M. W. Fagerland, S. Lydersen, P. Laake, Statistical analysis of contingency tables, 2017, chapter 2
        (13, 16, "Jeffreys", "0.5792", "0.9442"),
        (12, 20, "Agresti-Coull", "0.3860304", "0.7817446"),  # binom.confint of R's package binom
    ],
)
def test_published_on_the_page(n: int, of: int, method: str, lower: str, upper: str) -> None:
    found = proportion(n, of, method)
    digits = len(lower) - 2
    assert (f"{found.lower:.{digits}f}", f"{found.upper:.{digits}f}") == (lower, upper)
    assert f"{lower} to {upper}" in page("proportions")


@settings(deadline=None)
@given(counts)
def test_wilson_of_one_count_holds_the_share_and_mirrors(pair: tuple[int, int]) -> None:
    n, of = pair
    low, high = wilson(n, of)
    assert 0 <= low <= n / of <= high <= 1
    assert wilson(of - n, of) == pytest.approx((1 - high, 1 - low), abs=1e-12)


@settings(deadline=None)
@given(counts)
def test_wilsons_ends_solve_the_score_equation(pair: tuple[int, int]) -> None:
    n, of = pair
    for end in wilson(n, of):
        if 0 < end < 1:
            score = (n / of - end) / math.sqrt(end * (1 - end) / of)
            assert abs(score) == pytest.approx(1.959963984540054, rel=1e-6)


@pytest.mark.parametrize(("n", "of"), [(-1, 3), (4, 3), (0, 0)])
def test_impossible_counts(n: int, of: int) -> None:
    with pytest.raises(ValueError, match="no proportion"):
        wilson(n, of)
