"""Who stands behind each result: counted anew from the cohort's columns and the definitions, not by `estimate`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import assert_never

import polars as pl

from remit.schema.cohort import Cohort, population_column
from remit.schema.results import IMPUTED_VALUES, SELECTED, Address, Results, guard
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
from remit.study.comparisons.kinds import OWN_ONLY, RULE_ONLY, Comparison
from remit.study.comparisons.pooled import Pooling
from remit.study.study import Study
from remit.trace.adjusted_comparison import behind_adjusted
from remit.trace.ancova import behind_ancova
from remit.trace.centres import behind_centres
from remit.trace.change import behind_change
from remit.trace.comparison import behind_comparison
from remit.trace.completions import behind_imputed
from remit.trace.counted import COUNTS, Counted, Definition, counted
from remit.trace.endpoints import behind_endpoints
from remit.trace.events import behind_events
from remit.trace.flow import behind_flow, is_flow
from remit.trace.indirect import behind_indirect
from remit.trace.multiplicity import behind_multiplicity
from remit.trace.pooling import behind_pooling
from remit.trace.predictors import behind_predictors
from remit.trace.rates import behind_rates
from remit.trace.repeated_measures import behind_repeated
from remit.trace.sensitivity import PERCENT_OF_IMPUTED, behind_sensitivity
from remit.trace.shift import behind_shift
from remit.trace.states import behind_completeness, behind_states
from remit.trace.study_people import NoTrace, StudyPeople
from remit.trace.times import AT_RISK, behind_times
from remit.trace.variables import behind_course, behind_summary

OfPatients = (
    Summary
    | Endpoints
    | Course
    | Events
    | TimeToEvent
    | Shift
    | States
    | Completeness
    | Sensitivity
    | Change
    | Predictors
    | Ancova
    | RepeatedMeasures
    | Rates
    | Centres
    | AdjustedComparison
    | Comparison
    | Indirect
    | Pooling
)
_ADDRESS = [part.name for part in fields(Address)]
_STATISTIC = "statistic apart"  # with a space, which no column of results has
_APART = (
    AT_RISK,
    PERCENT_OF_IMPUTED,
    RULE_ONLY,
    OWN_ONLY,
)  # behind which others stand than behind the rest of an address


@dataclass(frozen=True)
class Asked:
    """Results of one address with the same counts; `statistic`: the first of them."""

    results: tuple[str, ...]
    address: Address
    statistic: str
    counts: dict[str, int | None]


def behind(study: Study, cohort: Cohort, results: Results) -> Iterator[tuple[Asked, Counted]]:
    """For results of one address that share it: who stands behind them. Raises NoTrace where that cannot be told."""
    of = StudyPeople(study, cohort)
    tests: dict[str, Counted] = {}
    tested = {test.result for family in _families(study) for test in family.tests}
    for asked in _asked(results):
        found = _behind(of, asked, tests)
        tests |= dict.fromkeys(tested.intersection(asked.results), found)
        if asked.address.population is not None:
            found = replace(found, definitions=_with_population(of, found, asked.address.population))
        yield asked, found


def _families(study: Study) -> Iterator[Multiplicity]:
    return (analysis for analysis in study.analyses if isinstance(analysis, Multiplicity))


def _asked(results: Results) -> Iterator[Asked]:
    statistic = pl.col("statistic")
    apart = statistic.str.starts_with("guard_") | statistic.is_in(_APART)
    table = results.table.with_columns(pl.when(apart).then(statistic).alias(_STATISTIC))
    together = [*_ADDRESS, *COUNTS, _STATISTIC]
    found = table.group_by(together, maintain_order=True).agg("result", statistic.first())
    for *address, numerator, denominator, missing, population, _, names, name in found.iter_rows():
        counts = dict(zip(COUNTS, (numerator, denominator, missing, population), strict=True))
        yield Asked(tuple(names), Address(*address), name, counts)


def _behind(of: StudyPeople, asked: Asked, tests: Mapping[str, Counted]) -> Counted:
    at = asked.address
    if is_flow(at):
        return behind_flow(of, at)
    if at.analysis == IMPUTED_VALUES:
        return behind_imputed(of, at)
    if asked.statistic == guard(SELECTED):
        return _selected(of, at)
    analysis = _analysis(of.study, at.analysis)
    if isinstance(analysis, Multiplicity):
        return behind_multiplicity(analysis, at, tests)
    return _of_analysis(of, analysis, asked)


def _with_population(of: StudyPeople, found: Counted, name: str) -> tuple[Definition, ...]:
    """Where nothing else decides, as of events, what made the patients eligible does."""
    known = {each.column for each in found.definitions}
    others = of.narrowed_by(name) if known else of.of_population(name)
    return *found.definitions, *(each for each in others if each.column not in known)


def _analysis(study: Study, name: str) -> Analysis:
    found = next((analysis for analysis in study.analyses if analysis.name == name), None)
    if found is None:
        raise NoTrace(f"the study has no analysis {name}")
    return found


def _of_analysis(of: StudyPeople, analysis: OfPatients, asked: Asked) -> Counted:
    at = asked.address
    match analysis:
        case Summary():
            return behind_summary(of, analysis, at)
        case Endpoints():
            return behind_endpoints(of, analysis, at, asked.statistic)
        case Course():
            return behind_course(of, analysis, at)
        case Events():
            return behind_events(of, analysis, at)
        case Shift():
            return behind_shift(of, analysis, at)
        case States():
            return behind_states(of, analysis, at)
        case Completeness():
            return behind_completeness(of, analysis, at)
        case TimeToEvent():
            return behind_times(of, analysis, at, asked.statistic)
        case Sensitivity():
            return behind_sensitivity(of, analysis, at, asked.statistic)
        case Change():
            return behind_change(of, analysis, at)
        case Predictors():
            return behind_predictors(of, analysis, at)
        case Centres():
            return behind_centres(of, analysis, at)
        case Rates():
            return behind_rates(of, analysis, at)
        case RepeatedMeasures():
            return behind_repeated(of, analysis, at)
        case AdjustedComparison():
            return behind_adjusted(of, analysis, at)
        case Ancova():
            return behind_ancova(of, analysis, at)
        case Indirect():
            return behind_indirect(of, analysis, at)
        case Comparison():
            return behind_comparison(of, analysis, at, asked.statistic)
        case Pooling():
            return behind_pooling(of, analysis, at)
        case _:
            assert_never(analysis)


def _selected(of: StudyPeople, at: Address) -> Counted:
    """Of those whom a population is a part of, who belongs to it."""
    population = of.study.populations[at.population or ""]
    column = population_column(population.name)
    asked = of.population(population.of or population.name)
    definitions = of.of_population(population.name)
    return counted(asked, asked, asked & of.people.yes(column), *definitions, missing=asked & of.people.unknown(column))
