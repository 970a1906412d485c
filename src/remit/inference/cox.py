"""Cox's regression: by how much a covariate multiplies the hazard of an event.

D. R. Cox, Journal of the Royal Statistical Society B 1972;34:187-220; as R's coxph. Intervals: Wald's, or by profile
likelihood (D. J. Venzon, S. H. Moolgavkar, Applied Statistics 1988;37:87-94).
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np

from remit.inference.chi_squared import ChiSquared, independent, no_test, score_test, upper_tail
from remit.inference.confidence import allowed_loss, normal_quantile
from remit.inference.design import Column, Covariate, CovariateError, design
from remit.inference.estimate import CONFIDENCE, Estimate, Guard
from remit.inference.monotone_likelihood import endless
from remit.inference.partial_likelihood import (
    Floats,
    Maximum,
    RiskSets,
    Ties,
    likelihood,
    maximise,
    newton_gain,
    risk_sets,
)
from remit.inference.times import check_times

WALD = "Cox regression, Wald interval"
PROFILE = "Cox regression, profile likelihood interval"
SCORE = "score test"
WALD_TEST = "Wald test"
RATIO = "likelihood ratio test"

TOO_LARGE = "the hazard ratio of one unit is too large or too small a number; take the covariate in other units"
NOBODY = "nobody has the event"
WIDE = 10.0  # a linear predictor that spans more than this may be one of a likelihood without maximum
FURTHEST = 300.0  # what a covariate may add to a linear predictor where a limit is looked for
UNMOVED = 1e-6  # what another step of Newton's may add to the likelihood
LARGEST = 700.0  # of the logarithm of a number
EVENTS_PER_COLUMN = 10  # P. Peduzzi and others, Journal of Clinical Epidemiology 1995;48:1503-10


@dataclass(frozen=True)
class Coefficient:
    """The logarithm of a hazard ratio. None where there is no finite one; `note` says why."""

    column: Column
    value: float | None
    standard_error: float | None
    note: str | None = None


@dataclass(frozen=True)
class Fitted:
    """What was fitted, for what is asked of the model later. Columns are divided by their standard deviations, `scale`,
    and centred; `endless`: the columns whose coefficients have no finite estimate, with their signs."""

    times: tuple[float, ...]
    events: tuple[bool, ...]
    strata: tuple[RiskSets, ...]
    scale: Floats
    best: Maximum
    endless: dict[int, int]


@dataclass(frozen=True)
class CoxModel:
    """covariance: of the coefficients that are finite, in their order. `log_likelihood`: None without events."""

    coefficients: tuple[Coefficient, ...]
    covariance: Floats
    patients: int
    events: int
    ties: Ties
    log_likelihood: float | None
    likelihood_ratio: ChiSquared
    wald: ChiSquared
    score: ChiSquared
    guards: tuple[Guard, ...]
    fitted: Fitted | None


def cox(
    times: Sequence[float],
    events: Sequence[bool],
    covariates: Sequence[Covariate],
    strata: Sequence[Hashable] | None = None,
    ties: Ties = "efron",
) -> CoxModel:
    """times, events, strata: one a patient. Each stratum has a hazard of its own, the covariates act in all alike.

    Where the likelihood has no maximum, as in a group without events, the coefficients that go to infinity are None and
    a guard tells of them; those of the others are as if they had gone there. Raises CovariateError for a covariate that
    tells nobody at risk from another, or is unknown, constant or determined by others; ValueError for a negative time.
    """
    check_times(times, events, strata)
    made = design(covariates, len(times))
    columns, matrix = made.columns[1:], made.matrix[:, 1:]
    if not columns:
        raise ValueError("there is no covariate")
    guards = [*made.guards, *_few(sum(map(bool, events)), columns)]
    if not any(events):
        return _without_events(columns, len(times), ties, guards)
    scale = matrix.std(axis=0)
    sets = risk_sets(times, events, (matrix - matrix.mean(axis=0)) / scale, strata, ties)
    _refuse_idle(sets, columns)
    nothing = np.zeros(len(columns))
    best = maximise(sets, nothing, range(len(columns)))
    without = endless(sets) if _span(sets, best) > WIDE else {}
    if not without and newton_gain(best.likelihood) > UNMOVED:
        raise ArithmeticError("the maximum of the partial likelihood was not found")
    fitted = Fitted(tuple(times), tuple(map(bool, events)), sets, scale, best, without)
    guards += [_monotone(columns[at], sign) for at, sign in without.items()]
    coefficients, covariance = _coefficients(fitted, columns)
    start = likelihood(sets, nothing)
    ratio = max(2 * (best.likelihood.log - start.log), 0.0)
    return CoxModel(
        coefficients,
        covariance,
        len(times),
        int(np.sum(events)),
        ties,
        best.likelihood.log,
        ChiSquared(ratio, len(columns), upper_tail(ratio, len(columns)), RATIO),
        _wald(coefficients, covariance),
        score_test(start.slope, start.curvature, SCORE),
        tuple(guards),
        fitted,
    )


def _without_events(columns: Sequence[Column], patients: int, ties: Ties, guards: Sequence[Guard]) -> CoxModel:
    coefficients = tuple(Coefficient(column, None, None, NOBODY) for column in columns)
    ratio, wald, score = (no_test(method, NOBODY) for method in (RATIO, WALD_TEST, SCORE))
    none = np.zeros((0, 0))
    return CoxModel(coefficients, none, patients, 0, ties, None, ratio, wald, score, tuple(guards), None)


def _few(events: int, columns: Sequence[Column]) -> list[Guard]:
    if events >= EVENTS_PER_COLUMN * len(columns):
        return []
    counts = (_counted(events, "event"), _counted(len(columns), "coefficient"))
    few = f"{', '.join(counts)}: fewer than {EVENTS_PER_COLUMN} events for each"
    return [
        Guard("events per parameter", f"{few}; the estimates may be far from the truth and their intervals too narrow.")
    ]


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _refuse_idle(sets: Sequence[RiskSets], columns: Sequence[Column]) -> None:
    # Of those alike at every event the curvature is 0, but for rounding.
    spread = np.max([np.ptp(one.covariates[: one.end.max()], axis=0) for one in sets], axis=0)
    curvature = likelihood(sets, np.zeros(len(columns))).curvature
    telling = {at for at in independent(curvature) if spread[at] > 0}
    idle = next((at for at in range(len(columns)) if at not in telling), None)
    if idle is not None:
        why = "tells nobody from another among those at risk of an event, given those before it"
        raise CovariateError(columns[idle].covariate, why)


def _span(sets: Sequence[RiskSets], best: Maximum) -> float:
    """No less than what the linear predictor spans."""
    widths = np.max([np.ptp(one.covariates, axis=0) for one in sets], axis=0)
    return float(np.abs(best.coefficients) @ widths)


def _coefficients(fitted: Fitted, columns: Sequence[Column]) -> tuple[tuple[Coefficient, ...], Floats]:
    finite = [at for at in range(len(columns)) if at not in fitted.endless]
    # The directions without end have next to no curvature; what is finite lies across them.
    whole = np.linalg.pinv(fitted.best.likelihood.curvature, rcond=1e-7 if fitted.endless else 1e-15, hermitian=True)
    covariance = (whole / np.outer(fitted.scale, fitted.scale))[np.ix_(finite, finite)]
    found = [Coefficient(column, None, None, _no_end(fitted.endless.get(at, 0))) for at, column in enumerate(columns)]
    for place, at in enumerate(finite):
        value = float(fitted.best.coefficients[at] / fitted.scale[at])
        found[at] = Coefficient(columns[at], value, math.sqrt(covariance[place, place]))
    return tuple(found), covariance


def _no_end(sign: int) -> str:
    where = {1: "is infinite", -1: "is 0"}.get(sign, "may be 0 or infinite")
    return f"the hazard ratio that fits best {where}: no event tells its limit"


def _monotone(column: Column, sign: int) -> Guard:
    return Guard("monotone likelihood", f"{column.name}: {_no_end(sign)}, as when a group has no events.")


def wald_test(model: CoxModel, covariate: str) -> ChiSquared:
    """That none of the hazard ratios of a covariate differs from 1."""
    own = [one.column.covariate == covariate for one in model.coefficients]
    finite = [mine for mine, one in zip(own, model.coefficients, strict=True) if one.value is not None]
    covariance = model.covariance[np.ix_(finite, finite)]
    return _wald([one for mine, one in zip(own, model.coefficients, strict=True) if mine], covariance)


def _wald(coefficients: Sequence[Coefficient], covariance: Floats) -> ChiSquared:
    values = [one.value for one in coefficients if one.value is not None]
    if len(values) < len(coefficients):
        return no_test(WALD_TEST, "not every hazard ratio is finite")
    statistic = float(np.array(values) @ np.linalg.solve(covariance, np.array(values)))
    return ChiSquared(statistic, len(values), upper_tail(statistic, len(values)), WALD_TEST)


def hazard_ratios(model: CoxModel, confidence: float = CONFIDENCE) -> tuple[Estimate, ...]:
    """One for each coefficient, with Wald's interval and test."""
    return tuple(_hazard_ratio(one, confidence) for one in model.coefficients)


def _hazard_ratio(of: Coefficient, confidence: float) -> Estimate:
    if of.value is None or of.standard_error is None:
        return Estimate(None, WALD, note=of.note)
    half = normal_quantile(confidence) * of.standard_error
    p = math.erfc(abs(of.value) / of.standard_error / math.sqrt(2))
    if abs(of.value) > LARGEST:
        return Estimate(None, WALD, p=p, note=TOO_LARGE)
    return Estimate(math.exp(of.value), WALD, _ratio(of.value - half), _ratio(of.value + half), p)


def _ratio(log: float) -> float:
    return math.exp(log) if log < LARGEST else math.inf


def profile_hazard_ratio(model: CoxModel, at: int, confidence: float = CONFIDENCE) -> Estimate:
    """Of the coefficient `at`, with the interval of those that the likelihood ratio test does not refuse, and its test.

    It has an end also where the estimate is 0 or infinite; the other end is then 0 or infinite.
    """
    if model.fitted is None:
        return Estimate(None, PROFILE, note=NOBODY)
    allowed = allowed_loss(confidence)
    lower, upper = (_end(model.fitted, at, sign, allowed) for sign in (-1, 1))
    ratio = 2 * _loss(model.fitted, at, 0.0)
    of = model.coefficients[at]
    given = of.value is not None and abs(of.value) <= LARGEST
    return Estimate(
        math.exp(of.value) if of.value is not None and given else None,
        PROFILE,
        _ratio(lower),
        _ratio(upper),
        upper_tail(max(ratio, 0.0), 1),
        None if given else of.note or TOO_LARGE,
    )


def _loss(fitted: Fitted, at: int, value: float) -> float:
    """What the logarithm of the likelihood loses where a (scaled) coefficient is held at a value."""
    start = fitted.best.coefficients.copy()
    start[at] = value
    held = maximise(fitted.strata, start, [other for other in range(len(start)) if other != at])
    return fitted.best.likelihood.log - held.likelihood.log


def _end(fitted: Fitted, at: int, sign: int, allowed: float) -> float:
    """The logarithm of the hazard ratio at which the loss is `allowed`; infinite where it never is."""
    from scipy.optimize import brentq

    if fitted.endless.get(at, -sign) in (sign, 0):
        return sign * math.inf

    def lost(value: float) -> float:
        return _loss(fitted, at, sign * value) - allowed

    width = max(float(np.ptp(sets.covariates[:, at])) for sets in fitted.strata)
    inner, stride = sign * float(fitted.best.coefficients[at]), 0.5
    while lost(outer := min(inner + stride, FURTHEST / width)) < 0:
        if outer == FURTHEST / width:
            return sign * math.inf
        inner, stride = outer, 2 * stride
    return sign * float(brentq(lost, inner, outer)) / float(fitted.scale[at])
