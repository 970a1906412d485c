"""A guard for endpoints that some patients fulfil already at the reference visit."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from remit.language.query import digest
from remit.schema.cohort import endpoint_column, population_column
from remit.schema.results import ALREADY, REQUIRED, Address, Denominator, Row, Statistic, guard, rows
from remit.study.analyses.kinds import Endpoints
from remit.study.study import AtStart, Endpoint, Study


def estimate_at_start(study: Study, analysis: Endpoints, patients: pl.DataFrame) -> Iterator[Row]:
    """One row an endpoint and population in which somebody fulfils it at the start, or it is known of nobody there.

    Behind it stand those who fulfil it, of those in whom it is known (and who have what it requires there).
    """
    labels = {visit.name: visit.label for visit in study.visits}
    for population in analysis.every_population:
        members = patients.lazy().filter(pl.col(population_column(population)))
        for name in analysis.endpoints:
            endpoint = study.endpoints[name]
            start = endpoint.at_start
            if start is None or not _asked_later(analysis, endpoint, population):
                continue
            behind = _counted(endpoint, start, members)
            if note := _told(endpoint.label, labels[start.visit], start, behind):
                at = Address(analysis.name, population, visit=start.visit, variable=name, handling=start.handling)
                yield from rows(at, [Statistic(guard(ALREADY), None, note=note)], behind, digest(start.query))


def _asked_later(analysis: Endpoints, endpoint: Endpoint, population: str) -> bool:
    later = (visit for visit in endpoint.at if visit in endpoint.course)
    return any(population in analysis.populations.get(visit, ()) for visit in later)


def _counted(endpoint: Endpoint, start: AtStart, members: pl.LazyFrame) -> Denominator:
    value = pl.col(endpoint_column(endpoint.name, start.visit))
    inside = value.is_not_null()
    if start.requires is not None:
        inside &= pl.col(endpoint_column(endpoint.name, start.visit, REQUIRED)).fill_null(False)
    n, of, size = members.select((value & inside).sum(), inside.sum().alias("of"), pl.len()).collect().row(0)
    return Denominator(n, of, size - of, size)


def _told(label: str, visit: str, start: AtStart, behind: Denominator) -> str | None:
    """None where there is nothing to warn of: it is known in some, and nobody fulfils it."""
    n, of, unknown = behind.numerator, behind.denominator, behind.missing
    if unknown and not of:
        return f"Of nobody is it known whether “{label}” was fulfilled already at the visit “{visit}”."
    if not n:
        return None
    known = "in whom it is known" if start.requires is None else "in whom it is known, with what it requires"
    rest = f" (not known of {unknown})" if unknown else ""
    return (
        f"“{label}” is fulfilled already at the visit “{visit}” by {n} of {of} {known}{rest}: who still fulfils it "
        "later counts as having reached it, though nothing changed."
    )
