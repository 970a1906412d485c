"""Whether patients with an outcome and those without overlap, where that can be proved without a linear program."""

from __future__ import annotations

import numpy as np

from remit.inference.design import Matrix, Vector
from remit.inference.logistic_likelihood import Likelihood, Outcome, expit

ROUNDS = 12
NEAR = 0.1  # of 1, by which a step must move somebody's log odds under separation
DOUBTFUL = 1e-5  # a patient whose outcome surprises less may be lost in the rounding of sums


def overlap(columns: Matrix, outcome: Outcome, counts: Vector) -> bool:
    """Whether no combination of these columns separates the outcome, even in part; False: that is not proved.

    At any coefficients, under separation, Newton's step moves the log odds of some patient by more than 1. For let d
    separate: s x·d is at least 0 for each patient, with s = 1 for those with the outcome and -1 for the others, and
    above 0 for somebody. Let y be how surprising a patient's outcome is: 1 less its probability. The score is the sum
    of s y x, the information that of y (1 - y) x x', so for the step b the sum of y (1 - y) (x·d) (x·b) equals that of
    s y x·d. If no |x·b| were above 1, the first would be less than the second, all of whose terms are at least 0. So a
    step that moves nobody by so much proves overlap, and patients who overlap have such a step near their maximum.
    """
    likelihood = Likelihood(columns, outcome, counts, penalised=False)
    beta = np.zeros(columns.shape[1])
    for _ in range(ROUNDS):
        score, information = likelihood.slopes(beta)
        try:
            step = np.linalg.solve(information, score)
        except np.linalg.LinAlgError:
            return False
        linear = columns @ beta
        surprise = expit(np.where(outcome, -linear, linear))
        if surprise.min() < DOUBTFUL:
            return False
        if np.abs(columns @ step).max() < NEAR:
            return True
        beta = beta + step
    return False
