"""Charts made in a test: a small study of three forms, and workbooks written cell by cell."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import xlsxwriter

from remit.language.types import Date, Level, Number, Text, Type, YesNo
from remit.schema.records import Records
from remit.sources.workbooks import read
from remit.study.forms import Charts, Field, Form, Rows


@dataclass(frozen=True)
class Formula:
    """A formula with the result that the workbook keeps; "" if it was never calculated."""

    text: str
    result: object = ""


Row = Sequence[Any]
Sheets = Mapping[str, Sequence[Row]]


def field(name: str, type: Type, **more: object) -> Field:
    return replace(Field(name, name.replace("_", " "), type, name), **more)  # type: ignore[arg-type]


def form(name: str, rows: Rows, *fields: Field, **more: str) -> Form:
    return Form(name, rows, name, {each.name: each for each in fields}, **more)


SEX = field("sex", Level(("female", "male")), codes={"F": "female", "M": "male"})
WEIGHT = field(
    "weight", Number("kg", 1), units={"kg": Fraction(1)}, low=Fraction(20), high=Fraction(300), required=False
)
SMOKER = field("smoker", YesNo(), required=False)
CRP = field(
    "crp",
    Number("mg/dL", 2),
    units={"mg/dL": Fraction(1), "mg/L": Fraction(1, 10)},
    low=Fraction(0),
    high=Fraction(60),
    required=False,
)
CALPROTECTIN = field(
    "calprotectin",
    Number("ug/g", 0, censored=True),
    units={"ug/g": Fraction(1), "mg/g": Fraction(1000)},
    low=Fraction(0),
    high=Fraction(30_000),
    required=False,
)
HBI = field("hbi", Number(), low=Fraction(0), high=Fraction(50), required=False)
NOTE = field("note", Text(), required=False)

PATIENTS = form("patients", "once", field("birth_date", Date()), SEX, WEIGHT, SMOKER)
VISITS = form("visits", "visit", field("visit_date", Date()), CRP, CALPROTECTIN, HBI, NOTE, date="visit_date")
TREATMENT = form(
    "treatment",
    "period",
    field("drug", Text()),
    field("start_date", Date()),
    field("stop_date", Date()),
    start="start_date",
    stop="stop_date",
)
FORMS = {each.name: each for each in (PATIENTS, VISITS, TREATMENT)}
CHARTS = Charts(yes=("yes", "si", "1"), no=("no", "0"), not_done=("ND", "n.d."))

DAY = dt.date(2023, 2, 14)
DEFAULT: Sheets = {
    "patients": [["patient", "birth_date", "sex"], ["S01-001", dt.date(1980, 5, 17), "F"]],
    "visits": [["patient", "visit_date"]],
    "treatment": [["patient", "drug", "start_date", "stop_date"]],
}


def workbook(path: Path, sheets: Sheets, date_format: str = "dd/mm/yyyy") -> Path:
    """Writes the sheets as a spreadsheet program would: dates as formatted numbers, None as an empty cell."""
    with xlsxwriter.Workbook(path, {"strings_to_numbers": False}) as book:
        formats: dict[type, Any] = {dt.date: book.add_format({"num_format": date_format})}
        formats[dt.datetime] = book.add_format({"num_format": f"{date_format} hh:mm"})
        formats[dt.time] = book.add_format({"num_format": "hh:mm"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for row, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    if isinstance(cell, Formula):
                        sheet.write_formula(row, column, cell.text, None, cell.result)
                    elif isinstance(cell, dt.date | dt.time):
                        sheet.write_datetime(row, column, cell, formats[type(cell)])
                    elif isinstance(cell, str):
                        sheet.write_string(row, column, cell)
                    elif cell is not None:
                        sheet.write(row, column, cell)
    return path


def centre(folder: Path, name: str = "S01", **sheets: Any) -> Path:
    """A centre's workbook with these sheets; one patient, no visits and no treatment where none are given."""
    workbook(folder / f"{name}.xlsx", {**DEFAULT, **sheets})
    return folder


def records(folder: Path, charts: Charts = CHARTS, forms: Mapping[str, Form] = FORMS) -> Records:
    return read(folder, forms, charts)


def visits(folder: Path, heading: str, *cells: object, charts: Charts = CHARTS) -> Records:
    """Records of visits, one a cell, in a column of this heading; the visit's date is a real one."""
    rows = [["S01-001", DAY, cell] for cell in cells]
    return records(centre(folder, visits=[["patient", "visit_date", heading], *rows]), charts)


def entries(found: Records, *columns: str, **where: Any) -> list[tuple[object, ...]]:
    """The ledger's entries where columns have these values."""
    return found.ledger.filter(**where).select(*columns).rows()


def entry(found: Records, **where: Any) -> dict[str, object]:
    """The only entry of the ledger where columns have these values."""
    (only,) = found.ledger.filter(**where).to_dicts()
    return only


def values(found: Records, form: str, column: str) -> list[object]:
    return found.forms[form][column].to_list()
