"""ADTTE: times to an event, or to the last day on which it is known not to have happened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from remit.export.core import Core
from remit.export.dataset import Dataset, Parameter, dataset, fixed
from remit.export.values import INDEX_DATE, on_day, said
from remit.language.evaluate import LOW, LOW_OPEN, patient_column
from remit.schema.cohort import Cohort
from remit.schema.records import PATIENT
from remit.study.study import Study

UNKNOWN = "NOT KNOWN"


@dataclass(frozen=True)
class _Time:
    """One time: `event` and `censored` are days from the index date, of which one is known; `why`: of censoring."""

    parameter: Parameter
    event: pl.Expr
    censored: pl.Expr
    happened: str
    why: pl.Expr


def adtte(study: Study, cohort: Cohort, core: Core) -> Dataset | None:
    """None if the study has no times to an event."""
    times = _stops(study)
    if not times:
        return None
    rows = pl.concat(_rows(time, cohort) for time in times).join(core.table, on=PATIENT)
    return dataset(
        "ADTTE", "Time-to-Event Analysis Dataset", "One record per subject per parameter", "BASIC DATA STRUCTURE",
        ("USUBJID", "PARAMCD"), rows,
        [
            *core.columns(),
            fixed("PARAMCD", "Parameter Code", "text", pl.col("PARAMCD"), "", _codes(times)),
            fixed("PARAM", "Parameter", "text", pl.col("PARAM")),
            fixed("STARTDT", "Time-to-Event Origin Date for Subject", "date", pl.col(INDEX_DATE), "INDEXDT."),
            fixed("ADT", "Analysis Date", "date", on_day(pl.col(INDEX_DATE), pl.col("day")), "Of event or censoring."),
            fixed("AVAL", "Analysis Value", "integer", pl.col("day") + 1, "ADT - STARTDT + 1, in days."),
            fixed("AVALU", "Analysis Value Unit", "text", pl.lit("DAYS")),
            fixed("CNSR", "Censor", "integer", pl.col("CNSR"), "", {"0": "Event", "1": "Censored"}),
            fixed("EVNTDESC", "Event or Censoring Description", "text", pl.col("EVNTDESC")),
            fixed("CNSDTDSC", "Censor Date Description", "text", pl.col("CNSDTDSC")),
        ],
        tuple(time.parameter for time in times),
    )  # fmt: skip


def _codes(times: Sequence[_Time]) -> dict[str, str]:
    return {time.parameter.code: time.parameter.label for time in times}


def _rows(time: _Time, cohort: Cohort) -> pl.DataFrame:
    event, censored = time.event, pl.when(time.event.is_null()).then(time.censored)
    happened, known = event.is_not_null(), pl.coalesce(event, censored).is_not_null()
    described = pl.when(happened).then(pl.lit(time.happened)).when(known).then(pl.lit("CENSORED"))
    return cohort.patients.select(
        PATIENT,
        pl.lit(time.parameter.code).alias("PARAMCD"),
        pl.lit(time.parameter.label).alias("PARAM"),
        pl.coalesce(event, censored).alias("day"),
        pl.when(known).then((~happened).cast(pl.Int64)).alias("CNSR"),
        described.otherwise(pl.lit(UNKNOWN)).alias("EVNTDESC"),
        pl.when(known & ~happened).then(time.why).alias("CNSDTDSC"),
    )


def _stops(study: Study) -> list[_Time]:
    """The permanent stop of the drug."""
    if study.dosing is None:
        return []
    stop = patient_column("dosing", "stop_day", None)
    derived = f"The first day without the drug, if the stop is for good: {said(study, study.dosing.permanent)}"
    parameter = Parameter("TTSTOP", "Time to Permanent Stop of the Drug (days)", derived=derived)
    seen = pl.when(pl.col(stop + LOW_OPEN)).then(pl.lit("LAST DAY OBSERVED"))
    why = seen.otherwise(pl.lit("STOP THAT MAY NOT BE FOR GOOD, OR ON AN UNKNOWN DAY"))
    return [_Time(parameter, pl.col(stop), pl.col(stop + LOW), "STOPPED FOR GOOD", why)]
