"""How alike the arms are before and after weighting."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from remit.inference.confounding.arms import Arms
from remit.inference.confounding.weights import Weights, average
from remit.inference.design import Column, Covariate, Levels, Number, Vector, YesNo

Pair = tuple[float, float]


@dataclass(frozen=True)
class Balance:
    """One column of a covariate: a number, a yes, or a level (the reference too). `means`: of the treated and of the
    comparator, shares from 0 to 1 but for numbers; `difference`: standardised. None where nobody differs but the arms.

    `variance_ratio`: of a number, treated by comparator; None for all else, and where one does not vary.
    """

    column: Column
    means: Pair
    weighted_means: Pair
    difference: float | None
    weighted_difference: float | None
    variance_ratio: float | None
    weighted_variance_ratio: float | None


def balance(of: Weights) -> tuple[Balance, ...]:
    """One a column, in the order of the covariates.

    The standardised difference is that of the means, treated less comparator, divided by the root of the mean of the
    two arms' unweighted variances, before and after weighting alike (P. C. Austin, Statistics in Medicine
    2009;28:3083-107; E. A. Stuart, Statistical Science 2010;25:1-21): with n - 1 for numbers, p(1-p) for shares. As
    R's cobalt has it with s.d.denom = "pooled".
    """
    return tuple(
        _balance(column, values, of) for covariate in of.propensity.covariates for column, values in _columns(covariate)
    )


def largest(found: tuple[Balance, ...], *, after: bool) -> Balance | None:
    """The column with the largest standardised difference in size, before or after weighting."""

    def size(one: Balance) -> float:
        return abs((one.weighted_difference if after else one.difference) or 0.0)

    return max(found, key=size, default=None)


def _columns(covariate: Covariate) -> Iterator[tuple[Column, Vector]]:
    match covariate:
        case Number(name, values):
            yield Column(name), np.asarray(values, dtype=float)
        case YesNo(name, values):
            yield Column(name, "yes", "no"), np.asarray(values, dtype=float)
        case Levels(name, values, levels):
            for level in levels:
                yield (
                    Column(name, level, covariate.reference or levels[0]),
                    np.array([one == level for one in values], float),
                )


def _balance(column: Column, values: Vector, of: Weights) -> Balance:
    arms, number = of.propensity.arms, column.level is None
    equal = np.ones(values.size)
    before, after = _moments(values, equal, arms, number), _moments(values, of.values, arms, number)
    spread = math.sqrt((before[0][1] + before[1][1]) / 2)
    means, weighted_means = (before[0][0], before[1][0]), (after[0][0], after[1][0])
    return Balance(
        column,
        means,
        weighted_means,
        _standardised(means, spread),
        _standardised(weighted_means, spread),
        _ratio(before) if number else None,
        _ratio(after) if number else None,
    )


def _moments(values: Vector, weights: Vector, arms: Arms, number: bool) -> tuple[Pair, Pair]:
    treated, comparator = (_moment(values[who], weights[who], number) for who in arms.members.values())
    return treated, comparator


def _moment(values: Vector, weights: Vector, number: bool) -> Pair:
    """Mean and variance; of a number the unbiased one for weights that say how reliable a patient is."""
    shares, mean = weights / weights.sum(), average(values, weights)
    if not number:
        return mean, mean * (1 - mean)
    return mean, float(shares @ (values - mean) ** 2 / (1 - shares @ shares))


def _standardised(means: Pair, spread: float) -> float | None:
    apart = means[0] - means[1]
    if spread > 0:
        return apart / spread
    return 0.0 if apart == 0 else None


def _ratio(moments: tuple[Pair, Pair]) -> float | None:
    (_, one), (_, other) = moments
    return one / other if one > 0 and other > 0 else None
