"""Behind what is imputed: of whom a value is known in each completed cohort, and whose cells were filled."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import polars as pl

from remit.language.columns import patient_column
from remit.schema.cohort import Completed, had_column
from remit.schema.records import PATIENT
from remit.schema.results import IMPUTED_VALUES, Address
from remit.study.study import ELIGIBLE
from remit.trace.counted import Counted, counted
from remit.trace.people import NOBODY, Bits, joined, set_of
from remit.trace.study_people import NoTrace, StudyPeople

_NOTE = "Counted are values, one a patient."


def always_known(of: StudyPeople, column: str) -> Bits:
    """Of whom a column is known in each completed cohort."""
    return of.kept(f"known in each {column}", lambda: _always_known(of, column))


def _always_known(of: StudyPeople, column: str) -> Bits:
    found = _completed(of).patients.group_by(PATIENT).agg(pl.col(column).is_not_null().all().alias("known"))
    return _positions(of, found.filter("known")[PATIENT])


def behind_imputed(of: StudyPeople, at: Address) -> Counted:
    """A field at a visit: of whom it was imputed; why it was empty; and whom a warning is about."""
    everybody = of.population(ELIGIBLE)
    if at.variable is None:
        return counted(everybody, everybody, None)
    unknown, filled = _empty(of, at) & everybody, _filled(of, at, None)
    if at.level is None:
        return counted(everybody, everybody, filled, missing=unknown).told(_NOTE)
    return counted(filled, filled, _filled(of, at, at.level), missing=NOBODY).told(_NOTE)


def _empty(of: StudyPeople, at: Address) -> Bits:
    """Of whom the charts do not tell the value, or it is set aside: it is of after an event, or may be."""
    form, _, field = (at.variable or "").partition(".")
    known = of.people.known(patient_column(form, field, at.visit))
    had = [had_column(event, at.visit) for event in _events(at)] if at.visit is not None else []
    aside = joined(of.people.everybody & ~of.people.no(column) for column in had if column in of.queries)
    return of.people.everybody & ~known | aside


def _filled(of: StudyPeople, at: Address, why: str | None) -> Bits:
    form, _, field = (at.variable or "").partition(".")
    after = ", ".join(_events(at)) or None
    cells = of.kept("imputed cells", lambda: _cells(of))
    return joined(
        who
        for (*cell, reason), who in cells.items()
        if cell == [form, field, at.visit, after] and why in (None, reason)
    )


def _cells(of: StudyPeople) -> dict[tuple[str | None, ...], Bits]:
    """Whose cells were filled, by form, field, visit, the events after which values are set aside, and why."""
    parts = ["form", "field", "visit", "after", "why"]
    found = _completed(of).imputed.group_by(parts).agg(PATIENT)
    return {tuple(cell): _positions(of, patients) for *cell, patients in found.iter_rows()}


def _events(at: Address) -> Sequence[str]:
    """After which values are set aside."""
    return [] if at.handling is None else at.handling.removeprefix("after ").split(", ")


def _completed(of: StudyPeople) -> Completed:
    if of.cohort.completed is None:
        raise NoTrace(f"{IMPUTED_VALUES}: nothing was imputed in this cohort")
    return of.cohort.completed


def _positions(of: StudyPeople, patients: Iterable[str]) -> Bits:
    places = of.kept("positions", lambda: {name: at for at, name in enumerate(of.cohort.patients[PATIENT])})
    return set_of([places[patient] for patient in patients])
