"""The likelihood of a logistic regression, or Firth's penalised likelihood, and where it is highest."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from remit.inference.design import Matrix, Vector

ROUNDS = 1000
HALVINGS = 40
FARTHEST = 1e6  # standardised coefficients that one round may add
NEAR = 1e-20  # twice what a last round would add to the likelihood: coefficients within 1e-10 standard errors
NEAR_ENOUGH = 1e-13  # where only the likelihood is asked for

Outcome = NDArray[np.bool_]


@dataclass(frozen=True)
class Likelihood:
    """Of an outcome on standardised columns; `penalised`: times the root of the determinant of the information.
    `counts`: of how many patients each row is."""

    columns: Matrix
    outcome: Outcome
    counts: Vector
    penalised: bool

    def log(self, beta: Vector) -> float:
        linear = self.columns @ beta
        likelihood = float(-(self.counts * np.logaddexp(0.0, np.where(self.outcome, -linear, linear))).sum())
        if not self.penalised:
            return likelihood
        sign, determinant = np.linalg.slogdet(self.information(beta))
        return likelihood + float(determinant) / 2 if sign > 0 else -math.inf

    def information(self, beta: Vector) -> Matrix:
        """The expected one, without the penalty."""
        return self._weighted(_weights(self.columns @ beta))

    def slopes(self, beta: Vector) -> tuple[Vector, Matrix]:
        """The score, and the information for a step along it.

        Firth's score is that of data in which each patient with leverage h counts 1 + h times, with half an event in h.
        """
        linear = self.columns @ beta
        probability, weights = expit(linear), _weights(linear)
        residual, information = self.outcome - probability, self._weighted(weights)
        if self.penalised:
            leverage = weights * ((self.columns @ np.linalg.pinv(information)) * self.columns).sum(axis=1)
            residual = residual + leverage * (0.5 - probability)
            information = self._weighted(weights * (1 + leverage))
        return self.columns.T @ (self.counts * residual), information

    def _weighted(self, weights: Vector) -> Matrix:
        return (self.columns * (self.counts * weights)[:, np.newaxis]).T @ self.columns


def maximum(likelihood: Likelihood, start: Vector, free: Outcome, near: float = NEAR) -> tuple[Vector, float]:
    """The coefficients of highest likelihood, those that are not `free` as they start, and that log-likelihood.

    Newton's rounds, halved until the likelihood grows. Raises ArithmeticError when they do not arrive.
    """
    beta, reached = start, likelihood.log(start)
    for _ in range(ROUNDS):
        score, information = likelihood.slopes(beta)
        step = np.zeros(len(beta))
        step[free] = _step(information[np.ix_(free, free)], score[free])
        if score @ step < near:
            return beta, reached
        beta, reached = _uphill(likelihood, beta, step, reached)
    raise ArithmeticError("the logistic regression did not converge")


def held(likelihood: Likelihood, best: Vector, at: tuple[int, ...], value: float) -> tuple[Vector, float]:
    """The maximum with some coefficients held at a value, sought from the coefficients of the whole maximum.

    Firth's likelihood may then have several in small cohorts: the higher of those found from two starts.
    """
    free = np.ones(len(best), dtype=bool)
    free[list(at)] = False
    plain = np.where(free, best, value)
    information = likelihood.information(best)
    followed = plain.copy()  # the others follow as the information has them follow
    followed[free] -= _step(information[np.ix_(free, free)], (information @ np.where(free, 0.0, plain - best))[free])
    starts = [plain, followed] if likelihood.penalised else [max(plain, followed, key=likelihood.log)]
    return max((maximum(likelihood, start, free, NEAR_ENOUGH) for start in starts), key=lambda found: found[1])


def expit(linear: Vector) -> Vector:
    with np.errstate(over="ignore"):
        return np.asarray(1 / (1 + np.exp(-linear)))


def _weights(linear: Vector) -> Vector:
    return expit(linear) * expit(-linear)


def _step(information: Matrix, score: Vector) -> Vector:
    """Newton's, or along the score where all probabilities are 0 or 1 and the information is lost in rounding."""
    try:
        step = np.linalg.solve(information, score)
    except np.linalg.LinAlgError:
        return score
    if np.abs(step).max(initial=0.0) > FARTHEST or score @ step < 0:
        return score
    return np.asarray(step)


def _uphill(likelihood: Likelihood, beta: Vector, step: Vector, reached: float) -> tuple[Vector, float]:
    for halving in range(HALVINGS):
        tried = beta + step / 2**halving
        found = likelihood.log(tried)
        if found >= reached - 1e-12 * abs(reached):  # the last rounds move less than the sum is exact to
            return tried, found
    raise ArithmeticError("the logistic regression did not converge")
