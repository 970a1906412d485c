"""The rows of the charts: where each stands, in which column each field, and how its cells were read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from remit.schema.records import PATIENT, ROW, Records
from remit.schema.trace import ChartRow, Reading
from remit.study.study import Study


@dataclass(frozen=True)
class Charts:
    rows: Mapping[int, ChartRow]
    columns: tuple[Mapping[str, str], ...]
    readings: Mapping[tuple[int, str], Reading]


def charts_of(study: Study, records: Records, patients: pl.Series) -> Charts:
    """Of these patients, by their ids. Their rows must be few enough to be told one by one."""
    layouts = _layouts(records)
    number = {place: index for index, place in enumerate(layouts)}
    placed = records.rows.join(_dates(study, records, patients), on=ROW, maintain_order="left")
    rows = {
        row: ChartRow(form, file, sheet or "", line, date, number.get((form, file, sheet), 0))
        for row, form, file, sheet, line, date in placed.select(ROW, "form", "file", "sheet", "row", "date").iter_rows()
    }
    return Charts(rows, tuple(layouts.values()), _readings(records, placed))


Place = tuple[str, str, str | None]  # form, file, sheet


def _layouts(records: Records) -> dict[Place, dict[str, str]]:
    """The column of each field, by form, file and sheet."""
    found: dict[Place, dict[str, str]] = {}
    used = records.columns.filter(pl.col("field").is_not_null())
    for form, file, sheet, field, column in used.select("form", "file", "sheet", "field", "column").iter_rows():
        found.setdefault((form, file, sheet), {})[field] = column
    return found


def _dates(study: Study, records: Records, patients: pl.Series) -> pl.DataFrame:
    """The rows of these patients, each with the day it is about."""
    frames = []
    for form in study.forms.values():
        frame = records.forms[form.name]
        frame = frame.filter(pl.col(PATIENT).is_in(patients.implode()))
        day = form.date or form.start
        about = pl.col(day).dt.to_string("%Y-%m-%d") if day else pl.lit(None, pl.String)
        frames.append(frame.select(ROW, about.alias("date")))
    return pl.concat(frames)


def sheet_of(row: ChartRow) -> str:
    """The sheet, where the file may have several: one of text is a sheet itself."""
    return "" if row.file.endswith(".csv") else row.sheet


def _readings(records: Records, placed: pl.DataFrame) -> dict[tuple[int, str], Reading]:
    """The ledger's entries about single cells. Where a cell has several, all are told: the last says what it became."""
    of_cells = records.ledger.filter(pl.col("row").is_not_null(), pl.col("field").is_not_null())
    keys = ["form", "file", "sheet", "row"]
    found = of_cells.join(placed.select(ROW, *keys), on=keys, how="inner", nulls_equal=True, maintain_order="left")
    readings: dict[tuple[int, str], Reading] = {}
    for row, field, *told in found.select(ROW, "field", "action", "written", "value", "reason").iter_rows():
        new, before = Reading(*told), readings.get((row, field))
        readings[row, field] = new if before is None else _both(before, new)
    return readings


def readings_of(records: Records, row: int) -> dict[str, Reading]:
    """How the cells of one row were read, by field."""
    placed = records.rows.filter(pl.col(ROW) == row)
    return {field: reading for (_, field), reading in _readings(records, placed).items()}


def _both(before: Reading, after: Reading) -> Reading:
    """Two things were done to one cell, or said of it."""
    actions = ", ".join(dict.fromkeys((*before.action.split(", "), after.action)))
    reasons = " ".join(dict.fromkeys(reason for reason in (before.reason, after.reason) if reason))
    return Reading(actions, before.written or after.written, after.value or before.value, reasons or None)
