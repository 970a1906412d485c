"""Intervals by drawing patients again: for those who would rather not lean on a formula for the variance.

B. Efron, Annals of Statistics 1979;7:1-26. Patients are drawn with replacement within each arm, and the score, the
weights and the models are fitted anew each time.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from remit.inference.confidence import outside
from remit.inference.confounding.arms import Arms, NotComparable
from remit.inference.confounding.means import Means
from remit.inference.confounding.outcomes import Values
from remit.inference.confounding.propensity import Propensity
from remit.inference.design import SAME, Design, standardised
from remit.inference.estimate import CONFIDENCE, Estimate
from remit.inference.logistic import Separated, fit

MOST_FAILED = 0.05  # of the draws: beyond, what is left is no sample of what might have been seen

Method = Callable[[Values, Propensity], Means]
Contrast = Callable[[Means, float], Estimate]


@dataclass(frozen=True)
class Drawn:
    """What the method gave for the patients themselves and, without influence, for each draw. `failed`: draws for which
    it gave nothing, because the arms of such a draw cannot be compared."""

    observed: Means
    draws: tuple[Means, ...]
    failed: int


def drawn(outcome: Values, of: Propensity, method: Method, *, seed: int, draws: int = 1000) -> Drawn:
    """`method`: from outcome and score to means, such as `lambda values, of: standardised(values, of, "all")`.

    The same seed gives the same draws. Raises what the method raises for the patients themselves.
    """
    observed = method(outcome, of)
    values, generator = np.asarray(outcome), np.random.default_rng(seed)
    found, failed = [], 0
    for _ in range(draws):
        rows = np.concatenate([generator.choice(np.flatnonzero(who), who.sum()) for who in of.arms.members.values()])
        try:
            found.append(replace(method(values[rows], _again(of, rows)), influence=np.empty((0, 2))))
        except (NotComparable, ArithmeticError):
            failed += 1
    return Drawn(observed, tuple(found), failed)


def percentile(of: Drawn, contrast: Contrast, confidence: float = CONFIDENCE) -> Estimate:
    """The contrast, such as `difference`, of the patients themselves, and between which two values it lies in the share
    `confidence` of the draws. There is no p. No interval is given where more than one draw in twenty gave no value."""
    found = contrast(of.observed, confidence)
    values = [
        one
        for one in (contrast(means, confidence).value for means in of.draws)
        if one is not None and math.isfinite(one)
    ]
    every = len(of.draws) + of.failed
    method = contrast(replace(of.observed, variance=f"bootstrap of {every}, percentiles"), confidence).method
    lost = every - len(values)
    plain = replace(found, method=method, lower=None, upper=None, p=None)
    if found.value is None or of.observed.without_interval is not None:
        return plain
    if lost > MOST_FAILED * every or not values:
        return replace(plain, note=f"{lost} of {every} draws gave no value: there is no interval")
    lower, upper = np.quantile(values, [outside(confidence), 1 - outside(confidence)])
    note = f"{lost} of {every} draws gave no value" if lost else None
    return replace(plain, lower=float(lower), upper=float(upper), note=note)


def _again(of: Propensity, rows: NDArray[np.intp]) -> Propensity:
    """The score of patients drawn."""
    made = Design(of.design.matrix[rows], of.design.columns)
    if np.ptp(made.matrix[:, 1:], axis=0).min() == 0 or np.linalg.matrix_rank(standardised(made)[0], tol=SAME) < len(
        made.columns
    ):
        raise NotComparable("among the patients drawn a covariate does not vary")
    treated = of.arms.treated[rows]
    try:
        return Propensity(Arms(treated, of.arms.name, of.arms.other), (), fit(made, treated))
    except Separated as refused:
        raise NotComparable("among the patients drawn covariates tell the arms apart") from refused
