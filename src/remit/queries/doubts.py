"""The missing and doubtful cells of a run: empty, not done, refused or queried; and visits that are missing."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import polars as pl

from remit.derive.define import queries
from remit.finished import Finished
from remit.language.columns import patient_column
from remit.language.fields import collected
from remit.schema.records import CENTRE, ONGOING, PATIENT, ROW
from remit.schema.trace import ChartRow, Reading
from remit.study.forms import Form
from remit.study.study import Visit
from remit.trace.charts import charts_of, sheet_of

Problem = Literal["empty", "not done", "refused", "queried", "missing visit"]
_OF_ACTION: Mapping[str, Problem] = {"missing": "not done", "refused": "refused", "queried": "queried"}
_INDEX_DATE = patient_column("index", "date", None)
_OBSERVED = patient_column("index", "observed_date", None)


@dataclass(frozen=True)
class Doubt:
    """A cell, or a visit of which there is no row (`row` None, `date` its planned day). `known`: whether it is used."""

    problem: Problem
    centre: str
    patient: str
    form: str
    field: str | None
    visit: str | None
    row: int | None
    date: datetime.date | None
    place: str
    written: str | None = None
    reason: str | None = None

    @property
    def is_unknown(self) -> bool:
        return self.field is not None and self.problem != "queried"


class Doubts:
    """Of one run."""

    def __init__(self, run: Finished) -> None:
        self.run = run
        patients = run.cohort.patients
        self._charts = charts_of(run.study, run.records, patients[PATIENT])
        self._centres: dict[str, str] = dict(patients.select(PATIENT, CENTRE).iter_rows())
        self._visits: dict[int, str] = dict(run.cohort.visits.select(ROW, "visit").iter_rows())
        self._fields = _used(run)

    def all(self) -> Iterator[Doubt]:
        """Those of cells that something reads, form by form; then missing visits."""
        for form in self.run.study.forms.values():
            yield from self._of_form(form)
        for form in self.run.study.forms.values():
            if form.rows == "visit" and any(name == form.name for name, _ in self._fields):
                yield from self._without_visit(form)

    def _of_form(self, form: Form) -> Iterator[Doubt]:
        fields = [field for name, field in sorted(self._fields) if name == form.name and field in form.fields]
        for row in self.run.records.forms[form.name].iter_rows(named=True):
            counts = form.rows != "visit" or row[ROW] in self._visits
            if row[PATIENT] in self._centres and counts:
                yield from (doubt for field in fields if (doubt := self._of_cell(form, field, row)))

    def _of_cell(self, form: Form, field: str, row: Mapping[str, Any]) -> Doubt | None:
        reading = self._charts.readings.get((row[ROW], field))
        problem = _problem(reading)
        if row[field] is None and not (field == form.stop and row.get(ONGOING)):
            problem = problem or "empty"
        elif problem != "queried":
            return None
        chart = self._charts.rows[row[ROW]]
        return Doubt(
            problem=problem,
            centre=self._centres[row[PATIENT]],
            patient=row[PATIENT],
            form=form.name,
            field=field,
            visit=self._visits.get(row[ROW]) if form.rows == "visit" else None,
            row=row[ROW],
            date=datetime.date.fromisoformat(chart.date) if chart.date else None,
            place=self._place(chart, field),
            written=reading.written if reading else None,
            reason=reading.reason if reading and problem != "empty" else None,
        )

    def _place(self, chart: ChartRow, field: str) -> str:
        """As corrections name it: S03.xlsx/visits/F12."""
        column = self._charts.columns[chart.columns].get(field)
        table = "/".join(part for part in (chart.file, sheet_of(chart)) if part)
        if column is None:
            return f"{table}, row {chart.row}: no column of {field}"
        return f"{table}/{column}{'' if chart.sheet else '/'}{chart.row}"

    def _without_visit(self, form: Form) -> Iterator[Doubt]:
        """Patients whose window was reached while they were still observed, and who have no row in it."""
        patients = self.run.cohort.patients
        for visit in self.run.study.visits:
            row = patient_column(form.name, ROW, visit.name)
            without = patients.filter(pl.col(row).is_null() & pl.col(_INDEX_DATE).is_not_null())
            for patient, index, observed in without.select(PATIENT, _INDEX_DATE, _OBSERVED).iter_rows():
                day = index + datetime.timedelta(days=visit.day)
                if observed is None or index + datetime.timedelta(days=visit.low) <= observed:
                    yield self._missing(form, visit, patient, day)

    def _missing(self, form: Form, visit: Visit, patient: str, day: datetime.date) -> Doubt:
        low, high = (day + datetime.timedelta(days=end - visit.day) for end in (visit.low, visit.high))
        reason = f"no row from {low} to {high}; planned for {day}"
        place = f"{form.sheet}: no row"
        return Doubt(
            "missing visit",
            self._centres[patient],
            patient,
            form.name,
            None,
            visit.name,
            None,
            day,
            place,
            reason=reason,
        )


def _problem(reading: Reading | None) -> Problem | None:
    if reading is None:
        return None
    return next((problem for action, problem in _OF_ACTION.items() if action in reading.action.split(", ")), None)


def _used(run: Finished) -> set[tuple[str, str]]:
    """The fields that some definition reads."""
    study = run.study
    asked = [query for _, query in queries(study)] + [study.index]
    if study.dosing is not None:
        asked += [study.dosing.where, study.dosing.permanent]
    return {field for query in asked for field in collected(query)}
