"""Hazard ratios by Cox's regression: of the arms and of covariates, each alone, and all together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import polars as pl

from remit.estimate.covariates import covariate_of
from remit.estimate.guards import beyond, guard_rows, later, left_out, no_model
from remit.estimate.log_rank import statistics_of
from remit.estimate.ratios import ratio_statistics
from remit.inference.chi_squared import ChiSquared
from remit.inference.design import Covariate as Values
from remit.inference.estimate import Guard
from remit.inference.hazards import Hazards, hazards
from remit.language.query import digest
from remit.schema.cohort import arm_column, variable_column
from remit.schema.results import ARM, MULTIVARIABLE, UNIVARIABLE, Address, Denominator, Row, Statistic, rows
from remit.study.analyses.kinds import EVENT_DAY, Covariate, TimeToEvent
from remit.study.study import Study

_HAZARD_RATIO = ("hazard_ratio", "lower", "upper", "p")
_LATER = (
    "unless it is known on day 0 of this time, those who go long without the event look better by it (immortal time)."
)


@dataclass(frozen=True)
class Timed:
    """Some patients of whom the time is known, with the values of the covariates; `size`: how many they are of."""

    analysis: TimeToEvent
    address: Address
    patients: pl.DataFrame
    values: tuple[Values, ...]
    size: int

    @property
    def covariates(self) -> list[tuple[Covariate, Values]]:
        return [*zip(self.analysis.modelled, self.values, strict=True)]

    @property
    def definition(self) -> str:
        return digest(self.analysis.queries[EVENT_DAY])

    def at(self, model: str, covariate: Covariate | None = None, level: str | None = None) -> Address:
        variable = None if covariate is None else covariate.variable.name
        return replace(self.address, variable=variable, level=level, handling=model)

    def model_of(self, *values: Values) -> Hazards:
        return hazards(self.patients["day"].to_list(), self.patients["event"].to_list(), values)

    def behind(self, model: Hazards) -> Denominator:
        return Denominator(model.events, model.patients, self.size - model.patients, self.size)


def hazard_rows(study: Study, analysis: TimeToEvent, address: Address, members: pl.DataFrame) -> Iterator[Row]:
    """members: `day`, `event` and `unknown` of each patient, the arm, and the columns of the covariates."""
    known = members.filter(pl.col("unknown").is_null())
    values = tuple(covariate_of(each, column_of(analysis, each), known) for each in analysis.modelled)
    timed = Timed(analysis, address, known, values, members.height)
    for covariate, own in timed.covariates:
        model = timed.model_of(own)
        yield from _events(timed, covariate, own)
        yield from _of_covariate(timed, UNIVARIABLE, covariate, model)
        guards = [*beyond(covariate, column_of(analysis, covariate), known), *_guards(model)]
        yield from guard_rows(timed.at(UNIVARIABLE, covariate), guards, timed.behind(model), timed.definition)
    if analysis.covariates:
        yield from _together(study, timed)


def column_of(analysis: TimeToEvent, covariate: Covariate) -> str:
    name = covariate.variable.name
    return arm_column(analysis.arms.kind) if analysis.arms and name == ARM else variable_column(analysis.name, name)


def _together(study: Study, timed: Timed) -> Iterator[Row]:
    """The model of all of them: of whom it is, how many events a coefficient, and what warns of it."""
    model = timed.model_of(*timed.values)
    for covariate, _ in timed.covariates:
        yield from _of_covariate(timed, MULTIVARIABLE, covariate, model)
    each = model.events_per_parameter
    found = [
        Statistic("n", float(model.patients)),
        Statistic("events_per_parameter", each, note=None if each is not None else model.note),
    ]
    yield from rows(timed.at(MULTIVARIABLE), found, timed.behind(model), timed.definition)
    guards = [*_left_out(timed, model), *_guards(model)]
    guards += later(study, [each.variable for each in timed.analysis.covariates], _LATER)
    yield from guard_rows(timed.at(MULTIVARIABLE), guards, timed.behind(model), timed.definition)


def _guards(model: Hazards) -> Iterator[Guard]:
    if model.note:
        yield from no_model(f"{model.note[0].upper()}{model.note[1:]}.")
    yield from model.guards


def _left_out(timed: Timed, model: Hazards) -> Iterator[Guard]:
    unknown = {values.name: sum(value is None for value in values.values) for values in timed.values}
    unknown = {"the time": timed.size - timed.patients.height, **unknown}
    yield from left_out(timed.size - model.patients, timed.size, unknown)


def _events(timed: Timed, covariate: Covariate, own: Values) -> Iterator[Row]:
    """How many have each level, and how many of these the event; of a number, of how many it is known."""
    pairs = [pair for pair in zip(own.values, timed.patients["event"].to_list(), strict=True) if pair[0] is not None]
    for level in covariate.levels or (None,):
        had = [event for value, event in pairs if level in (None, value)]
        behind = Denominator(sum(had), len(had), timed.size - len(pairs), timed.size)
        found = [Statistic("n", float(len(had))), Statistic("events", float(sum(had)))]
        yield from rows(timed.at(UNIVARIABLE, covariate, level), found, behind, digest(covariate.variable.query))


def _of_covariate(timed: Timed, name: str, covariate: Covariate, model: Hazards) -> Iterator[Row]:
    """Its hazard ratios, the test of all of them if there are several, and that they stay the same over time."""
    label, definition, behind = covariate.variable.label, digest(covariate.variable.query), timed.behind(model)
    for level in covariate.compared:
        ratio = _hazard_ratio(model, label, level)
        yield from rows(timed.at(name, covariate, level), ratio, behind, definition)
    found = _chi_squared(model.tests.get(label), model) if len(covariate.compared) > 1 else []
    found += _chi_squared(model.proportional.get(label), model, "proportionality_")
    yield from rows(timed.at(name, covariate), found, behind, definition)


def _hazard_ratio(model: Hazards, label: str, level: str | None) -> list[Statistic]:
    own = [(column.level, ratio) for column, ratio in model.ratios if column.covariate == label]
    found = [ratio for its_level, ratio in own if level in (None, its_level)]
    if not found:
        why = model.note or "nobody in the model has this level"
        return [Statistic(name, None, note=why) for name in _HAZARD_RATIO]
    return ratio_statistics(_HAZARD_RATIO, found[0])


def _chi_squared(test: ChiSquared | None, model: Hazards, start: str = "") -> list[Statistic]:
    if test is not None:
        return statistics_of(test, start)
    return [Statistic(start + name, None, note=model.note) for name in ("chi_squared", "degrees_of_freedom", "p")]
