"""Patients: whose rows can be used, and why the others cannot.

A patient who stands twice in a form with one row a patient: if the rows are written alike, one is a copy, and the first
is used. If they differ, nobody here can know which is right. Stopping would hold up 70 patients for one, dropping both
would take a real patient out of the flow, and mixing their cells would make a patient whom nobody saw. So the first row
is used, because centres append; it is marked `queried`, and each later one is `refused` with the columns that differ.

A patient in the books of two centres is a wrong structure: if each centre counts from 001, all patients are doubled.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from remit.errors import WrongInput
from remit.schema.records import Action
from remit.sources.ledger import Ledger
from remit.sources.rows import Line, Part, below_headings, identified
from remit.sources.sheets import Cell, fold, is_blank, show


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
    lines = [identified(part, below_headings(part), {}, is_marker, ledger) for part in parts]
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
            report(part, line, "unused", "repeated-row", reason, ledger)
            continue
        reason = (
            f"row {known.row} is of the same patient and differs in {', '.join(different)}; it is used and this one is "
            "not, though nobody here can know which is right: leave one row a patient"
        )
        report(part, line, "refused", "duplicate-patient", reason, ledger)
        if known.row not in doubtful:
            doubtful.add(known.row)
            reason = (
                f"the patient stands again in row {line.row}, written otherwise; this row is used, the later is not"
            )
            report(part, known, "queried", "duplicate-patient", reason, ledger)
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
            report(part, line, "refused", *problem, ledger)
            continue
        kept.append(line)
        if all(is_blank(cell) for index, cell in enumerate(line.cells) if index not in named):
            reason = "the row holds an id and nothing else; is this a patient?"
            report(part, line, "queried", "empty-row", reason, ledger)
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
                    report_absent(part, patient, line.centre, ledger)


def report_absent(part: Part, patient: str, centre: str, ledger: Ledger) -> None:
    reason = "the patient has no row on this sheet"
    ledger.add(part.entry("queried", "no-row", reason, centre=centre, written=patient), None, patient)


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
            report(part, line, "refused", *problem, ledger)
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
            report(part, line, "queried", "repeated-row", reason, ledger)


def report(part: Part, line: Line, action: Action, code: str, reason: str, ledger: Ledger) -> None:
    """An entry for a whole row."""
    ledger.add(part.entry(action, code, reason, centre=line.centre, written=line.patient), line.row, line.patient)


def loose(patient: str) -> str:
    """An id without regard to case, signs and leading zeros, to find the one that is meant: s01_1 is like S01-001."""
    return re.sub(r"\b0+(?=[0-9])", "", re.sub(r"[\W_]+", " ", patient.casefold()).strip())
