"""What a predictor does to the risk itself: average differences from a logistic regression."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from remit.inference.confidence import normal_quantile
from remit.inference.design import Column, Matrix, Vector
from remit.inference.estimate import CONFIDENCE, Estimate
from remit.inference.logistic import Fit
from remit.inference.logistic_likelihood import expit

FIRTH = "Firth's probabilities lean towards one half, and differences between them towards 0."


@dataclass(frozen=True)
class AverageEffect:
    """Of a level: the risk if all patients had it less the risk if all had the reference. Of a number: the slope of the
    risk, averaged over the patients. Risks are from 0 to 1."""

    column: Column
    difference: Estimate


def average_effects(fitted: Fit, covariate: str, confidence: float = CONFIDENCE) -> tuple[AverageEffect, ...]:
    """The average effect of each column of a covariate, other covariates as each patient has them.

    Standardisation to the patients of the model, intervals by the delta method: P. W. Lane and J. A. Nelder, Biometrics
    1982;38:613-21. Raises ValueError for a covariate that the model has not.
    """
    columns = fitted.design.of(covariate)
    if not columns:
        raise ValueError(f"{covariate} is not in the model")
    return tuple(
        AverageEffect(
            fitted.design.columns[at],
            _slope(fitted, at, confidence)
            if fitted.design.columns[at].level is None
            else _difference(fitted, at, columns, confidence),
        )
        for at in columns
    )


def _difference(fitted: Fit, at: int, columns: tuple[int, ...], confidence: float) -> Estimate:
    without = fitted.design.matrix.copy()
    without[:, list(columns)] = 0
    having = without.copy()
    having[:, at] = 1
    (risk, gradient), (other, other_gradient) = (_risk(fitted, matrix) for matrix in (having, without))
    return _estimate(fitted, risk - other, gradient - other_gradient, "standardised risk difference", confidence)


def _risk(fitted: Fit, matrix: Matrix) -> tuple[float, Vector]:
    """The average risk of patients with these columns, and its gradient in the coefficients."""
    probability, share = expit(matrix @ fitted.coefficients), fitted.design.shares
    return float(share @ probability), (share * probability * (1 - probability)) @ matrix


def _slope(fitted: Fit, at: int, confidence: float) -> Estimate:
    matrix, coefficient = fitted.design.matrix, float(fitted.coefficients[at])
    probability = expit(matrix @ fitted.coefficients)
    weight = fitted.design.shares * probability * (1 - probability)
    gradient = coefficient * (weight * (1 - 2 * probability)) @ matrix
    gradient[at] += weight.sum()
    return _estimate(fitted, coefficient * float(weight.sum()), gradient, "average marginal effect", confidence)


def _estimate(fitted: Fit, value: float, gradient: Vector, what: str, confidence: float) -> Estimate:
    from scipy.special import ndtr

    error = math.sqrt(gradient @ fitted.covariance @ gradient)
    half = normal_quantile(confidence) * error
    found = Estimate(
        value,
        f"{what}, delta method {100 * confidence:g} %",
        value - half,
        value + half,
        float(2 * ndtr(-abs(value) / error)) if error else 1.0,
    )
    return replace(found, note=FIRTH) if fitted.penalised else found
