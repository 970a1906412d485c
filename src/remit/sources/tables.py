"""The frames of Records, filled row by row of the charts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from remit.language.types import Date, Level, Number, Text, Type, YesNo
from remit.schema.records import CENTRE, ONGOING, PATIENT, ROW, ROWS_SCHEMA, censored_column
from remit.sources.readings import EMPTY, Reading
from remit.sources.rows import Line, Part
from remit.study.forms import Form


def schema_of(form: Form) -> dict[str, pl.DataType]:
    """The columns of a form's frame, as remit.schema.records tells them."""
    schema: dict[str, pl.DataType] = {PATIENT: pl.String(), CENTRE: pl.String(), ROW: pl.Int64()}
    for field in form.fields.values():
        schema[field.name] = dtype_of(field.type)
        if is_censored(field.type):
            schema[censored_column(field.name)] = pl.Int8()
    if form.rows == "period":
        schema[ONGOING] = pl.Boolean()
    return schema


def dtype_of(kind: Type) -> pl.DataType:
    match kind:
        case Number():
            return pl.Int64()
        case YesNo():
            return pl.Boolean()
        case Date():
            return pl.Date()
        case Level() | Text():
            return pl.String()
        case _:
            raise TypeError(f"a chart cannot hold {kind}")


def is_censored(kind: Type) -> bool:
    return isinstance(kind, Number) and kind.censored


class Tables:
    """Takes rows in the order of `_row`, and gives the frames."""

    def __init__(self, forms: Mapping[str, Form]) -> None:
        self._forms = forms
        self._columns: dict[str, dict[str, list[object]]] = {
            name: {column: [] for column in schema_of(form)} for name, form in forms.items()
        }
        self._rows: dict[str, list[object]] = {column: [] for column in ROWS_SCHEMA}

    def add(self, part: Part, lines: Sequence[Line], readings: Mapping[str, Sequence[Reading]]) -> None:
        """readings: field → one for each line; a field that the sheet lacks is not among them and unknown."""
        columns, count = self._columns[part.form.name], len(lines)
        start = len(self._rows[ROW])
        numbers = range(start, start + count)
        columns[PATIENT] += [line.patient for line in lines]
        columns[CENTRE] += [line.centre for line in lines]
        columns[ROW] += numbers
        for field in part.form.fields.values():
            found = readings.get(field.name, [EMPTY] * count)
            columns[field.name] += [reading.value for reading in found]
            if is_censored(field.type):
                columns[censored_column(field.name)] += [reading.censored for reading in found]
        if part.form.rows == "period":
            stops = readings.get(part.form.stop or "")
            columns[ONGOING] += [reading is EMPTY for reading in stops] if stops is not None else [False] * count
        self._rows[ROW] += numbers
        self._rows["form"] += [part.form.name] * count
        self._rows["file"] += [part.sheet.file] * count
        self._rows["sheet"] += [part.sheet.name] * count
        self._rows["row"] += [line.row for line in lines]

    def frames(self) -> dict[str, pl.DataFrame]:
        return {
            name: pl.DataFrame(self._columns[name], schema=schema_of(form), strict=True)
            for name, form in self._forms.items()
        }

    def rows(self) -> pl.DataFrame:
        return pl.DataFrame(self._rows, schema=ROWS_SCHEMA)
