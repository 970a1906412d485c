"""Values → eligibility, populations, endpoints and whatever the tables ask for: pure, so that it can be run again on
other values (imputed, carried forward, corrected)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce
from typing import assert_never

import narwhals.stable.v2 as nw

from remit.derive.engines import Engine
from remit.derive.estimands import estimand_queries
from remit.derive.frames import Expr, Frame, add_aggregates
from remit.derive.imputable import imputation_queries
from remit.derive.steps import add_columns
from remit.derive.values import Values
from remit.language.fields import aggregates, complete
from remit.language.query import Query
from remit.schema.cohort import (
    ELIGIBLE,
    EXCLUDED_BY,
    UNDECIDABLE,
    among_column,
    arm_column,
    endpoint_column,
    group_column,
    passes_column,
    population_column,
    variable_column,
)
from remit.study.analyses.kinds import (
    AdjustedComparison,
    Analysis,
    Ancova,
    Centres,
    Change,
    Completeness,
    Course,
    Endpoints,
    Events,
    Multiplicity,
    Predictors,
    Rates,
    RepeatedMeasures,
    Sensitivity,
    Shift,
    States,
    Summary,
    TimeToEvent,
)
from remit.study.comparisons.indirect_kind import Indirect
from remit.study.comparisons.kinds import Comparison
from remit.study.comparisons.pooled import Pooling
from remit.study.study import Endpoint, Population, Study


def define(study: Study, values: Values, engine: Engine) -> Frame:
    """Add every definition's columns to the patients (one row each, with the columns of `values` and `dosing`)."""
    asked = dict(queries(study))
    needed = [aggregate for query in asked.values() for aggregate in aggregates(query)]
    patients = engine.hold(add_aggregates(values.patients, values.rows, dict.fromkeys(needed), engine))
    patients = _eligibility(study, add_columns(patients, asked))
    return _populations(study, patients)


def queries(study: Study) -> Iterator[tuple[str, Query]]:
    """Every column to be derived, with the query that gives it."""
    for criterion in study.criteria:
        yield passes_column(criterion.name), criterion.passes
    for population in study.populations.values():
        if population.where is not None:
            yield _where_column(population), population.where
    for endpoint in study.endpoints.values():
        yield from _endpoint_queries(study, endpoint)
    yield from imputation_queries(study)
    for name, variable in study.subgroups.items():
        yield group_column(name), variable.query
    for kind, arms in study.arms.items():
        yield arm_column(kind), arms.query
    for analysis in study.analyses:
        yield from _analysis_queries(study, analysis)


def _analysis_queries(study: Study, analysis: Analysis) -> Iterator[tuple[str, Query]]:
    match analysis:
        case Summary():
            for variable in analysis.rows:
                yield variable_column(analysis.name, variable.name), variable.query
                if variable.among is not None:
                    yield among_column(analysis.name, variable.name), variable.among
        case Course() | Shift() | Change() | States() | Completeness():
            for variable, by_visit in analysis.rows:
                for visit, query in by_visit.items():
                    yield variable_column(analysis.name, variable.name, visit), query
        case Predictors() | AdjustedComparison():
            for covariate in analysis.covariates:
                yield variable_column(analysis.name, covariate.variable.name), covariate.variable.query
        case Indirect():
            for match in analysis.matches:
                yield variable_column(analysis.name, match.variable.name), match.variable.query
        case RepeatedMeasures():
            for visit, query in analysis.queries.items():
                yield variable_column(analysis.name, analysis.outcome.name, visit), query
            for variable in analysis.covariates:
                yield variable_column(analysis.name, variable.name), variable.query
        case Ancova():
            for variable in analysis.variables:
                yield variable_column(analysis.name, variable.name), variable.query
        case TimeToEvent() | Rates():
            for name, query in analysis.queries.items():
                yield variable_column(analysis.name, name), query
        case Comparison():
            for _, endpoint in analysis.judged:
                yield from _endpoint_queries(study, endpoint)
        case Endpoints() | Sensitivity() | Centres() | Events() | Multiplicity() | Pooling():
            pass  # those of the endpoints are there; those about rows of events are derived with them
        case _:
            assert_never(analysis)


def _endpoint_queries(study: Study, endpoint: Endpoint) -> Iterator[tuple[str, Query]]:
    for visit, query in endpoint.queries.items():
        yield endpoint_column(endpoint.name, visit), query
        yield endpoint_column(endpoint.name, visit, "complete"), complete(query)
        if visit in endpoint.requires:
            yield endpoint_column(endpoint.name, visit, "required"), endpoint.requires[visit]
        for estimand in study.estimands.values():
            yield from estimand_queries(study, estimand, endpoint, visit)
    if start := endpoint.at_start:
        yield endpoint_column(endpoint.name, start.visit), start.query
        if start.requires is not None:
            yield endpoint_column(endpoint.name, start.visit, "required"), start.requires


def _where_column(population: Population) -> str:
    return f"where__{population.name}"


def _eligibility(study: Study, patients: Frame) -> Frame:
    """A patient falls at the first criterion that surely fails; if none does and one is unknown, at "undecidable"."""
    reason: Expr = nw.lit(None, dtype=nw.String)
    verdicts = [nw.col(passes_column(criterion.name)) for criterion in study.criteria]
    if verdicts:
        unknown = reduce(lambda a, b: a | b, (verdict.is_null() for verdict in verdicts))
        reason = nw.when(unknown).then(nw.lit(UNDECIDABLE)).otherwise(reason)
    for criterion, verdict in zip(reversed(study.criteria), reversed(verdicts), strict=True):
        reason = nw.when(~verdict).then(nw.lit(criterion.name)).otherwise(reason)
    patients = patients.with_columns(reason.alias(EXCLUDED_BY))
    eligible = nw.when(nw.col(EXCLUDED_BY).is_null()).then(nw.lit(True)).otherwise(nw.lit(False))
    return patients.with_columns(eligible.alias(ELIGIBLE))


def _populations(study: Study, patients: Frame) -> Frame:
    """Members are those who surely belong; whether somebody may belong is kept as null."""
    for population in study.populations.values():
        if population.of is None:
            inside = nw.col(ELIGIBLE)
        else:
            inside = nw.col(population_column(population.of)) & nw.col(_where_column(population))
        patients = patients.with_columns(inside.alias(population_column(population.name)))
    return patients
