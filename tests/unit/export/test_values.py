"""What the cohort holds, as others read it."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from remit.export.values import (
    bounds_in_words,
    coded,
    codes_of,
    columns_of_value,
    divided,
    number,
    number_kind,
    on_day,
    study_day,
    y_n,
)
from remit.language.types import Date, Level, Number, Ratio, Span, Text, YesNo
from remit.study.forms import Field


def values(expr: pl.Expr, **columns: object) -> list[object]:
    return pl.DataFrame(columns).select(expr.alias("value"))["value"].to_list()


def test_there_is_no_day_0() -> None:
    assert values(study_day(pl.col("day")), day=[-2, -1, 0, 1, None]) == [-2, -1, 1, 2, None]


def test_a_day_counted_from_the_index_date() -> None:
    frame = {"index": [date(2024, 2, 28), date(2024, 1, 1), None], "day": [2, None, 3]}
    assert values(on_day(pl.col("index"), pl.col("day")), **frame) == [date(2024, 3, 1), None, None]


def test_unknown_is_neither_yes_nor_no() -> None:
    assert values(y_n(pl.col("x")), x=[True, False, None]) == ["Y", "N", None]


@pytest.mark.parametrize("scaled", [[82], [82, None, 3]])
def test_a_number_is_rounded_once(scaled: list[int | None]) -> None:
    assert values(divided(pl.col("x"), 10), x=scaled) == [None if x is None else x / 10 for x in scaled]


@pytest.mark.parametrize("tenths", range(1000))
def test_tenths_are_what_is_written(tenths: int) -> None:
    assert str(values(divided(pl.col("x"), 10), x=[tenths])[0]) == f"{tenths // 10}.{tenths % 10}"


def test_numbers() -> None:
    assert values(number("x", Number("mm", 1)), x=[67, None]) == [6.7, None]
    assert values(number("x", Number("", 0)), x=[67, None]) == [67, None]
    assert values(number("x", Span(), "years"), x=[1461, None]) == [4.0, None]
    assert values(number("x", Span(), "days"), x=[30]) == [30]
    quotient = Ratio("", Number("mm", 1), Number("mm", 2))
    assert values(number("x", quotient), x__top=[50, 1, None], x__bottom=[200, 0, 3]) == [2.5, None, None]


def test_the_kind_of_a_number() -> None:
    assert number_kind(Number("", 0)) == "integer"
    assert number_kind(Number("", 1)) == "float"
    assert number_kind(Span(), "days") == "integer"
    assert number_kind(Span(), "years") == "float"


def test_what_is_known_beyond_a_limit() -> None:
    frame = {
        "x": [30, None, None, None, None, None, None],
        "x__low": [30, None, 1800, None, 12, 3, None],
        "x__high": [30, 50, None, 50, None, 80, None],
        "x__low_open": [False, False, True, False, False, False, False],
        "x__high_open": [False, True, False, False, False, False, False],
    }
    shown = values(bounds_in_words("x", Number("mg/L", 1, censored=True)), **frame)
    assert shown == [None, "<5.0", ">180.0", "<=5.0", ">=1.2", "0.3 to 8.0", None]


def test_a_level_stands_as_the_charts_write_it() -> None:
    field = Field("sex", "sex", Level(("female", "male")), "sex", codes={"F": "female", "f.": "female", "M": "male"})
    codes = codes_of(field.type, field)
    assert codes == {"F": "female", "M": "male"}
    assert values(coded(pl.col("x"), codes), x=["male", "female", None]) == ["M", "F", None]
    assert codes_of(Level(("a", "b"))) == {"a": "a", "b": "b"}
    assert codes_of(YesNo()) == {"Y": "Yes", "N": "No"}


def test_what_each_type_becomes() -> None:
    def asked(kind: object, heading: str | None = None) -> list[tuple[str, str, str]]:
        found = columns_of_value("birth_date", "x", kind, "x", given=heading)  # type: ignore[arg-type]
        return [
            (column.variable.kind, column.variable.label, (column.wanted.kept or column.wanted.ending))
            for column in found
            if column.wanted
        ]

    assert asked(YesNo()) == [("text", "x", "FL")]
    assert asked(Date()) == [("date", "x", "DT")]
    assert asked(Date(), "RFSTDTC") == [("text", "x", "RFSTDTC")]  # by its name, a date in ISO 8601
    assert asked(Text(), "ARMCD") == [("text", "x", "ARMCD")]
    assert asked(Number("ug/g", 0, censored=True)) == [
        ("integer", "x (µg/g)", ""),
        ("text", "Not exact: x (µg/g)", "C"),
    ]
