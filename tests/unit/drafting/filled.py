"""Charts for any draft, made from its own forms: one centre with four patients, and one whose sheets are empty."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from remit.language.types import Date, Level, Number, YesNo
from remit.study.build import read_study
from remit.study.forms import Field, Form
from remit.study.study import Study
from tests.unit.sources.making import workbook

FIRST = dt.date(2024, 1, 10)
PATIENTS = 4


def fill(folder: Path) -> Study:
    study = read_study(folder)
    (folder / "charts").mkdir()
    for centre, patients in {"S01": range(PATIENTS), "S02": range(0)}.items():
        sheets = {form.sheet: _sheet(study, form, patients) for form in study.forms.values()}
        workbook(folder / "charts" / f"{centre}.xlsx", sheets, "yyyy-mm-dd")
    return study


def _sheet(study: Study, form: Form, patients: Sequence[int]) -> list[list[Any]]:
    heading = [form.key, *(_heading(field) for field in form.fields.values())]
    days = [visit.day for visit in study.visits] if form.rows == "visit" else [0]
    rows = [
        [f"S01-{patient}", *(_cell(study, form, field, patient, day) for field in form.fields.values())]
        for patient in patients
        for day in days
    ]
    return [heading, *rows]


def _heading(field: Field) -> str:
    return f"{field.column} {next(iter(field.units))}" if len(field.units) > 1 else field.column


def _cell(study: Study, form: Form, field: Field, patient: int, day: int) -> Any:
    """Patient 0 stopped for good, all others go on; numbers fall from visit to visit."""
    match field.type:
        case Date():
            dates = {"birth_date": dt.date(1980, 5, 17), "diagnosis_date": dt.date(2010, 3, 1)}
            if field.name == "last_contact_date":
                return FIRST + dt.timedelta(days=400)
            if field.name == form.stop:
                return FIRST + dt.timedelta(days=50) if patient == 0 else ""
            return dates.get(field.name, FIRST + dt.timedelta(days=day))
        case YesNo():
            return "yes" if patient % 2 else "no"
        case Level():
            if field.name == "stop_reason":
                return "adverse event" if patient == 0 else ""
            return list(field.codes)[patient % 2]
        case Number():
            low, high = int(field.low or 0), int(field.high or 9)
            return max(low, min(high, 3 - day // 60 + patient))
        case _:
            return study.identity.drug if field.name == "drug" else "headache"
