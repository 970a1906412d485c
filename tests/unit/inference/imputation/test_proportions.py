"""Proportions over imputations: Wilson's interval widened for what is missing."""

import math
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.inference.imputation.pooling import pool, t_quantile
from remit.inference.imputation.proportions import difference, proportion

Z = NormalDist().inv_cdf(0.975)


def wilson(n: int, of: int) -> tuple[float, float]:
    centre, half = n + Z * Z / 2, Z * math.sqrt(n * (of - n) / of + Z * Z / 4)
    return (centre - half) / (of + Z * Z), (centre + half) / (of + Z * Z)


@pytest.mark.parametrize(("n", "of"), [(0, 64), (1, 64), (30, 64), (64, 64), (1, 1)])
def test_with_nothing_missing_it_is_wilsons(n: int, of: int) -> None:
    found = proportion([n] * 20, of).estimate
    assert found.value == n / of
    assert (found.lower, found.upper) == pytest.approx(wilson(n, of), abs=1e-12)


@given(st.lists(st.integers(0, 64), min_size=2, max_size=20))
def test_the_ends_solve_lott_and_reiters_equation(counts: list[int]) -> None:
    shares = np.array(counts) / 64
    pooled = pool(shares, shares * (1 - shares) / 64)
    found = proportion(counts, 64).estimate
    assert found.value is not None
    assert found.lower is not None
    assert found.upper is not None
    assert 0 <= found.lower <= found.value <= found.upper <= 1
    if math.isinf(pooled.increase):
        assert (found.lower, found.upper) == (0, 1)
        return
    t = t_quantile(0.975, pooled.freedom)
    for end in (found.lower, found.upper):
        if 0 < end < 1:
            spread = t * math.sqrt((1 + pooled.increase) * end * (1 - end) / 64)
            assert abs(end - found.value) == pytest.approx(spread, abs=1e-9)


def test_no_responder_in_some_imputations_still_gives_an_interval() -> None:
    found = proportion([0] * 12 + [1] * 6 + [2] * 2, 64).estimate
    assert found.lower is not None
    assert found.upper is not None
    assert found.value == pytest.approx(0.5 / 64)
    assert 0 <= found.lower < 0.5 / 64 < wilson(0, 64)[1] < found.upper < 0.15


def test_all_or_nobody_says_nothing() -> None:
    found = proportion([0, 64], 64).estimate
    assert (found.value, found.lower, found.upper) == (0.5, 0, 1)


@given(st.lists(st.integers(0, 40), min_size=2, max_size=9))
def test_successes_and_failures_mirror_each_other(counts: list[int]) -> None:
    one, two = proportion(counts, 40).estimate, proportion([40 - n for n in counts], 40).estimate
    assert one.lower is not None
    assert two.upper is not None
    assert one.lower == pytest.approx(1 - two.upper, abs=1e-12)


def test_a_difference_with_nothing_missing_is_newcombes() -> None:
    # Newcombe 1998, table II: 56/70 and 48/80, method 10: 0.0524 to 0.3339
    found = difference([56] * 5, 70, [48] * 5, 80).estimate
    assert found.value == pytest.approx(0.2)
    assert (found.lower, found.upper) == pytest.approx((0.0524, 0.3339), abs=5e-5)


def test_groups_that_rise_together_differ_more_surely() -> None:
    together = difference([20, 24, 28], 40, [10, 14, 18], 40).estimate
    against = difference([20, 24, 28], 40, [18, 14, 10], 40).estimate
    assert together.lower is not None
    assert together.upper is not None
    assert against.lower is not None
    assert against.upper is not None
    assert together.upper - together.lower < against.upper - against.lower


def test_no_responders_anywhere() -> None:
    found = difference([0, 0], 20, [0, 0], 20).estimate
    assert found.value == 0
    assert found.lower == pytest.approx(-wilson(0, 20)[1])


@pytest.mark.parametrize(("counts", "of"), [([3, 5], 4), ([-1, 0], 4), ([0, 0], 0)])
def test_wrong_use(counts: list[int], of: int) -> None:
    with pytest.raises(ValueError, match="is no proportion"):
        proportion(counts, of)


def test_the_example_of_the_documentation() -> None:
    found = proportion([30, 34] * 10, 64).estimate
    assert (found.value, found.lower, found.upper) == pytest.approx((0.5, 0.366, 0.634), abs=5e-4)
