"""Whether small studies show other effects than large ones: the funnel plot and Egger's test."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from remit.inference.confidence import normal_quantile
from remit.inference.design import Matrix
from remit.inference.estimate import CONFIDENCE, Estimate, Guard
from remit.inference.pooling.between import tau2
from remit.inference.pooling.effects import Effects
from remit.inference.pooling.pool import COMMON, TooFewStudies, pool, spread, two_sided_p
from remit.inference.pooling.weighted import weighted
from remit.inference.student import quantile

FEWEST = 10
EGGER, MIXED = "Egger's regression", "mixed-effects regression"
MODELS = (EGGER, MIXED)
ERROR, SIZE = "standard error", "inverse of the size"
PREDICTORS = (ERROR, SIZE)


@dataclass(frozen=True)
class Point:
    """A study on the scale where studies are pooled."""

    name: str
    value: float
    error: float


@dataclass(frozen=True)
class Funnel:
    """`centre`: the common effect; its sides are at `centre` ± `reach` standard errors."""

    points: tuple[Point, ...]
    centre: float
    reach: float


@dataclass(frozen=True)
class Asymmetry:
    """`statistic`: of the slope, t where `freedom` is a number, else normal. `limit`: the effect told of a study of
    error 0, or without end."""

    statistic: float
    freedom: int | None
    p: float
    limit: Estimate
    method: str
    notes: tuple[Guard, ...] = ()


def funnel(effects: Effects, confidence: float = CONFIDENCE) -> Funnel:
    """Raises TooFewStudies for fewer than two studies."""
    centre = pool(effects, COMMON).linear.value
    errors = [math.sqrt(variance) for variance in effects.variances]
    return Funnel(tuple(map(Point, effects.names, effects.values, errors)), centre, normal_quantile(confidence))


def asymmetry(
    effects: Effects, model: str = EGGER, predictor: str = ERROR, confidence: float = CONFIDENCE
) -> Asymmetry:
    """Whether effects go with how exact studies are, as R's regtest (`model = "lm"`, and `"rma"` with REML).

    M. Egger et al., BMJ 1997;315:629-34, with the dispersion estimated; the mixed-effects model has tau² instead (J. A.
    C. Sterne and M. Egger, in H. R. Rothstein et al., Publication Bias in Meta-Analysis, 2005).
    Raises TooFewStudies below ten studies, where the test tells nothing (Sterne et al., BMJ 2011;343:d4002), ValueError
    for a name that is not on offer and where all studies are equally exact.
    """
    if model not in MODELS:
        raise ValueError(f"{model!r} is none of {', '.join(MODELS)}")
    studies = len(effects)
    if studies < FEWEST:
        raise TooFewStudies(f"{studies} studies are too few to tell whether a funnel is lopsided; {FEWEST} are needed")
    values, variances = effects.arrays
    design = _design(effects, predictor)
    fit = weighted(values, variances, design, tau2(values, variances, design, "REML") if model == MIXED else 0.0)
    freedom = fit.freedom if model == EGGER else None
    factor = spread(fit) if model == EGGER else 1.0
    slope_error = math.sqrt(factor * float(fit.own[1, 1]))
    if slope_error == 0:
        raise ValueError("the studies lie on one line, so there is nothing to test it against")
    statistic = float(fit.coefficients[1]) / slope_error
    method = f"{model} on the {predictor}"
    reach = normal_quantile(confidence) if freedom is None else quantile((1 + confidence) / 2, freedom)
    value, half, back = float(fit.coefficients[0]), reach * math.sqrt(factor * float(fit.own[0, 0])), effects.scale.back
    limit = Estimate(back(value), f"{method}, {100 * confidence:g} %", back(value - half), back(value + half))
    notes = (OF_ITSELF[effects.scale.told],) if predictor == ERROR and effects.scale.told in OF_ITSELF else ()
    return Asymmetry(statistic, freedom, two_sided_p(statistic, freedom), limit, method, notes)


def _of_itself(what: str, source: str) -> Guard:
    told = (
        f"The standard error of {what} hangs on the number itself, so its funnel is lopsided even where no study is "
        f"missing ({source}). Against the size it would not be."
    )
    return Guard("lopsided_of_itself", told)


_HUNTER = "Hunter et al., Journal of Clinical Epidemiology 2014;67:897-903"
OF_ITSELF = {
    "proportion": _of_itself("a proportion", _HUNTER),
    "rate": _of_itself("a rate", _HUNTER),
    "odds ratio": _of_itself("an odds ratio", "Peters et al., JAMA 2006;295:676-80"),
}


def _design(effects: Effects, predictor: str) -> Matrix:
    if predictor not in PREDICTORS:
        raise ValueError(f"{predictor!r} is none of {', '.join(PREDICTORS)}")
    if predictor == SIZE and not effects.sizes:
        raise ValueError("the sizes of the studies are not known")
    column = np.sqrt(effects.variances) if predictor == ERROR else 1 / np.array(effects.sizes)
    if np.ptp(column) <= 1e-12 * float(np.abs(column).max()):
        raise ValueError("all studies are equally exact, so nothing can go with that")
    return np.column_stack([np.ones(len(column)), column])
