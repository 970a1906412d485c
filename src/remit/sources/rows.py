"""Rows of one sheet: which name a patient, and as what."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from remit.schema.records import Action
from remit.sources.faults import Fault
from remit.sources.headings import normal
from remit.sources.layouts import Layout
from remit.sources.ledger import Entry, Ledger
from remit.sources.sheets import ERROR, Cell, Sheet, fold, is_blank, is_nan, show
from remit.study.forms import Form

LARGEST_ID = 10**15  # Excel keeps 15 digits


@dataclass(frozen=True)
class Part:
    """One form in one book. `centre` is None where a column tells it."""

    form: Form
    sheet: Sheet
    layout: Layout
    centre: str | None

    def entry(
        self,
        action: Action,
        code: str,
        reason: str,
        *,
        centre: str | None = None,
        field: str | None = None,
        column: str | None = None,
        written: str | None = None,
        value: str | None = None,
    ) -> Entry:
        """A ledger entry of the sheet, or of the column, row or cell in it."""
        file, sheet = self.sheet.file, self.sheet.name
        centre = centre or self.centre
        return Entry(action, code, reason, file, sheet, centre, self.form.name, field, column, written, value)


class Line(NamedTuple):
    """A row that belongs to a patient. `row`: as the spreadsheet counts; `cells`: one for each heading."""

    row: int
    patient: str
    centre: str
    cells: Sequence[Cell]


Row = tuple[int, list[Cell]]  # the row, as the spreadsheet counts, and its cells


def below_headings(part: Part) -> Iterator[Row]:
    first = part.layout.heading_row + 1
    return enumerate(part.sheet.rows[first:], start=first + 1)


def identified(
    part: Part, rows: Iterable[Row], spellings: dict[str, str], is_marker: Callable[[str], bool], ledger: Ledger
) -> list[Line]:
    """Those of the rows that name a patient. Blank rows are passed over.

    spellings: each centre as it is spelled first on this sheet, without regard to case; it is filled on the way.
    """
    layout, width = part.layout, len(part.layout.headings)
    heading = normal(layout.patient.heading)
    lines = []
    for row, cells in rows:
        if all(map(is_blank, cells)):
            continue
        if len(cells) < width:
            cells = cells + [""] * (width - len(cells))
        patient, problem = patient_of(cells[layout.patient.index], heading, is_marker)
        centre = centre_of(part, cells, spellings)
        if not centre and layout.centre is not None:
            problem = problem or ("no-centre", "the row names no centre; write it")
        if len(cells) > width:
            problem = ("too-many-cells", "the row has more cells than there are headings; a separator inside a value?")
        if problem is not None:
            entry = part.entry("refused", *problem, centre=centre, written=show(cells[layout.patient.index]))
            ledger.add(entry, row, patient or None)
            continue
        lines.append(Line(row, patient, centre, cells))
        if layout.centre is not None and fold(written := show(cells[layout.centre.index])) != centre:
            reason, letter = f"the centre {centre}, spelled otherwise above", layout.centre.letter
            told = {"centre": centre, "column": letter, "written": written, "value": centre}
            ledger.add(part.entry("converted", "centre-spelling", reason, **told), row, patient)
    return lines


def centre_of(part: Part, cells: Sequence[Cell], spellings: dict[str, str]) -> str:
    """The centre of a row, spelled as first on this sheet; "" if it is not told. `spellings` is filled on the way."""
    if part.layout.centre is None:
        return part.centre or ""
    centre = centre_in(cells[part.layout.centre.index])
    return spellings.setdefault(centre.casefold(), centre)


def centre_in(cell: Cell) -> str:
    return "" if isinstance(cell, Fault) or is_nan(cell) or ERROR.fullmatch(show(cell).strip()) else fold(show(cell))


def patient_of(cell: Cell, heading: str, is_marker: Callable[[str], bool]) -> tuple[str, tuple[str, str] | None]:
    """The patient's id, and code and reason if it is none. A number is the id that is shown: 1.0 is "1"."""
    patient = fold(show(cell))
    if isinstance(cell, Fault):
        return "", (cell.code, cell.reason)
    if not patient or is_nan(cell) or is_marker(patient):
        return "", ("no-patient", "the row names no patient; write the patient's id, or remove the row")
    if ERROR.fullmatch(patient):
        return "", ("spreadsheet-error", "the patient's id is an error of the spreadsheet; write the id")
    if isinstance(cell, bool | dt.date | dt.time | dt.timedelta):
        return patient, ("not-an-id", "a date, time or true/false is no patient's id; write it and format it as text")
    if isinstance(cell, float) and abs(cell) >= LARGEST_ID:
        return patient, ("not-an-id", "a number so long has lost digits in the spreadsheet; write the id as text")
    if normal(patient) == heading:
        return patient, ("repeated-heading", "the headings stand here again; remove the row")
    return patient, None
