"""Changes of numbers within patients, all of them: what is missing is imputed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import polars as pl

from remit.estimate.completed import precision, still_unknown
from remit.estimate.proportions import NOBODY
from remit.inference.estimate import Estimate
from remit.inference.imputation.pooling import RUBIN, estimated, mean
from remit.language.query import Query
from remit.language.types import Number
from remit.schema.cohort import Completed
from remit.schema.records import PATIENT
from remit.schema.results import Statistic

ONE = "of one patient there is no interval"


def imputed_change(
    completed: Completed, patients: pl.DataFrame, before: str, after: str, query: Query
) -> tuple[list[Statistic], int, int]:
    """The mean change with its interval and p against no change, in how many patients, and of how many of them a value
    was imputed. `before`, `after`: columns; a value known only to lie beyond a limit is imputed within it."""
    scale = 10**query.type.decimals if isinstance(query.type, Number) else 1
    unit = (query.type.unit or None) if isinstance(query.type, Number) else None
    cohorts = completed.patients["imputation"].n_unique()
    found = completed.patients.select(PATIENT, change=pl.col(after) - pl.col(before))
    found = found.join(patients.select(PATIENT), on=PATIENT, how="semi")
    if not patients.height:
        return [*_statistics(Estimate(None, RUBIN, note=NOBODY), unit)], 0, 0
    changes = found["change"].to_numpy().reshape(cohorts, patients.height)
    known = found.group_by(PATIENT, maintain_order=True).agg(pl.col("change").is_not_null().all())["change"].to_numpy()
    whole = changes[:, known].astype(float) / scale
    was_known = patients.select(pl.col(before).is_not_null() & pl.col(after).is_not_null()).to_series().to_numpy()
    n, filled = int(known.sum()), int((known & ~was_known).sum())
    still = still_unknown(patients.height - n)
    if n < 2:
        why = ONE if n else NOBODY
        return [*_statistics(Estimate(float(whole.mean()) if n else None, RUBIN, note=why), unit)], n, filled
    pooled = mean(whole)
    if not filled:  # Barnard and Rubin's degrees of freedom are fewer than the paired t test's also where all is known
        pooled = replace(pooled, freedom=float(n - 1))
    return [*_statistics(estimated(pooled, null=0.0), unit, still), *precision(pooled)], n, filled


def _statistics(made: Estimate, unit: str | None, note: str | None = None) -> Iterator[Statistic]:
    for name, value in (("mean_change", made.value), ("lower", made.lower), ("upper", made.upper)):
        yield Statistic(name, value, unit, RUBIN, made.note if value is None else note)
    yield Statistic("p", made.p, None, RUBIN, made.note if made.p is None else None)
