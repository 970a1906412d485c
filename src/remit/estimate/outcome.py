"""An endpoint under an estimand: who of a population is asked, and who of them reached it."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from remit.schema.cohort import endpoint_column, population_column, stratum_column
from remit.schema.results import DECIDED
from remit.study.study import Study


@dataclass(frozen=True)
class Outcome:
    """The patients of a population whom the estimand asks for.

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
    study: Study, endpoint: str, visit: str, estimand: str, population: str, patients: pl.DataFrame
) -> Outcome:
    """estimand: one of the study's, under which those not known did not reach it; or DECIDED."""
    members = patients.filter(pl.col(population_column(population)))
    if estimand == DECIDED:
        value = members[endpoint_column(endpoint, visit)]
        return Outcome(members, value, value.is_not_null(), 0, members.height)
    inside, outside = members, 0
    if not study.asks_all(study.estimands[estimand], visit):
        stratum = members[stratum_column(endpoint, visit, estimand)]
        inside, outside = members.filter(stratum.fill_null(value=False)), stratum.null_count()
    value = inside[endpoint_column(endpoint, visit, estimand)]
    return Outcome(inside, value.fill_null(value=False), value.is_not_null(), outside, members.height)
