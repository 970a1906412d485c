"""Odds ratios of an endpoint by covariates: each alone, and all together; what limits them is told by guards."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import polars as pl

from remit.estimate.outcome import outcome_of
from remit.estimate.proportions import proportion
from remit.inference.estimate import Guard
from remit.language.query import digest
from remit.schema.cohort import variable_column
from remit.schema.results import (
    DECIDED,
    MULTIVARIABLE,
    UNIVARIABLE,
    Address,
    Denominator,
    Row,
    Statistic,
    guard,
    modelled,
    rows,
)
from remit.study.selection import after_start, timeline_of
from remit.study.study import Covariate, Predictors, Study

if TYPE_CHECKING:
    from remit.inference import design
    from remit.inference.predictors import Model

ODDS_RATIO = ("odds_ratio", "lower", "upper", "p")


@dataclass(frozen=True)
class Asked:
    """The patients of a population whom the estimand asks for.

    outcome: of each of them, None where not known and the estimand does not say how it counts. unknown: of how many the
    endpoint is not known. population: how many patients it has, also those whom the estimand does not ask for.
    """

    analysis: Predictors
    address: Address
    definition: str
    patients: pl.DataFrame
    outcome: Sequence[bool | None]
    unknown: int
    population: int

    def column(self, covariate: Covariate) -> str:
        return variable_column(self.analysis.name, covariate.variable.name)

    def at(self, model: str) -> Address:
        return replace(self.address, handling=modelled(self.analysis.estimand, model))


def estimate_predictors(study: Study, analysis: Predictors, patients: pl.DataFrame) -> Iterator[Row]:
    """A population: who reached it, each covariate alone, then all of them together."""
    from remit.estimate.covariates import covariate_of
    from remit.inference.predictors import modelled as model_of
    from remit.inference.predictors import univariable

    for population in analysis.populations:
        asked = _asked(study, analysis, population, patients)
        columns = [covariate_of(each, asked.column(each), asked.patients) for each in analysis.covariates]
        yield from _reached(asked)
        alone = univariable(asked.outcome, columns)
        for covariate, column, model in zip(analysis.covariates, columns, alone, strict=True):
            yield from _crude(asked, covariate, column)
            yield from _effects(asked, UNIVARIABLE, covariate, model)
            guards = [*_beyond_limit(asked, covariate), *_guards(model)]
            at = replace(asked.at(UNIVARIABLE), variable=covariate.variable.name)
            yield from _told(at, guards, _behind(asked, model), digest(covariate.variable.query))
        together = model_of(asked.outcome, columns)
        for covariate in analysis.covariates:
            yield from _effects(asked, MULTIVARIABLE, covariate, together)
        guards = [*_left_out(asked, together, columns), *_guards(together), *_later(study, analysis)]
        yield from _model(asked, together, guards)


def _asked(study: Study, analysis: Predictors, population: str, patients: pl.DataFrame) -> Asked:
    endpoint, visit, estimand = analysis.endpoint, analysis.visit, analysis.estimand
    address = Address(analysis.name, population, visit=visit, handling=estimand)
    definition = digest(study.endpoints[endpoint].queries[visit])
    found = outcome_of(study, endpoint, visit, estimand, population, patients)
    return Asked(
        analysis, address, definition, found.patients, found.reached.to_list(), found.unknown, found.population
    )


def _reached(asked: Asked) -> list[Row]:
    known = [value for value in asked.outcome if value is not None]
    behind = Denominator(sum(known), len(known), asked.unknown, asked.population)
    return rows(asked.address, proportion(sum(known), len(known)), behind, asked.definition)


def _crude(asked: Asked, covariate: Covariate, column: design.Covariate) -> Iterator[Row]:
    """Of each level, who reached the endpoint; of a number, of how many it is known."""
    at = replace(asked.address, variable=covariate.variable.name)
    definition = digest(covariate.variable.query)
    pairs = [pair for pair in zip(column.values, asked.outcome, strict=True) if None not in pair]
    missing = len(asked.outcome) - len(pairs)
    if not covariate.levels:
        behind = Denominator(sum(bool(had) for _, had in pairs), len(pairs), missing, asked.population)
        yield from rows(at, [Statistic("n", float(len(pairs)))], behind, definition)
    for level in covariate.levels:
        of = [bool(had) for value, had in pairs if value == level]
        behind = Denominator(sum(of), len(of), missing, asked.population)
        yield from rows(replace(at, level=level), proportion(sum(of), len(of)), behind, definition)


def _effects(asked: Asked, name: str, covariate: Covariate, model: Model) -> Iterator[Row]:
    """The odds ratios of a covariate; of one with several of them also the test of all."""
    label, at = covariate.variable.label, replace(asked.at(name), variable=covariate.variable.name)
    definition, behind = digest(covariate.variable.query), _behind(asked, model)
    for level in covariate.compared:
        yield from rows(replace(at, level=level), _odds_ratio(model, label, level), behind, definition)
    if len(covariate.compared) > 1:
        tests = [each.test for each in model.tests if each.covariate == label]
        told = Statistic("p", tests[0].p, method=tests[0].method) if tests else Statistic("p", None, note=_why(model))
        yield from rows(at, [told], behind, definition)


def _odds_ratio(model: Model, label: str, level: str | None) -> list[Statistic]:
    found = [
        effect.odds_ratio
        for effect in model.effects
        if effect.column.covariate == label and (level is None or effect.column.level == level)
    ]
    if not found:
        return [Statistic(name, None, note=_why(model)) for name in ODDS_RATIO]
    given = found[0]
    values = (given.value, given.lower, given.upper, given.p)
    return [
        Statistic(name, value, method=given.method, note=given.note)
        if value is not None and math.isfinite(value)
        else Statistic(name, None, method=given.method, note=given.note or "beyond what numbers hold")
        for name, value in zip(ODDS_RATIO, values, strict=True)
    ]


def _why(model: Model) -> str:
    return model.note or "Nobody in the model has this level."


def _behind(asked: Asked, model: Model) -> Denominator:
    return Denominator(model.events, model.patients, model.left_out, asked.population)


def _model(asked: Asked, model: Model, guards: Sequence[Guard]) -> Iterator[Row]:
    """The model of all covariates: of whom it is, how many events a coefficient, and what warns of it."""
    given, behind = model.events_per_parameter, _behind(asked, model)
    events = Statistic("events_per_parameter", given, note=None if given is not None else _why(model))
    told = [Statistic("n", float(model.patients)), events]
    yield from rows(asked.at(MULTIVARIABLE), told, behind, asked.definition)
    yield from _told(asked.at(MULTIVARIABLE), guards, behind, asked.definition)


# Guards


def _told(at: Address, guards: Iterable[Guard], behind: Denominator, definition: str) -> Iterator[Row]:
    """A row a name; of several of one name, all that is told."""
    notes: dict[str, list[str]] = {}
    for each in guards:
        notes.setdefault(each.name, []).append(each.told)
    found = [Statistic(guard(name), None, note=" ".join(told)) for name, told in notes.items()]
    yield from rows(at, found, behind, definition)


def _guards(model: Model) -> Iterator[Guard]:
    if model.note:
        yield Guard("no model", model.note)
    yield from model.guards


def _beyond_limit(asked: Asked, covariate: Covariate) -> Iterator[Guard]:
    from remit.estimate.covariates import beyond_limit

    if found := beyond_limit(covariate, asked.column(covariate), asked.patients):
        told = f"{covariate.variable.label}: known only to lie beyond a limit in {found} patients, who are left out."
        yield Guard("beyond limit", told)


def _left_out(asked: Asked, model: Model, columns: Sequence[design.Covariate]) -> Iterator[Guard]:
    if not model.left_out:
        return
    unknown = {column.name: sum(value is None for value in column.values) for column in columns}
    if asked.analysis.estimand == DECIDED and asked.unknown:
        unknown = {"the endpoint": asked.unknown, **unknown}
    named = ", ".join(f"{name} (in {count})" for name, count in unknown.items() if count)
    who = f"{model.left_out} of {len(asked.outcome)} patients"
    yield Guard("left out", f"{who} are left out of the model of all covariates; not known: {named}.")


def _later(study: Study, analysis: Predictors) -> Iterator[Guard]:
    """Covariates that look at what came after the start."""
    for covariate in analysis.covariates:
        variable = covariate.variable
        if reasons := after_start(timeline_of(study), variable.query):
            what = f"{variable.label} looks at what came after the start of treatment ({'; '.join(reasons)})"
            yield Guard("covariate after start", f"{what}: it may follow from the endpoint rather than predict it.")
