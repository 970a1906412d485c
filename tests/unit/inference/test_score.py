"""Score intervals of two proportions: published examples, a search written anew, symmetry, and the edges."""

from __future__ import annotations

import json
import math
from pathlib import Path
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from remit.inference.score import Measure, miettinen_nurminen, score_intervals, score_p

REFERENCE = json.loads((Path(__file__).parents[2] / "reference" / "two_groups.json").read_text("utf-8"))
MEASURES: tuple[Measure, ...] = ("difference", "ratio", "odds ratio")
groups = st.integers(1, 120).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of)))
measures = st.sampled_from(MEASURES)


@pytest.mark.parametrize(
    ("one", "two", "measure", "value", "lower", "upper"),
    [  # M. W. Fagerland, S. Lydersen, P. Laake, Statistical analysis of contingency tables, 2017, chapter 4
        ((0, 16), (15, 72), "difference", -0.2083, -0.3164, -0.0056),
        ((7, 34), (1, 34), "ratio", 7.0000, 1.2086, 43.0330),
        ((9, 13), (4, 14), "odds ratio", 5.6250, 1.0934, 28.9419),
    ],
)
def test_published(
    one: tuple[int, int], two: tuple[int, int], measure: Measure, value: float, lower: float, upper: float
) -> None:
    found = miettinen_nurminen(*one, *two, measure)
    assert (found.value, found.lower, found.upper) == pytest.approx((value, lower, upper), abs=5.1e-5)


@pytest.mark.parametrize("case", REFERENCE["score"], ids=lambda case: f"{case['groups']}")
def test_p_is_pearsons_with_n_minus_1_of_r(case: dict[str, Any]) -> None:
    assert miettinen_nurminen(*case["groups"]).p == pytest.approx(case["p"], rel=1e-8)


def other_share(share: float, at: float, measure: Measure) -> tuple[float, float]:
    """The second group's proportion, if the first one's is `share` and the measure is `at`; and how fast it grows."""
    if measure == "difference":
        return share - at, 1
    if measure == "ratio":
        return share / at, 1 / at
    under = share + at * (1 - share)
    return share / under, at / under**2


def chi_square(counts: tuple[int, int, int, int], at: float, measure: Measure) -> float:
    """Pearson's chi-square of the counts against the most likely proportions under the hypothesis, which are found by
    halving the slope of the likelihood."""
    n, of, other_n, other_of = counts
    low, high = (
        (max(at, 0), min(1 + at, 1)) if measure == "difference" else (0, min(at, 1) if measure == "ratio" else 1)
    )
    for _ in range(80):
        share = (low + high) / 2
        other, growth = other_share(share, at, measure)
        own_slope = n / share - (of - n) / (1 - share)
        slope = own_slope + growth * (other_n / other - (other_of - other_n) / (1 - other))
        low, high = (share, high) if slope > 0 else (low, share)
    other, _ = other_share(low, at, measure)
    expected = (of * low, of * (1 - low), other_of * other, other_of * (1 - other))
    seen = (n, of - n, other_n, other_of - other_n)
    everybody = of + other_of
    return sum((s - e) ** 2 / e for s, e in zip(seen, expected, strict=True)) * (everybody - 1) / everybody


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("counts", [(7, 34, 1, 34), (56, 70, 48, 80), (9, 13, 4, 14), (40, 50, 3, 9), (1, 90, 30, 31)])
def test_the_ends_are_where_the_test_turns(counts: tuple[int, int, int, int], measure: Measure) -> None:
    """The square of each score is Pearson's chi-square with the restricted proportions."""
    bound = NormalDist().inv_cdf(0.975) ** 2
    for end in np.array(score_intervals(*counts, measure)):
        assert chi_square(counts, float(end), measure) == pytest.approx(bound, rel=1e-8)


@settings(deadline=None)
@given(groups, groups, measures)
def test_it_holds_the_value_and_agrees_with_its_test(
    one: tuple[int, int], two: tuple[int, int], measure: Measure
) -> None:
    found = miettinen_nurminen(*one, *two, measure)
    none = 0.0 if measure == "difference" else 1.0
    assert found.lower is not None
    assert found.upper is not None
    assert found.p is not None
    if found.value is not None:
        assert found.lower - 1e-9 <= found.value <= found.upper + 1e-9 * (1 + found.upper)
    if abs(found.p - 0.05) > 1e-9:
        assert (found.p < 0.05) == (not found.lower <= none <= found.upper)


@settings(deadline=None)
@given(groups, groups)
def test_groups_swapped_turn_the_sign_and_the_ratio(one: tuple[int, int], two: tuple[int, int]) -> None:
    lower, upper = score_intervals(*one, *two)
    assert score_intervals(*two, *one) == (pytest.approx(-upper, abs=1e-9), pytest.approx(-lower, abs=1e-9))
    for measure in MEASURES[1:]:
        with np.errstate(divide="ignore"):
            low, high = (1 / end for end in score_intervals(*one, *two, measure))
        assert score_intervals(*two, *one, measure) == (pytest.approx(high, rel=1e-6), pytest.approx(low, rel=1e-6))


@settings(deadline=None)
@given(groups, groups)
def test_others_counted_turn_the_sign_of_the_difference(one: tuple[int, int], two: tuple[int, int]) -> None:
    lower, upper = score_intervals(*one, *two)
    mirrored = score_intervals(one[1] - one[0], one[1], two[1] - two[0], two[1])
    assert mirrored == (pytest.approx(-upper, abs=1e-9), pytest.approx(-lower, abs=1e-9))


def test_many_at_once() -> None:
    n, other = np.arange(5)[:, None], np.arange(4)
    for measure in MEASURES:
        lower, upper = score_intervals(n, 4, other, 3, measure)
        p = score_p(n, 4, other, 3)
        for i in range(5):
            for j in range(4):
                found = miettinen_nurminen(i, 4, j, 3, measure)
                assert (found.lower, found.upper, found.p) == (lower[i, j], upper[i, j], p[i, j])


@pytest.mark.parametrize(
    ("counts", "measure", "value", "lower", "upper"),
    [
        ((0, 10, 0, 10), "ratio", None, 0, math.inf),
        ((0, 10, 0, 10), "odds ratio", None, 0, math.inf),
        ((10, 10, 10, 10), "odds ratio", None, 0, math.inf),
        ((0, 1, 1, 1), "difference", -1, -1, None),
        ((1, 1, 0, 1), "difference", 1, None, 1),
        ((3, 10, 0, 10), "ratio", None, None, math.inf),
        ((0, 10, 3, 10), "ratio", 0, 0, None),
        ((10, 10, 3, 10), "odds ratio", None, None, math.inf),
    ],
)
def test_edges(
    counts: tuple[int, int, int, int], measure: Measure, value: float | None, lower: float | None, upper: float | None
) -> None:
    found = miettinen_nurminen(*counts, measure)
    assert found.value == value
    assert (found.note is None) == (value is not None)
    assert lower is None or found.lower == lower
    assert upper is None or found.upper == upper


def test_a_ratio_to_nobody_says_why() -> None:
    assert miettinen_nurminen(3, 10, 0, 20, "ratio").note == "3 of 10 against 0 of 20: the ratio would divide by 0"


def test_an_empty_group() -> None:
    found = miettinen_nurminen(0, 0, 3, 9)
    assert (found.value, found.lower, found.upper, found.p) == (None, None, None, None)
    assert found.note == "nobody is in the denominator of the first group"
    assert miettinen_nurminen(0, 0, 0, 0).note == "nobody is in the denominator of the first and the second group"


@pytest.mark.parametrize("counts", [(5, 4, 1, 2), (1, 2, -1, 2), (1, 0, 1, 2), (0, 0, 3, 2)])
def test_impossible_counts(counts: tuple[int, int, int, int]) -> None:
    with pytest.raises(ValueError, match="no proportion"):
        miettinen_nurminen(*counts)
