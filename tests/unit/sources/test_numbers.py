"""Numbers: exact, in one habit a column, whatever the sign of decimals and of thousands."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.sources import numbers
from remit.sources.numbers import DecimalSign

amounts = st.decimals(min_value=-(10**9), max_value=10**9, allow_nan=False, places=4) | st.integers(
    -(10**12), 10**12
).map(Decimal)
signs: st.SearchStrategy[DecimalSign] = st.sampled_from(["point", "comma"])


def written(amount: Decimal, decimal: DecimalSign, thousands: str) -> str:
    """The amount as a centre writes it; thousands: what stands between groups of three."""
    whole, _, rest = f"{amount:,f}".partition(".")
    mark = "." if decimal == "point" else ","
    return whole.replace(",", thousands) + (mark + rest if rest else "")


@given(amounts, signs, st.sampled_from(["", " ", "'", "other"]))
def test_each_number_reads_back_exactly_under_its_habit(amount: Decimal, decimal: DecimalSign, thousands: str) -> None:
    mark = thousands if thousands != "other" else "," if decimal == "point" else "."
    assert numbers.parse(written(amount, decimal, mark), decimal) == amount


@given(st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=0, max_value=10**6))
def test_no_text_is_read_as_two_numbers_without_being_doubtful(amount: Decimal) -> None:
    text = written(amount, "point", "")
    readings = {read(text) for read in numbers.READINGS.values()} - {None}
    assert amount in readings
    assert len(readings) == 1 or len(text.split(".")[1]) == 3  # "1.234": a thousand or one and a bit


@given(st.integers(-(10**14), 10**14), st.integers(0, 6))
def test_what_excel_shows_is_what_is_read(digits: int, decimals: int) -> None:
    amount = Decimal(digits).scaleb(-decimals)
    assert numbers.from_excel(float(amount)) == amount


def test_a_sum_in_binary_is_the_number_that_excel_shows() -> None:
    assert numbers.from_excel(0.1 + 0.2) == Decimal("0.3")
    assert numbers.from_excel(8.7 - 6.7) == Decimal("2")


@given(st.fractions(max_denominator=10**6))
def test_a_shown_fraction_is_that_fraction(value: Fraction) -> None:
    assert Fraction(numbers.show(value)) == value


@pytest.mark.parametrize(
    ("text", "decimal", "value"),
    [
        ("0,7", "comma", "0.7"),
        ("0,7", "point", None),
        ("1.234,5", "comma", "1234.5"),
        ("1.234,5", "point", None),
        ("12,345", "point", "12345"),
        ("12,345", "comma", "12.345"),
        ("0,345", "point", None),  # no thousand begins with 0
        ("1234,567", "point", None),  # nor with four digits
        ("1.23.4", "point", None),
        ("1 234,5", "comma", "1234.5"),
        ("12 34", "comma", None),
        ("1 234.567,8", "comma", None),  # two kinds of thousands
        ("1’234.5", "point", "1234.5"),
        (".5", "point", "0.5"),
        ("−3", "point", "-3"),
        ("+3", "point", "3"),
        ("5.", "point", None),
        ("1e3", "point", None),
        ("nan", "point", None),
        ("inf", "point", None),
        ("٣", "point", None),
        ("5 mg/L", "point", None),
        ("--", "point", None),
        ("", "point", None),
        ("1" * 41, "point", None),
    ],
)
def test_texts(text: str, decimal: DecimalSign, value: str | None) -> None:
    assert numbers.parse(text, decimal) == (None if value is None else Decimal(value))


@pytest.mark.parametrize(
    ("text", "parts"),
    [("<50", ("<", "50")), ("> 1800", (">", "1800")), ("≤5", ("≤", "5")), ("<=5", ("<=", "5")), ("5", ("", "5"))],
)
def test_the_sign_of_a_censored_value(text: str, parts: tuple[str, str]) -> None:
    assert numbers.split(text) == parts
