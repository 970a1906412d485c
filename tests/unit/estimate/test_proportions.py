"""Wilson's interval against published ones, and at the edges."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.estimate.proportions import proportion, wilson


@pytest.mark.parametrize(
    ("n", "of", "low", "high"),
    [  # R. G. Newcombe, Statistics in Medicine 1998;17:857-72, Table I, method 3
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_newcombe_1998(n: int, of: int, low: float, high: float) -> None:
    assert wilson(n, of) == pytest.approx((low, high), abs=5e-5)


counts = st.integers(1, 500).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of)))


@given(counts)
def test_it_holds_the_share_and_mirrors(pair: tuple[int, int]) -> None:
    n, of = pair
    low, high = wilson(n, of)
    assert 0 <= low <= n / of <= high <= 1
    assert wilson(of - n, of) == pytest.approx((1 - high, 1 - low), abs=1e-12)


@given(counts)
def test_its_ends_solve_the_score_equation(pair: tuple[int, int]) -> None:
    n, of = pair
    for end in wilson(n, of):
        if 0 < end < 1:
            score = (n / of - end) / math.sqrt(end * (1 - end) / of)
            assert abs(score) == pytest.approx(1.959963984540054, rel=1e-6)


def test_nobody_in_the_denominator_has_no_percent_but_a_reason() -> None:
    n, *rest = proportion(0, 0)
    assert n.value == 0
    assert all(each.value is None and each.note for each in rest)


@pytest.mark.parametrize(("n", "of"), [(-1, 3), (4, 3), (0, 0)])
def test_impossible_counts(n: int, of: int) -> None:
    with pytest.raises(ValueError, match="no proportion"):
        wilson(n, of)
