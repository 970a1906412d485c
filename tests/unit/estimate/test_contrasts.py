"""Differences between arms against published ones, and at the edges."""

from __future__ import annotations

import math
from statistics import NormalDist, fmean, stdev

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from remit.estimate.contrasts import welch
from remit.estimate.student import quantile


def test_welch_1947_as_r_gives_it() -> None:
    """`t.test(extra ~ group, data = sleep)` of R, after Student, Biometrika 1908;6:1-25: -3.3654832 to 0.2054832."""
    first = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
    second = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]
    found = welch(fmean(first), stdev(first), 10, fmean(second), stdev(second), 10)
    assert found == pytest.approx((-1.58, -3.3654832, 0.2054832), abs=5e-8)


groups = st.tuples(st.floats(-1e3, 1e3), st.floats(0, 1e3), st.integers(2, 500))


@settings(deadline=None)
@given(groups, groups)
def test_means_swapped_change_the_sign(one: tuple[float, float, int], two: tuple[float, float, int]) -> None:
    assume(one[1] + two[1] > 1e-6)
    value, low, high = welch(*one, *two)
    assert low <= value <= high
    assert welch(*two, *one) == pytest.approx((-value, -high, -low), rel=1e-12, abs=1e-9)


def test_values_that_do_not_vary_have_no_interval() -> None:
    """Of no width, it would say that the difference is known for certain. R refuses them too."""
    with pytest.raises(ValueError, match="values that differ"):
        welch(3.0, 0.0, 5, 1.0, 0.0, 5)


def test_one_value_has_no_interval() -> None:
    with pytest.raises(ValueError, match="two values"):
        welch(1.0, 0.0, 1, 1.0, 1.0, 9)


# Student's t


@pytest.mark.parametrize(
    ("probability", "freedom", "expected"),
    [  # E. S. Pearson and H. O. Hartley, Biometrika tables for statisticians, table 12
        (0.975, 1, 12.706),
        (0.975, 3, 3.182),
        (0.975, 10, 2.228),
        (0.995, 10, 3.169),
        (0.95, 30, 1.697),
        (0.975, 120, 1.980),
    ],
)
def test_the_tables_of_t(probability: float, freedom: float, expected: float) -> None:
    assert quantile(probability, freedom) == pytest.approx(expected, abs=5e-4)


@settings(deadline=None)
@given(st.floats(0.501, 0.9999))
def test_t_with_one_and_two_degrees_of_freedom_is_a_formula(probability: float) -> None:
    assert quantile(probability, 1) == pytest.approx(math.tan(math.pi * (probability - 0.5)), rel=1e-9)
    two = (2 * probability - 1) * math.sqrt(2 / (4 * probability * (1 - probability)))
    assert quantile(probability, 2) == pytest.approx(two, rel=1e-9)


def test_t_with_many_degrees_of_freedom_is_normal() -> None:
    assert quantile(0.975, 1e9) == pytest.approx(NormalDist().inv_cdf(0.975), rel=1e-8)


def test_both_ways_to_t_meet() -> None:
    assert quantile(0.975, 10_000) == pytest.approx(quantile(0.975, 10_000.001), rel=1e-10)


@settings(deadline=None)
@given(st.floats(1, 500), st.floats(1, 500))
def test_more_degrees_of_freedom_are_nearer(one: float, two: float) -> None:
    few, many = sorted((one, two))
    assert quantile(0.975, many) <= quantile(0.975, few) * (1 + 1e-12)


def test_the_middle_of_t_is_zero() -> None:
    assert quantile(0.5, 7) == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize(("probability", "freedom"), [(0.4, 3.0), (1.0, 3.0), (0.9, 0.5)])
def test_no_quantile(probability: float, freedom: float) -> None:
    with pytest.raises(ValueError, match="no quantile"):
        quantile(probability, freedom)
