"""A proportion in centres that differ: a logistic regression with a random intercept for the centre."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from remit.inference.centres.counts import NO_MORE, Count, inseparable, told, with_patients
from remit.inference.chi_squared import upper_tail
from remit.inference.confidence import allowed_loss, normal_quantile
from remit.inference.estimate import CONFIDENCE, Estimate, Guard
from remit.inference.random_intercept import (
    WIDEST,
    Counted,
    average,
    best_intercept,
    best_spread,
    highest,
    intercept,
    log_likelihood,
    spread_ends,
)

MODEL = "random-intercept logistic regression"
UPPER_QUARTILE = 0.6744897501960817  # of the standard normal distribution
FARTHEST = 30.0  # log odds; beyond, 1 minus the proportion is lost in rounding


@dataclass(frozen=True)
class CentreProportion:
    """A centre's count, and its proportion drawn towards the others as far as it has few patients."""

    count: Count
    shrunken: Estimate


@dataclass(frozen=True)
class Proportions:
    """`average`: of patients of all such centres. `typical`: in the median centre. `spread`: the standard deviation of
    log odds between centres, with the test that there is none. `median_odds_ratio`: of two patients alike in two
    centres, the higher odds to the lower, at the median."""

    average: Estimate
    typical: Estimate
    spread: Estimate
    median_odds_ratio: Estimate
    centres: tuple[CentreProportion, ...]
    guards: tuple[Guard, ...]


def proportions(counts: Sequence[Count], confidence: float = CONFIDENCE) -> Proportions:
    """The proportion of an outcome in centres whose log odds are normally distributed, by maximum likelihood.

    Intervals are by profile likelihood. The test of no spread takes half of a chi-squared with 1 degree (S. G. Self and
    K.-Y. Liang, Journal of the American Statistical Association 1987;82:605-10). Median odds ratio: K. Larsen and
    J. Merlo, American Journal of Epidemiology 2005;161:81-8. A shrunken proportion is at the mode of the centre's
    intercept given its patients, its interval by the curvature there.
    """
    held, guards = with_patients(counts), told(counts)
    if note := _one_outcome(held):
        none = Estimate(None, MODEL, note=note)
        shrunken = tuple(CentreProportion(count, none) for count in held)
        return Proportions(_pooled(held, note), _pooled(held, note), none, none, shrunken, guards)
    counted = Counted(*(np.array([getattr(count, of) for count in held], float) for of in ("events", "patients")))
    method = f"{MODEL}, profile likelihood {100 * confidence:g} %"
    note = inseparable([count.patients for count in held])
    widest = 0.0 if note else WIDEST
    sd = 0.0 if note else best_spread(counted)
    beta, likelihood = best_intercept(counted, sd)
    floor = likelihood - allowed_loss(confidence)
    spread = Estimate(None, method, note=note) if note else _spread(counted, sd, likelihood, floor, method)

    def of_average(logit: float) -> float:
        return highest(lambda sd: log_likelihood(counted, intercept(_expit(logit), sd), sd), widest)[1] - floor

    def of_typical(logit: float) -> float:
        return highest(lambda sd: log_likelihood(counted, logit, sd), widest)[1] - floor

    return Proportions(
        _estimate(average(beta, sd), of_average, method, note),
        _estimate(_expit(beta), of_typical, method, note),
        spread,
        _median_odds_ratio(spread),
        tuple(CentreProportion(count, _shrunken(count, beta, sd, confidence, spread.note)) for count in held),
        guards,
    )


def _one_outcome(counts: Sequence[Count]) -> str | None:
    events, patients = sum(count.events for count in counts), sum(count.patients for count in counts)
    if not patients:
        return "No centre has a patient."
    if events in (0, patients):
        every = "None" if events == 0 else "All"
        return f"{every} of the {patients} patients had the outcome, so centres can not be told apart."
    return None


def _pooled(counts: Sequence[Count], note: str) -> Estimate:
    patients = sum(count.patients for count in counts)
    return Estimate(sum(count.events for count in counts) / patients if patients else None, MODEL, note=note)


def _spread(counted: Counted, sd: float, likelihood: float, floor: float, method: str) -> Estimate:
    if sd == WIDEST:
        return Estimate(None, method, note="Centres have all or none of their patients with the outcome.")
    lower, upper = spread_ends(counted, sd, floor)
    if sd == 0:
        return Estimate(0.0, method, lower, upper, 1.0, NO_MORE)
    statistic = max(2 * (likelihood - best_intercept(counted, 0.0)[1]), 0.0)
    return Estimate(sd, method, lower, upper, upper_tail(statistic, 1) / 2)


def _median_odds_ratio(spread: Estimate) -> Estimate:
    def ratio(sd: float | None) -> float | None:
        return None if sd is None else math.exp(math.sqrt(2) * sd * UPPER_QUARTILE)

    return Estimate(ratio(spread.value), spread.method, ratio(spread.lower), ratio(spread.upper), spread.p, spread.note)


def _estimate(value: float, above: Callable[[float], float], method: str, note: str | None) -> Estimate:
    """A proportion with the ends of its profile: where the likelihood of its log odds falls to the floor."""
    centre = math.log(value / (1 - value))
    return Estimate(value, method, _expit(_end(above, centre, -1)), _expit(_end(above, centre, 1)), note=note)


def _end(above: Callable[[float], float], centre: float, side: int) -> float:
    from scipy.optimize import brentq

    far = 0.5
    while above(centre + side * far) >= 0:
        far *= 2
        if far > FARTHEST:
            return side * math.inf
    return float(brentq(above, centre, centre + side * far, xtol=1e-9))


def _shrunken(count: Count, beta: float, sd: float, confidence: float, note: str | None) -> Estimate:
    from scipy.optimize import brentq

    method = f"{MODEL}, conditional mode, {100 * confidence:g} %"
    if sd == 0:
        return Estimate(_expit(beta), method, note=note)

    def slope(at: float) -> float:
        return sd * (count.events - count.patients * _expit(beta + sd * at)) - at

    far = sd * count.patients + 1
    mode = float(brentq(slope, -far, far, xtol=1e-12))
    linear = beta + sd * mode
    probability = _expit(linear)
    bend = 1 + sd**2 * count.patients * probability * (1 - probability)
    half = normal_quantile(confidence) * sd / math.sqrt(bend)
    return Estimate(probability, method, _expit(linear - half), _expit(linear + half), note=note)


def _expit(linear: float) -> float:
    return 1 / (1 + math.exp(-linear)) if linear > -700 else 0.0
