"""Cohort → Results."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

import polars as pl

from remit.estimate.arms import arm_columns, parts
from remit.estimate.at_start import estimate_at_start
from remit.estimate.change import estimate_change
from remit.estimate.comparison import estimate_comparison
from remit.estimate.completeness import estimate_completeness
from remit.estimate.contrasts import compared
from remit.estimate.denominators import estimate_denominators
from remit.estimate.endpoints import estimate_endpoints
from remit.estimate.events import estimate_events
from remit.estimate.flow import estimate_flow
from remit.estimate.means import mean_intervals
from remit.estimate.multiplicity import adjusted
from remit.estimate.rates import estimate_rates
from remit.estimate.selection import estimate_selection
from remit.estimate.sensitivity import estimate_sensitivity
from remit.estimate.shift import estimate_shift
from remit.estimate.states import estimate_states
from remit.estimate.time_to_event import estimate_times
from remit.estimate.variables import describe_variable, texts_of
from remit.language.query import Query
from remit.schema.cohort import Cohort, among_column, population_column, variable_column
from remit.schema.results import OBSERVED, Address, Results, Row, results_of
from remit.study.analyses.kinds import (
    AdjustedComparison,
    Ancova,
    Arms,
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
    Variable,
)
from remit.study.comparisons.indirect_kind import Indirect
from remit.study.comparisons.kinds import Comparison
from remit.study.comparisons.pooled import Pooling
from remit.study.study import Study


def estimate_results(study: Study, cohort: Cohort) -> Results:
    """Every number that the study file asks for."""
    found = list(_of_patients(study, cohort))
    families = [analysis for analysis in study.analyses if isinstance(analysis, Multiplicity)]
    if families:
        by_name = {str(row["result"]): row for row in found}
        found += [row for family in families for row in adjusted(family, by_name)]
    return results_of(found)


def _of_patients(study: Study, cohort: Cohort) -> Iterator[Row]:
    patients = cohort.patients
    yield from estimate_flow(study, patients)
    if cohort.completed is not None:
        from remit.estimate.completed import estimate_imputed

        yield from estimate_imputed(cohort.completed)
    for analysis in study.analyses:
        match analysis:
            case Summary():
                yield from _summary(analysis, patients)
            case Endpoints():
                found = [*estimate_endpoints(study, analysis, patients)]
                yield from (*found, *estimate_denominators(analysis, found))
                yield from estimate_at_start(study, analysis, patients)
            case Course():
                yield from _course(analysis, patients)
            case Events():
                yield from estimate_events(study, analysis, patients, cohort.events)
            case Shift():
                yield from estimate_shift(analysis, patients)
            case States():
                yield from estimate_states(analysis, patients)
            case Completeness():
                yield from estimate_completeness(analysis, patients)
            case TimeToEvent():
                yield from estimate_times(study, analysis, patients)
            case Sensitivity():
                yield from estimate_sensitivity(study, analysis, cohort)
            case Change():
                yield from estimate_change(analysis, patients, cohort.completed)
            case Predictors():
                from remit.estimate.predictors import estimate_predictors  # models need numpy, which takes a while

                yield from estimate_predictors(study, analysis, patients)
            case Centres():
                from remit.estimate.centres import estimate_centres

                yield from estimate_centres(study, analysis, patients)
            case Rates():
                yield from estimate_rates(analysis, patients)
            case RepeatedMeasures():
                from remit.estimate.repeated_measures import estimate_repeated

                yield from estimate_repeated(study, analysis, patients)
            case AdjustedComparison():
                from remit.estimate.adjusted_comparison import estimate_adjusted

                yield from estimate_adjusted(study, analysis, patients)
            case Ancova():
                from remit.estimate.ancova import estimate_ancova

                yield from estimate_ancova(analysis, patients)
            case Indirect():
                from remit.estimate.indirect import estimate_indirect

                yield from estimate_indirect(study, analysis, patients)
            case Comparison():
                yield from estimate_comparison(study, analysis, patients)
            case Pooling():
                from remit.estimate.pooling.estimate import estimate_pooling

                yield from estimate_pooling(study, analysis, patients)
            case Multiplicity():
                pass  # made of the results of the others
            case _:
                assert_never(analysis)
        yield from estimate_selection(study, analysis, patients)


def _summary(analysis: Summary, patients: pl.DataFrame) -> Iterator[Row]:
    for population in analysis.populations:
        members = _of(patients, population_column(population), variable_column(analysis.name, ""), analysis.arms)
        for variable in analysis.rows:
            asked = members
            if variable.among is not None:
                among = among_column(analysis.name, variable.name)
                asked = _of(members, among, variable_column(analysis.name, variable.name), analysis.arms)
            address = Address(analysis.name, population, variable=variable.name, handling=OBSERVED)
            column = variable_column(analysis.name, variable.name)
            yield from _described(analysis, address, asked, column, variable, variable.query)


def _course(analysis: Course, patients: pl.DataFrame) -> Iterator[Row]:
    for population in analysis.populations:
        members = _of(patients, population_column(population), variable_column(analysis.name, ""), analysis.arms)
        for variable, by_visit in analysis.rows:
            for visit, query in by_visit.items():
                address = Address(analysis.name, population, visit=visit, variable=variable.name, handling=OBSERVED)
                column = variable_column(analysis.name, variable.name, visit)
                yield from _described(analysis, address, members, column, variable, query)


def _described(
    analysis: Summary | Course, address: Address, patients: pl.DataFrame, column: str, variable: Variable, query: Query
) -> list[Row]:
    """A variable in total, by arm, and the arms compared."""
    patients = patients.select(pl.selectors.starts_with(column), *arm_columns(analysis.arms))
    texts = texts_of(patients, column, query.type)
    found: list[Row] = []
    for part in parts(patients, analysis.arms):
        at = part.at(address)
        described = describe_variable(at, part.patients, column, query, variable.unit, texts)
        found += described
        if isinstance(analysis, Course) and analysis.intervals:
            found += mean_intervals(at, described)
    return [*found, *compared(found, analysis.arms)]


def _of(patients: pl.DataFrame, condition: str, columns: str, arms: Arms | None) -> pl.DataFrame:
    """Those for whom the column `condition` is yes, with the columns whose names begin with `columns`: of hundreds of
    columns, those that are read."""
    read = pl.selectors.starts_with(columns) | pl.selectors.by_name(*arm_columns(arms))
    return patients.lazy().filter(pl.col(condition)).select(read).collect()
