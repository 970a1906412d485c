"""The outcome in the target population by weighting, by standardisation, and by both together.

All have intervals by M-estimation (L. A. Stefanski and D. D. Boos, American Statistician 2002;56:29-38): the score, the
models of the outcome and the means are solved for together, so that the variance knows that the score was estimated.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from remit.inference.confounding.means import Means
from remit.inference.confounding.weights import Weights
from remit.inference.known import numbers

Values = Sequence[bool] | Sequence[float] | NDArray[np.bool_] | NDArray[np.float64]


def weighted(outcome: Values, by: Weights, *, score_known: bool = False) -> Means:
    """The weighted mean of each arm, weights divided by their sum (Hájek).

    For the target `all` and shares it is J. K. Lunceford and M. Davidian's second estimator, Statistics in Medicine
    2004;23:2937-60, with their variance. `score_known`: the usual robust variance, which takes the score as known: for
    the target `all` it is too wide rather than too narrow. Raises ValueError for an outcome that is unknown for
    somebody.
    """
    values, yes_no = _known(outcome, by.values.size)
    found = [_weighted_mean(values, who, by, score_known) for who in by.propensity.arms.members.values()]
    taken = "taken as known" if score_known else "estimated"
    (treated, moved), (comparator, other_moved) = found
    return Means(
        treated,
        comparator,
        np.column_stack([moved, other_moved]),
        yes_no,
        f"propensity-score weights, robust variance with the score {taken}",
        _same_within(values, by, yes_no),
    )


def _weighted_mean(
    values: NDArray[np.float64], who: NDArray[np.bool_], by: Weights, known: bool
) -> tuple[float, NDArray[np.float64]]:
    weight = np.where(who, by.values, 0.0)
    total = weight.sum()
    mean = float(weight @ values / total)
    moved = weight * (values - mean) / total
    if not known:
        slope = np.where(who, by.slopes, 0.0) * (values - mean) @ by.propensity.design.matrix / total
        moved = moved + by.propensity.influence @ slope
    return mean, moved


def _known(outcome: Values, patients: int) -> tuple[NDArray[np.float64], bool]:
    yes_no = all(isinstance(one, bool | np.bool_) for one in outcome)
    values = numbers(np.asarray(outcome, dtype=np.float64), "outcomes")
    if values.size != patients:
        raise ValueError(f"{values.size} outcomes for {patients} patients")
    return values, yes_no


def _same_within(values: NDArray[np.float64], by: Weights, yes_no: bool) -> str | None:
    for arm, who in by.propensity.arms.members.items():
        if np.ptp(values[who]) == 0:
            if yes_no:
                return f"{'everybody' if values[who][0] else 'nobody'} in {arm} had the outcome: there is no interval"
            return f"everybody in {arm} has the same outcome: there is no interval"
    return None
