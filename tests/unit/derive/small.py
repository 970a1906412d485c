"""A small study without charts: a study file as text, records as Python rows."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import polars as pl

from remit.language.types import Date, Level, Number, Text, YesNo
from remit.schema.records import COLUMNS_SCHEMA, LEDGER_SCHEMA, ONGOING, ROWS_SCHEMA, Records, censored_column
from remit.study.build import read_study
from remit.study.forms import Field, Form
from remit.study.study import Study

START = datetime.date(2023, 1, 1)

STUDY = """
remit: 1
study: {id: small, title: A small study, data_cutoff: 2024-12-31}
index: first(treatment.start_date, where drug == "x")
observed_until: last_contact
visits:
  baseline: {day: 0, window: [-30, 0], pick: last}
  week4: {day: 28, window: [14, 42]}
forms:
  patients:
    rows: once
    fields:
      consent: yes/no
      last_contact: date
  visits:
    rows: visit
    date: visit_date
    fields:
      visit_date: date
      score: {type: number, range: [0, 100]}
  treatment:
    rows: period
    start: start_date
    stop: stop_date
    fields:
      drug: text
      start_date: date
      stop_date: date
      reason: {levels: [adverse event, schedule]}
dosing:
  form: treatment
  where: drug == "x"
  permanent: reason == "adverse event"
  reason: reason
"""


def study_of(folder: Path, more: str = "", text: str = STUDY) -> Study:
    path = folder / "study.yaml"
    path.write_text(text + more, "utf-8")
    return read_study(path)


def day(number: int) -> datetime.date:
    """The day so many days after the first of January 2023, which is day 0 where the first dose is on it."""
    return START + datetime.timedelta(days=number)


def records_of(study: Study, **forms: list[dict[str, Any]]) -> Records:
    """Records from rows by form; `patient` is needed, what is not given is missing. `ongoing` as the reader sets it."""
    frames, keys, number = {}, [], 0
    for form in study.forms.values():
        rows = []
        for line, row in enumerate(forms.get(form.name, []), 2):
            number += 1
            rows.append({"centre": "S01", "_row": number, **row})
            keys.append({"_row": number, "form": form.name, "file": "S01.xlsx", "sheet": form.name, "row": line})
        frames[form.name] = pl.DataFrame([_completed(form, row) for row in rows], schema=_schema(form))
    return Records(
        frames,
        pl.DataFrame(keys, schema=dict(ROWS_SCHEMA)),
        pl.DataFrame(schema=dict(COLUMNS_SCHEMA)),
        pl.DataFrame(schema=dict(LEDGER_SCHEMA)),
    )


def _completed(form: Form, row: dict[str, Any]) -> dict[str, Any]:
    if form.rows == "period":
        row = {ONGOING: row.get(form.stop or "") is None, **row}
    return {name: row.get(name) for name in _schema(form)}


def _schema(form: Form) -> dict[str, pl.DataType]:
    schema: dict[str, pl.DataType] = {"patient": pl.String(), "centre": pl.String(), "_row": pl.Int64()}
    for field in form.fields.values():
        schema |= _columns(field)
    return schema | ({ONGOING: pl.Boolean()} if form.rows == "period" else {})


def _columns(field: Field) -> dict[str, pl.DataType]:
    match field.type:
        case Number(censored=True):
            return {field.name: pl.Int64(), censored_column(field.name): pl.Int8()}
        case Number():
            return {field.name: pl.Int64()}
        case YesNo():
            return {field.name: pl.Boolean()}
        case Date():
            return {field.name: pl.Date()}
        case Level() | Text():
            return {field.name: pl.String()}
    raise AssertionError(field)
