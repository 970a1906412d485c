"""The likelihood of counts in groups (centres, studies) whose log odds, or log rates, are normally distributed."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from remit.inference.design import Matrix, Vector
from remit.inference.logistic_likelihood import expit

WIDEST = 10.0  # of the standard deviation of log odds; the odds of two groups then differ a million-fold
REACH = 9.0  # standard deviations of a group's intercept that an integral spans
TRIED = (0.0, 0.05, 0.1, 0.2, 0.3, 0.45, 0.65, 0.9, 1.2, 1.6, 2.1, 2.8, 3.7, 5.0, 7.0, WIDEST)
FINE = 1e-9
ROUNDS = 100
NO_ODDS = 1e-12  # log odds nearer to 0 are rounding
NEAR = 1e-14  # twice what a last round would add to the likelihood; below it are rounding and many patients


class Outcomes(Protocol):
    """Events in groups, given the log odds or the log rate, which all groups have alike at each point of a grid."""

    @property
    def events(self) -> Vector: ...

    def common(self) -> float:
        """The log odds or the log rate of all groups as one."""

    def densities(self, linear: Vector) -> Matrix:
        """Their logarithms but for a constant, groups × points."""

    def moments(self, linear: Vector) -> tuple[Matrix, Matrix]:
        """Mean and variance of the events, groups × points."""

    def sharpest(self) -> float:
        """About the standard deviation of events in the largest group; the grid must be finer than its inverse."""


@dataclass(frozen=True)
class Counted:
    """Events and patients, a group each; some events, and some patients without."""

    events: Vector
    patients: Vector

    def common(self) -> float:
        total = self.events.sum()
        return math.log(total / (self.patients.sum() - total))

    def densities(self, linear: Vector) -> Matrix:
        return np.outer(self.events, linear) - np.outer(self.patients, np.logaddexp(0, linear))

    def moments(self, linear: Vector) -> tuple[Matrix, Matrix]:
        probability = expit(linear)
        return np.outer(self.patients, probability), np.outer(self.patients, probability * (1 - probability))

    def sharpest(self) -> float:
        return math.sqrt(self.patients.max()) / 2


@dataclass(frozen=True)
class Timed:
    """Events and person-time, a group each; some events."""

    events: Vector
    times: Vector

    def common(self) -> float:
        return math.log(self.events.sum() / self.times.sum())

    def densities(self, linear: Vector) -> Matrix:
        return np.outer(self.events, linear) - np.outer(self.times, np.exp(linear))

    def moments(self, linear: Vector) -> tuple[Matrix, Matrix]:
        expected = np.outer(self.times, np.exp(linear))
        return expected, expected

    def sharpest(self) -> float:
        return math.sqrt(self.events.max())


def log_likelihood(counted: Outcomes, beta: float, sd: float) -> float:
    """But for a constant; `beta` are the log odds (the log rate) of the median group, `sd` their spread.

    A group's intercept is integrated by the trapezoidal rule, which on the whole line converges as fast as Gauss and
    Hermite's, and needs no group's mode (L. N. Trefethen and J. A. C. Weideman, SIAM Review 2014;56:385-458).
    """
    return _integrated(counted, beta, sd)[0]


def best_intercept(counted: Outcomes, sd: float) -> tuple[float, float]:
    """The log odds of highest likelihood for a given spread, and that likelihood, which is log-concave in them."""
    beta = counted.common()
    likelihood, weights, linear, _ = _integrated(counted, beta, sd)
    for _ in range(ROUNDS):
        mean, inner = counted.moments(linear)
        residual = counted.events[:, np.newaxis] - mean
        each = (weights * residual).sum(axis=1)
        score = float(each.sum())
        bend = float(((weights * inner).sum(axis=1) - (weights * residual**2).sum(axis=1) + each**2).sum())
        if score**2 < bend * NEAR:
            return beta, likelihood
        step = score / bend
        while (tried := _integrated(counted, beta + step, sd))[0] < likelihood - 1e-12 * abs(likelihood):
            step /= 2
        beta += step
        likelihood, weights, linear, _ = tried
    raise ArithmeticError("the model of groups did not converge")


def best_spread(counted: Outcomes) -> float:
    """The spread of highest likelihood: 0 if groups differ no more than chance has them, at most WIDEST."""
    beta, _ = best_intercept(counted, 0.0)
    found, _ = highest(lambda sd: best_intercept(counted, sd)[1], WIDEST)
    mean, inner = (moment[:, 0] for moment in counted.moments(np.array([beta])))
    excess = (counted.events - mean) ** 2 - inner
    if found < TRIED[1] and excess.sum() <= 0:  # the slope of the likelihood in the variance, at 0
        return 0.0
    return found


def spread_ends(counted: Outcomes, sd: float, floor: float) -> tuple[float, float]:
    """Where the profile of the likelihood around the best spread, which is below WIDEST, falls to `floor`; 0 and
    infinity where it does not."""
    from scipy.optimize import brentq

    def above(value: float) -> float:
        return best_intercept(counted, value)[1] - floor

    lower = 0.0 if above(0.0) >= 0 else float(brentq(above, 0.0, sd, xtol=1e-10))
    upper = math.inf if above(WIDEST) >= 0 else float(brentq(above, sd, WIDEST, xtol=1e-10))
    return lower, upper


def slopes(counted: Outcomes, beta: float, sd: float) -> tuple[Vector, Matrix]:
    """The score of (beta, sd) and the observed information, the negative of the second derivatives.

    T. A. Louis, Journal of the Royal Statistical Society B 1982;44:226-33: means over each group's intercept given its
    events.
    """
    _, weights, linear, at = _integrated(counted, beta, sd)
    mean, inner = counted.moments(linear)
    residual = counted.events[:, np.newaxis] - mean
    by = np.stack([np.ones_like(at), at])  # the derivatives of the linear predictor
    each = np.einsum("gp,gp,ap->ga", weights, residual, by)
    bend = np.einsum("gp,gp,ap,bp->ab", weights, inner - residual**2, by, by)
    information: Matrix = bend + each.T @ each
    return each.sum(axis=0), information


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
    """The proportion among patients of all groups."""
    step = 0.5 / max(1.0, sd)
    at = _grid(step)
    return float((expit(beta + sd * at) * np.exp(-(at**2) / 2)).sum() * step / math.sqrt(2 * math.pi))


def intercept(proportion: float, sd: float) -> float:
    """The log odds of the median group that give a proportion among patients of all."""
    from scipy.optimize import brentq

    log_odds = math.log(proportion / (1 - proportion))
    if sd == 0 or abs(log_odds) < NO_ODDS:
        return log_odds
    far = log_odds * (1 + sd)
    while (average(far, sd) - proportion) * math.copysign(1, log_odds) < 0:
        far *= 2
    return float(brentq(lambda beta: average(beta, sd) - proportion, 0.0, far, xtol=1e-12))


def _integrated(counted: Outcomes, beta: float, sd: float) -> tuple[float, Matrix, Vector, Vector]:
    """The log-likelihood, the weights of a grid given each group's events, the log odds on that grid, and the grid."""
    step = 0.5 / (1 + sd * counted.sharpest())
    at = _grid(step)
    linear = beta + sd * at
    logs = counted.densities(linear) - at**2 / 2
    top = logs.max(axis=1, keepdims=True)
    heights = np.exp(logs - top)
    sums = heights.sum(axis=1, keepdims=True)
    likelihood = float((top + np.log(sums * step / math.sqrt(2 * math.pi))).sum())
    return likelihood, heights / sums, linear, at


def _grid(step: float) -> Vector:
    whole = math.ceil(REACH / step)
    return np.arange(-whole, whole + 1, dtype=np.float64) * np.float64(step)
