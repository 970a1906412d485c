"""The value of each step is what the interpreter says, for each patient of the examples."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import polars as pl
import pytest

from remit.derive.engines import collect
from remit.language.columns import HIGH, HIGH_OPEN, LOW, LOW_OPEN, is_interval, patient_column
from remit.language.describe import is_day
from remit.language.interpret import Interval, Patient, Result, interpret
from remit.language.query import Query
from remit.language.types import Date, Number, Ratio, Type
from remit.trace.printed import UNKNOWN, decimal_text, number_text, span_text
from remit.trace.rows import RowsOf
from remit.trace.steps import steps_of
from tests.acceptance.trace.examples import NAMES, Example, example

EVERY = {"xanomeline-alzheimer": 30}  # of its 306 patients every thirtieth: all take a minute


@pytest.mark.parametrize("name", NAMES)
def test_each_step_has_the_value_that_the_interpreter_gives(name: str) -> None:
    made = example(name)
    asked = made.asked
    patients = made.cohort.patients.gather_every(EVERY.get(name, 1))
    steps = steps_of(made.study, made.records, patients, [("", query) for query in asked])
    people = [*_people(made, patients)]
    for query, traced in zip(asked, steps.definitions, strict=True):
        days = is_day(query, made.study.scope)
        expected = [_text(interpret(query, patient), query, days) for patient in people]
        assert [text or UNKNOWN for text in steps.steps[traced.step].values] == expected, query


def _people(made: Example, patients: pl.DataFrame) -> Iterator[Patient]:
    """Patients of the cohort, for the interpreter."""
    scope = made.study.scope
    kinds: dict[tuple[str, str, str | None], Type] = {
        (form.name, field.name, visit): field.type
        for form in scope.forms.values()
        if form.rows in ("once", "visit")
        for field in form.fields.values()
        for visit in ([None] if form.rows == "once" else scope.visits)
    }
    kinds |= {(each.value.form, each.value.field, None): each.value.type for each in scope.patient.values()}
    rows = RowsOf(made.study, made.records, patients)
    many = {
        form.name: collect(rows.frame(form.name)).sort("_row").partition_by("patient", as_dict=True)
        for form in scope.forms.values()
        if form.rows != "once"
    }
    for patient in rows.with_aggregates([]).iter_rows(named=True):
        values = {key: _read(patient, patient_column(*key), kind) for key, kind in kinds.items()}
        own = {form: _rows(made, form, found.get((patient["patient"],))) for form, found in many.items()}
        yield Patient(values, own)


def _rows(made: Example, form: str, frame: pl.DataFrame | None) -> list[dict[str, Any]]:
    if frame is None:
        return []
    fields = made.study.scope.forms[form].fields
    return [
        {"_row": row["_row"]}
        | {name: _read(row, f"row__{name}", field.type) for name, field in fields.items() if f"row__{name}" in row}
        for row in frame.iter_rows(named=True)
    ]


def _read(row: dict[str, Any], column: str, kind: Type) -> Result:
    if not isinstance(kind, Number | Date):
        value: Result = row[column]
        return value
    scale = 10**kind.decimals if isinstance(kind, Number) else 1
    low, high = (row[column + LOW], row[column + HIGH]) if is_interval(kind) else (row[column],) * 2
    flags = (bool(row[column + LOW_OPEN]), bool(row[column + HIGH_OPEN])) if is_interval(kind) else (False, False)
    ends = [None if end is None else Fraction(end, scale) for end in (low, high)]
    return Interval(ends[0], ends[1], *flags)


def _text(value: Result, query: Query, is_day: bool) -> str:
    if value is None or isinstance(value, bool):
        return UNKNOWN if value is None else "yes" if value else "no"
    if isinstance(value, str):
        return value
    if isinstance(query.type, Ratio):
        return UNKNOWN if value.point is None else decimal_text(value.point, 4)
    words = ("after ", "on or after ", "before ", "on or before ")
    if not is_day and not isinstance(query.type, Date):
        words = (">", "≥", "<", "≤")
    if value.point is not None:
        return _end(value.point, query, is_day)
    if value.low is None and value.high is None:
        return UNKNOWN
    if value.high is None:
        return words[0 if value.low_open else 1] + _end(value.low, query, is_day)
    if value.low is None:
        return words[2 if value.high_open else 3] + _end(value.high, query, is_day)
    return f"{_end(value.low, query, is_day)} to {_end(value.high, query, is_day)}"


def _end(value: Fraction | None, query: Query, is_day: bool) -> str:
    assert value is not None
    if isinstance(query.type, Date):
        day = datetime.date(1970, 1, 1) + datetime.timedelta(days=int(value))
        return f"{day.day} {day:%B %Y}"
    if is_day:
        return f"day {value}"
    return number_text(value, query.type) if isinstance(query.type, Number) else span_text(int(value))
