"""Endpoints at their visits: over each denominator, under each estimand, in each subgroup."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import polars as pl

from remit.estimate.proportions import proportion
from remit.estimate.unknown import UNKNOWN, unknown_is_null
from remit.language.query import digest
from remit.schema.cohort import endpoint_column, group_column, population_column
from remit.schema.results import COMPLETE, DECIDED, REQUIRED, Address, Denominator, Row, rows
from remit.study.study import Endpoint, Endpoints, Study


@dataclass(frozen=True)
class _Count:
    """How to count under one handling: who is yes, and who is in the denominator."""

    handling: str
    yes: pl.Expr
    of: pl.Expr
    missing: pl.Expr

    def columns(self) -> list[pl.Expr]:
        parts = (("yes", self.yes), ("of", self.of), ("missing", self.missing))
        return [expr.alias(f"{self.handling}.{name}") for name, expr in parts]


def estimate_endpoints(study: Study, analysis: Endpoints, patients: pl.DataFrame) -> Iterator[Row]:
    for name in analysis.endpoints:
        endpoint = study.endpoints[name]
        for visit in endpoint.at:
            counts = _counts(study, endpoint, visit)
            definition = digest(endpoint.queries[visit])
            for population in analysis.populations.get(visit, ()):
                members = patients.filter(pl.col(population_column(population)))
                address = Address(analysis.name, population, visit=visit, variable=name)
                yield from _overall(counts, address, members, definition)
                for group in analysis.subgroups:
                    yield from _by_group(study, counts, replace(address, group=group), members, definition)


def _counts(study: Study, endpoint: Endpoint, visit: str) -> list[_Count]:
    """Over those decided, complete, or with what is required: `missing` is the rest of the population. Under an
    estimand whose missing are non-response the denominator is the population, and `missing` is how many of it were
    unknown."""
    value = pl.col(endpoint_column(endpoint.name, visit))
    bases = {DECIDED: value.is_not_null()}
    for basis in (COMPLETE, REQUIRED):
        if basis == COMPLETE or visit in endpoint.requires:
            bases[basis] = value.is_not_null() & pl.col(endpoint_column(endpoint.name, visit, basis)).fill_null(False)
    found = [_Count(name, (value & inside).sum(), inside.sum(), (~inside).sum()) for name, inside in bases.items()]
    for estimand in study.estimands:
        under = pl.col(endpoint_column(endpoint.name, visit, estimand))
        found.append(_Count(estimand, under.sum(), pl.len(), under.null_count()))
    return found


def _overall(counts: list[_Count], address: Address, members: pl.DataFrame, definition: str) -> Iterator[Row]:
    columns = [column for count in counts for column in count.columns()]
    yield from _rows(counts, address, members.select(pl.len().alias("n"), *columns).row(0, named=True), definition)


def _by_group(
    study: Study, counts: list[_Count], address: Address, members: pl.DataFrame, definition: str
) -> Iterator[Row]:
    """Subgroups over those decided and under each estimand; patients of unknown group are a group of their own."""
    wanted = [count for count in counts if count.handling in (DECIDED, *study.estimands)]
    columns = [column for count in wanted for column in count.columns()]
    by = group_column(address.group or "")
    found = members.group_by(unknown_is_null(by, members)).agg(pl.len().alias("n"), *columns).sort(by, nulls_last=True)
    for row in found.iter_rows(named=True):
        yield from _rows(wanted, replace(address, group_level=_word(row[by])), row, definition)


def _word(level: bool | str | None) -> str:
    if level is None:
        return UNKNOWN
    return level if isinstance(level, str) else "yes" if level else "no"


def _rows(counts: list[_Count], address: Address, row: Mapping[str, int], definition: str) -> Iterator[Row]:
    for count in counts:
        yes, of, missing = (row[f"{count.handling}.{part}"] for part in ("yes", "of", "missing"))
        at = replace(address, handling=count.handling)
        yield from rows(at, proportion(yes, of), Denominator(yes, of, missing, row["n"]), definition)
