"""What the outcome would be on average in the target population, all treated and nobody treated, and the contrasts."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from remit.inference.confidence import normal_quantile
from remit.inference.design import Matrix, Vector
from remit.inference.estimate import CONFIDENCE, Estimate

LARGEST = 700.0  # of the logarithm of a number


@dataclass(frozen=True)
class Means:
    """Shares from 0 to 1 of a yes or no, else means. `influence` (patients × 2: treated, comparator): by how much each
    patient moves them, so that its squares sum up to their variances. `method` made the means, `variance` their
    variances; `without_interval`: why there is no interval."""

    treated: float
    comparator: float
    influence: Matrix
    yes_no: bool
    method: str
    variance: str
    without_interval: str | None = None

    @property
    def covariance(self) -> Matrix:
        return self.influence.T @ self.influence


def of_treated(means: Means, confidence: float = CONFIDENCE) -> Estimate:
    """The mean if all were treated; a share's interval is made on the scale of log odds and stays within 0 to 1."""
    return _of_one(means, 0, confidence)


def of_comparator(means: Means, confidence: float = CONFIDENCE) -> Estimate:
    return _of_one(means, 1, confidence)


def difference(means: Means, confidence: float = CONFIDENCE) -> Estimate:
    """Treated less comparator, taken as normal: of shares the risk difference, whose interval ends at -1 and 1."""
    found = _estimate(means, means.treated - means.comparator, np.array([1.0, -1.0]), "difference", confidence)
    if found.value is None or found.lower is None or found.upper is None or not means.yes_no or abs(found.value) > 1:
        return found
    return replace(found, lower=max(found.lower, -1.0), upper=min(found.upper, 1.0))


def ratio(means: Means, confidence: float = CONFIDENCE) -> Estimate:
    """Of shares, the risk ratio; of means, their ratio. Interval and p take its log as normal."""
    one, other = means.treated, means.comparator
    what = "risk ratio" if means.yes_no else "ratio of means"
    if other == 0:
        return Estimate(None, _method(means, what, confidence), note="there is no ratio to 0")
    if one == 0 and means.yes_no:
        return Estimate(0.0, _method(means, what, confidence), note="a ratio of 0 has no interval")
    if one <= 0 or other <= 0:
        return Estimate(None, _method(means, what, confidence), note="there is no ratio of means that are not above 0")
    return ratio_of(_estimate(means, math.log(one / other), np.array([1 / one, -1 / other]), what, confidence))


def odds_ratio(means: Means, confidence: float = CONFIDENCE) -> Estimate:
    """Of the two shares, marginal; interval and p take its log as normal. Raises ValueError for means."""
    if not means.yes_no:
        raise ValueError("an odds ratio is of a yes or no")
    one, other = means.treated, means.comparator
    if not (0 < one < 1 and 0 < other < 1):
        note = "there is no odds ratio where a risk is not between 0 and 1"
        return Estimate(None, _method(means, "odds ratio", confidence), note=note)
    log = math.log(one / (1 - one) / (other / (1 - other)))
    return ratio_of(
        _estimate(means, log, np.array([1 / one / (1 - one), -1 / other / (1 - other)]), "odds ratio", confidence)
    )


def _of_one(means: Means, at: int, confidence: float) -> Estimate:
    value, one = (means.treated, means.comparator)[at], np.eye(2)[at]
    what = "risk" if means.yes_no else "mean"
    if not means.yes_no or not 0 < value < 1:
        found = _estimate(means, value, one, what, confidence)
        return Estimate(value, found.method, found.lower, found.upper, note=found.note)
    logit = _estimate(means, math.log(value / (1 - value)), one / value / (1 - value), what, confidence)
    if logit.lower is None or logit.upper is None:
        return Estimate(value, logit.method, note=logit.note)
    return Estimate(value, logit.method, _expit(logit.lower), _expit(logit.upper))


def _estimate(means: Means, value: float, gradient: Vector, what: str, confidence: float) -> Estimate:
    from scipy.special import ndtr

    method = _method(means, what, confidence)
    error = math.sqrt(max(float(gradient @ means.covariance @ gradient), 0.0))
    if means.without_interval is not None:
        return Estimate(value, method, note=means.without_interval)
    if error <= 1e-12 * max(abs(value), 1.0):
        return Estimate(value, method, note="no patient moves it: there is no interval")
    half = normal_quantile(confidence) * error
    return Estimate(value, method, value - half, value + half, float(2 * ndtr(-abs(value) / error)))


def ratio_of(log: Estimate) -> Estimate:
    """The ratio whose log this is. An end that is too large for a number is infinite."""
    value, lower, upper = (
        None if one is None else math.exp(one) if one < LARGEST else math.inf
        for one in (log.value, log.lower, log.upper)
    )
    return Estimate(value, log.method, lower, upper, log.p, log.note)


def _expit(log_odds: float) -> float:
    return 1 / (1 + math.exp(min(-log_odds, LARGEST)))


def _method(means: Means, what: str, confidence: float) -> str:
    return f"{what}, {means.method}, {means.variance}, {100 * confidence:g} %"
