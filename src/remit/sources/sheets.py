"""Raw sheets: the cells of .xlsx and .csv as they are written, before anybody has read a meaning into them.

A cell of .xlsx is what the workbook holds, not how it is formatted: 5 % is 0.05, and a formula is its last result. Rows
and columns that are hidden or filtered away are read like the others.
"""

from __future__ import annotations

import csv
import datetime as dt
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Protocol, Self
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile, ZipFile

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

from remit.errors import WrongInput
from remit.schema.records import Action
from remit.sources import faults, synthetic
from remit.sources.faults import Fault
from remit.sources.places import address, column_index, column_letter

Cell = str | float | Decimal | bool | dt.date | dt.time | dt.timedelta | Fault  # "" is empty; a datetime is a date

DELIMITERS = (";", "\t", ",")
HEAD = 65_536  # characters of a .csv in which its separator is looked for
ERROR = re.compile(r"#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!|GETTING_DATA)")


class Corrected(str):
    """A cell as a correction writes it: in no centre's habit, but with a decimal point, and dates as yyyy-mm-dd."""


@dataclass(frozen=True)
class Applied:
    """A correction of the cell in a row, as the ledger counts it, and a column, counted from 0.

    written: what stands there; new: what it became, None if the correction was refused; why: who says so, or why not.
    """

    row: int
    column: int
    written: str
    new: str | None
    why: str

    @property
    def outcome(self) -> tuple[Action, str, str]:
        """What the ledger says of it: action, code and reason."""
        if self.new is None:
            return "refused", "correction-refused", self.why
        return "corrected", "correction", self.why


Change = tuple[int, int, Corrected, str]  # row, column, what to write, and the line that says so

CELL = re.compile(r"([A-Za-z]{1,3})([1-9][0-9]*)")


@dataclass(frozen=True)
class Sheet:
    """`rows[0]` is the spreadsheet's row 1, `rows[0][0]` its cell A1. Rows of a .csv may differ in length.

    name: None for a file that has no sheets.
    """

    file: str
    name: str | None
    rows: list[list[Cell]]
    hidden: bool = False
    applied: Sequence[Applied] = ()  # corrections

    @property
    def where(self) -> str:
        return self.file if self.name is None else f"{self.file}, sheet {self.name}"

    def letter(self, column: int) -> str:
        """How people name a column, which is counted from 0."""
        return column_letter(column)

    def address(self, row: int, column: int) -> str:
        """How people name a cell. row: as the ledger counts it; column: counted from 0."""
        return f"{self.letter(column)}{row}"

    def place_of(self, cell: str, where: str) -> tuple[int, int]:
        """F12 → row 12, and column 5. Raises WrongInput, of the line `where`, for a cell that is not there."""
        match = CELL.fullmatch(cell.strip())
        if match is None:
            raise WrongInput(where, f"{cell!r} is no cell.", "Write file, sheet and cell as in S03.xlsx/visits/F12.")
        row, column = int(match[2]), column_index(match[1].upper())
        if row > len(self.rows) or column >= max(map(len, self.rows)):
            what = f"there is no cell {cell} in {self.where}, which has {len(self.rows)} rows."
            raise WrongInput(where, what, "Correct a cell that is there; what is missing is entered in the charts.")
        return row, column

    def cell(self, row: int, column: int) -> Cell:
        cells = self.rows[row - 1]
        return cells[column] if column < len(cells) else ""

    def is_empty(self, column: int, heading_row: int) -> bool:
        """Whether a column holds nothing from the row of the headings on, both counted from 0."""
        return all(len(row) <= column or is_blank(row[column]) for row in self.rows[heading_row:])

    def changed(self, changes: Sequence[Change]) -> Self:
        """With other cells."""
        rows = [*self.rows]
        for row, column, new, _ in changes:
            cells = rows[row - 1] + [""] * (column + 1 - len(rows[row - 1]))
            rows[row - 1] = [*cells[:column], new, *cells[column + 1 :]]
        return replace(self, rows=rows)


class ExcelBook:
    """A workbook .xlsx or .xlsm."""

    def __init__(self, path: Path, file: str) -> None:
        """Raises WrongInput if it cannot be opened."""
        self.file = file
        self._path = path
        try:
            self._workbook = CalamineWorkbook.from_path(path)
            with ZipFile(path) as archive:
                self._parts = faults.of_sheets(archive)
        except PasswordError as error:
            raise WrongInput(file, "the workbook is protected by a password.", "Save it without a password.") from error
        except (CalamineError, BadZipFile, KeyError, ParseError, OSError) as error:
            raise unreadable(file, error) from error
        self._visible = {sheet.name: sheet.visible for sheet in self._workbook.sheets_metadata}

    @property
    def names(self) -> list[str]:
        return self._workbook.sheet_names

    def file_of(self, name: str) -> str:
        return self.file

    def place_of(self, name: str) -> str:
        return f"{self.file}/{name}"

    def sheet(self, name: str) -> Sheet:
        """Raises WrongInput if the sheet is corrupt."""
        try:
            raw = self._workbook.get_sheet_by_name(name)
            rows: list[list[Cell]] = [[*row] for row in raw.to_python(skip_empty_area=False)]
            mark_merged(rows, raw.merged_cell_ranges or [])
            with ZipFile(self._path) as archive:
                found = faults.find(archive, self._parts[name])
        except (CalamineError, BadZipFile, KeyError, ParseError, OSError) as error:
            raise unreadable(f"{self.file}, sheet {name}", error) from error
        for (row, column), fault in found.items():
            put(rows, row, column, fault)
        return Sheet(self.file, name, rows, self._visible[name] is not SheetVisibleEnum.Visible)

    def synthetic(self) -> Mapping[str, str | None]:
        """Raises WrongInput if the properties of the workbook are corrupt."""
        try:
            return {self.file: synthetic.of_workbook(self._path)}
        except (BadZipFile, ParseError) as error:
            raise unreadable(self.file, error) from error


class CsvBook:
    """A folder of .csv files, one a sheet: UTF-8, with comma, semicolon or tab."""

    def __init__(self, paths: Mapping[str, Path], file: str) -> None:
        """paths: name of the sheet → its file; file: the folder's name, "" for the folder of the charts itself."""
        self.file = file
        self._paths = paths

    @property
    def names(self) -> list[str]:
        return list(self._paths)

    def file_of(self, name: str) -> str:
        return f"{self.file}/{self._paths[name].name}".lstrip("/")

    def place_of(self, name: str) -> str:
        return self.file_of(name)

    def sheet(self, name: str) -> Sheet:
        """Raises WrongInput if the file is not UTF-8, or its quotes do not match."""
        path, file = self._paths[name], self.file_of(name)
        try:
            text = path.read_text(encoding="utf-8-sig")
            rows: list[list[Cell]] = [
                list(row) for row in csv.reader(StringIO(text, newline=""), delimiter=delimiter(text), strict=True)
            ]
        except UnicodeDecodeError as error:
            raise WrongInput(file, "the file is not UTF-8.", 'Save it as "CSV UTF-8".') from error
        except (csv.Error, OSError) as error:
            raise unreadable(file, error) from error
        return Sheet(file, name, rows)

    def synthetic(self) -> Mapping[str, str | None]:
        return {self.file: synthetic.of_folder(next(iter(self._paths.values())).parent)}


class Book(Protocol):
    """Sheets by name. `file`: "" for the folder of the charts itself."""

    file: str

    @property
    def names(self) -> list[str]: ...

    def file_of(self, name: str) -> str:
        """The file in which a sheet stands."""
        ...

    def place_of(self, name: str) -> str:
        """How a correction begins that is about a cell of the sheet: S03.xlsx/visits."""
        ...

    def sheet(self, name: str) -> Sheet: ...

    def synthetic(self) -> Mapping[str, str | None]:
        """By file, how its patients were made if they are not real."""
        ...


def delimiter(text: str) -> str:
    """The one of comma, semicolon and tab that cuts the first line which has any, the headings, into most cells."""
    for line in re.sub('"[^"]*"', "", text[:HEAD]).split("\n"):
        if count := max(map(line.count, DELIMITERS)):
            return next(sign for sign in DELIMITERS if line.count(sign) == count)
    return ","


def mark_merged(rows: list[list[Cell]], ranges: list[tuple[tuple[int, int], tuple[int, int]]]) -> None:
    """A merged range shows one value over many cells, of which only the first holds it; the others are not empty."""
    for (top, left), (bottom, right) in ranges:
        if top >= len(rows) or left >= len(rows[top]) or is_blank(rows[top][left]):
            continue
        bottom, right = min(bottom, len(rows) - 1), min(right, len(rows[top]) - 1)
        reason = f"the cell is merged with {address(top, left)}; unmerge them and write the value in each"
        for row in range(top, bottom + 1):
            for column in range(left, right + 1):
                if (row, column) != (top, left):
                    rows[row][column] = Fault("", "merged-cell", reason)


def put(rows: list[list[Cell]], row: int, column: int, cell: Cell) -> None:
    """Sets a cell, which may lie outside what calamine found to be used."""
    width = max(len(rows[0]) if rows else 0, column + 1)
    rows.extend([""] * width for _ in range(row + 1 - len(rows)))
    if width > len(rows[0]):
        for cells in rows:
            cells.extend([""] * (width - len(cells)))
    rows[row][column] = cell


def is_blank(cell: Cell) -> bool:
    return isinstance(cell, str) and not cell.strip()


def is_nan(cell: Cell) -> bool:
    """Whether it is NaN or infinity, which some programs write where nothing is known."""
    return isinstance(cell, float) and not math.isfinite(cell)


def fold(text: str) -> str:
    """Without spaces at the ends, runs of spaces (also the non-breaking one, and line breaks) as one space."""
    return " ".join(text.split())


def show(cell: Cell) -> str:
    """The cell as a spreadsheet writes it."""
    match cell:
        case str():
            return cell
        case bool():
            return str(cell).upper()
        case int() | float():
            return format(cell, ".15g")
        case Decimal():
            return plain(cell)
        case dt.datetime():
            return cell.isoformat(sep=" ")
        case dt.date() | dt.time():
            return cell.isoformat()
        case Fault():
            return cell.written
        case _:
            return str(cell)


def plain(number: Decimal) -> str:
    """All digits of a number, without zeros at the end: 12.50 → "12.5"."""
    digits = format(number, "f")
    return digits.rstrip("0").rstrip(".") if "." in digits else digits


def unreadable(where: str, error: Exception) -> WrongInput:
    return WrongInput(
        where,
        f"it cannot be read: {error}.",
        "Open it in a spreadsheet program, save it again, or ask the centre for it.",
    )
