"""What is not known, as a level: also where a chart says so in words."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

UNKNOWN = "unknown"


def unknown_is_null(column: str, schema: Mapping[str, pl.DataType]) -> pl.Expr:
    """The column; a text that says "unknown" is null, so that the unknown are counted once and not twice."""
    values = pl.col(column)
    if schema[column] != pl.String:
        return values
    return pl.when(values.str.strip_chars().str.to_lowercase() != UNKNOWN).then(values).alias(column)


def left_out(outside: int) -> str | None:
    """outside: of how many it is not known whether they belong to a principal stratum."""
    return f"of {outside} it is not known whether they belong to the stratum: they are left out" if outside else None
