"""The standard error of a matching-adjusted share by drawing our patients anew, weights and all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from remit.inference.estimate import CONFIDENCE, Estimate
from remit.inference.indirect.maic import Outcome, as_outcome
from remit.inference.indirect.matched import Matched, moments
from remit.inference.indirect.published import Share
from remit.inference.indirect.weights import matching_weights, tilted

TIMES = 1000
MOST_LOST = 0.05


@dataclass(frozen=True)
class Bootstrap:
    """`share` has the spread of the draws as its error, `interval` their quantiles. `lost`: draws of `times` without
    weights, since the patients drawn had no overlap with the published study."""

    share: Share
    interval: Estimate
    times: int
    lost: int


def bootstrapped(
    outcome: Sequence[bool] | Outcome,
    covariates: Sequence[Matched],
    seed: int,
    times: int = TIMES,
    confidence: float = CONFIDENCE,
) -> Bootstrap:
    """The non-parametric bootstrap (B. Efron and R. Tibshirani, An introduction to the bootstrap, 1993), in which the
    weights are estimated anew each time, so that their uncertainty is in the result. How many are drawn of those who
    are alike in covariates and outcome is one multinomial number, so that a million patients take no longer than they
    must. Raises what matching_weights raises, and ArithmeticError where more than 5 % of the draws have no overlap:
    what is left would look more precise than it is.
    """
    weights = matching_weights(covariates)
    had = as_outcome(outcome, weights.patients)
    matrix, _ = moments(covariates)
    kinds, alike = np.unique(np.column_stack([matrix, had]), axis=0, return_counts=True)
    random = np.random.default_rng(seed)
    drawn = []
    for _ in range(times):
        many = random.multinomial(len(had), alike / len(had))
        here = many > 0
        shares = tilted(kinds[here, :-1], many[here].astype(float))
        if shares is not None:
            drawn.append(float(shares @ kinds[here, -1]))
    lost = times - len(drawn)
    if lost > MOST_LOST * times:
        raise ArithmeticError(f"{lost} of {times} bootstrap draws have no overlap with the published study")
    outside = (1 - confidence) / 2
    lower, upper = np.quantile(drawn, [outside, 1 - outside])
    value = float(weights.shares @ np.asarray(outcome, dtype=bool))
    method = f"matching-adjusted (method of moments), bootstrap of {times} draws, seed {seed}"
    told = Estimate(value, f"{method}, percentile {100 * confidence:g} %", float(lower), float(upper))
    return Bootstrap(Share(value, float(np.std(drawn, ddof=1)), method), told, times, lost)
