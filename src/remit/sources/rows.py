"""Rows: which belong to a patient and can be used, and why the others cannot.

A patient who stands twice in a form with one row a patient: if the rows are written alike, one is a copy, and the first
is used. If they differ, nobody here can know which is right. Stopping would hold up 70 patients for one, dropping both
would take a real patient out of the flow, and mixing their cells would make a patient whom nobody saw. So the first row
is used, because centres append; it is marked `queried`, and each later one is `refused` with the columns that differ.

A patient in the books of two centres is a wrong structure: if each centre counts from 001, all patients are doubled.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from remit.errors import WrongInput
from remit.schema.records import Action
from remit.sources.faults import Fault
from remit.sources.headings import normal
from remit.sources.layouts import Layout
from remit.sources.ledger import Entry, Ledger
from remit.sources.sheets import ERROR, Cell, Sheet, fold, is_blank, show
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
        self, action: Action, code: str, reason: str, centre: str | None = None, written: str | None = None
    ) -> Entry:
        """A ledger entry of a row or of the whole sheet."""
        return Entry(
            action,
            code,
            reason,
            file=self.sheet.file,
            sheet=self.sheet.name,
            centre=centre or self.centre,
            form=self.form.name,
            written=written,
        )


class Line(NamedTuple):
    """A row that belongs to a patient. `row`: as the spreadsheet counts; `cells`: one for each heading."""

    row: int
    patient: str
    centre: str
    cells: Sequence[Cell]


class Home(NamedTuple):
    """Where a patient is at home: the book (None: the one of all centres) and the row that says so."""

    patient: str
    centre: str
    book: str | None
    where: str


def usable(parts: Sequence[Part], is_marker: Callable[[str], bool], ledger: Ledger) -> list[list[Line]]:
    """For each part the rows that can be used, in the sheet's order; the others go to the ledger.

    is_marker: whether a text means "not done", which is no patient.
    Raises WrongInput for a patient in the books of two centres.
    """
    homes: dict[str, Home] = {}
    lines = [identified(part, is_marker, ledger) for part in parts]
    for index, part in enumerate(parts):
        if part.form.rows == "once":
            lines[index] = at_home(part, one_a_patient(part, lines[index], ledger), homes, ledger)
    query_absent([(part, found) for part, found in zip(parts, lines, strict=True) if part.form.rows == "once"], ledger)
    alike = {(home.book, loose(home.patient)): home.patient for home in homes.values()}
    for index, part in enumerate(parts):
        if part.form.rows != "once":
            lines[index] = of_known(part, lines[index], homes, alike, ledger)
            query_repeated(part, lines[index], ledger)
    return lines


def identified(part: Part, is_marker: Callable[[str], bool], ledger: Ledger) -> list[Line]:
    """The rows below the headings that name a patient. Blank rows are passed over."""
    layout, width = part.layout, len(part.layout.headings)
    heading = normal(layout.patient.heading)
    lines = []
    spellings: dict[str, str] = {}
    for row, cells in enumerate(part.sheet.rows[layout.heading_row + 1 :], start=layout.heading_row + 2):
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
            ledger.add(part.entry("refused", *problem, centre, show(cells[layout.patient.index])), row, patient or None)
            continue
        lines.append(Line(row, patient, centre, cells))
        if layout.centre is not None and fold(written := show(cells[layout.centre.index])) != centre:
            entry = part.entry("converted", "centre-spelling", f"the centre {centre}", centre, written)
            ledger.add(replace(entry, column=layout.centre.letter, value=centre), row, patient)
    return lines


def centre_of(part: Part, cells: Sequence[Cell], spellings: dict[str, str]) -> str:
    """The centre of a row, spelled as first on this sheet; "" if it is not told. `spellings` is filled on the way."""
    if part.layout.centre is None:
        return part.centre or ""
    cell = cells[part.layout.centre.index]
    centre = "" if isinstance(cell, Fault) or ERROR.fullmatch(show(cell).strip()) else fold(show(cell))
    return spellings.setdefault(centre.casefold(), centre)


def patient_of(cell: Cell, heading: str, is_marker: Callable[[str], bool]) -> tuple[str, tuple[str, str] | None]:
    """The patient's id, and code and reason if it is none. A number is the id that is shown: 1.0 is "1"."""
    patient = fold(show(cell))
    if isinstance(cell, Fault):
        return "", (cell.code, cell.reason)
    if not patient or is_marker(patient):
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


def one_a_patient(part: Part, lines: Iterable[Line], ledger: Ledger) -> list[Line]:
    """The first row of each patient."""
    first: dict[str, Line] = {}
    doubtful: set[int] = set()
    for line in lines:
        known = first.setdefault(line.patient.casefold(), line)
        if known is line:
            continue
        different = differences(part, known, line)
        if not different:
            reason = f"the row is a copy of row {known.row}, which is used"
            ledger.add(part.entry("unused", "repeated-row", reason, line.centre, line.patient), line.row, line.patient)
            continue
        reason = (
            f"row {known.row} is of the same patient and differs in {', '.join(different)}; it is used and this one is "
            "not, though nobody here can know which is right: leave one row a patient"
        )
        ledger.add(
            part.entry("refused", "duplicate-patient", reason, line.centre, line.patient), line.row, line.patient
        )
        if known.row not in doubtful:
            doubtful.add(known.row)
            reason = (
                f"the patient stands again in row {line.row}, written otherwise; this row is used, the later is not"
            )
            entry = part.entry("queried", "duplicate-patient", reason, known.centre, known.patient)
            ledger.add(entry, known.row, known.patient)
    return list(first.values())


def differences(part: Part, first: Line, second: Line) -> list[str]:
    pairs = zip(part.layout.headings, first.cells, second.cells, strict=False)
    return [heading for heading, one, other in pairs if fold(show(one)) != fold(show(other))]


def at_home(part: Part, lines: Iterable[Line], homes: dict[str, Home], ledger: Ledger) -> list[Line]:
    """The rows whose patient is at home here; enters each into `homes`, which the `once` forms share."""
    kept = []
    named = {part.layout.patient.index, part.layout.centre.index if part.layout.centre else None}
    for line in lines:
        home = homes.setdefault(
            line.patient.casefold(),
            Home(line.patient, line.centre, part.centre, f"{part.sheet.where}, row {line.row}"),
        )
        if home.book != part.centre:
            what = f"the patient {line.patient} stands here in row {line.row}, and in {home.where}."
            remedy = "Give each patient an id of its own, such as the centre and a number (S01-001)."
            raise WrongInput(part.sheet.where, what, remedy)
        if problem := not_at_home(line, home):
            ledger.add(part.entry("refused", *problem, line.centre, line.patient), line.row, line.patient)
            continue
        kept.append(line)
        if all(is_blank(cell) for index, cell in enumerate(line.cells) if index not in named):
            reason = "the row holds an id and nothing else; is this a patient?"
            ledger.add(part.entry("queried", "empty-row", reason, line.centre, line.patient), line.row, line.patient)
    return kept


def not_at_home(line: Line, home: Home) -> tuple[str, str] | None:
    """Code and reason of a row that names another patient or centre than the one at home."""
    if home.patient != line.patient:
        return "unknown-patient", f"there is no patient {line.patient}; {home.patient} is meant? ({home.where})"
    if line.centre and home.centre.casefold() != line.centre.casefold():
        return "other-centre", f"the row says {line.centre}, but the patient is of {home.centre} ({home.where})"
    return None


def query_absent(parts: Sequence[tuple[Part, list[Line]]], ledger: Ledger) -> None:
    """Names each patient who has a row in one form with one row a patient, and none in another."""
    by_book: dict[str | None, list[tuple[Part, dict[str, Line]]]] = {}
    for part, lines in parts:
        by_book.setdefault(part.centre, []).append((part, {line.patient: line for line in lines}))
    for forms in by_book.values():
        everybody = {patient: line for _, lines in forms for patient, line in lines.items()}
        for part, lines_here in forms:
            for patient, line in everybody.items():
                if patient not in lines_here:
                    reason = "the patient has no row on this sheet"
                    ledger.add(part.entry("queried", "no-row", reason, line.centre, patient), None, patient)


def of_known(
    part: Part,
    lines: Iterable[Line],
    homes: Mapping[str, Home],
    alike: Mapping[tuple[str | None, str], str],
    ledger: Ledger,
) -> list[Line]:
    """The rows of patients who are at home in this book, with their centre."""
    kept = []
    for line in lines:
        home = homes.get(line.patient.casefold())
        if home is None or home.book != part.centre:
            meant = alike.get((part.centre, loose(line.patient)))
            hint = f"; {meant} is meant?" if meant else f"; it is a patient of {home.centre}" if home else ""
            problem: tuple[str, str] | None = "unknown-patient", f"there is no patient {line.patient}{hint}"
        else:
            problem = not_at_home(line, home)
        if problem is not None:
            ledger.add(part.entry("refused", *problem, line.centre, line.patient), line.row, line.patient)
        elif home is not None:
            kept.append(line._replace(centre=home.centre))
    return kept


def query_repeated(part: Part, lines: Iterable[Line], ledger: Ledger) -> None:
    """Names each row that is written like one before it. It is used, but an event entered twice counts twice."""
    seen: dict[tuple[Cell, ...], Line] = {}
    for line in lines:
        first = seen.setdefault(tuple(line.cells), line)
        if first is not line:
            reason = f"the row is written like row {first.row}; both are used: was one entered twice?"
            ledger.add(part.entry("queried", "repeated-row", reason, line.centre, line.patient), line.row, line.patient)


def loose(patient: str) -> str:
    """An id without regard to case, signs and leading zeros, to find the one that is meant: s01_1 is like S01-001."""
    return re.sub(r"(?<![0-9])0+(?=[0-9])", "", re.sub(r"[\W_]+", " ", patient.casefold())).replace(" ", "-")
