"""Logistic regression, by maximum likelihood or by Firth's penalised likelihood."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from remit.inference.chi_squared import ChiSquared, upper_tail
from remit.inference.design import Design, Matrix, Vector, standardised
from remit.inference.estimate import CONFIDENCE, Estimate
from remit.inference.separation import Separation, separation

ROUNDS = 1000
HALVINGS = 40
STEP = 5.0  # a standardised coefficient moves no further in one round (Heinze and Schemper)
NEAR = 1e-20  # the Newton decrement: a coefficient is within 1e-10 of its standard error

Outcome = NDArray[np.bool_]


class Separated(ValueError):
    """Maximum likelihood has no finite estimate; `separation` says which covariates separate the outcome."""

    def __init__(self, found: Separation) -> None:
        super().__init__(f"{' and '.join(found.covariates)}: {found.kind} separation, no finite maximum likelihood")
        self.separation = found


@dataclass(frozen=True)
class Fit:
    """A fitted logistic regression. `coefficients` are log odds, in the order of the design's columns; `covariance` is
    the inverse of the expected information; `log_likelihood` is that of the standardised columns, and with Firth's
    penalty if `penalised`."""

    design: Design
    outcome: Outcome
    coefficients: Vector
    covariance: Matrix
    log_likelihood: float
    penalised: bool

    @property
    def probabilities(self) -> Vector:
        """Of the outcome, a patient each."""
        return expit(self.design.matrix @ self.coefficients)


def fit(design: Design, outcome: Outcome, *, penalised: bool = False) -> Fit:
    """The logistic regression of an outcome on a design.

    `penalised`: the likelihood times the root of the determinant of the information, which takes the bias of order 1/n
    away and is finite under separation (D. Firth, Biometrika 1993;80:27-38; G. Heinze and M. Schemper, Statistics in
    Medicine 2002;21:2409-19). Raises Separated where maximum likelihood has no finite estimate, and ValueError if the
    outcome is the same for all or of other patients.
    """
    outcome = np.asarray(outcome, dtype=bool)
    if len(outcome) != len(design.matrix):
        raise ValueError(f"{len(outcome)} outcomes for {len(design.matrix)} patients")
    if outcome.all() or not outcome.any():
        raise ValueError(f"{'everybody' if outcome.any() else 'nobody'} had the outcome, so nothing can predict it")
    if not penalised and (found := separation(design, outcome)):
        raise Separated(found)
    columns, means, spreads = standardised(design.matrix)
    start = np.zeros(columns.shape[1])
    start[0] = math.log(outcome.sum() / (~outcome).sum())
    beta, likelihood = _maximum(columns, outcome, start, np.ones(len(start), dtype=bool), penalised)
    back = np.diag(1 / spreads)
    back[0] -= means / spreads
    covariance = back @ np.linalg.inv(_information(columns, beta)[0]) @ back.T
    return Fit(design, outcome, back @ beta, covariance, likelihood, penalised)


def wald(fitted: Fit, at: int, confidence: float = CONFIDENCE) -> Estimate:
    """The odds ratio of a column with the interval and the test that take its log as normal."""
    from scipy.special import ndtr, ndtri

    log_odds, error = float(fitted.coefficients[at]), math.sqrt(fitted.covariance[at, at])
    half = float(ndtri((1 + confidence) / 2)) * error
    return Estimate(
        _exp(log_odds),
        _method(fitted, "Wald", confidence),
        _exp(log_odds - half),
        _exp(log_odds + half),
        float(2 * ndtr(-abs(log_odds / error))),
    )


def profile(fitted: Fit, at: int, confidence: float = CONFIDENCE) -> Estimate:
    """The odds ratio of a column, not the intercept, with the interval of all values that its likelihood-ratio test
    does not reject, and that test's p-value for an odds ratio of 1.

    With Firth's penalty both are those of the penalised likelihood, whose penalty stays that of the whole model
    (Heinze and Schemper 2002).
    """
    if at == 0:
        raise ValueError("the intercept is no odds ratio")
    return Estimate(
        _exp(float(fitted.coefficients[at])),
        _method(fitted, "profile likelihood", confidence),
        _exp(_profile_end(fitted, at, -1, confidence)),
        _exp(_profile_end(fitted, at, +1, confidence)),
        ratio_test(fitted, (at,)).p,
    )


def ratio_test(fitted: Fit, columns: tuple[int, ...]) -> ChiSquared:
    """The likelihood-ratio test that the coefficients of these columns are all 0; penalised if the fit is."""
    _, likelihood = _held(fitted, columns, 0.0, _standard(fitted))
    statistic = max(2 * (fitted.log_likelihood - likelihood), 0.0)
    method = f"{'penalised ' if fitted.penalised else ''}likelihood-ratio test"
    return ChiSquared(statistic, len(columns), upper_tail(statistic, len(columns)), method)


def _profile_end(fitted: Fit, at: int, side: int, confidence: float) -> float:
    """The log odds beyond the estimate where twice the loss of profile likelihood is the quantile of chi-squared."""
    from scipy.optimize import brentq
    from scipy.special import chdtri

    most = float(chdtri(1, 1 - confidence)) / 2
    centre, error = float(fitted.coefficients[at]), math.sqrt(fitted.covariance[at, at])
    start = _standard(fitted)

    def beyond(steps: float) -> float:
        """By how much the loss exceeds what is allowed, `steps` standard errors from the estimate."""
        nonlocal start
        start, likelihood = _held(fitted, (at,), centre + side * steps * error, start)
        return fitted.log_likelihood - likelihood - most

    far = 2.0
    while beyond(far) < 0:
        far *= 1.5
    steps = brentq(beyond, 0.0, far, xtol=1e-10, rtol=1e-12)
    return centre + side * float(steps) * error


def _held(fitted: Fit, at: tuple[int, ...], value: float, start: Vector) -> tuple[Vector, float]:
    """The maximum with the coefficients of some columns held at a value: standardised coefficients, log-likelihood."""
    columns, _, spreads = standardised(fitted.design.matrix)
    free = np.ones(len(start), dtype=bool)
    free[list(at)] = False
    beta = np.where(free, start, value * spreads)
    return _maximum(columns, fitted.outcome, beta, free, fitted.penalised)


def _standard(fitted: Fit) -> Vector:
    _, means, spreads = standardised(fitted.design.matrix)
    beta: Vector = fitted.coefficients * spreads
    beta[0] += means @ fitted.coefficients
    return beta


def _maximum(columns: Matrix, outcome: Outcome, start: Vector, free: Outcome, penalised: bool) -> tuple[Vector, float]:
    """Newton's rounds, halved until the likelihood grows. Raises ArithmeticError when they do not arrive.

    Firth's score is that of data in which each patient with leverage h counts 1 + h times, half an event in h added.
    """
    beta = start
    likelihood = _log_likelihood(columns, outcome, beta, penalised)
    for _ in range(ROUNDS):
        information, probability, weight = _information(columns, beta)
        residual = outcome - probability
        if penalised:
            hat = weight * np.einsum("ij,jk,ik->i", columns, np.linalg.inv(information), columns)
            residual = residual + hat * (0.5 - probability)
            information = (columns * (weight * (1 + hat))[:, np.newaxis]).T @ columns
        score = (columns.T @ residual)[free]
        step = np.linalg.solve(information[np.ix_(free, free)], score) if free.any() else score
        if score @ step < NEAR:
            return beta, likelihood
        step *= min(1.0, STEP / np.abs(step).max())
        beta, likelihood = _uphill(columns, outcome, beta, free, step, likelihood, penalised)
    raise ArithmeticError("the logistic regression did not converge")


def _uphill(
    columns: Matrix,
    outcome: Outcome,
    beta: Vector,
    free: Outcome,
    step: Vector,
    likelihood: float,
    penalised: bool,
) -> tuple[Vector, float]:
    for halving in range(HALVINGS):
        tried = beta.copy()
        tried[free] += step / 2**halving
        reached = _log_likelihood(columns, outcome, tried, penalised)
        if reached >= likelihood - 1e-12 * abs(likelihood):  # the last rounds move less than the sum is exact to
            return tried, reached
    raise ArithmeticError("the logistic regression did not converge")


def _information(columns: Matrix, beta: Vector) -> tuple[Matrix, Vector, Vector]:
    probability = expit(columns @ beta)
    weight = probability * expit(-(columns @ beta))
    return (columns * weight[:, np.newaxis]).T @ columns, probability, weight


def _log_likelihood(columns: Matrix, outcome: Outcome, beta: Vector, penalised: bool) -> float:
    linear = columns @ beta
    likelihood = float(-np.logaddexp(0.0, np.where(outcome, -linear, linear)).sum())
    if not penalised:
        return likelihood
    sign, determinant = np.linalg.slogdet(_information(columns, beta)[0])
    return likelihood + float(determinant) / 2 if sign > 0 else -math.inf


def expit(linear: Vector) -> Vector:
    with np.errstate(over="ignore"):
        return np.asarray(1 / (1 + np.exp(-linear)))


def _exp(log_odds: float) -> float:
    return math.exp(log_odds) if log_odds < 700 else math.inf


def _method(fitted: Fit, interval: str, confidence: float) -> str:
    by = "Firth's logistic regression, penalised" if fitted.penalised else "logistic regression,"
    return f"{by} {interval} {100 * confidence:g} %"
