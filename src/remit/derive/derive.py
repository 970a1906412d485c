"""Records → Cohort, on an engine."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import polars as pl

from remit.derive.blocks import blocks, patients_of
from remit.derive.checks import check_entries
from remit.derive.dates import check_dates
from remit.derive.define import define, queries
from remit.derive.dosing import add_dosing, dosing_rows, of_the_drug
from remit.derive.engines import Engine, collect, engine_named
from remit.derive.events import events_of
from remit.derive.found import found_entries
from remit.derive.frames import Frame
from remit.derive.imputable import completions
from remit.derive.ledger import placed
from remit.derive.values import INDEX_DATE, OBSERVED, Values, load_values
from remit.language.columns import patient_column
from remit.language.types import Date
from remit.schema.cohort import FRAMES, Cohort
from remit.schema.records import PATIENT, ROW, Records
from remit.study.analyses.kinds import Events
from remit.study.study import Study


def derive_cohort(study: Study, records: Records, engine: str | Engine = "polars") -> Cohort:
    """The cohort of a study from its records: the same on each engine."""
    chosen = engine_named(engine) if isinstance(engine, str) else engine
    patients = patients_of(study, records)
    size = chosen.cells and max(1, chosen.cells // breadth(study))
    of_blocks = blocks(patients.numbered(records), patients, size)
    with ThreadPoolExecutor(chosen.at_once) as pool:
        parts = [*pool.map(lambda block: _derive(study, block, chosen), of_blocks)]
    frames = {name: patients.named(pl.concat([getattr(part, name) for part in parts])) for name in FRAMES}
    completed = None
    if completions(study):
        from remit.derive.completed import complete_cohort  # filling needs numpy, which takes a while

        completed = complete_cohort(study, frames["patients"], records)
    return Cohort(**(frames | {"ledger": placed(frames["ledger"], records)}), completed=completed)


def breadth(study: Study) -> int:
    """About how many columns a patient has in the cohort."""
    held = sum(len(form.fields) * (len(study.visits) if form.rows == "visit" else 1) for form in study.forms.values())
    return held + sum(1 for _ in queries(study))


def _derive(study: Study, records: Records, engine: Engine) -> Cohort:
    """The cohort of a block of patients, who are numbers yet; the entries of its ledger have no places."""
    records, dated = check_dates(study, records)
    values = load_values(study, records, engine)
    dosing = None
    if study.dosing is not None:
        form = study.forms[study.dosing.form]
        dosing = engine.hold(dosing_rows(study.dosing, form, values.rows[form.name]))
        values = replace(values, patients=engine.hold(add_dosing(values.patients, dosing, engine)))
    patients = engine.hold(define(study, values, engine))
    collected = collect(patients).sort(PATIENT)
    visits = _visits(values)
    return Cohort(
        patients=_with_dates(study, collected),
        visits=visits.filter(pl.col("picked")).drop("picked").sort(PATIENT, "form", "day", ROW),
        events=_events(study, values, patients),
        periods=_periods(dosing, values),
        ledger=pl.concat(
            [*dated, *found_entries(study, records, collected, visits), *check_entries(study, values, engine)]
        ),
    )


def _visits(values: Values) -> pl.DataFrame:
    frames = [collect(frame).with_columns(pl.lit(form).alias("form")) for form, frame in values.visits.items()]
    if not frames:
        return pl.DataFrame(
            schema={
                PATIENT: pl.Int64,
                ROW: pl.Int64,
                "visit": pl.String,
                "day": pl.Int64,
                "picked": pl.Boolean,
                "form": pl.String,
            }
        )
    return pl.concat(frames)


def _events(study: Study, values: Values, patients: Frame) -> pl.DataFrame:
    analyses = [analysis for analysis in study.analyses if isinstance(analysis, Events)]
    if not analyses:
        return pl.DataFrame(schema={PATIENT: pl.Int64})
    frames = [collect(events_of(study, analysis, values, patients)) for analysis in analyses]
    return pl.concat(frames, how="diagonal").sort(PATIENT, "analysis", ROW)


def _periods(dosing: Frame | None, values: Values) -> pl.DataFrame:
    if dosing is None:
        return pl.DataFrame(schema={PATIENT: pl.Int64})
    periods = of_the_drug(dosing).join(values.patients.select(PATIENT, INDEX_DATE), on=PATIENT, how="inner")
    found = collect(periods).sort(PATIENT, "_start", ROW)
    return found.select(
        PATIENT,
        ROW,
        (pl.col("_start") - pl.col(INDEX_DATE)).alias("start_day"),
        (pl.col("_stop_high") - pl.col(INDEX_DATE)).alias("stop_day"),
        pl.col("_reason").alias("reason"),
        pl.col("_permanent").alias("permanent"),
    )


def _with_dates(study: Study, patients: pl.DataFrame) -> pl.DataFrame:
    """Days since 1970-01-01 as dates again."""
    names = [INDEX_DATE, OBSERVED]
    for form in study.forms.values():
        dates = [field.name for field in form.fields.values() if isinstance(field.type, Date)]
        if form.rows == "once":
            names += [patient_column(form.name, field, None) for field in dates]
        elif form.rows == "visit":
            names += [patient_column(form.name, field, visit.name) for field in dates for visit in study.visits]
    return patients.with_columns(pl.col(name).cast(pl.Int32).cast(pl.Date) for name in names)
