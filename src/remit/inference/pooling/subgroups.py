"""Groups of studies, each pooled, and whether they differ."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from remit.inference.chi_squared import upper_tail
from remit.inference.design import Levels
from remit.inference.estimate import CONFIDENCE, Estimate, Guard
from remit.inference.pooling.effects import Effects
from remit.inference.pooling.pool import (
    HARTUNG_KNAPP,
    NORMAL,
    RANDOM,
    CannotPool,
    Linear,
    Pooled,
    check_choices,
    linear_of,
    pool,
    spread,
    told,
)
from remit.inference.pooling.regression import Moderation, regress
from remit.inference.pooling.weighted import weighted


@dataclass(frozen=True)
class Subgroup:
    """`pooled`: of its studies alone; None where it has one study, or tau² is that of all subgroups."""

    name: str
    studies: int
    estimate: Estimate
    linear: Linear
    pooled: Pooled | None


@dataclass(frozen=True)
class Subgroups:
    """`between`: the test that all have one effect."""

    groups: tuple[Subgroup, ...]
    between: Moderation
    notes: tuple[Guard, ...] = ()


def subgroups(
    effects: Effects,
    groups: Sequence[str],
    model: str = RANDOM,
    estimator: str = "REML",
    interval: str = HARTUNG_KNAPP,
    confidence: float = CONFIDENCE,
    *,
    common_tau2: bool = False,
) -> Subgroups:
    """`groups`: that of each study; they come out in the order in which they first appear.

    With tau² of its own for each group, Q between them weighs each by its error; with `common_tau2` groups are levels
    of a regression, which groups of few studies are better served by. A group of one study is that study. M. Borenstein
    et al., Introduction to Meta-Analysis, 2009, chapter 19. Raises CannotPool for fewer than two groups, and else as
    `pool` and `regress` do.
    """
    if len(groups) != len(effects):
        raise ValueError("each study has a subgroup")
    names = tuple(dict.fromkeys(groups))
    if len(names) < 2:
        raise CannotPool("there is one subgroup, so there is nothing to compare")
    check_choices(model, interval)
    if common_tau2 and model == RANDOM:
        return _of_one_model(effects, groups, names, estimator, interval, confidence)
    made = []
    for name in names:
        its = effects.at([at for at, group in enumerate(groups) if group == name])
        made.append(_group(name, its, model, estimator, interval, confidence))
    notes = tuple(
        Guard("single_study", f"{group.name} is one study; how far such studies lie apart is not in its interval.")
        for group in made
        if group.studies == 1
    )
    return Subgroups(tuple(made), between_groups([(group.name, group.linear) for group in made]), notes)


def between_groups(groups: Sequence[tuple[str, Linear]]) -> Moderation:
    """Cochran's Q of groups that were pooled each for itself, by whatever model."""
    same = next((name for name, linear in groups if linear.error == 0), None)
    if same is not None:
        raise CannotPool(
            f"the studies of {same} show the same, so Hartung and Knapp give no error: take another interval"
        )
    values, weights = np.array([[linear.value, linear.error**-2] for _, linear in groups]).T
    mean = float((weights * values).sum() / weights.sum())
    q, freedom = float((weights * (values - mean) ** 2).sum()), len(groups) - 1
    return Moderation(q, freedom, None, upper_tail(q, freedom))


def _group(name: str, effects: Effects, model: str, estimator: str, interval: str, confidence: float) -> Subgroup:
    if len(effects) > 1:
        pooled = pool(effects, model, estimator, interval, confidence)
        return Subgroup(name, len(effects), pooled.estimate, pooled.linear, pooled)
    linear = linear_of(effects.values[0], math.sqrt(effects.variances[0]), None, effects.scale, confidence)
    return Subgroup(name, 1, told(linear, effects.scale, "one study"), linear, None)


def _of_one_model(
    effects: Effects, groups: Sequence[str], names: tuple[str, ...], estimator: str, interval: str, confidence: float
) -> Subgroups:
    found = regress(effects, [Levels("subgroup", groups, names)], RANDOM, estimator, interval, confidence)
    values, variances = effects.arrays
    member = np.array([[float(group == name) for name in names] for group in groups])
    fit = weighted(values, variances, member, found.heterogeneity.tau2.value or 0.0)
    factor = {NORMAL: 1.0, HARTUNG_KNAPP: spread(fit)}.get(interval, max(1.0, spread(fit)))
    method = f"{estimator}, one tau² for all subgroups, {interval} {100 * confidence:g} %"
    made = []
    for at, name in enumerate(names):
        error = math.sqrt(factor * float(fit.own[at, at]))
        linear = linear_of(float(fit.coefficients[at]), error, found.freedom, effects.scale, confidence)
        made.append(Subgroup(name, groups.count(name), told(linear, effects.scale, method), linear, None))
    return Subgroups(tuple(made), found.moderation, found.notes)
