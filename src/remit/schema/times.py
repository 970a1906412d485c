"""How a time to an event is read from its columns: who had it and when, who was observed until when."""

from __future__ import annotations

import polars as pl


def outcome(event_day: str, happened: str, last_day: str) -> list[pl.Expr]:
    """`day` and `event` of each patient; or `unknown`, why there is none. Takes the names of the columns.

    An event after the last date of observation is not counted: the patient is censored there. An event of known date
    counts also where that last date is not known, for it was observed.
    """
    on, was, last = pl.col(event_day), pl.col(happened), pl.col(last_day)
    seen = was & on.is_not_null() & (last.is_null() | (on <= last))
    day = pl.when(seen).then(on).otherwise(last)
    unknown = (
        pl.when(was.is_null())
        .then(pl.lit("happened"))
        .when(was & on.is_null())
        .then(pl.lit("event_date"))
        .when(day.is_null())
        .then(pl.lit("last_date"))
        .when(day < 0)
        .then(pl.lit("before_start"))
    )
    return [day.cast(pl.Int64).alias("day"), seen.alias("event"), unknown.alias("unknown")]
