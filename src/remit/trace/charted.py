"""What stands in the charts of some patients, as it was used: rows by patient, days counted from the index date."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from remit.derive.dates import check_dates
from remit.derive.values import INDEX_DATE
from remit.schema.cohort import Cohort
from remit.schema.records import PATIENT, ROW, Records
from remit.study.study import Study

Row = Mapping[str, Any]
DAY = "_day"
STOP_DAY = "_stop_day"


@dataclass(frozen=True)
class Charted:
    """`patients`: the cohort's row of each, in the order asked for; `rows`: by form and patient, in the order of their
    days (those of unknown day last), with `_day` and, of periods, `_stop_day`."""

    patients: tuple[Row, ...]
    rows: Mapping[str, Mapping[str, list[Row]]]

    def of(self, form: str, patient: str) -> list[Row]:
        return self.rows[form].get(patient, [])


def charted(study: Study, records: Records, cohort: Cohort, names: pl.Series, forms: tuple[str, ...]) -> Charted:
    """The rows of `forms` that the study uses: what lies after the data cut-off is not among them."""
    asked = pl.DataFrame({PATIENT: names})
    patients = asked.join(cohort.patients, on=PATIENT, how="left", maintain_order="left")
    once = {form.name for form in study.forms.values() if form.rows == "once"}
    theirs = {
        name: frame.join(asked, on=PATIENT, how="semi") if name in once or name in forms else frame.clear()
        for name, frame in records.forms.items()
    }
    used, _ = check_dates(study, replace(records, forms=theirs))
    index = patients.select(PATIENT, INDEX_DATE)
    rows = {name: _by_patient(study, name, used.forms[name], index) for name in forms}
    return Charted(tuple(patients.iter_rows(named=True)), rows)


def _by_patient(study: Study, name: str, frame: pl.DataFrame, index: pl.DataFrame) -> dict[str, list[Row]]:
    form = study.forms[name]
    frame = frame.join(index, on=PATIENT, how="left")
    for column, date in ((DAY, form.date or form.start), (STOP_DAY, form.stop)):
        if date is not None:
            frame = frame.with_columns((pl.col(date) - pl.col(INDEX_DATE)).dt.total_days().alias(column))
    found: dict[str, list[Row]] = {}
    ordered = frame.sort(DAY, ROW, nulls_last=True) if DAY in frame.columns else frame.sort(ROW)
    for row in ordered.iter_rows(named=True):
        found.setdefault(row[PATIENT], []).append(row)
    return found
