"""A table of studies, a row each, read from a CSV file. Raises WrongInput with the line."""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from remit.errors import WrongInput

STUDY = "study"
_DELIMITERS = (",", ";", "\t")
_COUNT = re.compile(r"[0-9]{1,15}")
_NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")  # nothing that a drawing can hold
_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,3})?")
_SMALLEST, _LARGEST = 1e-30, 1e30  # beyond them squares of squares are no numbers any more


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
        number = float(written)
        if number and not _SMALLEST <= abs(number) <= _LARGEST:
            what = f"{column} of {self.study} is {written}, and nothing that is pooled is so {_extreme(number)}"
            raise self.wrong(what, "Correct it, or write it in another unit.")
        return number


def _extreme(number: float) -> str:
    return "near 0" if abs(number) < 1 else "far from 0"


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
    if not text.strip():
        raise WrongInput(str(path), "the table is empty", "Write a heading, and a row for each study.")
    first = text.split("\n", 1)[0]
    if not first.strip():
        raise WrongInput(f"{path}:1", "the first line is empty", "Write the heading there.")
    lines = _lines(path, text, max(_DELIMITERS, key=first.count))
    columns = next(lines)[1]
    _check_columns(path, columns)
    rows = []
    for line, cells in lines:
        if not any(cells):
            continue
        if len(cells) != len(columns):
            what = f"the row has {len(cells)} {'cell' if len(cells) == 1 else 'cells'}, and the heading {len(columns)}"
            raise WrongInput(f"{path}:{line}", what, "Give each row a cell a column.")
        rows.append(Row(path, line, dict(zip(columns, cells, strict=True))))
    _check_studies(rows)
    return Table(path, columns, tuple(rows))


def _lines(path: Path, text: str, delimiter: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The cells of each row, without blanks around them, and its line."""
    reader = csv.reader(StringIO(text), delimiter=delimiter, strict=True)
    line = 1
    try:
        for cells in reader:
            if any("\n" in cell for cell in cells):
                raise _quoted(path, line)
            yield line, tuple(cell.strip() for cell in cells)
            line = reader.line_num + 1
    except csv.Error:
        raise _quoted(path, line) from None


def _quoted(path: Path, line: int) -> WrongInput:
    what = "a quotation mark opens or closes at the wrong place"
    return WrongInput(
        f"{path}:{line}",
        what,
        "Correct it; between quotation marks there is no line break, and a quotation mark stands twice.",
    )


def _text_of(path: Path) -> str:
    try:
        text = path.read_text("utf-8-sig")
    except FileNotFoundError:
        raise WrongInput(str(path), "there is no such file", "Name the table of studies, a CSV file.") from None
    except IsADirectoryError:
        raise WrongInput(str(path), "this is a folder", "Name the table of studies, a CSV file.") from None
    except UnicodeDecodeError:
        raise WrongInput(str(path), "this is no text in UTF-8", "Save the table as CSV (UTF-8).") from None
    control = _NO_TEXT.search(text)
    if control is not None:
        what = f"a character that cannot be shown, U+{ord(control[0]):04X}, stands there"
        raise WrongInput(f"{path}:{text[: control.start()].count(chr(10)) + 1}", what, "Delete it.")
    return text


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
