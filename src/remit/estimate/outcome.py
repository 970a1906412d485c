"""An endpoint under an estimand: who of a population is asked, and who of them reached it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from remit.schema.cohort import endpoint_column, population_column, stratum_column
from remit.schema.results import DECIDED
from remit.study.study import Study


@dataclass(frozen=True)
class Outcome:
    """The patients of a population whom the estimand asks for, with the columns asked for.

    reached: of each of them yes or no; null where it is not known and the estimand does not say how that counts.
    known: of each, whether the endpoint is known. unknown: of how many it is not. outside: of how many others it is not
    known whether they are asked. population: how many patients it has, also those whom the estimand does not ask for.
    """

    patients: pl.DataFrame
    reached: pl.Series
    known: pl.Series
    outside: int
    population: int

    @property
    def unknown(self) -> int:
        return int((~self.known).sum())


def outcome_of(
    study: Study,
    endpoint: str,
    visit: str,
    estimand: str,
    population: str,
    patients: pl.DataFrame,
    columns: Sequence[str],
) -> Outcome:
    """estimand: one of the study's, under which those not known did not reach it; or DECIDED."""
    value = endpoint_column(endpoint, visit) if estimand == DECIDED else endpoint_column(endpoint, visit, estimand)
    asks_all = estimand == DECIDED or study.asks_all(study.estimands[estimand], visit)
    read = [*columns, value] if asks_all else [*columns, value, stratum_column(endpoint, visit, estimand)]
    members = patients.lazy().filter(pl.col(population_column(population))).select(read).collect()
    inside, outside = members, 0
    if not asks_all:
        stratum = members[stratum_column(endpoint, visit, estimand)]
        inside, outside = members.filter(stratum.fill_null(value=False)), stratum.null_count()
    known = inside[value].is_not_null()
    reached = inside[value] if estimand == DECIDED else inside[value].fill_null(value=False)
    return Outcome(inside, reached, known, outside, members.height)
