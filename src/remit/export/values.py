"""From the cohort's columns to values that others read: scaled integers to numbers, bounds to texts, yes/no to Y/N."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import polars as pl

from remit.export.dataset import Column, Kind, Variable
from remit.export.names import Wanted
from remit.language.columns import BOTTOM, HIGH, HIGH_OPEN, LOW, LOW_OPEN, TOP, is_interval
from remit.language.describe import describe
from remit.language.query import Query, Value, plain
from remit.language.types import Date, Level, Number, Ratio, Span, Text, Type, YesNo
from remit.language.units import DAYS_IN, printed
from remit.study.forms import Field
from remit.study.study import Study

YES_NO: Mapping[str, str] = {"Y": "Yes", "N": "No"}
NO_CODES: Mapping[str, str] = {}
UNTOLD = Variable("", "", "text")


def study_day(day: pl.Expr) -> pl.Expr:
    """CDISC's day: the day of reference is day 1, and the day before it day -1."""
    return pl.when(day >= 0).then(day + 1).otherwise(day)


def on_day(index: pl.Expr, day: pl.Expr) -> pl.Expr:
    """The date of a day counted from the index date."""
    return (index.cast(pl.Int32) + day.cast(pl.Int32)).cast(pl.Date)


def y_n(value: pl.Expr) -> pl.Expr:
    return pl.when(value).then(pl.lit("Y")).when(~value).then(pl.lit("N"))


def coded(value: pl.Expr, codes: Mapping[str, str]) -> pl.Expr:
    """Levels as the values that stand for them."""
    return value.replace_strict({level: code for code, level in codes.items()}, default=None, return_dtype=pl.String)


def codes_of(kind: Type, field: Field | None = None) -> Mapping[str, str]:
    """Of a level: the value that stands for it, which is the first that charts may write for it, and its name."""
    if isinstance(kind, Level):
        written = {level: code for code, level in reversed([*(field.codes if field else {}).items()])}
        return {written.get(level, level): level for level in kind.levels}
    if isinstance(kind, YesNo):
        return YES_NO
    return {str(value): text for value, text in field.choices.items()} if field else {}


def number(column: str, kind: Type, unit: str | None = None) -> pl.Expr:
    """The exact value, divided once; null where only its bounds are known. unit: of a span."""
    match kind:
        case Ratio():
            top, bottom = pl.col(column + TOP), pl.col(column + BOTTOM)
            scale = float(Fraction(10**kind.bottom.decimals, 10**kind.top.decimals))
            return pl.when(bottom != 0).then(top / bottom * scale)
        case Span():
            days = DAYS_IN[unit or "days"]
            return pl.col(column) if days == 1 else divided(pl.col(column) * days.denominator, days.numerator)
        case Number(decimals=decimals) if decimals:
            return divided(pl.col(column), 10**decimals)
    return pl.col(column)


def divided(value: pl.Expr, by: int) -> pl.Expr:
    """Rounded once. Polars multiplies with the reciprocal of a constant, by which 82 tenths are 8.200000000000001."""

    def divide(values: pl.Series) -> pl.Series:
        from pyarrow import compute

        return pl.Series(values.name, compute.divide(values.cast(pl.Float64).to_arrow(), float(by)))

    return value.map_batches(divide, return_dtype=pl.Float64)


def bounds_in_words(column: str, kind: Type) -> pl.Expr:
    """ "<50", ">=1800", "3 to 8": a value of which only the bounds are known; null where it is exact or unknown."""
    decimals = kind.decimals if isinstance(kind, Number) else 0
    exact = pl.col(column).is_not_null()
    low, high = (_written(pl.when(~exact).then(pl.col(column + end)), decimals) for end in (LOW, HIGH))
    below = pl.when(pl.col(column + HIGH_OPEN)).then(pl.lit("<")).otherwise(pl.lit("<="))
    above = pl.when(pl.col(column + LOW_OPEN)).then(pl.lit(">")).otherwise(pl.lit(">="))
    return (
        pl.when(low.is_null()).then(below + high).when(high.is_null()).then(above + low).otherwise(low + " to " + high)
    )


def _written(value: pl.Expr, decimals: int) -> pl.Expr:
    return value.map_elements(lambda scaled: str(Decimal(scaled).scaleb(-decimals)), pl.String)


def number_kind(kind: Type, unit: str | None = None) -> Kind:
    whole = isinstance(kind, Number) and not kind.decimals
    return "integer" if whole or (isinstance(kind, Span) and unit in (None, "days")) else "float"


def columns_of_value(
    name: str,
    label: str,
    kind: Type,
    column: str,
    field: Field | None = None,
    *,
    given: str | None = None,
    unit: str | None = None,
    told: Variable = UNTOLD,
    only: pl.Expr | None = None,
) -> list[Column]:
    """The variable of a value, and a second one for what is known of a number beyond a limit of its test.

    column: where it stands in the cohort. field: of the study, if the value is one. given: the name that it shall have
    if it is a variable's name. unit: of a span. told: with how it came about. only: of whom it is asked.
    """
    shown = unit or (printed(kind.unit) if isinstance(kind, Number | Ratio) and kind.unit else None)
    label, codes = f"{label} ({shown})" if shown else label, codes_of(kind, field)

    def made(label: str, kind: Kind, value: pl.Expr, wanted: Wanted, codes: Mapping[str, str] = NO_CODES) -> Column:
        asked = value if only is None else pl.when(only).then(value)
        return Column(replace(told, label=label, kind=kind, codes=codes), asked, wanted)

    match kind:
        case YesNo():
            return [made(label, "text", y_n(pl.col(column)), Wanted(name, "FL", given), codes)]
        case Level():
            return [made(label, "text", coded(pl.col(column), codes), Wanted(name, "", given), codes)]
        case Text():
            return [made(label, "text", pl.col(column), Wanted(name, "", given))]
        case Date() if given and given.endswith("DTC"):  # by its name, a date in ISO 8601
            return [made(label, "text", pl.col(column).dt.to_string("iso:strict"), Wanted(name, "", given))]
        case Date():
            return [made(label, "date", pl.col(column), Wanted(_without_date(name), "DT", given))]
    exact = made(label, number_kind(kind, unit), number(column, kind, unit), Wanted(name, "", given), codes)
    if not is_interval(kind):
        return [exact]
    beyond = Wanted(name, "C", f"{given}C" if given else None)
    return [exact, made(f"Not exact: {label}", "text", bounds_in_words(column, kind), beyond)]


def _without_date(name: str) -> str:
    """birth_date: the ending says that it is a date."""
    return "_".join(word for word in name.split("_") if word != "date") or name


def said(study: Study, query: Query, visit: str | None = None) -> str:
    """A definition as a sentence."""
    words = describe(query, study.scope, visit)
    return f"{words[:1].upper()}{words[1:]}."


def field_of(study: Study, query: Query) -> Field | None:
    """The field that a query is, if it is nothing else."""
    value = plain(query)
    form = study.forms.get(value.form) if isinstance(value, Value) else None
    return form.fields.get(value.field) if form and isinstance(value, Value) else None
