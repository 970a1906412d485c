"""Counts of studies pooled by a generalised linear mixed model: no approximate variances, no corrections of zeros.

T. Stijnen, T. H. Hamza and P. Özdemir, Statistics in Medicine 2010;29:3046-67. R's rma.glmm with measure "PLO" (events
of patients) and "IRLN" (events in person-time) fits the same models.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from remit.inference.chi_squared import ChiSquared, upper_tail
from remit.inference.confidence import allowed_loss
from remit.inference.design import Vector
from remit.inference.estimate import CONFIDENCE, Estimate, Guard
from remit.inference.pooling.between import Heterogeneity, with_shares
from remit.inference.pooling.effects import Effects, check_names
from remit.inference.pooling.pool import NORMAL, CannotPool, Pooled, Study, few, linear_of, need_two, predicted, told
from remit.inference.pooling.proportions import Events, logits
from remit.inference.pooling.rates import Incidence, log_rates
from remit.inference.pooling.weighted import intercept, weighted
from remit.inference.random_intercept import (
    NEAR,
    WIDEST,
    Counted,
    Outcomes,
    Timed,
    best_intercept,
    best_spread,
    slopes,
    spread_ends,
)

STUDENT = "Student's t"
INTERVALS = (STUDENT, NORMAL)
LIKELIHOOD_RATIO, WALD = "likelihood-ratio test", "Wald test"
_ROUNDS = 50


def mixed_proportions(studies: Sequence[Events], interval: str = STUDENT, confidence: float = CONFIDENCE) -> Pooled:
    """Log odds normally distributed over studies, events binomial in each; told is the proportion in the median study.

    `interval`: Student's t with one degree of freedom fewer than studies (R's `test = "t"`), or normal (R's default).
    tau² is by maximum likelihood, its interval by its profile. Raises CannotPool for fewer than two studies and where
    nobody or everybody had the event in all, ValueError for another name of an interval, and ArithmeticError where
    the fit does not converge, as where studies have all or none.
    """
    _check([study.name for study in studies], interval)
    events, patients = (np.array(column, float) for column in zip(*((s.n, s.of) for s in studies), strict=True))
    if events.sum() in (0, patients.sum()):
        every = "nobody" if events.sum() == 0 else "everybody"
        raise CannotPool(
            f"{every} of the {patients.sum():.0f} patients of all studies had the event: no model fits that"
        )
    if patients.max() == 1:
        raise CannotPool("each study has one patient, so that studies cannot be told from patients")
    saturated = float(
        (_times_log(events, events / patients) + _times_log(patients - events, 1 - events / patients)).sum()
    )
    return _pooled(Counted(events, patients), logits(studies), saturated, interval, confidence)


def mixed_rates(studies: Sequence[Incidence], interval: str = STUDENT, confidence: float = CONFIDENCE) -> Pooled:
    """Log rates normally distributed over studies, events Poisson in each; told is the rate in the median study.

    As `mixed_proportions` in all else.
    """
    _check([study.name for study in studies], interval)
    events, times = (np.array(column, float) for column in zip(*((s.events, s.time) for s in studies), strict=True))
    if events.sum() == 0:
        raise CannotPool("there were no events in any study: no model fits that")
    saturated = float((_times_log(events, events / times) - events).sum())
    return _pooled(Timed(events, times), log_rates(studies), saturated, interval, confidence)


def _pooled(counted: Outcomes, effects: Effects, saturated: float, interval: str, confidence: float) -> Pooled:
    beta, sd, error = _fitted(counted)
    freedom = len(effects) - 1 if interval == STUDENT else None
    linear = linear_of(beta, error, freedom, effects.scale, confidence)
    method = f"mixed model of the {effects.scale.name}, {interval} {100 * confidence:g} %"
    notes: tuple[Guard, ...] = (BOUNDARY,) if sd == 0 else ()
    return Pooled(
        told(linear, effects.scale, method),
        predicted(linear, effects.scale, len(effects), sd**2, confidence),
        _heterogeneity(counted, effects, sd, saturated, confidence),
        tuple(Study(name, estimate, None) for name, estimate in zip(effects.names, effects.estimates(), strict=True)),
        linear,
        effects.scale,
        (*few(len(effects)), *notes),
    )


BOUNDARY = Guard("no_heterogeneity", "tau² is 0: studies differ no more than chance has them differ, or are too few.")


def _fitted(counted: Outcomes) -> tuple[float, float, float]:
    """Log odds or log rate, spread, and the standard error of the former from the observed information of both."""
    sd = best_spread(counted)
    if sd >= WIDEST:
        raise ArithmeticError(f"the mixed model did not converge: studies lie more than {WIDEST:g} on its scale apart")
    beta, _ = best_intercept(counted, sd)
    if sd == 0:
        _, information = slopes(counted, beta, 0.0)
        return beta, 0.0, 1 / math.sqrt(information[0, 0])
    for _ in range(_ROUNDS):  # the search ends where the likelihood is flat; the score tells the last digits
        score, information = slopes(counted, beta, sd)
        step = np.linalg.solve(information, score)
        if abs(float(score @ step)) < NEAR and np.linalg.det(information) > 0 < information[0, 0]:
            return beta, sd, math.sqrt(np.linalg.inv(information)[0, 0])
        beta, sd = beta + float(step[0]), sd + float(step[1])
    raise ArithmeticError("the mixed model did not converge")


def _heterogeneity(
    counted: Outcomes, effects: Effects, sd: float, saturated: float, confidence: float
) -> Heterogeneity:
    _, likelihood = best_intercept(counted, sd)
    freedom = len(effects) - 1
    ratio = max(0.0, 2 * (saturated - best_intercept(counted, 0.0)[1]))
    low, high = spread_ends(counted, sd, likelihood - allowed_loss(confidence))
    method = f"maximum likelihood, profile {100 * confidence:g} %"
    values, variances = effects.arrays
    common = weighted(values, variances, intercept(len(effects)))
    wald = ChiSquared(common.squares, freedom, upper_tail(common.squares, freedom), WALD)
    if any(note.name == "corrected" for note in effects.notes):
        wald = ChiSquared(None, freedom, None, WALD, "a study without events, or with nothing else, has no Wald test")
    return with_shares(
        ChiSquared(ratio, freedom, upper_tail(ratio, freedom), LIKELIHOOD_RATIO),
        Estimate(sd**2, method, low**2, high**2),
        freedom / common.trace,
        wald,
    )


def _times_log(counts: Vector, shares: Vector) -> Vector:
    """counts · log(shares), 0 where nothing is counted."""
    return counts * np.log(np.where(counts > 0, shares, 1.0))


def _check(names: Sequence[str], interval: str) -> None:
    if interval not in INTERVALS:
        raise ValueError(f"{interval!r} is none of the intervals of a mixed model: {'; '.join(INTERVALS)}")
    check_names(names)
    need_two(tuple(names))
