"""Whether pooled results go with what the studies are: by their properties, their moderators and their size."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from remit.estimate.pooling.models import Pooler
from remit.estimate.pooling.numbers import NOBODY, Numbers, counted
from remit.estimate.pooling.statistics import (
    MAIN,
    RATIO,
    alone,
    estimate,
    guards,
    heterogeneity,
    not_given,
    prediction,
    sizes,
)
from remit.inference.design import CovariateError, Number
from remit.inference.pooling.funnel import ERROR, SIZE, asymmetry, funnel
from remit.inference.pooling.pool import CannotPool, Linear, linear_of
from remit.inference.pooling.regression import Coefficient, regress
from remit.inference.pooling.subgroups import between_groups
from remit.schema.results import Row, Statistic, rows
from remit.study.comparisons.pool_model import Property
from remit.study.comparisons.pooled import Pooling, Published

_ONE = "one study: its own interval, in which it is not how far such studies lie apart"


def by_property(pooling: Pooling, asked: Property, everybody: Mapping[str, Numbers]) -> Iterator[Row]:
    """The published results of each kind pooled apart, and whether the kinds differ."""
    groups: dict[str, list[Numbers]] = {}
    for each in pooling.studies:
        groups.setdefault(each.by(asked, pooling.measure), []).append(everybody[each.name])
    found: dict[str, Linear] = {}
    for value, studies in groups.items():
        try:
            linear, said = _group(pooling, studies)
            found[value] = linear
        except (CannotPool, ArithmeticError) as error:
            said = [not_given(pooling.measure, str(error))]
        at = pooling.pooled(asked, value)
        yield from rows(at, [*said, *sizes(studies)], counted(studies), None)
    yield from rows(pooling.pooled(asked), _between(found, len(groups)), NOBODY, None)


def _group(pooling: Pooling, studies: Sequence[Numbers]) -> tuple[Linear, list[Statistic]]:
    pooler = Pooler(pooling)
    if len(studies) > 1:
        found = pooler.random(studies)
        said = [*estimate(found.estimate, pooling.measure), *prediction(found.prediction, pooling.measure)]
        return found.linear, [*said, *heterogeneity(found)]
    effects = pooler.effects(studies)
    linear = linear_of(effects.values[0], math.sqrt(effects.variances[0]), None, effects.scale, 0.95)
    told = (MAIN[pooling.measure], "lower", "upper")
    return linear, [replace(each, note=_ONE) for each in alone(studies[0]) if each.name in told]


def _between(groups: Mapping[str, Linear], asked: int) -> list[Statistic]:
    names = ("q", "degrees_of_freedom", "p")
    try:
        if asked < 2 or len(groups) < asked:
            raise CannotPool("the studies are of one kind" if asked < 2 else "some kind of studies could not be pooled")
        found = between_groups([*groups.items()])
    except CannotPool as error:
        return [Statistic(name, None, note=str(error)) for name in names]
    values = (found.statistic, float(found.freedom), found.p)
    return [
        Statistic(name, value, method="Cochran's Q between groups") for name, value in zip(names, values, strict=True)
    ]


def on_moderator(pooling: Pooling, moderator: str, everybody: Mapping[str, Numbers]) -> Iterator[Row]:
    """Published results on one moderator, of the studies that tell it."""
    told_of = [(each, each.moderator(moderator)) for each in pooling.studies]
    known = [(each, float(value)) for each, value in told_of if value is not None]
    studies = [everybody[each.name] for each, _ in known]
    missing = [each for each, value in told_of if value is None]
    said = _regression(pooling, moderator, studies, [value for _, value in known])
    yield from rows(pooling.on(moderator), [*_without(said, missing), *sizes(studies)], counted(studies), None)


def _regression(
    pooling: Pooling, moderator: str, studies: Sequence[Numbers], values: Sequence[float]
) -> list[Statistic]:
    pooler, name = Pooler(pooling), RATIO[pooling.measure]
    names = (name, "lower", "upper", "p", "tau2", "explained")
    try:
        found = regress(
            pooler.effects(studies, "inverse variance"),
            [Number(moderator, values)],
            estimator=pooling.heterogeneity,
            interval=pooler.interval,
        )
        slope = found.coefficients[-1]
        told = _as_told(slope, pooling)
    except (CovariateError, CannotPool, ArithmeticError) as error:
        return [Statistic(each, None, note=str(error)) for each in names]
    method = f"regression of the {found.scale.name} on one moderator, {pooling.heterogeneity}, {pooling.interval} 95 %"
    left = (slope.p, found.heterogeneity.tau2.value, found.explained)
    numbers = zip(names, (*told, *left), strict=True)
    return [*(Statistic(each, value, method=method) for each, value in numbers), *guards(found.notes)]


def _as_told(slope: Coefficient, pooling: Pooling) -> tuple[float, ...]:
    """Of a logarithm, a ratio. Raises ArithmeticError for one that is no number any more."""
    values = (slope.value, slope.lower, slope.upper)
    if pooling.measure == "mean":
        return values
    try:
        return tuple(math.exp(value) for value in values)
    except OverflowError:
        raise ArithmeticError("the ratio, or an end of its interval, is too large to be told") from None


def _without(said: Sequence[Statistic], missing: Sequence[Published]) -> list[Statistic]:
    if not missing:
        return [*said]
    note = f"not told of {', '.join(each.label for each in missing)}"
    return [replace(each, note=each.note or note) for each in said]


def by_size(pooling: Pooling, studies: Sequence[Numbers]) -> Iterator[Row]:
    """The middle of the funnel, and whether small studies show something else than large ones."""
    try:
        effects = Pooler(pooling).effects(studies, "inverse variance")
        centre = [Statistic("centre", funnel(effects).centre, effects.scale.name)]
    except CannotPool:
        return  # the estimate itself says why
    predictor = ERROR if pooling.measure == "mean" else SIZE
    names = ("statistic", "degrees_of_freedom", "p")
    try:
        found = asymmetry(effects, predictor=predictor)
        values = (found.statistic, None if found.freedom is None else float(found.freedom), found.p)
        said = [Statistic(name, value, method=found.method) for name, value in zip(names, values, strict=True)]
        said += guards(found.notes)
    except ValueError as error:  # too few studies, or all alike
        said = [Statistic(name, None, note=str(error)) for name in names]
    yield from rows(pooling.funnel, [*centre, *said, *sizes(studies)], counted(studies), None)
