"""Whether effects go with what studies are: meta-regression."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from remit.inference.chi_squared import upper_tail
from remit.inference.confidence import normal_quantile
from remit.inference.design import Covariate, CovariateError, Design, design
from remit.inference.estimate import CONFIDENCE, Guard
from remit.inference.pooling.between import Heterogeneity, heterogeneity, tau2
from remit.inference.pooling.effects import CannotPool, Effects, Scale
from remit.inference.pooling.pool import (
    HARTUNG_KNAPP,
    NORMAL,
    RANDOM,
    TooFewStudies,
    check_choices,
    spread,
    two_sided_p,
)
from remit.inference.pooling.weighted import Weighted, intercept, weighted
from remit.inference.student import quantile

STUDIES_A_MODERATOR = 10


@dataclass(frozen=True)
class Coefficient:
    """On the scale where studies are pooled: of the intercept the effect where every moderator is 0 or at its
    reference, else what the effect gains a unit, or a level over its reference."""

    name: str
    value: float
    error: float
    lower: float
    upper: float
    p: float | None


@dataclass(frozen=True)
class Moderation:
    """The test of all moderators at once: chi-squared where `denominator` is None, else F."""

    statistic: float
    freedom: int
    denominator: int | None
    p: float

    @property
    def method(self) -> str:
        return "chi-squared test of moderators" if self.denominator is None else "F test of moderators"


@dataclass(frozen=True)
class Regression:
    """`heterogeneity`: what moderators leave. `explained`: by how many percent they lower tau² (R²), not below 0; of a
    common effect None. `freedom`: of Student's t of the coefficients; None: normal."""

    coefficients: tuple[Coefficient, ...]
    moderation: Moderation
    heterogeneity: Heterogeneity
    explained: float | None
    studies: int
    freedom: int | None
    scale: Scale
    notes: tuple[Guard, ...] = ()


def regress(
    effects: Effects,
    moderators: Sequence[Covariate],
    model: str = RANDOM,
    estimator: str = "REML",
    interval: str = HARTUNG_KNAPP,
    confidence: float = CONFIDENCE,
) -> Regression:
    """Effects on moderators, each of which is known of every study, as R's rma.uni with `mods`.

    The names of choices are those of `pool`. G. Knapp and J. Hartung, Statistics in Medicine 2003;22:2693-710. R² after
    S. W. Raudenbush (in H. Cooper, L. V. Hedges and J. C. Valentine, The Handbook of Research Synthesis and
    Meta-Analysis, 2009). Raises TooFewStudies unless there are more studies than coefficients, ValueError for a
    moderator that no model takes and where Hartung and Knapp's error is 0, and ArithmeticError where tau² is not found.
    """
    check_choices(model, interval)
    made = of_studies(moderators, len(effects))
    values, variances = effects.arrays
    columns = made.matrix.shape[1]
    if len(effects) <= columns:
        raise TooFewStudies(f"{len(effects)} studies are too few for {columns} coefficients")
    chosen = estimator if model == RANDOM else None
    left = heterogeneity(values, variances, made.matrix, chosen, confidence)
    fit = weighted(values, variances, made.matrix, left.tau2.value or 0.0)
    factor = 1.0
    freedom = None
    if model == RANDOM and interval != NORMAL:
        freedom = fit.freedom
        factor = spread(fit) if interval == HARTUNG_KNAPP else max(1.0, spread(fit))
    if factor == 0:
        raise CannotPool(
            "moderators leave nothing unexplained, so Hartung and Knapp give no error: take another interval"
        )
    return Regression(
        _coefficients(made, fit, factor, freedom, confidence),
        _moderation(fit, factor, freedom),
        left,
        None if chosen is None else _explained(effects, chosen, left.tau2.value or 0.0),
        len(effects),
        freedom,
        effects.scale,
        (*effects.notes, *made.guards, *_few(len(effects), columns - 1)),
    )


def of_studies(moderators: Sequence[Covariate], studies: int) -> Design:
    """The design of covariates of studies; what it has to say of patients is said of studies."""
    if not moderators:
        raise ValueError("no moderator is named")
    try:
        made = design(moderators, studies)
    except CovariateError as error:
        raise CovariateError(error.covariate, _said_of_studies(error.why)) from error
    guards = tuple(Guard(guard.name, _said_of_studies(guard.told)) for guard in made.guards)
    return Design(made.matrix, made.columns, guards)


def _said_of_studies(text: str) -> str:
    for patient, study in (("patients", "studies"), ("patient", "study"), ("nobody has", "no study has")):
        text = text.replace(patient, study)
    return text


def _coefficients(
    made: Design, fit: Weighted, factor: float, freedom: int | None, confidence: float
) -> tuple[Coefficient, ...]:
    reach = normal_quantile(confidence) if freedom is None else quantile((1 + confidence) / 2, freedom)
    found = []
    for at, name in enumerate(made.names):
        value, error = float(fit.coefficients[at]), math.sqrt(factor * float(fit.own[at, at]))
        p = two_sided_p(value / error, freedom) if error else None
        found.append(Coefficient(name, value, error, value - reach * error, value + reach * error, p))
    return tuple(found)


def _moderation(fit: Weighted, factor: float, freedom: int | None) -> Moderation:
    """Of all coefficients but the first."""
    tested = fit.coefficients[1:]
    wald = float(tested @ np.linalg.solve(fit.own[1:, 1:], tested)) / factor
    count = len(tested)
    if freedom is None:
        return Moderation(wald, count, None, upper_tail(wald, count))
    from scipy.special import fdtrc

    return Moderation(wald / count, count, freedom, float(fdtrc(count, freedom, wald / count)))


def _explained(effects: Effects, estimator: str, left: float) -> float:
    values, variances = effects.arrays
    before = tau2(values, variances, intercept(len(effects)), estimator)
    return max(0.0, 100 * (before - left) / before) if before else 0.0


def _few(studies: int, coefficients: int) -> list[Guard]:
    if studies >= STUDIES_A_MODERATOR * coefficients:
        return []
    told = (
        f"{studies} studies are few for {coefficients} {'coefficient' if coefficients == 1 else 'coefficients'}: with "
        f"fewer than {STUDIES_A_MODERATOR} each, a regression of studies finds what is not there."
    )
    return [Guard("few_studies_a_moderator", told)]
