"""Odds ratios of an endpoint by covariates: each alone, and all together; what limits them is told by guards."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import polars as pl

from remit.estimate.guards import beyond, guard_rows, later, left_out, no_model
from remit.estimate.outcome import outcome_of
from remit.estimate.proportions import proportion
from remit.estimate.ratios import ratio_statistics
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
    modelled,
    rows,
)
from remit.study.study import Covariate, Predictors, Study

if TYPE_CHECKING:
    from remit.inference import design
    from remit.inference.predictors import Model

_LATER = "it may follow from the endpoint rather than predict it."
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
            guards = [*beyond(covariate, asked.column(covariate), asked.patients), *_guards(model)]
            at = replace(asked.at(UNIVARIABLE), variable=covariate.variable.name)
            yield from guard_rows(at, guards, _behind(asked, model), digest(covariate.variable.query))
        together = model_of(asked.outcome, columns)
        for covariate in analysis.covariates:
            yield from _effects(asked, MULTIVARIABLE, covariate, together)
        guards = [*_left_out(asked, together, columns), *_guards(together)]
        guards += later(study, [each.variable for each in analysis.covariates], _LATER)
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
    return ratio_statistics(ODDS_RATIO, found[0])


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
    yield from guard_rows(asked.at(MULTIVARIABLE), guards, behind, asked.definition)


# Guards


def _guards(model: Model) -> Iterator[Guard]:
    yield from no_model(model.note)
    yield from model.guards


def _left_out(asked: Asked, model: Model, columns: Sequence[design.Covariate]) -> Iterator[Guard]:
    unknown = {column.name: sum(value is None for value in column.values) for column in columns}
    if asked.analysis.estimand == DECIDED and asked.unknown:
        unknown = {"the endpoint": asked.unknown, **unknown}
    yield from left_out(model.left_out, len(asked.outcome), unknown)
