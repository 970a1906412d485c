"""The same patients twice: published examples, R, and the edges."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from remit.inference.paired_proportions import mcnemar, paired_difference

REFERENCE = json.loads((Path(__file__).parents[2] / "reference" / "two_groups.json").read_text("utf-8"))
counts = st.integers(0, 60)


@pytest.mark.parametrize("case", REFERENCE["mcnemar"], ids=lambda case: f"{case['pair']}")
def test_as_r(case: dict[str, Any]) -> None:
    assert mcnemar(*case["pair"]) == pytest.approx(case["exact"], rel=1e-8)
    assert mcnemar(*case["pair"], "mid-P") == pytest.approx(case["mid"], rel=1e-8)


def test_published() -> None:
    """Complete response before and after consolidation: M. Cavo et al., Blood 2012;120:9-19, in M. W. Fagerland,
    S. Lydersen, P. Laake, Statistical analysis of contingency tables, 2017, chapter 8."""
    found = paired_difference(59, 6, 16, 80)
    assert found.value == -10 / 161
    assert (found.lower, found.upper) == pytest.approx((-0.1240, -0.0054), abs=5e-5)
    assert found.p == pytest.approx(0.052479, abs=5e-7)
    assert paired_difference(59, 6, 16, 80, "mid-P").p == pytest.approx(0.034690, abs=5e-7)


def unlikeliness(counts: tuple[int, int, int, int], at: float) -> float:
    """Tango's statistic, the most likely share found by halving the slope of the likelihood."""
    both, first, second, neither = counts
    of = sum(counts)
    low, high = max(0.0, -at), (1 - at) / 2
    for _ in range(100):
        share = (low + high) / 2
        slope = first / (share + at) + second / share - 2 * (both + neither) / (1 - 2 * share - at)
        low, high = (share, high) if slope > 0 else (low, share)
    return (first - second - of * at) / math.sqrt(of * (2 * low + at * (1 - at)))


@settings(deadline=None)
@given(st.tuples(counts, st.integers(1, 60), st.integers(1, 60), st.integers(1, 60)))
def test_the_ends_are_where_the_score_test_turns(counts: tuple[int, int, int, int]) -> None:
    found = paired_difference(*counts)
    assert found.lower is not None
    assert found.upper is not None
    assert unlikeliness(counts, found.lower) == pytest.approx(1.959963984540054, rel=1e-6)
    assert unlikeliness(counts, found.upper) == pytest.approx(-1.959963984540054, rel=1e-6)


@settings(deadline=None)
@given(counts, counts, counts, counts)
def test_times_swapped_turn_the_sign(both: int, first: int, second: int, neither: int) -> None:
    found, swapped = paired_difference(both, first, second, neither), paired_difference(both, second, first, neither)
    assert found.p == swapped.p
    if found.value is not None:
        assert swapped.value == -found.value
        assert (swapped.lower, swapped.upper) == (-(found.upper or 0), -(found.lower or 0))
        assert -1 <= (found.lower or 0) <= found.value <= (found.upper or 0) <= 1


@given(counts, counts)
def test_mid_p_is_the_smaller(first: int, second: int) -> None:
    assert mcnemar(first, second, "mid-P") <= mcnemar(first, second) <= 1


def test_nobody_changed() -> None:
    found = paired_difference(10, 0, 0, 10)
    assert (found.value, found.p) == (0, 1)
    assert (found.lower, found.upper) == pytest.approx((-0.16113, 0.16113), abs=1e-5)  # z²/(n + z²)


def test_everybody_changed() -> None:
    found = paired_difference(0, 12, 0, 0)
    assert (found.value, found.upper) == (1, 1)
    assert mcnemar(12, 0) == 2 * 0.5**12


def test_nobody() -> None:
    found = paired_difference(0, 0, 0, 0)
    assert (found.value, found.lower, found.p, found.note) == (None, None, None, "nobody was seen at both times")


@pytest.mark.parametrize("counts", [(-1, 1, 1, 1), (1, -1, 1, 1), (1, 1, -1, 1), (1, 1, 1, -1)])
def test_impossible_counts(counts: tuple[int, int, int, int]) -> None:
    with pytest.raises(ValueError, match="below 0"):
        paired_difference(*counts)
