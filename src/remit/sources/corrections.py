"""Corrections: a file that says of single cells what stands there, what should, and why. The charts stay as they are.

    cell,old,new,reason,who,when
    S03.xlsx/visits/F12,45,4.5,comma forgotten,M. Rossi,2024-05-02

A correction is applied to the raw sheet, before anything is read from it. If another value stands there than its `old`,
it is refused and named, and the cell is used as it stands.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

from remit.errors import WrongInput
from remit.sources import dates, numbers
from remit.sources.cells import key
from remit.sources.headings import normal
from remit.sources.ledger import Entry, Ledger
from remit.sources.sheets import Applied, Book, Cell, Corrected, CsvBook, ExcelBook, Sheet, fold, is_blank, show
from remit.study.forms import Charts

COLUMNS = ("cell", "old", "new", "reason", "who", "when")
NEEDED = ("cell", "reason", "who", "when")
AS_PRINTED = re.compile(r"(?P<file>.+?)(?:, sheet (?P<sheet>.+))?, (?:(?P<column>.+), row )?(?P<cell>\w+)")


@dataclass(frozen=True)
class Correction:
    """One line of the file. `where`: corrections.csv, row 3."""

    where: str
    cell: str
    old: str
    new: str
    reason: str
    who: str
    when: str


def load(charts: Charts, ledger: Ledger) -> list[Correction]:
    """The corrections that the study has; those of other charts are named and left.

    Raises WrongInput for a wrong file.
    """
    path = charts.corrections
    if path is None:
        return []
    if charts.others:
        reason = "the corrections are about the charts that the study file names, and these are others"
        ledger.add(Entry("unused", "corrections-of-other-charts", reason, file=path.name))
        return []
    found = list(rows_of(path))
    seen: dict[str, Correction] = {}
    for each in found:
        first = seen.setdefault(key(plain(each.cell)), each)
        if first is not each:
            raise corrected_twice(each, first)
    return found


def rows_of(path: Path) -> Iterator[Correction]:
    """Raises WrongInput for a file that cannot be read, an unknown or missing column, a line that says too little."""
    if not path.is_file():
        raise WrongInput(str(path), "there is no such file.", "Name the file of the corrections under `charts`.")
    book: Book = CsvBook({path.stem: path}, "") if path.suffix.lower() == ".csv" else ExcelBook(path, path.name)
    sheet = book.sheet(book.names[0])
    texts = [[fold(show(cell)) for cell in row] for row in sheet.rows]
    headings = [normal(text) for text in texts[0]] if texts else []
    told = f"Its columns are {', '.join(COLUMNS)}."
    for heading in headings:
        if heading not in COLUMNS or headings.count(heading) > 1:
            raise WrongInput(f"{path.name}, row 1", f"the column {heading!r} is unknown or stands twice.", told)
    if absent := [name for name in COLUMNS if name not in headings]:
        raise WrongInput(f"{path.name}, row 1", f"the column {', '.join(absent)} is missing.", told)
    for number, row in enumerate(texts[1:], start=2):
        if any(row):
            yield correction(f"{path.name}, row {number}", headings, row)


def correction(where: str, headings: Sequence[str], row: Sequence[str]) -> Correction:
    if len(row) != len(headings):
        what = f"the row has {len(row)} cells, and there are {len(headings)} headings."
        raise WrongInput(where, what, "Put a value that holds the separator between quotation marks.")
    cells = dict(zip(headings, row, strict=True))
    if missing := [name for name in NEEDED if not cells[name]]:
        raise WrongInput(where, f"it does not say {', '.join(missing)}.", "Each correction needs them.")
    return Correction(where, **cells)


def plain(cell: str) -> str:
    """A cell as the ledger prints it, in the short writing: S03.xlsx, sheet visits, F12 → S03.xlsx/visits/F12."""
    match = AS_PRINTED.fullmatch(cell)
    if match is None:
        return cell
    sheet = None if match["file"].endswith(".csv") else match["sheet"]
    return "/".join(part for part in (match["file"], sheet, match["column"], match["cell"]) if part)


class CorrectedBook:
    """A book with the corrections of its cells, each of which must be on a sheet that is read."""

    def __init__(self, book: Book, corrections: Mapping[str, Sequence[tuple[Correction, str]]]) -> None:
        """corrections: by sheet, each with the rest of its cell: F12."""
        self._book = book
        self._corrections = corrections
        self.file = book.file

    @property
    def names(self) -> list[str]:
        return self._book.names

    def file_of(self, name: str) -> str:
        return self._book.file_of(name)

    def place_of(self, name: str) -> str:
        return self._book.place_of(name)

    def synthetic(self) -> Mapping[str, str | None]:
        return self._book.synthetic()

    def sheet(self, name: str) -> Sheet:
        sheet = self._book.sheet(name)
        found = self._corrections.get(name, ())
        return corrected(sheet, found) if found else sheet


def corrected_books(books: Sequence[Book], corrections: Sequence[Correction], wanted: set[str]) -> list[Book]:
    """The books with their corrections. wanted: keys of the sheets that the study reads.

    Raises WrongInput for a cell in no file or sheet of the charts, or on a sheet that nothing reads.
    """
    places = {key(f"{book.place_of(name)}/"): (index, name) for index, book in enumerate(books) for name in book.names}
    of_book: list[dict[str, list[tuple[Correction, str]]]] = [{} for _ in books]
    for each in corrections:
        cell = plain(each.cell)
        starts = [start for start in places if key(cell).startswith(start)]
        if not starts:
            what = f"there is no cell {each.cell}: no such file or sheet is among the charts."
            raise WrongInput(each.where, what, "Write file, sheet and cell as in S03.xlsx/visits/F12.")
        start = max(starts, key=len)
        index, name = places[start]
        if key(name) not in wanted:
            raise WrongInput(each.where, f"nothing of the study is read from {each.cell}.", "Take the line out.")
        of_book[index].setdefault(name, []).append((each, cell[len(start) :]))
    return [CorrectedBook(book, found) if found else book for book, found in zip(books, of_book, strict=True)]


def corrected(sheet: Sheet, corrections: Sequence[tuple[Correction, str]]) -> Sheet:
    """The sheet with its cells corrected. Raises WrongInput for a cell that it does not have."""
    places = [(each, *sheet.place_of(address, each.where)) for each, address in corrections]
    seen: dict[tuple[int, int], Correction] = {}
    applied, changes = [], []
    for each, row, column in places:
        first = seen.setdefault((row, column), each)
        if first is not each:
            raise corrected_twice(each, first)
        cell = sheet.cell(row, column)
        matches = alike(cell, each.old)
        if matches:
            changes.append((row, column, Corrected(each.new), each.where))
        why = f"{each.reason} ({each.who}, {each.when})" if matches else not_applied(each, cell)
        applied.append(Applied(row, column, show(cell), each.new if matches else None, why))
    return replace(sheet.changed(changes), applied=applied)


def corrected_twice(second: Correction, first: Correction) -> WrongInput:
    return WrongInput(second.where, f"{second.cell} is corrected here and in {first.where}.", "Leave one of the two.")


def not_applied(correction: Correction, cell: Cell) -> str:
    there = repr(show(cell)) if show(cell) else "nothing"
    expected = repr(correction.old) if correction.old else "nothing"
    return f"{correction.where} expects {expected} in {correction.cell}, and {there} stands there; it was not corrected"


def alike(cell: Cell, old: str) -> bool:
    """Whether a cell holds what is written: as it is shown, or the same date or number in another writing."""
    if is_blank(cell) or not old:
        return is_blank(cell) and not old
    shown = show(cell)
    return key(shown) == key(old) or bool(values(cell) & values(old))


def values(cell: Cell) -> set[object]:
    """Each date or number that a cell may mean; of a censored number with its sign."""
    if isinstance(cell, bool):
        return set()
    if isinstance(cell, int | float):
        return {("", numbers.from_excel(cell))}
    if isinstance(cell, Decimal):
        return {("", cell)}
    if isinstance(cell, dt.datetime):
        return {cell.date()} if cell.time() == dt.time() else set()
    if isinstance(cell, dt.date):
        return {cell}
    if not isinstance(cell, str):
        return set()
    text = fold(cell)
    day, time = dates.split_time(text)
    sign, digits = numbers.split(text)
    days = {read(day) for read in dates.READINGS.values()} if not time else set()
    amounts = {(sign, number) for read in numbers.READINGS.values() if (number := read(digits)) is not None}
    return {*days, *amounts} - {None}
