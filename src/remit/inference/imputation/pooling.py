"""Rubin's rules: the estimates of m completed data sets as one."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from remit.inference.estimate import CONFIDENCE, Estimate, Guard

Numbers = NDArray[np.float64]
RUBIN = "Rubin's rules, Barnard-Rubin degrees of freedom"


@dataclass(frozen=True)
class Pooled:
    """`freedom`: degrees of freedom. `increase`: how much larger the variance is for what is missing, relative to the
    variance within a completed data set (r). `missing_information`: the share of information lost (fmi). The last
    three are infinite, infinite or 1 where a completed data set leaves no variance."""

    value: float
    error: float
    freedom: float
    increase: float
    missing_information: float
    imputations: int


def pool(values: Sequence[float] | Numbers, variances: Sequence[float] | Numbers, complete: float = math.inf) -> Pooled:
    """One estimate of those of each completed data set and of their squared standard errors.

    D. B. Rubin, Multiple imputation for nonresponse in surveys, 1987; degrees of freedom of J. Barnard and D. B. Rubin,
    Biometrika 1999;86:948-55, where `complete` are those of the complete data. As pool.scalar of R's mice gives them.
    Raises ValueError unless there are two estimates or more, each with a variance, all finite.
    """
    found, within = np.asarray(values, dtype=np.float64), np.asarray(variances, dtype=np.float64)
    m = len(found)
    if found.shape != within.shape or found.ndim != 1 or m < 2:
        raise ValueError("pooling needs two estimates or more, each with its variance")
    if not (np.isfinite(found).all() and np.isfinite(within).all()) or (within < 0).any() or complete <= 0:
        raise ValueError("an estimate or a variance is unknown, infinite or negative")
    between = 0.0 if (found == found[0]).all() else float(np.var(found, ddof=1))
    inner, extra = float(within.mean()), (1 + 1 / m) * between
    total = inner + extra
    share = extra / total if total else 0.0
    freedom = _freedom(m, share, complete)
    increase = extra / inner if inner else (math.inf if extra else 0.0)
    lost = 1.0 if math.isinf(increase) else (increase + 2 / (freedom + 3)) / (increase + 1)
    return Pooled(float(found.mean()), math.sqrt(total), freedom, increase, lost, m)


def _freedom(m: int, share: float, complete: float) -> float:
    """`share` of the total variance is due to what is missing."""
    if math.isinf(complete):
        return (m - 1) / share**2 if share else math.inf
    observed = (complete + 1) / (complete + 3) * complete * (1 - share)
    if not share:
        return observed
    rubin = (m - 1) / share**2
    return rubin * observed / (rubin + observed)


def estimated(pooled: Pooled, null: float | None = None, confidence: float = CONFIDENCE) -> Estimate:
    """With the interval, and against `null` the two-sided p-value, of Student's t distribution."""
    if pooled.error == 0:
        return Estimate(pooled.value, RUBIN, note="all patients have the same value, so there is no interval")
    if pooled.freedom < 1:
        why = "the imputations differ so much that they say nothing of the precision"
        return Estimate(pooled.value, RUBIN, note=why)
    half = t_quantile((1 + confidence) / 2, pooled.freedom) * pooled.error
    p = None if null is None else 2 * _above(abs(pooled.value - null) / pooled.error, pooled.freedom)
    return Estimate(pooled.value, RUBIN, pooled.value - half, pooled.value + half, p)


def few_imputations(pooled: Pooled) -> Guard | None:
    """Told where there are fewer imputations than percent of information are missing.

    The rule of I. R. White, P. Royston and A. M. Wood, Statistics in Medicine 2011;30:377-99.
    """
    needed = math.ceil(100 * pooled.missing_information)
    if pooled.imputations >= needed:
        return None
    return Guard(
        "few-imputations",
        f"{needed} % of the information is missing, but there are only {pooled.imputations} imputations: "
        f"another seed would give visibly other numbers. Ask for {needed} or more.",
    )


def mean(completed: Numbers) -> Pooled:
    """The mean of n patients in each of m completed data sets: `completed` is m × n, n at least 2."""
    n = _patients(completed)
    return pool(completed.mean(axis=1), completed.var(axis=1, ddof=1) / n, n - 1)


def difference_of_means(completed: Numbers, other: Numbers) -> Pooled:
    """`completed` − `other`, each m × its patients, with a variance of its own each; the degrees of freedom of the
    complete data are Welch's (Biometrika 1947;34:28-35), averaged over the data sets."""
    n, k = _patients(completed), _patients(other)
    one, two = completed.var(axis=1, ddof=1) / n, other.var(axis=1, ddof=1) / k
    together = one + two
    spread = together > 0
    if not spread.any():
        freedom = float(n + k - 2)
    else:
        one_of, two_of = one[spread] / together[spread], two[spread] / together[spread]
        freedom = float((1 / (one_of**2 / (n - 1) + two_of**2 / (k - 1))).mean())
    return pool(completed.mean(axis=1) - other.mean(axis=1), together, freedom)


def _patients(completed: Numbers) -> int:
    if completed.ndim != 2 or completed.shape[1] < 2:
        raise ValueError("a mean with an interval needs two patients or more, in rows that are completed data sets")
    return int(completed.shape[1])


def t_quantile(probability: float, freedom: float) -> float:
    """Of Student's t distribution, or the normal one where `freedom` is infinite. scipy's, which is a thousand times as
    fast as `student.quantile`: simulations ask for many."""
    from scipy.special import ndtri, stdtrit

    return float(ndtri(probability) if math.isinf(freedom) else stdtrit(freedom, probability))


def _above(t: float, freedom: float) -> float:
    from scipy.special import ndtr, stdtr

    return float(ndtr(-t) if math.isinf(freedom) else stdtr(freedom, -t))
