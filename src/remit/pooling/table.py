"""A table of studies, a row each, read from a CSV file. Raises WrongInput with the line."""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from remit.errors import WrongInput

STUDY = "study"
_DELIMITERS = (",", ";", "\t")
_COUNT = re.compile(r"[0-9]{1,15}")
_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")


@dataclass(frozen=True)
class Row:
    """`cells`: by column, without blanks around them."""

    path: Path
    line: int
    cells: Mapping[str, str]

    @property
    def study(self) -> str:
        return self.cells[STUDY]

    def wrong(self, what: str, remedy: str) -> WrongInput:
        return WrongInput(f"{self.path}:{self.line}", what, remedy)

    def text(self, column: str) -> str:
        if not self.cells[column]:
            raise self.wrong(f"{self.study} has nothing in the column {column}", "Fill it in, or leave the study out.")
        return self.cells[column]

    def count(self, column: str) -> int:
        written = self.text(column)
        if _COUNT.fullmatch(written):
            return int(written)
        what = f"{column} of {self.study} is '{written}', and a count is needed: a whole number, no percentage"
        raise self.wrong(what, "Write how many patients, or events, there were.")

    def is_number(self, column: str) -> bool:
        written = self.text(column)
        return bool(_NUMBER.fullmatch(written)) and math.isfinite(float(written))

    def number(self, column: str) -> float:
        written = self.text(column)
        if not self.is_number(column):
            what = f"{column} of {self.study} is '{written}', and a number is needed"
            raise self.wrong(what, "Write it with a decimal point, without a unit.")
        return float(written)


@dataclass(frozen=True)
class Table:
    path: Path
    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(row.study for row in self.rows)

    def check_column(self, column: str, option: str) -> None:
        if column not in self.columns:
            have = ", ".join(self.columns)
            raise WrongInput(option, f"{self.path} has no column '{column}'", f"Name one of its columns: {have}.")

    def where(self, told: str) -> str:
        """The line of the study that a message begins with; the file, where it begins with none."""
        lines = [row.line for row in self.rows if told.startswith((f"{row.study}:", f"{row.study} "))]
        return f"{self.path}:{lines[0]}" if lines else str(self.path)


def read_table(path: Path) -> Table:
    """Columns apart by comma, semicolon or tab, whichever stands in the first line; decimals have a point."""
    text = _text_of(path)
    first = text.splitlines()[0] if text.strip() else ""
    if not first:
        raise WrongInput(str(path), "the table is empty", "Write a heading, and a row for each study.")
    delimiter = max(_DELIMITERS, key=first.count)
    reader = csv.reader(text.splitlines(), delimiter=delimiter)
    columns = tuple(cell.strip() for cell in next(reader))
    _check_columns(path, columns)
    rows = []
    for cells in reader:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(columns):
            what = f"the row has {len(cells)} cells, and the heading {len(columns)}"
            raise WrongInput(f"{path}:{reader.line_num}", what, "Give each row a cell a column.")
        stripped = (cell.strip() for cell in cells)
        rows.append(Row(path, reader.line_num, dict(zip(columns, stripped, strict=True))))
    _check_studies(rows)
    return Table(path, columns, tuple(rows))


def _text_of(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except FileNotFoundError:
        raise WrongInput(str(path), "there is no such file", "Name the table of studies, a CSV file.") from None
    except IsADirectoryError:
        raise WrongInput(str(path), "this is a folder", "Name the table of studies, a CSV file.") from None
    except UnicodeDecodeError:
        raise WrongInput(str(path), "this is no text in UTF-8", "Save the table as CSV (UTF-8).") from None


def _check_columns(path: Path, columns: tuple[str, ...]) -> None:
    where = f"{path}:1"
    if STUDY not in columns:
        raise WrongInput(where, f"no column is called {STUDY}", f"Call the column with the studies' names {STUDY}.")
    twice = next((column for column in columns if columns.count(column) > 1), None)
    if twice is not None:
        raise WrongInput(where, f"two columns are called '{twice}'", "Give each column a name of its own.")


def _check_studies(rows: list[Row]) -> None:
    lines: dict[str, int] = {}
    for row in rows:
        if not row.study:
            raise row.wrong("the study has no name", f"Fill in the column {STUDY}.")
        if row.study in lines:
            what = f"{row.study} stands in line {lines[row.study]}, too"
            raise row.wrong(what, "Give each study a row and a name of its own.")
        lines[row.study] = row.line
