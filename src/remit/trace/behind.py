"""Who stands behind each result: counted anew from the cohort's columns and the definitions, not by `estimate`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import assert_never

import polars as pl

from remit.schema.cohort import Cohort, population_column
from remit.schema.results import IMPUTED_VALUES, SELECTED, Address, Results, guard
from remit.study.study import (
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
    Study,
    Summary,
    TimeToEvent,
)
from remit.trace.counted import COUNTS, Counted, counted
from remit.trace.endpoints import behind_endpoints
from remit.trace.flow import behind_flow
from remit.trace.states import behind_completeness, behind_states
from remit.trace.study_people import NoTrace, StudyPeople
from remit.trace.variables import behind_course, behind_summary

FLOW = "flow"
_ADDRESS = [part.name for part in fields(Address)]
_GUARD = "guard of the row"  # with spaces, which no column of results has


@dataclass(frozen=True)
class Asked:
    """Results of one address with the same counts; `statistic`: the first of them, or the guard that it is."""

    results: tuple[str, ...]
    address: Address
    statistic: str
    counts: dict[str, int | None]


def behind(study: Study, cohort: Cohort, results: Results) -> Iterator[tuple[tuple[str, ...], Counted]]:
    """The names of results that share it, and who stands behind them.

    Raises NoTrace where a result's counts are not those of its sets: remit has counted wrongly, here or there.
    """
    of = StudyPeople(study, cohort)
    for asked in _asked(results):
        found = _behind(of, asked)
        if found is None:
            continue
        if found.counts != asked.counts:
            raise NoTrace(f"{asked.results[0]}: the result says {asked.counts}, its patients {found.counts}")
        yield asked.results, found


def _asked(results: Results) -> Iterator[Asked]:
    statistic = pl.col("statistic")
    guards = results.table.with_columns(pl.when(statistic.str.starts_with("guard_")).then(statistic).alias(_GUARD))
    together = [*_ADDRESS, *COUNTS, _GUARD]
    found = guards.group_by(together, maintain_order=True).agg("result", statistic.first())
    for *address, numerator, denominator, missing, population, _, names, name in found.iter_rows():
        counts = dict(zip(COUNTS, (numerator, denominator, missing, population), strict=True))
        yield Asked(tuple(names), Address(*address), name, counts)


def _behind(of: StudyPeople, asked: Asked) -> Counted | None:
    at = asked.address
    if at.analysis == FLOW:
        return behind_flow(of, at)
    if at.analysis == IMPUTED_VALUES:
        return None
    if asked.statistic == guard(SELECTED):
        return _selected(of, at)
    return _of_analysis(of, _analysis(of.study, at.analysis), asked)


def _analysis(study: Study, name: str) -> Analysis:
    found = next((analysis for analysis in study.analyses if analysis.name == name), None)
    if found is None:
        raise NoTrace(f"the study has no analysis {name}")
    return found


def _of_analysis(of: StudyPeople, analysis: Analysis, asked: Asked) -> Counted | None:
    at = asked.address
    match analysis:
        case Summary():
            return behind_summary(of, analysis, at)
        case Endpoints():
            return behind_endpoints(of, analysis, at, asked.statistic)
        case Course():
            return behind_course(of, analysis, at)
        case Events():
            return None
        case Shift():
            return None
        case States():
            return behind_states(of, analysis, at)
        case Completeness():
            return behind_completeness(of, analysis, at)
        case TimeToEvent():
            return None
        case Sensitivity():
            return None
        case Change():
            return None
        case Predictors():
            return None
        case Centres():
            return None
        case Rates():
            return None
        case RepeatedMeasures():
            return None
        case Ancova():
            return None
        case Multiplicity():
            return None
        case States() | Completeness():
            return None
        case _:
            assert_never(analysis)


def _selected(of: StudyPeople, at: Address) -> Counted:
    """Of those whom a population is a part of, who belongs to it."""
    population = of.study.populations[at.population or ""]
    column = population_column(population.name)
    asked = of.population(population.of or population.name)
    definitions = of.of_population(population.name)
    return counted(asked, asked, asked & of.people.yes(column), *definitions, missing=asked & of.people.unknown(column))
