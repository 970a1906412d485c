"""Cox's partial likelihood: its value, slope and curvature, and where it is largest.

D. R. Cox, Journal of the Royal Statistical Society B 1972;34:187-220. Several events at one time: B. Efron, Journal of
the American Statistical Association 1977;72:557-65, or N. Breslow, Biometrics 1974;30:89-99.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from remit.inference.at_risk import strata_of

Floats = NDArray[np.float64]
Rows = NDArray[np.intp]
Ties = Literal["efron", "breslow"]

ROUNDS = 60
SMALLEST = -700.0  # of the logarithms of hazards beside the largest, so that none is 0
LAST = 1e-10  # what a step adds to the logarithm of the likelihood, below which it is the last


@dataclass(frozen=True)
class RiskSets:
    """One stratum: its patients from the last time to the first, and for each event who was at risk of it.

    covariates: (patients, k); time: (patients,); event: (events,), the rows of those with the event. At risk of an
    event are the rows before `end`; the events of the same time are the rows from `tied` to `end`. In Efron's way the
    j-th of d events at one time counts each of them by 1 - `share`, with share = (j - 1) / d; in Breslow's by 1.
    """

    covariates: Floats
    time: Floats
    event: Rows
    end: Rows
    tied: Rows
    share: Floats


def risk_sets(
    times: Sequence[float],
    events: Sequence[bool],
    covariates: Floats,
    strata: Sequence[Hashable] | None,
    ties: Ties,
) -> tuple[RiskSets, ...]:
    """One for each stratum with an event."""
    time, event = np.asarray(times, dtype=float), np.asarray(events, dtype=bool)
    parts = strata_of(strata, len(time))
    return tuple(_stratum(time[one], event[one], covariates[one], ties) for one in parts if event[one].any())


def _stratum(time: Floats, event: NDArray[np.bool_], covariates: Floats, ties: Ties) -> RiskSets:
    order = np.lexsort((event, -time))  # at one time those with the event are the last
    time, event = time[order], event[order]
    rows = np.flatnonzero(event)
    end = np.searchsorted(-time, -time[rows], side="right")
    times, first, count = np.unique(-time[rows], return_index=True, return_counts=True)
    at = np.searchsorted(times, -time[rows])
    share = (np.arange(len(rows)) - first[at]) / count[at] if ties == "efron" else np.zeros(len(rows))
    return RiskSets(covariates[order], time, rows, end, end - count[at], share)


@dataclass(frozen=True)
class Moments:
    """Of the covariates of those at risk of each event, weighed by their hazards: the logarithm of the sum of the
    hazards (events,), the mean (events, k), and the hazards (patients,) and sums (events,) they are made of, up to a
    factor."""

    log_sum: Floats
    mean: Floats
    hazard: Floats
    sum: Floats


def moments(sets: RiskSets, coefficients: Floats) -> Moments:
    line = sets.covariates @ coefficients
    top = line.max()
    hazard = np.exp(np.maximum(line - top, SMALLEST))
    total = _at_risk(sets, hazard)
    mean = _at_risk(sets, hazard[:, None] * sets.covariates) / total[:, None]
    return Moments(np.log(total) + top, mean, hazard, total)


def _at_risk(sets: RiskSets, values: Floats) -> Floats:
    """The sum over those at risk of each event, less the share of those who have it at the same time."""
    sums = np.concatenate([np.zeros_like(values[:1]), np.cumsum(values, axis=0)])
    share = sets.share.reshape(-1, *[1] * (values.ndim - 1))
    among: Floats = sums[sets.end] - share * (sums[sets.end] - sums[sets.tied])
    return among


def information(sets: RiskSets, found: Moments, weights: Floats | None = None) -> Floats:
    """(k, k): the covariance of the covariates of those at risk, summed over the events, each weighed."""
    weights = np.ones(len(sets.event)) if weights is None else weights
    each = weights / found.sum
    last = np.zeros(len(sets.time))
    np.add.at(last, sets.end - 1, each)
    at_risk = np.cumsum(last[::-1])[::-1]  # of the events at whose risk a patient is; sums, for differences round off
    among = np.zeros(len(sets.time))
    np.add.at(among, sets.tied, each * sets.share)
    at_risk[sets.event] -= among[sets.tied]
    counted = found.hazard * at_risk
    second = sets.covariates.T @ (counted[:, None] * sets.covariates)
    return second - found.mean.T @ (weights[:, None] * found.mean)


@dataclass(frozen=True)
class Likelihood:
    """log: its logarithm; slope: (k,); curvature: (k, k), the observed information."""

    log: float
    slope: Floats
    curvature: Floats


def likelihood(strata: Sequence[RiskSets], coefficients: Floats) -> Likelihood:
    log, slope = 0.0, np.zeros(len(coefficients))
    curvature = np.zeros((len(coefficients), len(coefficients)))
    for sets in strata:
        found = moments(sets, coefficients)
        had = sets.covariates[sets.event]
        log += float((had @ coefficients - found.log_sum).sum())
        slope = slope + (had - found.mean).sum(axis=0)
        curvature = curvature + information(sets, found)
    return Likelihood(log, slope, curvature)


@dataclass(frozen=True)
class Maximum:
    """The coefficients at which the likelihood is largest, and the likelihood there. Where it has no maximum, they are
    so large that larger ones would add next to nothing to it."""

    coefficients: Floats
    likelihood: Likelihood


def maximise(strata: Sequence[RiskSets], start: Floats, free: Sequence[int]) -> Maximum:
    """By Newton's method, with half a step where a whole one goes too far. Coefficients that are not `free` stay."""
    among = np.array(free, dtype=int)
    best = Maximum(start, likelihood(strata, start))
    for _ in range(ROUNDS if len(among) else 0):
        slope, curvature = best.likelihood.slope[among], best.likelihood.curvature[np.ix_(among, among)]
        change = np.linalg.lstsq(curvature, slope, rcond=1e-13)[0]
        step = np.zeros(len(start))
        step[among] = change
        if float(change @ slope) < LAST:
            return Maximum(best.coefficients + step, likelihood(strata, best.coefficients + step))
        further = _step(strata, best, step)
        if further is None:
            return best
        best = further
    return best


def newton_gain(at: Likelihood) -> float:
    """About twice what the logarithm of the likelihood is below its maximum."""
    return float(at.slope @ np.linalg.lstsq(at.curvature, at.slope, rcond=1e-13)[0])


def _step(strata: Sequence[RiskSets], best: Maximum, step: Floats) -> Maximum | None:
    """The first of the whole step, its half, its quarter, … that makes the likelihood larger."""
    for _ in range(40):
        with np.errstate(divide="ignore", invalid="ignore"):
            found = likelihood(strata, best.coefficients + step)
        if found.log > best.likelihood.log:
            return Maximum(best.coefficients + step, found)
        step = step / 2
    return None
