"""Which whole numbers of patients give a printed percentage."""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.inference.digits import ROUNDINGS, counts_giving, denominators_giving, printed, roundings_giving

MODES = {"half up": ROUND_HALF_UP, "half even": ROUND_HALF_EVEN, "truncation": ROUND_DOWN}


@pytest.mark.parametrize(
    ("text", "of", "counts"),
    [
        ("38.9", 324, (126,)),
        ("21.1", 171, (36,)),
        ("49.5", 350, ()),  # multiple imputation
        ("27.2", 33, (9,)),  # 27.27: cut off or rounded
        ("71.8", 64, (46,)),  # 71.875: cut off
        ("71.9", 64, (46,)),
        ("12.5", 8, (1,)),
        ("0", 17, (0,)),
        ("100", 24, (24,)),
        ("100.0", 24, (24,)),
        ("50", 1, ()),
        ("5", 400, (20, 21, 22, 23, 18, 19)),
    ],
)
def test_counts_that_give_a_percentage(text: str, of: int, counts: tuple[int, ...]) -> None:
    assert counts_giving(text, of) == tuple(sorted(counts))


def test_halves_tell_the_roundings_apart() -> None:
    assert roundings_giving("62.5", 5, 8) == ROUNDINGS
    assert roundings_giving("63", 5, 8) == ("half up",)
    assert roundings_giving("62", 5, 8) == ("half even", "truncation")
    assert [printed(1, 8, 0, rounding) for rounding in ROUNDINGS] == ["13", "12", "12"]
    assert [printed(3, 8, 0, rounding) for rounding in ROUNDINGS] == ["38", "38", "37"]


def test_percentages_of_one_set_of_patients_share_a_denominator() -> None:
    """A cohort of 94 whose two percentages are those of 77 only."""
    assert denominators_giving(["53.25", "42.86"], 94) == (77,)
    assert denominators_giving(["29.63"], 94) == (27, 54, 81)
    assert denominators_giving([], 2) == (1, 2)


@pytest.mark.parametrize("text", ["101", "-1", "5,5", "", "1e1", "100.1", "1234"])
def test_what_is_no_percentage_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no percentage"):
        counts_giving(text, 10)


def test_nobody_gives_no_percentage() -> None:
    with pytest.raises(ValueError, match="nobody"):
        counts_giving("10", 0)


@given(st.integers(1, 400), st.integers(0, 3), st.data())
def test_a_printed_percentage_is_that_of_its_count(of: int, decimals: int, data: st.DataObject) -> None:
    n = data.draw(st.integers(0, of))
    for rounding in ROUNDINGS:
        text = printed(n, of, decimals, rounding)
        exact = Context(prec=60).divide(Decimal(100 * n), Decimal(of))
        assert text == str(exact.quantize(Decimal(1).scaleb(-decimals), MODES[rounding]))
        assert n in counts_giving(text, of)
        assert rounding in roundings_giving(text, n, of)


@given(st.integers(1, 200), st.integers(0, 1000))
def test_no_count_is_overlooked(of: int, tenths: int) -> None:
    """Against going through all of them."""
    text = f"{tenths // 10}.{tenths % 10}"
    unit = Fraction(1, 10)
    near = [n for n in range(of + 1) if -unit / 2 <= Fraction(100 * n, of) - Fraction(text) < unit]
    found = counts_giving(text, of)
    assert set(found) <= set(near)
    inside = [n for n in near if abs(Fraction(100 * n, of) - Fraction(text)) < unit / 2]
    assert set(inside) <= set(found)
