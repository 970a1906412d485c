"""An endpoint at a visit under each handling of what is not known: who reached it, of whom, and who is missing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from remit.schema.cohort import endpoint_column, stratum_column
from remit.schema.results import COMPLETE, DECIDED, REQUIRED
from remit.study.study import Endpoint, Study


@dataclass(frozen=True)
class Judged:
    """Columns of yes and no, of each patient. yes: whether the endpoint was reached, null where that is not known; of:
    whether the patient is in the denominator; missing: whether the patient is asked, and not known; outside: whether it
    is not known that the patient is asked (None: it is of all)."""

    handling: str
    yes: pl.Expr
    of: pl.Expr
    missing: pl.Expr
    outside: pl.Expr | None = None

    @property
    def reached(self) -> pl.Expr:
        """Who is counted: nobody outside the denominator."""
        return (self.yes & self.of).fill_null(value=False)


def judged(study: Study, endpoint: Endpoint, visit: str) -> Iterator[Judged]:
    """Over each denominator, then under each estimand."""
    yield from _denominators(endpoint, visit)
    yield from _estimands(study, endpoint, visit)


def _denominators(endpoint: Endpoint, visit: str) -> Iterator[Judged]:
    """Over those decided, complete, or with what is required: missing is the rest of the population."""
    value = pl.col(endpoint_column(endpoint.name, visit))
    yield Judged(DECIDED, value, value.is_not_null(), value.is_null())
    for basis in (COMPLETE, REQUIRED):
        if basis == COMPLETE or visit in endpoint.requires:
            inside = value.is_not_null() & pl.col(endpoint_column(endpoint.name, visit, basis)).fill_null(value=False)
            yield Judged(basis, value & inside, inside, ~inside)


def _estimands(study: Study, endpoint: Endpoint, visit: str) -> Iterator[Judged]:
    """Missing are non-response: the denominator is the population, or the stratum of it that the estimand asks for, and
    missing is who of it was unknown."""
    for estimand in study.estimands.values():
        value = pl.col(endpoint_column(endpoint.name, visit, estimand.name))
        if study.asks_all(estimand, visit):
            everybody = value.is_null() | value.is_not_null()
            yield Judged(estimand.name, value, everybody, value.is_null())
        else:
            stratum = pl.col(stratum_column(endpoint.name, visit, estimand.name))
            inside = stratum.fill_null(value=False)
            yield Judged(estimand.name, value & inside, inside, value.is_null() & stratum, stratum.is_null())
