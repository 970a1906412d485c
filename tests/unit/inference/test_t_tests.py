"""Means compared, against R and at the edges."""

from __future__ import annotations

import math
from statistics import NormalDist, fmean, stdev
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from remit.inference.pairs import selected
from remit.inference.student import quantile, two_sided
from remit.inference.t_tests import paired_t, welch
from tests.unit.inference.reference import reference

R = reference("t_tests")


@pytest.mark.parametrize("case", R["paired"])
def test_paired_t_as_in_r(case: dict[str, Any]) -> None:
    found = paired_t(case["differences"])
    assert (found.value, found.lower, found.upper, found.p) == pytest.approx(
        (case["mean"], case["lower"], case["upper"], case["p"]), rel=1e-8
    )


@pytest.mark.parametrize("case", R["welch"])
def test_welch_as_in_r(case: dict[str, Any]) -> None:
    one, other = case["one"], case["other"]
    found = welch(
        fmean(one), stdev(one), len(one), fmean(other), stdev(other), len(other), confidence=case["confidence"]
    )
    assert (found.value, found.lower, found.upper, found.p) == pytest.approx(
        (case["difference"], case["lower"], case["upper"], case["p"]), rel=1e-8
    )


def test_students_sleep_of_1908() -> None:
    """The first published t test: ten patients, two drugs, a mean difference of 1.58 hours, t = 4.0621, p = 0.0028."""
    first = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
    second = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]
    found = paired_t([b - a for a, b in zip(first, second, strict=True)])
    assert (found.value, found.lower, found.upper) == pytest.approx((1.58, 0.7001, 2.4599), abs=5e-5)
    assert found.p == pytest.approx(0.00283, abs=5e-6)


def test_the_same_sleep_as_of_twenty_patients() -> None:
    """`t.test(extra ~ group, data = sleep)` of R: -3.3654832 to 0.2054832, p = 0.07939."""
    first = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
    second = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]
    found = welch(fmean(first), stdev(first), 10, fmean(second), stdev(second), 10)
    assert (found.value, found.lower, found.upper) == pytest.approx((-1.58, -3.3654832, 0.2054832), abs=5e-8)
    assert found.p == pytest.approx(0.07939, abs=5e-6)


def test_nobody_has_both_values() -> None:
    found = paired_t([])
    assert (found.value, found.p, found.note) == (None, None, "no patient has both values")


def test_one_patient_has_a_difference_but_no_interval() -> None:
    found = paired_t([-3.0])
    assert (found.value, found.lower, found.p) == (-3.0, None, None)
    assert found.note is not None


@pytest.mark.parametrize("differences", [[2.0] * 5, [2.0, 8.7 - 6.7, 2.3 - 0.3]])
def test_differences_that_do_not_vary(differences: list[float]) -> None:
    found = paired_t(differences)
    assert (found.value, found.lower, found.upper, found.p) == (pytest.approx(2.0), None, None, None)
    assert found.note == "all differences are the same: they give no interval and no test"


@pytest.mark.parametrize("odd", [math.nan, math.inf])
def test_what_is_not_known_is_no_difference(odd: float) -> None:
    with pytest.raises(ValueError, match="not known"):
        paired_t([1.0, odd])


differences = st.lists(st.integers(-50, 50), min_size=2, max_size=40).filter(lambda values: len(set(values)) > 1)


@settings(deadline=None)
@given(differences)
def test_an_interval_with_zero_on_its_edge_has_p_of_its_level(values: list[int]) -> None:
    found = paired_t(values)
    assert found.lower is not None
    assert found.lower < fmean(values)
    shifted = paired_t([value - found.lower for value in values])
    assert shifted.p == pytest.approx(0.05, rel=1e-6)


groups = st.tuples(st.floats(-1e3, 1e3), st.floats(0, 1e3), st.integers(2, 500))


@settings(deadline=None)
@given(groups, groups)
def test_means_swapped_change_the_sign(one: tuple[float, float, int], two: tuple[float, float, int]) -> None:
    assume(one[1] + two[1] > 1e-6)
    found, swapped = welch(*one, *two), welch(*two, *one)
    assert found.value is not None
    assert found.lower is not None
    assert found.upper is not None
    assert found.lower <= found.value <= found.upper
    assert (-found.value, -found.upper, -found.lower) == pytest.approx(
        (swapped.value, swapped.lower, swapped.upper), rel=1e-12, abs=1e-9
    )


def test_values_that_do_not_vary_have_no_interval() -> None:
    """Of no width, it would say that the difference is known for certain. R refuses them too."""
    found = welch(3.0, 0.0, 5, 1.0, 0.0, 5)
    assert (found.value, found.lower, found.upper, found.p) == (2.0, None, None, None)
    assert found.note == "in each group all values are the same: they give no interval"


def test_one_value_has_no_interval() -> None:
    with pytest.raises(ValueError, match="two values"):
        welch(1.0, 0.0, 1, 1.0, 1.0, 9)


# Patients left out of pairs


def test_a_test_on_pairs_says_whom_it_leaves_out() -> None:
    guard = selected(52, 64)
    assert guard is not None
    assert guard.name == "paired subset"
    assert guard.told == (
        "The paired test counts 52 of 64 patients: 12 without both values are left out, and may have fared differently."
    )
    assert "1 without both values is left out" in str(selected(63, 64))


def test_pairs_of_all_need_no_guard() -> None:
    assert selected(64, 64) is None
    assert selected(0, 0) is None


def test_more_pairs_than_patients() -> None:
    with pytest.raises(ValueError, match="65 of 64"):
        selected(65, 64)


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


@settings(deadline=None)
@given(st.floats(0.51, 0.999), st.floats(1, 300))
def test_both_tails_beyond_a_quantile(probability: float, freedom: float) -> None:
    assert two_sided(quantile(probability, freedom), freedom) == pytest.approx(2 * (1 - probability), rel=1e-7)


def test_no_degrees_of_freedom() -> None:
    with pytest.raises(ValueError, match="no t distribution"):
        two_sided(1.0, 0.0)
