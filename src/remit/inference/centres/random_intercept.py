"""The likelihood of counts in centres whose log odds are normally distributed."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from remit.inference.design import Matrix, Vector
from remit.inference.logistic_likelihood import expit

WIDEST = 10.0  # of the standard deviation of log odds; the odds of two centres then differ a million-fold
REACH = 9.0  # standard deviations of a centre's intercept that an integral spans
TRIED = (0.0, 0.05, 0.1, 0.2, 0.3, 0.45, 0.65, 0.9, 1.2, 1.6, 2.1, 2.8, 3.7, 5.0, 7.0, WIDEST)
FINE = 1e-9
ROUNDS = 100
NO_ODDS = 1e-12  # log odds nearer to 0 are rounding
NEAR = 1e-14  # twice what a last round would add to the likelihood; below it are rounding and many patients


@dataclass(frozen=True)
class Counted:
    """Events and patients, a centre each; some events, and some patients without."""

    events: Vector
    patients: Vector


def log_likelihood(counted: Counted, beta: float, sd: float) -> float:
    """But for the binomial coefficients; `beta` are the log odds of the median centre, `sd` their spread.

    A centre's intercept is integrated by the trapezoidal rule, which on the whole line converges as fast as Gauss and
    Hermite's, and needs no centre's mode (L. N. Trefethen and J. A. C. Weideman, SIAM Review 2014;56:385-458).
    """
    return _integrated(counted, beta, sd)[0]


def best_intercept(counted: Counted, sd: float) -> tuple[float, float]:
    """The log odds of highest likelihood for a given spread, and that likelihood, which is log-concave in them."""
    total = counted.events.sum()
    beta = math.log(total / (counted.patients.sum() - total))
    likelihood, weights, linear = _integrated(counted, beta, sd)
    for _ in range(ROUNDS):
        probability = expit(linear)
        residual = counted.events[:, np.newaxis] - counted.patients[:, np.newaxis] * probability
        mean = (weights * residual).sum(axis=1)
        score = float(mean.sum())
        inner = (weights * counted.patients[:, np.newaxis] * probability * (1 - probability)).sum(axis=1)
        bend = float((inner - (weights * residual**2).sum(axis=1) + mean**2).sum())
        if score**2 < bend * NEAR:
            return beta, likelihood
        step = score / bend
        while (tried := _integrated(counted, beta + step, sd))[0] < likelihood - 1e-12 * abs(likelihood):
            step /= 2
        beta += step
        likelihood, weights, linear = tried
    raise ArithmeticError("the model of centres did not converge")


def best_spread(counted: Counted) -> float:
    """The spread of highest likelihood: 0 if centres differ no more than chance has them, at most WIDEST."""
    beta, _ = best_intercept(counted, 0.0)
    found, _ = highest(lambda sd: best_intercept(counted, sd)[1], WIDEST)
    probability = float(expit(np.array(beta)))
    excess = (counted.events - counted.patients * probability) ** 2 - counted.patients * probability * (1 - probability)
    if found < TRIED[1] and excess.sum() <= 0:  # the slope of the likelihood in the variance, at 0
        return 0.0
    return found


def highest(likelihood: Callable[[float], float], widest: float) -> tuple[float, float]:
    """The spread up to `widest` with the highest likelihood, and that likelihood."""
    from scipy.optimize import minimize_scalar

    tried = [sd for sd in TRIED if sd <= widest]
    values = [likelihood(sd) for sd in tried]
    at = int(np.argmax(values))
    if len(tried) == 1:
        return tried[0], values[0]
    ends = tried[max(at - 1, 0)], tried[min(at + 1, len(tried) - 1)]
    found = minimize_scalar(lambda sd: -likelihood(sd), bounds=ends, method="bounded", options={"xatol": FINE})
    return (float(found.x), float(-found.fun)) if -found.fun > values[at] else (tried[at], values[at])


def average(beta: float, sd: float) -> float:
    """The proportion among patients of all centres."""
    step = 0.5 / max(1.0, sd)
    at = _grid(step)
    return float((expit(beta + sd * at) * np.exp(-(at**2) / 2)).sum() * step / math.sqrt(2 * math.pi))


def intercept(proportion: float, sd: float) -> float:
    """The log odds of the median centre that give a proportion among patients of all."""
    from scipy.optimize import brentq

    log_odds = math.log(proportion / (1 - proportion))
    if sd == 0 or abs(log_odds) < NO_ODDS:
        return log_odds
    far = log_odds * (1 + sd)
    while (average(far, sd) - proportion) * math.copysign(1, log_odds) < 0:
        far *= 2
    return float(brentq(lambda beta: average(beta, sd) - proportion, 0.0, far, xtol=1e-12))


def _integrated(counted: Counted, beta: float, sd: float) -> tuple[float, Matrix, Vector]:
    """The log-likelihood, the weights of a grid given each centre's patients, and the log odds on that grid."""
    step = 0.5 / (1 + sd * math.sqrt(counted.patients.max()) / 2)
    at = _grid(step)
    linear = beta + sd * at
    logs = np.outer(counted.events, linear) - np.outer(counted.patients, np.logaddexp(0, linear)) - at**2 / 2
    top = logs.max(axis=1, keepdims=True)
    heights = np.exp(logs - top)
    sums = heights.sum(axis=1, keepdims=True)
    likelihood = float((top + np.log(sums * step / math.sqrt(2 * math.pi))).sum())
    return likelihood, heights / sums, linear


def _grid(step: float) -> Vector:
    whole = math.ceil(REACH / step)
    return np.arange(-whole, whole + 1, dtype=np.float64) * np.float64(step)
