"""Tests whose statistic follows a chi-squared distribution."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

TOLERANCE = 1e-10  # share of a score's variance that is left beside the others, below which it is nothing new


@dataclass(frozen=True)
class ChiSquared:
    """statistic, p: None where the test cannot be made; `note` says why. freedom: its degrees of freedom."""

    statistic: float | None
    freedom: int
    p: float | None
    method: str
    note: str | None = None


def upper_tail(statistic: float, freedom: int) -> float:
    """The probability of a statistic at least as large. freedom: at least 1."""
    from scipy.special import chdtrc

    return float(chdtrc(freedom, statistic))


def no_test(method: str, note: str) -> ChiSquared:
    return ChiSquared(None, 0, None, method, note)


def score_test(score: Floats, variance: Floats, method: str) -> ChiSquared:
    """score' variance^-1 score, with the rank of the variance as degrees of freedom.

    score: (k,), variance: (k, k), symmetric. Scores that are a combination of those before them are left out: in a
    comparison of groups one of them follows from the others, and a group that nobody could have had an event in has
    no variance.
    """
    kept = independent(variance)
    if not kept:
        return no_test(method, "the events leave nothing to compare")
    part = variance[np.ix_(kept, kept)]
    statistic = float(score[kept] @ np.linalg.solve(part, score[kept]))
    return ChiSquared(statistic, len(kept), upper_tail(statistic, len(kept)), method)


def independent(variance: Floats) -> list[int]:
    """The rows of a variance that do not follow from those before them, in their order."""
    left, kept = np.array(variance, dtype=float), list[int]()
    whole = np.diag(variance)
    for row in range(len(left)):
        if left[row, row] > TOLERANCE * max(whole[row], 0) and whole[row] > TOLERANCE * whole.max():
            kept.append(row)
            left = left - np.outer(left[row], left[row]) / left[row, row]
    return kept
