"""A cell by its place, S03.xlsx/visits/F12: which field of whom stands there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches

import polars as pl

from remit.errors import WrongInput
from remit.schema.records import CENTRE, PATIENT, ROW, Records

AS_IN = "As in S03.xlsx/visits/F12; where a file is one table, as in dm.parquet/AGE/12."
_LETTERS_AND_ROW = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")
_NAME_AND_ROW = re.compile(r"(.+)/([0-9]{1,9})")


@dataclass(frozen=True)
class Place:
    """`sheet` is null where a file is one table."""

    file: str
    sheet: str | None
    column: str
    row: int

    def __str__(self) -> str:
        if self.sheet is None:
            return f"{self.file}, column {self.column}, row {self.row}"
        sheet = "" if self.file.endswith(".csv") else f"sheet {self.sheet}, "
        return f"{self.file}, {sheet}{self.column}{self.row}"


@dataclass(frozen=True)
class ChartCell:
    """The field of a row of the records, and whose it is."""

    place: Place
    form: str
    field: str
    row: int  # its key
    patient: str


def cells_at(records: Records, text: str) -> list[ChartCell]:
    """What stands at a place; several where forms share a table. Raises WrongInput where there is no cell, where no
    field uses it, or where its row is not used."""
    place = _place(records, text)
    here = records.columns.filter(file=place.file).filter(pl.col("sheet").eq_missing(place.sheet))
    column = here.filter(column=place.column)
    if not column.height:
        known = ", ".join(here["column"].unique(maintain_order=True))
        raise WrongInput(text, f"there is no column {place.column} in {_table(place)}", f"Its columns are {known}.")
    used = column.filter(pl.col("field").is_not_null())
    if not used.height:
        heading = column["heading"][0]
        what = f"no field of the study uses column {place.column} ({heading}): the cell moves no number"
        raise WrongInput(text, what, "A field of the study file may name its heading.")
    rows = records.rows.filter(file=place.file, row=place.row).filter(pl.col("sheet").eq_missing(place.sheet))
    found = [
        ChartCell(place, form, field, row, patient)
        for form, field in used.select("form", "field").iter_rows()
        if field in records.forms[form].columns
        for row, patient in _of_form(records, form, rows)
    ]
    if not found:
        raise WrongInput(text, *_why_not(records, place))
    return [each for each in found if each.field not in (PATIENT, CENTRE)] or _refused_key(text, found[0])


def _refused_key(text: str, cell: ChartCell) -> list[ChartCell]:
    """The cell that says whose row it is."""
    what = f"it says that the row is of {cell.patient}: every number that reads the row moves with it"
    raise WrongInput(text, what, "Ask for another cell of the row.")


def _of_form(records: Records, form: str, rows: pl.DataFrame) -> list[tuple[int, str]]:
    frame = records.forms[form].join(rows.filter(form=form), on=ROW, how="semi")
    return [(row, patient) for row, patient in frame.select(ROW, PATIENT).iter_rows() if patient is not None]


def _place(records: Records, text: str) -> Place:
    files = sorted({*records.columns["file"].drop_nulls(), *records.rows["file"].drop_nulls()})
    file = next((each for each in sorted(files, key=len, reverse=True) if text.startswith(f"{each}/")), None)
    if file is None:
        near = get_close_matches(text.split("/")[0], files, n=1, cutoff=0.3)
        known = f"Did you mean {near[0]}? " if near else ""
        raise WrongInput(text, "there is no such file in the charts of this run", f"{known}Files: {', '.join(files)}.")
    rest = text.removeprefix(f"{file}/")
    sheets = [each for each in records.columns.filter(file=file)["sheet"].unique(maintain_order=True) if each]
    if not sheets:
        column, row = _cell(text, rest, _NAME_AND_ROW)
        return Place(file, None, column, row)
    sheet, _, cell = rest.rpartition("/")
    sheet = sheet or (sheets[0] if file.endswith(".csv") else "")
    if sheet not in sheets:
        what = f"{file} has no sheet '{sheet or rest}' that the study uses"
        raise WrongInput(text, what, f"Its sheets are {', '.join(sheets)}. {AS_IN}")
    column, row = _cell(text, cell, _LETTERS_AND_ROW)
    return Place(file, sheet, column.upper(), row)


def _cell(text: str, written: str, pattern: re.Pattern[str]) -> tuple[str, int]:
    found = pattern.fullmatch(written.strip())
    if found is None:
        raise WrongInput(text, f"'{written}' is no cell", AS_IN)
    return found[1], int(found[2])


def _why_not(records: Records, place: Place) -> tuple[str, str]:
    """Why the row is not in the records: what is wrong, and what would do."""
    if place.sheet is not None and place.row == 1:
        return "row 1 holds the headings", "The rows of patients begin below."
    entries = records.ledger.filter(file=place.file, row=place.row).filter(pl.col("sheet").eq_missing(place.sheet))
    told = [reason for reason in entries["reason"] if reason]
    if told:
        return f"the row is not used: {told[0]}", "The ledger of the run names it."
    rows = records.rows.filter(file=place.file).filter(pl.col("sheet").eq_missing(place.sheet))["row"]
    return f"there is no row {place.row} in {_table(place)}", f"Its last row is {max(rows.drop_nulls(), default=0)}."


def _table(place: Place) -> str:
    return place.file if place.sheet is None else f"sheet {place.sheet} of {place.file}"
