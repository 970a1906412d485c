"""What derivation finds in the charts: patients without an index date or a decided end of treatment, visits that no
window takes, second visits in one, events without a date."""

from __future__ import annotations

import polars as pl

from remit.language.evaluate import HIGH, LOW, patient_column
from remit.schema.records import CENTRE, LEDGER_SCHEMA, PATIENT, ROW, Records
from remit.study.study import Events, Study


def derivation_ledger(study: Study, records: Records, patients: pl.DataFrame, visits: pl.DataFrame) -> pl.DataFrame:
    """The entries, with the place of each as far as it has one. `visits`: every visit row, with its window and whether
    it was picked. `patients`: the cohort's."""
    found = [_without_index(study, patients), _not_resumed(study, patients), *_undated(study, records)]
    found.append(_unused_visits(study, visits))
    entries = pl.concat(found, how="diagonal").join(records.rows, on=[ROW, "form"], how="left")
    entries = entries.join(_centres(records), on=PATIENT, how="left")
    missing = [
        pl.lit(None, dtype=kind).alias(name) for name, kind in LEDGER_SCHEMA.items() if name not in entries.columns
    ]
    return entries.with_columns(missing).select(LEDGER_SCHEMA.keys()).sort("file", "sheet", "row", PATIENT)


def _entries(rows: pl.DataFrame, form: str, action: str, code: str, reason: pl.Expr) -> pl.DataFrame:
    """`rows` have a patient, and a `_row` if the entry is about one."""
    row = pl.col(ROW) if ROW in rows.columns else pl.lit(None, dtype=pl.Int64).alias(ROW)
    return rows.select(
        PATIENT, row, form=pl.lit(form), action=pl.lit(action), code=pl.lit(code), reason=reason.cast(pl.String)
    )


def _without_index(study: Study, patients: pl.DataFrame) -> pl.DataFrame:
    """A patient without an index date has no study days: no eligibility that needs one can be decided."""
    form = next(form.name for form in study.forms.values() if form.rows == "once")
    without = patients.filter(pl.col(patient_column("index", "date", None)).is_null())
    reason = "this patient has no index date: no row of the charts gives it, or its date is not known"
    return _entries(without, form, "queried", "no-index-date", pl.lit(reason))


def _not_resumed(study: Study, patients: pl.DataFrame) -> pl.DataFrame:
    """The last dosing period ended, not for good, before the patient was last seen: by the definition the patient is
    still on the drug, which somebody should confirm."""
    if study.dosing is None:
        return pl.DataFrame(schema={PATIENT: pl.String})
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
    return _entries(paused, study.dosing.form, "queried", "not-resumed", reason)


def _undated(study: Study, records: Records) -> list[pl.DataFrame]:
    """Events whose date is not known: they are counted, in no period."""
    forms = {analysis.form for analysis in study.analyses if isinstance(analysis, Events)}
    reason = pl.lit("its date is not known: it is counted, but in no period")
    found = []
    for form in (study.forms[name] for name in sorted(forms)):
        undated = records.forms[form.name].filter(pl.col(form.date or form.start or "").is_null())
        found.append(_entries(undated, form.name, "queried", "undated-event", reason))
    return found


def _unused_visits(study: Study, visits: pl.DataFrame) -> pl.DataFrame:
    """One entry a visit row that is not used, with why."""
    unused = visits.filter(~pl.col("picked"))
    picked = visits.filter(pl.col("picked")).select(PATIENT, "form", "visit", pl.col("day").alias("picked_day"))
    unused = unused.join(picked, on=[PATIENT, "form", "visit"], how="left")
    windows = "; ".join(f"{visit.label.lower()} {visit.low} to {visit.high}" for visit in study.visits)
    window = pl.col("visit").replace({visit.name: visit.label.lower() for visit in study.visits})
    second, undated = pl.col("visit").is_not_null(), pl.col("day").is_null()
    same_day = second & (pl.col("day") == pl.col("picked_day"))
    reason = (
        pl.when(same_day)
        .then(pl.format("a second visit on one day, in the window of {}: the row that stands first is used", window))
        .when(second)
        .then(pl.format("a second visit in the window of {}: the study's rule picks another", window))
        .when(undated)
        .then(pl.lit("it has no study day: its date, or the index date, is not known"))
        .otherwise(pl.format("day {} lies in no visit's window ({})", pl.col("day"), pl.lit(windows)))
    )
    code = (
        pl.when(same_day)
        .then(pl.lit("same-day-visit"))
        .when(second)
        .then(pl.lit("second-visit"))
        .when(undated)
        .then(pl.lit("undated-visit"))
        .otherwise(pl.lit("outside-windows"))
    )
    return unused.select(PATIENT, ROW, "form", action=pl.lit("unused"), code=code, reason=reason)


def _centres(records: Records) -> pl.DataFrame:
    frames = [frame.select(PATIENT, CENTRE) for frame in records.forms.values()]
    return pl.concat(frames).unique(PATIENT, keep="first", maintain_order=True)
