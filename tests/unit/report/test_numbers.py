"""Printed numbers: rounded half up as by hand; what is not 0 or 100 per cent is not printed as such."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.language.types import Number, Ratio, Span
from remit.report.lookup import MissingResult, Result
from remit.report.numbers import (
    NONE,
    count,
    decimal,
    decimals_of,
    decimals_shown,
    needed,
    percentage,
    probability,
    rounded,
)

NUMBERS = st.floats(-1e9, 1e9, allow_nan=False)


def result(value: float | None = 1.0, denominator: int | None = 10, note: str | None = None) -> Result:
    return Result("median", "a.median", value, None, None, 3, denominator, 0, 10, note)


@pytest.mark.parametrize(
    ("value", "decimals", "printed"),
    [
        (2.675, 2, "2.68"),  # the binary number lies below
        (51.5625, 1, "51.6"),
        (6.25, 1, "6.3"),
        (0.05, 1, "0.1"),
        (0.04999, 1, "0.0"),
        (1e30, 1, "1" + 10 * "\u202f000" + ".0"),
        (-0.04, 1, "0.0"),  # no negative zero
        (-1.25, 1, "−1.3"),
        (33.0, 0, "33"),
        (0.5, 0, "1"),
        (1234.0, 0, "1234"),
        (12345.6, 1, "12\u202f345.6"),
        (1e-7, 3, "0.000"),
        (1e16, 0, "10\u202f000\u202f000\u202f000\u202f000\u202f000"),
    ],
)
def test_rounding(value: float, decimals: int, printed: str) -> None:
    assert rounded(value, decimals) == printed


def number(printed: str) -> Decimal:
    return Decimal(printed.replace("−", "-").replace("\u202f", ""))


@given(NUMBERS, st.integers(0, 6))
def test_rounding_is_to_the_nearest_and_half_up(value: float, decimals: int) -> None:
    exact, shown = Fraction(Decimal(repr(value))), Fraction(number(rounded(value, decimals)))
    half = Fraction(1, 2 * 10**decimals)
    assert abs(shown - exact) <= half
    if abs(shown - exact) == half:
        assert abs(shown) > abs(exact)


@given(NUMBERS, st.integers(0, 6))
def test_a_rounded_number_has_the_decimals_asked_for(value: float, decimals: int) -> None:
    assert len(rounded(value, decimals).partition(".")[2]) == decimals


@given(st.integers(0, 5000), st.integers(1, 5000))
def test_only_none_is_0_and_only_all_is_100(n: int, of: int) -> None:
    n = min(n, of)
    printed = percentage(100 * n / of)
    assert (printed == "0.0") == (n == 0)
    assert (printed == "100.0") == (n == of)


def test_small_and_large_percentages() -> None:
    assert percentage(0.01) == "<0.1"
    assert percentage(0.05) == "0.1"
    assert percentage(99.94) == "99.9"
    assert percentage(99.96) == ">99.9"


def test_p_values_are_never_0() -> None:
    assert [probability(p) for p in (0.0, 0.0004, 0.001, 0.0125, 0.5)] == [
        "<0.001",
        "<0.001",
        "0.001",
        "0.013",
        "0.500",
    ]


def test_quantiles_take_one_decimal_more_where_they_lie_between_two_values() -> None:
    assert needed([11.0, 9.0, 15.0], 0) == 0
    assert needed([11.0, 9.5, None], 0) == 1
    assert needed([6.25, 5.35, 7.3], 1) == 2
    assert needed([36.149213], 0) == 1  # years: no end of decimals


def test_the_decimals_of_a_type() -> None:
    assert decimals_of(Number("mm", 1)) == 1
    assert decimals_of(Span()) == 0
    assert decimals_of(Ratio("", Number(), Number())) == 2


@pytest.mark.parametrize(
    ("decimals", "most", "shown"),
    [(0, 63, 0), (2, 180, 2), (6, 63.2, 1), (6, 7.5, 2), (6, 0.04, 4), (6, 400, 1), (3, 0.0004, 3), (6, None, 6)],
)
def test_of_more_than_two_decimals_three_digits_are_shown(decimals: int, most: float | None, shown: int) -> None:
    assert decimals_shown(Number("", decimals), [None, most]) == shown


def test_counts_know_which_part_of_the_row_they_are() -> None:
    shown = count(result(), "denominator")
    assert (shown.text, shown.result, shown.part) == ("10", "a.median", "denominator")
    with pytest.raises(MissingResult, match="no denominator"):
        count(result(denominator=None), "denominator")


def test_a_bound_is_printed_where_only_it_is_known() -> None:
    assert (decimal(result(None, note="<50"), 1).text, decimal(result(None, note="<50"), 1).part) == ("<50", "note")
    assert decimal(result(None, denominator=0, note="no value is known"), 1).text == NONE
    assert decimal(result(2.25), 1).text == "2.3"
