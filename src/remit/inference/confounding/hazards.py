"""The hazard ratio in the target population, from a weighted Cox model of the arm alone."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from remit.inference.confidence import normal_quantile
from remit.inference.confounding.means import ratio_of
from remit.inference.confounding.survival import checked
from remit.inference.confounding.weights import Weights, robust
from remit.inference.design import Vector
from remit.inference.estimate import CONFIDENCE, Estimate


def hazard_ratio(
    times: Sequence[float],
    events: Sequence[bool],
    by: Weights,
    confidence: float = CONFIDENCE,
    *,
    score_known: bool = False,
) -> Estimate:
    """Of the treated against the comparator, from a weighted Cox model of the arm alone: marginal, if hazards are
    proportional in the target population.

    Ties as N. Breslow; robust variance of D. Y. Lin and L. J. Wei, Journal of the American Statistical Association
    1989;84:1074-8. Not given where an arm has no event.
    """
    from scipy.special import ndtr

    time, event = checked(times, events, by)
    method = f"weighted Cox regression, {robust(score_known)}, {100 * confidence:g} %"
    for arm, who in by.propensity.arms.members.items():
        if not event[who].any():
            return Estimate(None, method, note=f"nobody in {arm} has the event: there is no hazard ratio")
    sets = _risk_sets(time, event, by)
    log = _log_ratio(sets)
    if log is None:
        return Estimate(None, method, note="one arm has its events when nobody is left in the other: no finite ratio")
    slope = _residuals(sets, time, event, by.propensity.arms.treated, log) / sets.information(log)
    moved = by.moved(slope, score_known=score_known)
    error = math.sqrt(float(moved @ moved))
    if error <= 1e-12:
        return Estimate(math.exp(log), method, note="no patient moves it: there is no interval")
    half = normal_quantile(confidence) * error
    p = float(2 * ndtr(-abs(log / error)))
    return ratio_of(Estimate(log, method, log - half, log + half, p))


@dataclass(frozen=True)
class _RiskSets:
    """At each time of an event, the weights of those at risk and of those with the event, by arm."""

    times: Vector
    treated: Vector
    other: Vector
    treated_events: Vector
    other_events: Vector

    @property
    def events(self) -> Vector:
        return self.treated_events + self.other_events

    def share(self, log: float) -> Vector:
        """The treated's, of the hazard."""
        hazard = self.treated * math.exp(log)
        return hazard / (hazard + self.other)

    def score(self, log: float) -> float:
        return float((self.treated_events - self.events * self.share(log)).sum())

    def information(self, log: float) -> float:
        share = self.share(log)
        return float((self.events * share * (1 - share)).sum())


def _risk_sets(time: Vector, event: NDArray[np.bool_], by: Weights) -> _RiskSets:
    times = np.unique(time[event])
    parts = []
    for who in by.propensity.arms.members.values():
        order = np.argsort(time[who])
        later = np.append(np.cumsum(by.values[who][order][::-1])[::-1], 0.0)
        at_risk = later[np.searchsorted(time[who][order], times)]
        had = np.zeros(times.size)
        np.add.at(had, np.searchsorted(times, time[who & event]), by.values[who & event])
        parts.append((at_risk, had))
    (treated, treated_events), (other, other_events) = parts
    return _RiskSets(times, treated, other, treated_events, other_events)


def _residuals(
    sets: _RiskSets, time: Vector, event: NDArray[np.bool_], treated: NDArray[np.bool_], log: float
) -> Vector:
    """By how much the score grows with the weight of each patient."""
    share, relative = sets.share(log), np.where(treated, math.exp(log), 1.0)
    hazard = sets.events / (sets.treated * math.exp(log) + sets.other)
    until = np.searchsorted(sets.times, time, side="right")
    hazards = np.append(0.0, np.cumsum(hazard))[until]
    shares = np.append(0.0, np.cumsum(hazard * share))[until]
    own = share[np.minimum(np.searchsorted(sets.times, time), sets.times.size - 1)]
    found: Vector = np.where(event, treated - own, 0.0) - relative * (treated * hazards - shares)
    return found


def _log_ratio(sets: _RiskSets) -> float | None:
    """The root of the score, None if it is at infinity."""
    from scipy.optimize import brentq

    if not (sets.other_events[sets.treated > 0].any() and sets.treated_events[sets.other > 0].any()):
        return None
    far = 1.0
    while sets.score(-far) < 0 or sets.score(far) > 0:
        far *= 2
    return float(brentq(sets.score, -far, far, xtol=1e-13, rtol=1e-13))
