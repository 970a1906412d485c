"""One variable over a set of patients: yes/no as a proportion, levels each as one, numbers as their summary."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import polars as pl

from remit.estimate.numbers import Numbers, summary
from remit.estimate.proportions import proportion
from remit.language.columns import HIGH, LOW, is_interval
from remit.language.query import Query, digest
from remit.language.types import Level, Number, Ratio, Span, Text, Type, YesNo
from remit.language.units import DAYS_IN
from remit.schema.results import Address, Denominator, Row, Statistic, rows


def describe_variable(
    address: Address, patients: pl.DataFrame, column: str, query: Query, unit: str | None, texts: Sequence[str] = ()
) -> list[Row]:
    """The rows of one variable; `patients` are those that it is asked of. `unit`: of a span; `texts`: of a text, those
    that are counted."""
    kind = query.type
    if isinstance(kind, YesNo):
        return _yes_no(address, patients[column], digest(query))
    if isinstance(kind, Level | Text):
        return _levels(address, patients[column], kind.levels if isinstance(kind, Level) else texts, digest(query))
    numbers = numbers_of(patients, column, kind, unit)
    known = len(numbers.low)
    behind = Denominator(None, known, patients.height - known, patients.height)
    counted = Statistic("n", float(known))
    return rows(address, [counted, *summary(numbers)], behind, digest(query))


def _yes_no(address: Address, values: pl.Series, definition: str) -> list[Row]:
    known = values.drop_nulls()
    n = int(known.sum())
    behind = Denominator(n, len(known), values.null_count(), len(values))
    return rows(address, proportion(n, len(known)), behind, definition)


def texts_of(patients: pl.DataFrame, column: str, kind: Type) -> list[str]:
    """Of a text, each that occurs, most frequent first."""
    if not isinstance(kind, Text):
        return []
    counts = _counts(patients[column].drop_nulls())
    return sorted(counts, key=lambda name: (-counts[name], name))


def _counts(known: pl.Series) -> dict[str, int]:
    return dict(known.value_counts(sort=False).iter_rows())


def _levels(address: Address, values: pl.Series, names: Sequence[str], definition: str) -> list[Row]:
    """Each level, also those that nobody has."""
    known = values.drop_nulls()
    counts = _counts(known)
    found = []
    for name in names:
        n = counts.get(name, 0)
        behind = Denominator(n, len(known), values.null_count(), len(values))
        found += rows(replace(address, level=name), proportion(n, len(known)), behind, definition)
    return found


def numbers_of(patients: pl.DataFrame, column: str, kind: Type, unit: str | None) -> Numbers:
    """The known values of a number, a time or a quotient."""
    if isinstance(kind, Ratio):
        return _quotients(patients, column, kind)
    decimals = kind.decimals if isinstance(kind, Number) else 0
    divisor = Fraction(10**decimals)
    shown = kind.unit if isinstance(kind, Number) else unit
    if isinstance(kind, Span):
        divisor, decimals = DAYS_IN[unit or "days"], 1
    if not is_interval(kind):
        values = patients[column].drop_nulls()
        return Numbers(values, values, divisor, shown or None, decimals)
    ends = patients.select(column + LOW, column + HIGH)
    known = ends.filter(pl.col(column + LOW).is_not_null() | pl.col(column + HIGH).is_not_null())
    return Numbers(known[column + LOW], known[column + HIGH], divisor, shown or None, decimals)


def _quotients(patients: pl.DataFrame, column: str, kind: Ratio) -> Numbers:
    """Quotients are summarised to nine decimals."""
    scale = 10**9
    top, bottom = pl.col(f"{column}__top").cast(pl.Int128), pl.col(f"{column}__bottom").cast(pl.Int128)
    factor = scale * 10**kind.bottom.decimals
    quotient = (top * factor) // (bottom * 10**kind.top.decimals)
    values = patients.filter(pl.col(f"{column}__bottom") != 0).select(quotient.cast(pl.Int64)).to_series().drop_nulls()
    return Numbers(values, values, Fraction(scale), kind.unit or None, 3)
