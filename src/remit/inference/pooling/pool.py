"""The estimates of several studies as one: a common effect, or the mean of effects that differ."""

from __future__ import annotations

import math
from dataclasses import dataclass

from remit.inference.confidence import normal_quantile
from remit.inference.estimate import CONFIDENCE, Estimate, Guard
from remit.inference.pooling.between import Heterogeneity, heterogeneity
from remit.inference.pooling.effects import CannotPool as CannotPool
from remit.inference.pooling.effects import Effects, Scale
from remit.inference.pooling.weighted import Weighted, intercept, weighted
from remit.inference.student import quantile, two_sided

RANDOM, COMMON = "random effects", "common effect"
NORMAL, HARTUNG_KNAPP, NEVER_NARROWER = "normal", "Hartung-Knapp", "Hartung-Knapp, never narrower"
MODELS = (RANDOM, COMMON)
INTERVALS = (HARTUNG_KNAPP, NEVER_NARROWER, NORMAL)
PREDICTION = "prediction interval of Higgins, Thompson and Spiegelhalter"
FEW = 5


class TooFewStudies(CannotPool):
    """One study, or none."""


@dataclass(frozen=True)
class Linear:
    """On the scale where studies are pooled. `freedom`: of Student's t; None: normal. `p`: of no effect, None where no
    value of the scale means that."""

    value: float
    error: float
    lower: float
    upper: float
    freedom: int | None
    p: float | None


@dataclass(frozen=True)
class Study:
    """One of the pooled: told alone, and its share of the weights in percent (None where a model gives none)."""

    name: str
    estimate: Estimate
    weight: float | None


@dataclass(frozen=True)
class Pooled:
    """`estimate`: as it is told, with its interval; `prediction`: where the effect of one more such study would lie;
    its `note` says why there is none. `linear`: the same estimate on the scale where it was pooled."""

    estimate: Estimate
    prediction: Estimate
    heterogeneity: Heterogeneity
    studies: tuple[Study, ...]
    linear: Linear
    scale: Scale
    notes: tuple[Guard, ...] = ()


def pool(
    effects: Effects,
    model: str = RANDOM,
    estimator: str = "REML",
    interval: str = HARTUNG_KNAPP,
    confidence: float = CONFIDENCE,
) -> Pooled:
    """Studies weighted by the inverse of their variance, as R's rma.uni.

    `estimator`: of tau², one of `between.ESTIMATORS`. `interval`: one of INTERVALS, all of them for random effects; a
    common effect has the normal one alone. J. Hartung and G. Knapp, Statistics in Medicine 2001;20:3875-89: Student's t
    with an error from how far studies lie apart, which can be smaller than the normal one; the variant "never narrower"
    keeps the larger error (G. Knapp and J. Hartung, Statistics in Medicine 2003;22:2693-710).

    Raises TooFewStudies (a ValueError) for fewer than two studies, ValueError for a name that is not on offer, and
    ArithmeticError where tau² is not found.
    """
    check_choices(model, interval)
    need_two(effects.names)
    values, variances = effects.arrays
    design = intercept(len(effects))
    between = heterogeneity(values, variances, design, estimator if model == RANDOM else None, confidence)
    tau2 = between.tau2.value or 0.0
    fit = weighted(values, variances, design, tau2)
    linear = _linear(fit, effects.scale, interval if model == RANDOM else NORMAL, confidence)
    said = f"{model} ({estimator}), {interval} {100 * confidence:g} %" if model == RANDOM else model
    method = f"inverse variance of the {effects.scale.name}, {said}"
    return Pooled(
        told(linear, effects.scale, method),
        _prediction(linear, effects, model, tau2, confidence),
        between,
        _studies(effects, fit, confidence),
        linear,
        effects.scale,
        (*effects.notes, *_notes(effects, model, linear, _narrower(fit, linear, confidence))),
    )


def told(linear: Linear, scale: Scale, method: str) -> Estimate:
    back = scale.back
    return Estimate(back(linear.value), method, back(linear.lower), back(linear.upper), linear.p)


def _prediction(linear: Linear, effects: Effects, model: str, tau2: float, confidence: float) -> Estimate:
    if model == COMMON:
        return Estimate(None, PREDICTION, note="a common effect is the same in a further study")
    return predicted(linear, effects.scale, len(effects), tau2, confidence)


def predicted(linear: Linear, scale: Scale, studies: int, tau2: float, confidence: float = CONFIDENCE) -> Estimate:
    """J. P. T. Higgins, S. G. Thompson and D. J. Spiegelhalter, Journal of the Royal Statistical Society A
    2009;172:137-59: Student's t with two degrees of freedom fewer than studies. (R's metafor 3.8.1 does so with
    `pi.type = "riley"`; unasked it takes the t or normal quantile of the confidence interval.)"""
    if studies < 3:
        return Estimate(None, PREDICTION, note="two studies do not tell where a further one would lie")
    half = quantile((1 + confidence) / 2, studies - 2) * math.sqrt(linear.error**2 + tau2)
    method = f"{PREDICTION} {100 * confidence:g} %"
    return Estimate(scale.back(linear.value), method, scale.back(linear.value - half), scale.back(linear.value + half))


def spread(fit: Weighted) -> float:
    """The variance of what studies show to that which the model expects."""
    return fit.squares / fit.freedom


def _linear(fit: Weighted, scale: Scale, interval: str, confidence: float) -> Linear:
    value, variance = float(fit.coefficients[0]), float(fit.own[0, 0])
    if interval == NORMAL:
        return linear_of(value, math.sqrt(variance), None, scale, confidence)
    factor = spread(fit) if interval == HARTUNG_KNAPP else max(1.0, spread(fit))
    return linear_of(value, math.sqrt(variance * factor), fit.freedom, scale, confidence)


def linear_of(value: float, error: float, freedom: int | None, scale: Scale, confidence: float) -> Linear:
    reach = normal_quantile(confidence) if freedom is None else quantile((1 + confidence) / 2, freedom)
    p = None if scale.none is None or error == 0 else two_sided_p(value / error, freedom)
    return Linear(value, error, value - reach * error, value + reach * error, freedom, p)


def two_sided_p(statistic: float, freedom: int | None) -> float:
    return math.erfc(abs(statistic) / math.sqrt(2)) if freedom is None else two_sided(statistic, freedom)


def _studies(effects: Effects, fit: Weighted, confidence: float) -> tuple[Study, ...]:
    shares = (100 * fit.weights / fit.weights.sum()).tolist()
    return tuple(map(Study, effects.names, effects.estimates(confidence), shares))


def check_choices(model: str, interval: str) -> None:
    """Raises ValueError for a name that is not on offer."""
    if model not in MODELS:
        raise ValueError(f"{model!r} is none of the models {', '.join(MODELS)}")
    if interval not in INTERVALS:
        raise ValueError(f"{interval!r} is none of the intervals {'; '.join(INTERVALS)}")


def need_two(names: tuple[str, ...]) -> None:
    """Raises TooFewStudies unless there are two."""
    if not names:
        raise TooFewStudies("there is no study to pool")
    if len(names) == 1:
        raise TooFewStudies(f"{names[0]} is the only study: one study cannot be pooled")


def _narrower(fit: Weighted, linear: Linear, confidence: float) -> bool:
    """Than the normal interval of the same fit; but for rounding."""
    normal = normal_quantile(confidence) * math.sqrt(float(fit.own[0, 0]))
    return linear.upper - linear.value < normal * (1 - 1e-9)


def _notes(effects: Effects, model: str, linear: Linear, narrower: bool) -> list[Guard]:
    if model != RANDOM:
        return []
    narrow = [ALIKE] if linear.error == 0 else [NARROW] if narrower else []
    return [*few(len(effects)), *narrow]


def few(studies: int) -> list[Guard]:
    if studies >= FEW:
        return []
    told = f"{studies} studies hardly tell how far studies lie apart; tau² and all that hangs on it are uncertain."
    return [Guard("few_studies", told)]


ALIKE = Guard(
    "no_width",
    "All studies show the same, so Hartung and Knapp's interval has no width, and tells nothing of chance. "
    "Take the variant that is never narrower.",
)
NARROW = Guard(
    "narrower_than_normal",
    "Hartung and Knapp's interval is narrower here than the normal one, for the studies lie closer together than the "
    "model expects; it may be too narrow. The variant that is never narrower is safe from that.",
)
