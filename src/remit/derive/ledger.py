"""Entries of the ledger about rows and patients, and where in the charts each stands."""

from __future__ import annotations

import polars as pl

from remit.schema.records import CENTRE, LEDGER_SCHEMA, PATIENT, ROW, Action, Records
from remit.study.forms import Form


def entries(
    rows: pl.DataFrame, form: Form, action: Action, code: str, reason: pl.Expr, field: str | None = None
) -> pl.DataFrame:
    """One entry a row. `rows` have a patient and a centre, a `_row` if the entry is about one, and the `field` that it
    is about."""
    nothing = pl.lit(None, dtype=pl.String)
    return rows.select(
        pl.col(ROW) if ROW in rows.columns else pl.lit(None, dtype=pl.Int64).alias(ROW),
        PATIENT,
        CENTRE,
        form=pl.lit(form.name),
        field=nothing if field is None else pl.lit(field),
        value=nothing if field is None else pl.col(field).cast(pl.String),
        action=pl.lit(action),
        code=pl.lit(code),
        reason=reason.cast(pl.String),
    )


def placed(told: pl.DataFrame, records: Records) -> pl.DataFrame:
    """As a ledger, in the order of the charts: with the file, sheet, row and column of each entry that has one.

    Entries of one cell with one code stay in the order in which they were found.
    """
    rows = records.rows.join(told, on=ROW, how="semi")  # of millions of rows, those with an entry
    told = told.join(rows.drop("form"), on=ROW, how="left", maintain_order="left")
    columns = records.columns.select("form", "field", "file", "sheet", "column").drop_nulls("field")
    where = ["form", "field", "file", "sheet"]  # the sheet is null where a file is one
    told = told.join(columns, on=where, how="left", nulls_equal=True, maintain_order="left")
    told = told.with_columns(written=pl.lit(None, dtype=pl.String)).select(LEDGER_SCHEMA.keys())
    return told.sort("file", "sheet", "row", "column", "code", PATIENT, maintain_order=True)
