"""Odds ratios of an endpoint by covariates: each alone, and all together; what limits them is told by guards."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import polars as pl

from remit.estimate.alike import alike
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
from remit.study.analyses.kinds import Covariate, Predictors
from remit.study.study import Study

if TYPE_CHECKING:
    from remit.inference import design
    from remit.inference.predictors import Model

_LATER = "it may follow from the endpoint rather than predict it."
_REACHED = "reached"
ODDS_RATIO = ("odds_ratio", "lower", "upper", "p")


@dataclass(frozen=True)
class Asked:
    """The patients of a population whom the estimand asks for.

    reached: of each of them, null where not known and the estimand does not say how it counts. unknown: of how many the
    endpoint is not known. population: how many patients it has, also those whom the estimand does not ask for.
    """

    analysis: Predictors
    address: Address
    definition: str
    patients: pl.DataFrame
    reached: pl.Series
    unknown: int
    population: int

    def column(self, covariate: Covariate) -> str:
        return variable_column(self.analysis.name, covariate.variable.name)

    def at(self, model: str) -> Address:
        return replace(self.address, handling=modelled(self.analysis.estimand, model))

    def kinds(self, covariates: Sequence[Covariate]) -> Kinds:
        from remit.estimate.covariates import columns_of, covariate_of

        columns = [name for each in covariates for name in columns_of(each, self.column(each))]
        rows, counts = alike(self.patients.select(*columns, self.reached.alias(_REACHED)))
        values = [covariate_of(each, self.column(each), rows) for each in covariates]
        return Kinds(rows[_REACHED].to_list(), values, counts)


@dataclass(frozen=True)
class Kinds:
    """Patients who are alike in outcome and covariates are a kind; counts: of how many patients each is."""

    outcome: Sequence[bool | None]
    covariates: Sequence[design.Covariate]
    counts: Sequence[int]

    def model(self) -> Model:
        from remit.inference.predictors import modelled

        return modelled(self.outcome, self.covariates, alike=self.counts)

    def unknown(self) -> dict[str, int]:
        """Of how many patients each covariate is not known."""
        return {
            each.name: sum(count for value, count in zip(each.values, self.counts, strict=True) if value is None)
            for each in self.covariates
        }


def estimate_predictors(study: Study, analysis: Predictors, patients: pl.DataFrame) -> Iterator[Row]:
    """A population: who reached it, each covariate alone, then all of them together."""
    for population in analysis.populations:
        asked = _asked(study, analysis, population, patients)
        yield from _reached(asked)
        for covariate in analysis.covariates:
            alone = asked.kinds([covariate])
            model = alone.model()
            yield from _crude(asked, covariate, alone)
            yield from _effects(asked, UNIVARIABLE, covariate, model)
            guards = [*beyond(covariate, asked.column(covariate), asked.patients), *_guards(model)]
            at = replace(asked.at(UNIVARIABLE), variable=covariate.variable.name)
            yield from guard_rows(at, guards, _behind(asked, model), digest(covariate.variable.query))
        kinds = asked.kinds(analysis.covariates)
        together = kinds.model()
        for covariate in analysis.covariates:
            yield from _effects(asked, MULTIVARIABLE, covariate, together)
        guards = [*_left_out(asked, together, kinds), *_guards(together)]
        guards += later(study, [each.variable for each in analysis.covariates], _LATER)
        yield from _model(asked, together, guards)


def _asked(study: Study, analysis: Predictors, population: str, patients: pl.DataFrame) -> Asked:
    endpoint, visit, estimand = analysis.endpoint, analysis.visit, analysis.estimand
    address = Address(analysis.name, population, visit=visit, handling=estimand)
    definition = digest(study.endpoints[endpoint].queries[visit])
    columns = [name for name in patients.columns if name.startswith(variable_column(analysis.name, ""))]
    found = outcome_of(study, endpoint, visit, estimand, population, patients, columns)
    return Asked(analysis, address, definition, found.patients, found.reached, found.unknown, found.population)


def _reached(asked: Asked) -> list[Row]:
    n, of = int(asked.reached.sum()), asked.reached.count()
    behind = Denominator(n, of, asked.unknown, asked.population)
    return rows(asked.address, proportion(n, of), behind, asked.definition)


def _crude(asked: Asked, covariate: Covariate, alone: Kinds) -> Iterator[Row]:
    """Of each level, who reached the endpoint; of a number, of how many it is known."""
    at = replace(asked.address, variable=covariate.variable.name)
    definition = digest(covariate.variable.query)
    (column,) = alone.covariates
    known = [kind for kind in zip(column.values, alone.outcome, alone.counts, strict=True) if None not in kind]
    missing = len(asked.reached) - sum(count for _, _, count in known)
    if not covariate.levels:
        n, of = _share(known)
        yield from rows(at, [Statistic("n", float(of))], Denominator(n, of, missing, asked.population), definition)
    for level in covariate.levels:
        n, of = _share([kind for kind in known if kind[0] == level])
        behind = Denominator(n, of, missing, asked.population)
        yield from rows(replace(at, level=level), proportion(n, of), behind, definition)


def _share(kinds: Sequence[tuple[object, bool | None, int]]) -> tuple[int, int]:
    """How many patients of these kinds reached the endpoint, of how many."""
    return sum(count for _, had, count in kinds if had), sum(count for _, _, count in kinds)


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


def _left_out(asked: Asked, model: Model, kinds: Kinds) -> Iterator[Guard]:
    unknown = kinds.unknown()
    if asked.analysis.estimand == DECIDED and asked.unknown:
        unknown = {"the endpoint": asked.unknown, **unknown}
    yield from left_out(model.left_out, len(asked.reached), unknown)
