"""Cohort → Results."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from remit.estimate.endpoints import estimate_endpoints
from remit.estimate.events import estimate_events
from remit.estimate.variables import describe_variable
from remit.language.query import digest
from remit.schema.cohort import (
    ELIGIBLE,
    EXCLUDED_BY,
    UNDECIDABLE,
    Cohort,
    among_column,
    population_column,
    variable_column,
)
from remit.schema.results import OBSERVED, Address, Denominator, Results, Row, Statistic, results_of, rows
from remit.study.study import Course, Endpoints, Events, Study, Summary

FLOW = "flow"


def estimate_results(study: Study, cohort: Cohort) -> Results:
    """Every number that the study file asks for."""
    return results_of(_all(study, cohort))


def _all(study: Study, cohort: Cohort) -> Iterator[Row]:
    patients = cohort.patients
    yield from _flow(study, patients)
    for analysis in study.analyses:
        match analysis:
            case Summary():
                yield from _summary(analysis, patients)
            case Endpoints():
                yield from estimate_endpoints(study, analysis, patients)
            case Course():
                yield from _course(analysis, patients)
            case Events():
                yield from estimate_events(study, analysis, patients, cohort.events)


def _flow(study: Study, patients: pl.DataFrame) -> Iterator[Row]:
    """Screened, excluded at each criterion in order, undecidable, included; and who belongs to each population."""
    screened = patients.height
    yield from _count(Address(FLOW, variable="screened"), screened, screened)
    reasons = patients[EXCLUDED_BY]
    for criterion in study.criteria:
        address = Address(FLOW, variable="excluded", level=criterion.name)
        note = None
        if criterion.selects_survivors:
            note = "this criterion needs follow-up: it selects those who stayed, which may flatter the treatment"
        yield from _count(address, int((reasons == criterion.name).sum()), screened, digest(criterion.passes), note)
    yield from _count(Address(FLOW, variable="undecidable"), int((reasons == UNDECIDABLE).sum()), screened)
    yield from _count(Address(FLOW, variable=ELIGIBLE), int(patients[ELIGIBLE].sum()), screened)
    for population in study.populations.values():
        if population.of is None or population.where is None:
            continue
        values = patients[population_column(population.name)].filter(patients[population_column(population.of)])
        unknown = values.null_count()
        note = f"of {unknown} it is not known whether they belong: they are left out" if unknown else None
        behind = Denominator(int(values.sum()), len(values), unknown, len(values))
        address = Address(FLOW, population.of, variable="population", level=population.name)
        yield from rows(address, [Statistic("n", float(values.sum()), note=note)], behind, digest(population.where))


def _count(address: Address, n: int, of: int, definition: str | None = None, note: str | None = None) -> list[Row]:
    return rows(address, [Statistic("n", float(n), note=note)], Denominator(n, of, 0, of), definition)


def _summary(analysis: Summary, patients: pl.DataFrame) -> Iterator[Row]:
    for population in analysis.populations:
        members = _of(patients, population_column(population), variable_column(analysis.name, ""))
        for variable in analysis.rows:
            asked = members
            if variable.among is not None:
                among = among_column(analysis.name, variable.name)
                asked = _of(members, among, variable_column(analysis.name, variable.name))
            address = Address(analysis.name, population, variable=variable.name, handling=OBSERVED)
            column = variable_column(analysis.name, variable.name)
            yield from describe_variable(address, asked, column, variable.query, variable.unit, asked.height)


def _course(analysis: Course, patients: pl.DataFrame) -> Iterator[Row]:
    for population in analysis.populations:
        members = _of(patients, population_column(population), variable_column(analysis.name, ""))
        for variable, by_visit in analysis.rows:
            for visit, query in by_visit.items():
                address = Address(analysis.name, population, visit=visit, variable=variable.name, handling=OBSERVED)
                column = variable_column(analysis.name, variable.name, visit)
                yield from describe_variable(address, members, column, query, variable.unit, members.height)


def _of(patients: pl.DataFrame, condition: str, columns: str) -> pl.DataFrame:
    """Those for whom the column `condition` is yes, with the columns whose names begin with `columns`: of hundreds of
    columns, those that are read."""
    return patients.lazy().filter(pl.col(condition)).select(pl.selectors.starts_with(columns)).collect()
