"""What derivation finds in the charts: visits that no window takes, second visits in one."""

from __future__ import annotations

import polars as pl

from remit.schema.records import LEDGER_SCHEMA, PATIENT, ROW, Records
from remit.study.study import Study


def derivation_ledger(study: Study, records: Records, visits: pl.DataFrame) -> pl.DataFrame:
    """One entry a visit row that is not used, with why."""
    unused = visits.filter(~pl.col("picked"))
    windows = "; ".join(f"{visit.label.lower()} {visit.low} to {visit.high}" for visit in study.visits)
    labels = {visit.name: visit.label.lower() for visit in study.visits}
    second = pl.col("visit").is_not_null()
    undated = pl.col("day").is_null()
    reason = (
        pl.when(second)
        .then(
            pl.format(
                "a second visit in the window of {}: the study's rule picks another", pl.col("visit").replace(labels)
            )
        )
        .when(undated)
        .then(pl.lit("it has no study day: its date, or the index date, is not known"))
        .otherwise(pl.format("day {} lies in no visit's window ({})", pl.col("day"), pl.lit(windows)))
    )
    code = pl.when(second).then(pl.lit("second-visit")).when(undated).then(pl.lit("undated-visit"))
    entries = unused.join(records.rows, on=[ROW, "form"], how="left").join(_centres(records), on=PATIENT, how="left")
    found = entries.with_columns(
        action=pl.lit("unused"),
        code=code.otherwise(pl.lit("outside-windows")),
        reason=reason,
    )
    missing = [
        pl.lit(None, dtype=kind).alias(name) for name, kind in LEDGER_SCHEMA.items() if name not in found.columns
    ]
    return found.with_columns(missing).select(LEDGER_SCHEMA.keys()).sort("file", "sheet", "row")


def _centres(records: Records) -> pl.DataFrame:
    frames = [frame.select(PATIENT, "centre") for frame in records.forms.values()]
    return pl.concat(frames).unique(PATIENT, keep="first", maintain_order=True)
