"""Patients of the interpreter → frames of an engine, and a query's columns back to values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import polars as pl

from remit.derive.engines import Engine, collect
from remit.derive.frames import add_aggregates
from remit.derive.steps import add_columns
from remit.language.columns import BOTTOM, HIGH, HIGH_OPEN, LOW, LOW_OPEN, TOP, columns_of, is_interval, patient_column
from remit.language.fields import aggregates
from remit.language.interpret import UNKNOWN, Interval, Patient, Result, Row, exactly
from remit.language.query import Query
from remit.language.scope import FormName, Scope
from remit.language.types import Date, Number, Ratio, Span, Type, YesNo


class Charts:
    """Patients by name, as frames of an engine."""

    def __init__(self, patients: Mapping[str, Patient], scope: Scope, engine: Engine) -> None:
        self.engine, self.names = engine, list(patients)
        self.wide = engine.load(_wide(patients, scope))
        many = [form for form in scope.forms.values() if form.rows != "once"]
        self.rows = {form.name: engine.load(_rows(patients, form)) for form in many}

    def evaluate(self, queries: Sequence[Query]) -> list[dict[str, Result]]:
        """Each query's value for each patient."""
        wide = add_aggregates(
            self.wide, self.rows, [each for query in queries for each in aggregates(query)], self.engine
        )
        named = {f"q{i}": query for i, query in enumerate(queries)}
        found = collect(add_columns(wide, named)).sort("patient")
        for name, query in named.items():
            _check_columns(found, name, query)
        by_patient = {row["patient"]: row for row in found.iter_rows(named=True)}
        assert sorted(by_patient) == sorted(self.names), "a patient was lost or doubled"
        return [
            {patient: _read(by_patient[patient], name, query) for patient in self.names}
            for name, query in named.items()
        ]


def _wide(patients: Mapping[str, Patient], scope: Scope) -> pl.DataFrame:
    data: dict[str, pl.Series] = {"patient": pl.Series(list(patients), dtype=pl.String)}
    keys: dict[tuple[str, str, str | None], Type] = {}
    for form in scope.forms.values():
        if form.rows in ("once", "visit"):
            for visit in [None] if form.rows == "once" else scope.visits:
                keys |= {(form.name, field.name, visit): field.type for field in form.fields.values()}
    for derived in scope.patient.values():
        keys[derived.value.form, derived.value.field, derived.value.visit] = derived.value.type
    for key, kind in keys.items():
        data |= _series(patient_column(*key), kind, [patient.values.get(key) for patient in patients.values()])
    return pl.DataFrame(data)


def _rows(patients: Mapping[str, Patient], form: FormName) -> pl.DataFrame:
    rows: list[tuple[str, Row]] = [
        (name, row) for name, each in patients.items() for row in each.rows.get(form.name, ())
    ]
    data: dict[str, pl.Series] = {
        "patient": pl.Series([name for name, _ in rows], dtype=pl.String),
        "_row": pl.Series([row["_row"] for _, row in rows], dtype=pl.Int64),
    }
    for field in form.fields.values():
        data |= _series(f"row__{field.name}", field.type, [row.get(field.name) for _, row in rows])
    return pl.DataFrame(data)


def _series(name: str, kind: Type, values: Sequence[Result]) -> dict[str, pl.Series]:
    if isinstance(kind, YesNo):
        return {name: pl.Series(values, dtype=pl.Boolean)}
    if not isinstance(kind, Number | Date):
        return {name: pl.Series(values, dtype=pl.String)}
    scale = 10**kind.decimals if isinstance(kind, Number) else 1
    intervals = [value if isinstance(value, Interval) else UNKNOWN for value in values]

    def whole(value: Fraction | None) -> int | None:
        assert value is None or (value * scale).denominator == 1, f"{value} has too many decimals for {name}"
        return None if value is None else int(value * scale)

    found = {name: pl.Series([whole(each.point) for each in intervals], dtype=pl.Int64)}
    if is_interval(kind):
        found[name + LOW] = pl.Series([whole(each.low) for each in intervals], dtype=pl.Int64)
        found[name + HIGH] = pl.Series([whole(each.high) for each in intervals], dtype=pl.Int64)
        found[name + LOW_OPEN] = pl.Series([each.low_open for each in intervals], dtype=pl.Boolean)
        found[name + HIGH_OPEN] = pl.Series([each.high_open for each in intervals], dtype=pl.Boolean)
    else:
        assert all(each.point is not None or not each.known for each in intervals), f"{name} cannot be censored"
    return found


def _check_columns(found: pl.DataFrame, name: str, query: Query) -> None:
    """The type says which columns there are, and of which kind."""
    kind = query.type
    expected = columns_of(name, is_interval(kind))
    if isinstance(kind, Ratio):
        expected = [
            *columns_of(name + TOP, is_interval(kind.top)),
            *columns_of(name + BOTTOM, is_interval(kind.bottom)),
        ]
    assert [each for each in found.columns if each == name or each.startswith(name + "__")] == expected
    number = isinstance(kind, Number | Date | Span | Ratio)
    for each in expected:
        flag = each.endswith((LOW_OPEN, HIGH_OPEN)) or isinstance(kind, YesNo)
        wanted = pl.Boolean if flag else pl.Int64 if number else pl.String
        assert found.schema[each] == wanted, f"{each} of {query} is {found.schema[each]}"


def _read(row: Mapping[str, Any], name: str, query: Query) -> Result:
    kind = query.type
    if isinstance(kind, Ratio):
        top, bottom = row[name + TOP], row[name + BOTTOM]
        if top is None or bottom is None:
            return UNKNOWN
        return exactly(Fraction(top, bottom) * Fraction(10**kind.bottom.decimals, 10**kind.top.decimals))
    if not isinstance(kind, Number | Date | Span):
        result: Result = row[name]
        return result
    scale = 10**kind.decimals if isinstance(kind, Number) else 1
    value = row[name]
    if not is_interval(kind):
        return UNKNOWN if value is None else exactly(Fraction(value, scale))
    low, high = row[name + LOW], row[name + HIGH]
    assert value == (low if low == high else None), "the exact column is the point of the interval"
    return normal(
        Interval(
            None if low is None else Fraction(low, scale),
            None if high is None else Fraction(high, scale),
            row[name + LOW_OPEN],
            row[name + HIGH_OPEN],
        )
    )


def normal(value: Result) -> Result:
    """An end that is not there is neither open nor closed."""
    if not isinstance(value, Interval):
        return value
    return Interval(
        value.low,
        value.high,
        value.low is not None and value.low_open,
        value.high is not None and value.high_open,
    )
