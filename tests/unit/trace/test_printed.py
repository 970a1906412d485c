"""Values as a reader of charts writes them."""

from __future__ import annotations

from fractions import Fraction

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.language.columns import columns_of
from remit.language.evaluate import Bounds, evaluate
from remit.language.query import Value
from remit.language.types import Date, Number, Span, Type, YesNo
from remit.trace.printed import decimal_text, number_text, plain_texts, scaled_text, span_text, texts


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        ("8.7", 1, "8.7"),
        ("0.87", 4, "0.87"),
        ("0.875", 4, "0.875"),
        ("-0.5", 1, "−0.5"),
        ("12", 0, "12"),
        ("3", 2, "3.00"),
    ],
)
def test_numbers_keep_their_decimals_and_no_more_zeros_than_two(value: str, decimals: int, text: str) -> None:
    assert decimal_text(Fraction(value), decimals) == text


@given(st.integers(-(10**9), 10**9), st.integers(0, 6))
def test_a_number_held_as_an_integer_is_printed_as_the_number(scaled: int, decimals: int) -> None:
    assert scaled_text(scaled, decimals) == decimal_text(Fraction(scaled, 10**decimals), decimals)


def test_units_are_those_of_a_journal() -> None:
    assert number_text(Fraction(50), Number("ug/g")) == "50 µg/g"
    assert number_text(Fraction(1), Number("d")) == "1 day"
    assert number_text(Fraction(84), Number("d")) == "84 days"
    assert span_text(6355) == "6355 days (17.4 years)"
    assert span_text(30) == "30 days"


@pytest.mark.parametrize(
    ("row", "kind", "text"),
    [
        ((87, 87, 87, False, False), Number("mg/dL", 1, censored=True), "8.7 mg/dL"),
        ((None, None, 50, False, True), Number("ug/g", censored=True), "<50 µg/g"),
        ((None, None, 50, False, False), Number("ug/g", censored=True), "≤50 µg/g"),
        ((None, 1800, None, True, False), Number("ug/g", censored=True), ">1800 µg/g"),
        ((None, 3, 5, False, False), Number(censored=True), "3 to 5"),
        ((None, None, None, None, None), Number(censored=True), "—"),
        ((None, 19358, None, False, False), Date(censored=True), "on or after 1 January 2023"),
        ((None, 100, None, True, False), Span(censored=True), ">100 days"),
    ],
)
def test_what_is_known_only_within_bounds_is_printed_so(row: tuple[object, ...], kind: Type, text: str) -> None:
    stored = Value("f", "x", None, kind)
    scale = 10**kind.decimals if isinstance(kind, Number) else 1
    frame = pl.DataFrame([row], schema=columns_of("f__x", interval=True), orient="row")
    held = evaluate(stored) if not isinstance(kind, Span) else _interval()
    assert isinstance(held, Bounds)
    assert held.scale == scale
    assert texts(frame, "f__x", held, kind) == (text,)


def _interval() -> Bounds:
    """Of a span, which stands in no column of its own."""
    held = evaluate(Value("f", "x", None, Number("d", censored=True)))
    assert isinstance(held, Bounds)
    return held


def test_a_day_is_not_a_number_of_days() -> None:
    held = evaluate(Value("f", "x", None, Number("d")))
    frame = pl.DataFrame({"f__x": [84, None]})
    assert texts(frame, "f__x", held, Number("d"), is_day=True) == ("day 84", "—")
    assert texts(frame, "f__x", held, Number("d")) == ("84 days", "—")


def test_yes_no_and_levels_are_words() -> None:
    assert plain_texts(pl.Series([True, False, None]), YesNo()) == ("yes", "no", "—")
