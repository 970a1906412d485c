"""What derivation finds in the charts: patients without an index date or a decided end of treatment, visits that no
window takes, second visits in one, events without a date."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from remit.derive.ledger import entries
from remit.derive.values import INDEX_DATE
from remit.language.columns import HIGH, LOW, patient_column
from remit.schema.records import CENTRE, PATIENT, Records
from remit.study.analyses.kinds import Events
from remit.study.study import Study


def found_entries(study: Study, records: Records, patients: pl.DataFrame, visits: pl.DataFrame) -> list[pl.DataFrame]:
    """The ledger's entries (see `derive.ledger`). `visits`: every visit row, with its window and whether it was picked.
    `patients`: the cohort's."""
    found = [_without_index(study, patients), *_not_resumed(study, patients), *_undated(study, records)]
    return [*found, *_unused_visits(study, patients, visits)]


def _without_index(study: Study, patients: pl.DataFrame) -> pl.DataFrame:
    """A patient without an index date has no study days: no eligibility that needs one can be decided."""
    form = next(form for form in study.forms.values() if form.rows == "once")
    without = patients.filter(pl.col(INDEX_DATE).is_null())
    reason = "this patient has no index date: no row of the charts gives it, or its date is not known"
    return entries(without.select(PATIENT, CENTRE), form, "queried", "no-index-date", pl.lit(reason))


def _not_resumed(study: Study, patients: pl.DataFrame) -> list[pl.DataFrame]:
    """The last dosing period ended, not for good, before the patient was last seen: by the definition the patient is
    still on the drug, which somebody should confirm."""
    if study.dosing is None:
        return []
    stop, last = patient_column("dosing", "stop_day", None), patient_column("dosing", "last_day", None)
    observed = pl.col(patient_column("index", "observed_day", None))
    open_end = pl.col(stop + HIGH).is_null() & (pl.col(stop + LOW) == observed)
    paused = patients.filter(open_end & pl.col(last).is_not_null() & (pl.col(last) + 1 < observed))
    reason = pl.format(
        "the last dosing period ended on day {}, not for good, and none follows until day {}: the patient counts as on "
        "the drug until the end of observation",
        pl.col(last) + 1,
        observed,
    )
    return [entries(paused, study.forms[study.dosing.form], "queried", "not-resumed", reason)]


def _undated(study: Study, records: Records) -> list[pl.DataFrame]:
    """Events whose date is not known: they are counted, in no period."""
    forms = {analysis.form for analysis in study.analyses if isinstance(analysis, Events)}
    reason = pl.lit("its date is not known: it is counted, but in no period")
    found = []
    for form in (study.forms[name] for name in sorted(forms)):
        undated = records.forms[form.name].filter(pl.col(form.date or form.start or "").is_null())
        found.append(entries(undated, form, "queried", "undated-event", reason))
    return found


def _unused_visits(study: Study, patients: pl.DataFrame, visits: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """One entry a visit row that is not used, with why."""
    unused = visits.filter(~pl.col("picked"))
    picked = visits.filter("picked").join(unused, on=PATIENT, how="semi")
    picked = picked.select(PATIENT, "form", "visit", pl.col("day").alias("picked_day"))
    unused = unused.join(picked, on=[PATIENT, "form", "visit"], how="left")
    unused = unused.join(patients.select(PATIENT, CENTRE), on=PATIENT, how="left")
    window = pl.col("visit").replace({visit.name: visit.label.lower() for visit in study.visits})
    windows = "; ".join(f"{visit.label.lower()} {visit.low} to {visit.high}" for visit in study.visits)
    day, same_day = pl.col("day"), pl.col("day") == pl.col("picked_day")
    in_window = unused.filter(pl.col("visit").is_not_null())
    outside = unused.filter(pl.col("visit").is_null())
    first = pl.format("a second visit on one day, in the window of {}: the row that stands first is used", window)
    other = pl.format("a second visit in the window of {}: the study's rule picks another", window)
    undated = pl.lit("it has no study day: its date, or the index date, is not known")
    nowhere = pl.format("day {} lies in no visit's window ({})", day, pl.lit(windows))
    for code, rows, reason in (
        ("same-day-visit", in_window.filter(same_day), first),
        ("second-visit", in_window.filter(~same_day), other),
        ("undated-visit", outside.filter(day.is_null()), undated),
        ("outside-windows", outside.filter(day.is_not_null()), nowhere),
    ):
        for form in (form for form in study.forms.values() if form.rows == "visit"):
            yield entries(rows.filter(form=form.name), form, "unused", code, reason)
