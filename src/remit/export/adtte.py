"""ADTTE: times to an event, or to the last day on which it is known not to have happened."""

from __future__ import annotations

from dataclasses import dataclass, replace

import polars as pl

from remit.derive.values import INDEX_DATE
from remit.export.core import Core
from remit.export.dataset import Dataset, Parameter, dataset, fixed, told_apart
from remit.export.names import Wanted, variable_names
from remit.export.values import on_day, said
from remit.language.columns import LOW, LOW_OPEN, column_of, patient_column
from remit.language.query import Value, plain
from remit.schema.cohort import Cohort, variable_column
from remit.schema.records import PATIENT
from remit.schema.times import outcome
from remit.study.analyses.kinds import EVENT_DAY, HAPPENED, LAST_DAY, TimeToEvent
from remit.study.study import Study

STOP, UNKNOWN = "TTSTOP", "NOT KNOWN"


@dataclass(frozen=True)
class _Time:
    """One time. `start`: the date from which it is counted. `values`: `day` since then, `event` (no: censored), both
    missing where that is not known. `happened`: what the event is called; `why`: of censoring."""

    parameter: Parameter
    start: pl.Expr
    values: list[pl.Expr]
    happened: str
    why: pl.Expr


def adtte(study: Study, cohort: Cohort, core: Core) -> Dataset | None:
    """None if the study has no times to an event."""
    found = [*_stops(study), *_analysed(study)]
    if not found:
        return None
    parameters = told_apart(time.parameter for time in found)
    times = [replace(time, parameter=parameter) for time, parameter in zip(found, parameters, strict=True)]
    rows = pl.concat(_rows(time, cohort) for time in times).join(core.table, on=PATIENT)
    codes = {time.parameter.code: time.parameter.label for time in times}
    origins = " ".join(f"{time.parameter.code}: {time.parameter.derived}" for time in times)
    return dataset(
        "ADTTE", "Time-to-Event Analysis Dataset", "One record per subject per parameter", "BASIC DATA STRUCTURE",
        ("USUBJID", "PARAMCD"), rows,
        [
            *core.columns(),
            fixed("PARAMCD", "Parameter Code", "text", pl.col("PARAMCD"), "", codes),
            fixed("PARAM", "Parameter", "text", pl.col("PARAM")),
            fixed("STARTDT", "Time-to-Event Origin Date for Subject", "date", pl.col("STARTDT"), "Day 1 of AVAL."),
            fixed("ADT", "Analysis Date", "date", on_day(pl.col("STARTDT"), pl.col("day")), "Of event or censoring."),
            fixed("AVAL", "Analysis Value", "integer", pl.col("day") + 1, f"ADT - STARTDT + 1, in days. {origins}"),
            fixed("AVALU", "Analysis Value Unit", "text", pl.lit("DAYS")),
            fixed("CNSR", "Censor", "integer", (~pl.col("event")).cast(pl.Int64), "", {"0": "Event", "1": "Censored"}),
            fixed("EVNTDESC", "Event or Censoring Description", "text", pl.col("EVNTDESC")),
            fixed("CNSDTDSC", "Censor Date Description", "text", pl.col("CNSDTDSC")),
        ],
        parameters,
    )  # fmt: skip


def _rows(time: _Time, cohort: Cohort) -> pl.DataFrame:
    event = pl.col("event")
    described = pl.when(event).then(pl.lit(time.happened)).when(~event).then(pl.lit("CENSORED"))
    return (
        cohort.patients.with_columns(time.values)
        .with_columns(pl.when(event.is_not_null()).then(pl.col("day")).alias("day"))
        .select(
            PATIENT,
            pl.lit(time.parameter.code).alias("PARAMCD"),
            pl.lit(time.parameter.label).alias("PARAM"),
            time.start.alias("STARTDT"),
            "day",
            "event",
            described.otherwise(pl.lit(UNKNOWN)).alias("EVNTDESC"),
            pl.when(~event).then(time.why).alias("CNSDTDSC"),
        )
    )


def _stops(study: Study) -> list[_Time]:
    """The permanent stop of the drug."""
    if study.dosing is None:
        return []
    stop = patient_column("dosing", "stop_day", None)
    on = pl.col(stop)
    day = on.fill_null(pl.col(stop + LOW))
    derived = f"The first day without the drug, if the stop is for good: {said(study, study.dosing.permanent)}"
    seen = pl.when(pl.col(stop + LOW_OPEN)).then(pl.lit("LAST DAY OBSERVED"))
    return [
        _Time(
            Parameter(STOP, "Time to Permanent Stop of the Drug (days)", derived=derived),
            pl.col(INDEX_DATE),
            [day.alias("day"), pl.when(day.is_not_null()).then(on.is_not_null()).alias("event")],
            "STOPPED FOR GOOD",
            seen.otherwise(pl.lit("STOP THAT MAY NOT BE FOR GOOD, OR ON AN UNKNOWN DAY")),
        )
    ]


def _analysed(study: Study) -> list[_Time]:
    """What analyses of times are about."""
    analyses = [analysis for analysis in study.analyses if isinstance(analysis, TimeToEvent)]
    codes = variable_names([Wanted(analysis.name) for analysis in analyses], {STOP})
    return [_analysis(study, analysis, code) for analysis, code in zip(analyses, codes, strict=True)]


def _analysis(study: Study, analysis: TimeToEvent, code: str) -> _Time:
    columns = [variable_column(analysis.name, name) for name in (EVENT_DAY, HAPPENED, LAST_DAY)]
    day, event, unknown = outcome(*columns)
    return _Time(
        Parameter(code, f"Time to {analysis.label} (days)", derived=said(study, analysis.event)),
        _start(analysis),
        [day, pl.when(unknown.is_null()).then(event).alias("event")],
        analysis.label.upper(),
        pl.lit(said(study, analysis.censored)),
    )


def _start(analysis: TimeToEvent) -> pl.Expr:
    """A date that the cohort holds: the index date, or a field of the patient. Of another, the time alone is known."""
    start = plain(analysis.start)
    if isinstance(start, Value) and start.visit is None:
        return pl.col(column_of(start))
    return pl.lit(None, dtype=pl.Date)
