"""Logistic regression, by maximum likelihood or by Firth's penalised likelihood."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from remit.inference.chi_squared import ChiSquared, upper_tail
from remit.inference.confidence import allowed_loss, normal_quantile
from remit.inference.design import Design, Matrix, Vector, standardised
from remit.inference.estimate import CONFIDENCE, Estimate
from remit.inference.logistic_likelihood import Likelihood, Outcome, expit, held, maximum
from remit.inference.separation import Separation, separation


class Separated(ValueError):
    """Maximum likelihood has no finite estimate; `separation` says which covariates separate the outcome."""

    def __init__(self, found: Separation) -> None:
        super().__init__(f"{' and '.join(found.covariates)}: {found.kind} separation, no finite maximum likelihood")
        self.separation = found


@dataclass(frozen=True)
class Fit:
    """A fitted logistic regression. `coefficients` are log odds, in the order of the design's columns; `covariance` is
    the inverse of the expected information. The likelihood is that of columns in standard deviations, `spreads`; there
    it is highest, `log_likelihood`, at the coefficients `best`."""

    design: Design
    coefficients: Vector
    covariance: Matrix
    likelihood: Likelihood
    log_likelihood: float
    best: Vector
    spreads: Vector

    @property
    def outcome(self) -> Outcome:
        """A patient each."""
        return self.design.by_patient(self.likelihood.outcome)

    @property
    def penalised(self) -> bool:
        """Whether by Firth's penalised likelihood."""
        return self.likelihood.penalised

    @property
    def probabilities(self) -> Vector:
        """Of the outcome, a patient each."""
        return self.design.by_patient(expit(self.design.matrix @ self.coefficients))


def fit(design: Design, outcome: Outcome, *, penalised: bool = False) -> Fit:
    """The logistic regression of an outcome, one a row of the design, on that design.

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
    columns, means, spreads = standardised(design)
    start = np.zeros(columns.shape[1])
    start[0] = math.log(design.counts[outcome].sum() / design.counts[~outcome].sum())
    likelihood = Likelihood(columns, outcome, design.counts, penalised)
    best, log_likelihood = maximum(likelihood, start, np.ones(len(start), dtype=bool))
    back = np.diag(1 / spreads)
    back[0] -= means / spreads
    covariance = back @ np.linalg.inv(likelihood.information(best)) @ back.T
    return Fit(design, back @ best, covariance, likelihood, log_likelihood, best, spreads)


def wald(fitted: Fit, at: int, confidence: float = CONFIDENCE) -> Estimate:
    """The odds ratio of a column with the interval and the test that take its log as normal."""
    from scipy.special import ndtr

    log_odds, error = float(fitted.coefficients[at]), math.sqrt(fitted.covariance[at, at])
    half = normal_quantile(confidence) * error
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
    _, likelihood = held(fitted.likelihood, fitted.best, columns, 0.0)
    statistic = max(2 * (fitted.log_likelihood - likelihood), 0.0)
    method = f"{'penalised ' if fitted.penalised else ''}likelihood-ratio test"
    return ChiSquared(statistic, len(columns), upper_tail(statistic, len(columns)), method)


def _profile_end(fitted: Fit, at: int, side: int, confidence: float) -> float:
    """The log odds beyond the estimate where twice the loss of profile likelihood is the quantile of chi-squared."""
    from scipy.optimize import brentq

    most = allowed_loss(confidence)
    centre, error = float(fitted.coefficients[at]), math.sqrt(fitted.covariance[at, at])

    def beyond(steps: float) -> float:
        """By how much the loss exceeds what is allowed, `steps` standard errors from the estimate."""
        value = (centre + side * steps * error) * float(fitted.spreads[at])
        return fitted.log_likelihood - held(fitted.likelihood, fitted.best, (at,), value)[1] - most

    far = 2.0
    while beyond(far) < 0:
        far *= 1.5
    steps = brentq(beyond, far / 1.5 if far > 2 else 0.0, far, xtol=1e-9, rtol=1e-9)
    return centre + side * float(steps) * error


def _exp(log_odds: float) -> float:
    return math.exp(log_odds) if log_odds < 700 else math.inf


def _method(fitted: Fit, interval: str, confidence: float) -> str:
    by = "Firth's logistic regression, penalised" if fitted.penalised else "logistic regression,"
    return f"{by} {interval} {100 * confidence:g} %"
