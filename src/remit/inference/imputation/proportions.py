"""Proportions of m completed data sets as one, with intervals that hold for few patients, and for 0 of n and n of n."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from remit.inference.estimate import CONFIDENCE, Estimate
from remit.inference.imputation.pooling import Pooled, pool, t_quantile

Counts = Sequence[int] | NDArray[np.int_]
MI_WILSON = "Wilson's interval for multiple imputations (Lott and Reiter)"
MI_NEWCOMBE = "square-and-add of Lott and Reiter's intervals"


@dataclass(frozen=True)
class Proportion:
    """`pooled`: by Rubin's rules on the proportions themselves, for the information that is missing; its error is not
    what the interval is made of."""

    estimate: Estimate
    pooled: Pooled


def proportion(counts: Counts, of: int, confidence: float = CONFIDENCE) -> Proportion:
    """How many of `of` patients respond in each completed data set, as one proportion.

    A. Lott and J. P. Reiter, The American Statistician 2020;74:109-15: Wilson's interval for of/(1 + r) patients with
    Student's t for the normal quantile, where r is the relative increase of the variance by what is missing and the
    degrees of freedom are Rubin's. Without missing values, or when all data sets agree, it is Wilson's interval.
    Raises ValueError unless there are two counts or more, each from 0 to `of`, and `of` > 0.
    """
    found = np.asarray(counts)
    if of < 1 or (found < 0).any() or (found > of).any():
        raise ValueError(f"a count of {found.tolist()} is no proportion of {of}")
    shares = found / of
    pooled = pool(shares, shares * (1 - shares) / of)
    lower, upper = _interval(pooled, of, confidence)
    return Proportion(Estimate(pooled.value, MI_WILSON, lower, upper), pooled)


def _interval(pooled: Pooled, of: int, confidence: float) -> tuple[float, float]:
    """The p with (value − p)² <= t²(1 + r) p(1 − p)/of."""
    if math.isinf(pooled.increase):
        return 0.0, 1.0  # each data set is 0 or all of its patients, and they differ: nothing is known
    wide = t_quantile((1 + confidence) / 2, pooled.freedom) ** 2 * (1 + pooled.increase) / of
    centre = (pooled.value + wide / 2) / (1 + wide)
    half = math.sqrt(wide * (pooled.value * (1 - pooled.value) + wide / 4)) / (1 + wide)
    return (
        0.0 if pooled.value == 0 else max(0.0, centre - half),
        1.0 if pooled.value == 1 else min(1.0, centre + half),
    )


def difference(
    counts: Counts, of: int, other_counts: Counts, other_of: int, confidence: float = CONFIDENCE
) -> Proportion:
    """The proportion − the other, of two groups in the same completed data sets.

    The intervals of the two, squared and added as R. G. Newcombe does (Statistics in Medicine 1998;17:873-90, method
    10), with a term for how the two proportions move together over the imputations, for one model filled both
    (G. Y. Zou and A. Donner, Statistics in Medicine 2008;27:1693-702). Raises ValueError as `proportion` does.
    """
    one, two = proportion(counts, of, confidence), proportion(other_counts, other_of, confidence)
    shares, others = np.asarray(counts) / of, np.asarray(other_counts) / other_of
    pooled = pool(shares - others, shares * (1 - shares) / of + others * (1 - others) / other_of)
    together = _correlation(shares, others, one.pooled, two.pooled)
    down, up = _arms(one.estimate), _arms(two.estimate)
    return Proportion(
        Estimate(
            pooled.value,
            MI_NEWCOMBE,
            pooled.value - _added(down[0], up[1], together),
            pooled.value + _added(down[1], up[0], together),
        ),
        pooled,
    )


def _correlation(shares: NDArray[np.float64], others: NDArray[np.float64], one: Pooled, two: Pooled) -> float:
    if one.error == 0 or two.error == 0:
        return 0.0
    m = len(shares)
    covariance = float(np.cov(shares, others)[0, 1]) * (1 + 1 / m)
    return min(1.0, max(-1.0, covariance / (one.error * two.error)))


def _arms(estimate: Estimate) -> tuple[float, float]:
    """From the value down to the lower end and up to the upper end."""
    assert estimate.value is not None
    assert estimate.lower is not None
    assert estimate.upper is not None
    return estimate.value - estimate.lower, estimate.upper - estimate.value


def _added(one: float, two: float, together: float) -> float:
    return math.sqrt(max(0.0, one * one - 2 * together * one * two + two * two))
