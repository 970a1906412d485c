"""Endpoints at their visits: over each denominator, under each estimand, in each subgroup."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import polars as pl

from remit.estimate.proportions import proportion
from remit.language.query import digest
from remit.schema.cohort import endpoint_column, group_column, population_column
from remit.schema.results import COMPLETE, DECIDED, REQUIRED, Address, Denominator, Row, rows
from remit.study.study import Endpoint, Endpoints, Study

UNKNOWN = "unknown"


def estimate_endpoints(study: Study, analysis: Endpoints, patients: pl.DataFrame) -> Iterator[Row]:
    for name in analysis.endpoints:
        endpoint = study.endpoints[name]
        for visit in endpoint.at:
            for population in analysis.populations.get(visit, ()):
                members = patients.filter(pl.col(population_column(population)))
                address = Address(analysis.name, population, visit=visit, variable=name)
                yield from _every_handling(study, endpoint, visit, address, members)
                for group in analysis.subgroups:
                    yield from _by_group(study, endpoint, visit, replace(address, group=group), members)


def _every_handling(
    study: Study, endpoint: Endpoint, visit: str, address: Address, members: pl.DataFrame
) -> Iterator[Row]:
    for handling in _handlings(study, endpoint):
        yield from _handled(study, endpoint, visit, replace(address, handling=handling), members)


def _handlings(study: Study, endpoint: Endpoint) -> list[str]:
    required = [REQUIRED] if endpoint.requires else []
    return [DECIDED, COMPLETE, *required, *study.estimands]


def _by_group(study: Study, endpoint: Endpoint, visit: str, address: Address, members: pl.DataFrame) -> Iterator[Row]:
    """Subgroups over those decided and under each estimand; patients whose group is unknown are a group of their own."""
    column = members[group_column(address.group or "")]
    words = {True: "yes", False: "no", None: UNKNOWN}
    levels = column.unique().to_list()
    for level in sorted(levels, key=lambda value: (value is None, str(value))):
        inside = members.filter(column.is_null() if level is None else column == level)
        named = words[level] if level is None or isinstance(level, bool) else level
        for handling in (DECIDED, *study.estimands):
            at = replace(address, group_level=named, handling=handling)
            yield from _handled(study, endpoint, visit, at, inside)


def _handled(study: Study, endpoint: Endpoint, visit: str, address: Address, members: pl.DataFrame) -> list[Row]:
    """The proportion of yes under one handling; its denominator, and how many of the population are not in it.

    Under an estimand whose missing are non-response the denominator is the population, and `missing` says how many of
    them were unknown.
    """
    handling = address.handling or ""
    estimand = study.estimands.get(handling)
    values = members[endpoint_column(endpoint.name, visit, estimand.name if estimand else None)]
    if estimand:
        yes, of, missing = int(values.sum()), members.height, values.null_count()
    else:
        basis = values.is_not_null()
        if handling in (COMPLETE, REQUIRED):
            basis = basis & members[endpoint_column(endpoint.name, visit, handling)].fill_null(value=False)
        yes, of = int(values.filter(basis).sum()), int(basis.sum())
        missing = members.height - of
    behind = Denominator(yes, of, missing, members.height)
    return rows(address, proportion(yes, of), behind, digest(endpoint.queries[visit]))
