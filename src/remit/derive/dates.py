"""Dates that cannot be: what lies after the data cut-off is not used; a date before birth or long ago is queried.

A row that begins after the cut-off is left out. A period that ends after it goes on as far as the study knows. A dosing
period that has a reason for stopping and no stop has stopped, nobody knows when. All are named in the ledger.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import replace

import polars as pl

from remit.derive.ledger import entries
from remit.language.types import Date
from remit.schema.records import CENTRE, ONGOING, PATIENT, ROW, Records
from remit.study.forms import Form
from remit.study.study import Study

LONG_AGO = datetime.date(1900, 1, 1)


def check_dates(study: Study, records: Records) -> tuple[Records, list[pl.DataFrame]]:
    """The records without what lies after the cut-off, and the ledger's entries (see `derive.ledger`)."""
    forms, found = _without_stop(study, dict(records.forms))
    for form in study.forms.values():
        start = form.date or form.start
        if study.data_cutoff is None or start is None:
            continue
        forms[form.name], *left_out = _cut(form, start, forms[form.name], study.data_cutoff)
        found += left_out
    used = replace(records, forms=forms)
    return used, [*found, *_doubtful(study, used)]


def _without_stop(study: Study, forms: dict[str, pl.DataFrame]) -> tuple[dict[str, pl.DataFrame], list[pl.DataFrame]]:
    """A dosing period whose stop cell is empty goes on, unless a reason for stopping stands beside it."""
    dosing = study.dosing
    if dosing is None or dosing.reason is None:
        return forms, []
    form, rows = study.forms[dosing.form], forms[dosing.form]
    odd = pl.col(ONGOING) & pl.col(dosing.reason).is_not_null()
    reason = "it has a reason for stopping and no stop date: when it stopped is not known"
    queried = entries(rows.filter(odd), form, "queried", "reason-without-stop", pl.lit(reason), form.stop)
    stopped = rows.with_columns(pl.when(odd).then(pl.lit(value=False)).otherwise(pl.col(ONGOING)).alias(ONGOING))
    return {**forms, form.name: stopped}, [queried]


def _cut(
    form: Form, start: str, rows: pl.DataFrame, cutoff: datetime.date
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """The rows until the cut-off, those that begin after it, and the stops that lie after it."""
    after = pl.col(start) > cutoff
    reason = f"it lies after the data cut-off, {cutoff}: nothing of this row is used"
    out = entries(rows.filter(after), form, "unused", "after-cutoff", pl.lit(reason), start)
    kept = rows.filter(~after.fill_null(value=False))
    if form.stop is None:
        return kept, out, out.clear()
    goes_on = pl.col(form.stop) > cutoff
    reason = f"it lies after the data cut-off, {cutoff}: until then the period goes on"
    stops = entries(kept.filter(goes_on), form, "unused", "after-cutoff", pl.lit(reason), form.stop)
    stopped = pl.when(goes_on.fill_null(value=False))
    kept = kept.with_columns(
        stopped.then(None).otherwise(pl.col(form.stop)).alias(form.stop),
        stopped.then(pl.lit(value=True)).otherwise(pl.col(ONGOING)).alias(ONGOING),
    )
    return kept, out, stops


def _doubtful(study: Study, records: Records) -> Iterator[pl.DataFrame]:
    """Dates that are used, and that somebody should look at."""
    limits = _limits(study, records)
    for form in study.forms.values():
        dates = [field.name for field in form.fields.values() if isinstance(field.type, Date)]
        rows = records.forms[form.name].select(PATIENT, CENTRE, ROW, *dates).join(limits, on=PATIENT, how="left")
        for date in dates:
            for doubt, code, reason in _doubts(study, form, date):
                yield entries(rows.filter(doubt), form, "queried", code, pl.lit(reason), date)


def _doubts(study: Study, form: Form, field: str) -> Iterator[tuple[pl.Expr, str, str]]:
    date, name = pl.col(field), f"{form.name}.{field}"
    yield date < LONG_AGO, "long-ago", "it lies before the year 1900: is it right?"
    if name != study.birth:
        reason = "it lies before the patient was born: one of the two dates is wrong"
        yield date < pl.col("_born"), "before-birth", reason
    if form.rows != "once":
        reason = "it lies after the patient's last contact: one of the two dates is wrong"
        yield date > pl.col("_seen"), "after-last-contact", reason
    elif name != study.observed_until and study.data_cutoff:
        yield (
            date > study.data_cutoff,
            "after-cutoff",
            f"it lies after the data cut-off, {study.data_cutoff}: is it right?",
        )


def _limits(study: Study, records: Records) -> pl.DataFrame:
    """When each patient was born, and seen last; null if the study does not say where that stands."""
    patients = pl.concat(
        [records.forms[form.name].select(PATIENT) for form in study.forms.values() if form.rows == "once"]
    )
    limits = patients.unique()
    for name, column in ((study.birth, "_born"), (study.observed_until, "_seen")):
        if name is None:
            limits = limits.with_columns(pl.lit(None, dtype=pl.Date).alias(column))
        else:
            form, field = name.split(".")
            limits = limits.join(
                records.forms[form].select(PATIENT, pl.col(field).alias(column)), on=PATIENT, how="left"
            )
    return limits
