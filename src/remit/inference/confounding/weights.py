"""Weights that make two arms look like one target population.

F. Li, K. L. Morgan and A. M. Zaslavsky, Journal of the American Statistical Association 2018;113:390-400, have all of
them as cases of one: the target's density is the patients' times a function of the score.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from remit.inference.confounding.propensity import Propensity
from remit.inference.design import Vector

Target = Literal["all", "treated", "comparator", "overlap"]
TARGETS: tuple[Target, ...] = ("all", "treated", "comparator", "overlap")
Percentiles = tuple[float, float]


@dataclass(frozen=True)
class Weights:
    """One weight a patient, above 0, for the score e: for `all` 1/e in the treated and 1/(1-e) in the others; for the
    `treated` 1 and e/(1-e); for the `comparator` (1-e)/e and 1; for the `overlap` 1-e and e.

    `slopes`: by how much each weight grows with the score's log odds. `truncated`: whose weight was moved to one of
    the two `limits`, which are None if none was to be.
    """

    propensity: Propensity
    target: Target
    values: Vector
    slopes: Vector
    stabilised: bool
    limits: tuple[float, float] | None
    truncated: dict[str, int]

    @property
    def effective(self) -> dict[str, float]:
        """The effective number of patients of each arm (L. Kish, Survey sampling, 1965): how many with equal weights
        would know as much."""
        return {arm: _effective(self.values[who]) for arm, who in self.propensity.arms.members.items()}

    @property
    def largest_share(self) -> dict[str, float]:
        """Of the weight of each arm, what its heaviest patient has."""
        return {
            arm: float(self.values[who].max() / self.values[who].sum())
            for arm, who in self.propensity.arms.members.items()
        }

    def moved(self, slope: Vector, *, score_known: bool = False) -> Vector:
        """By how much each patient moves an estimate that grows so with each patient's weight: by having a weight and,
        unless the score is known, by having been used to estimate it."""
        own = self.values * slope
        if score_known:
            return own
        return own + self.propensity.influence @ ((self.slopes * slope) @ self.propensity.design.matrix)


def weights(
    of: Propensity, target: Target, *, stabilised: bool = False, percentiles: Percentiles | None = None
) -> Weights:
    """`stabilised`, for `all` alone: times the share of patients in the arm, so that the mean is near 1 (J. M. Robins,
    M. A. Hernán and B. Brumback, Epidemiology 2000;11:550-60); within an arm this changes nothing.

    `percentiles`, as shares such as (0.01, 0.99): weights beyond are moved to them (S. R. Cole and M. A. Hernán,
    American Journal of Epidemiology 2008;168:656-64). For `treated` and `comparator` they are those of the one arm that
    is weighted, else of all patients. Raises ValueError unless 0 <= lower < upper <= 1.
    """
    if stabilised and target != "all":
        raise ValueError(f"weights are stabilised for the target all, not for {target}")
    values, slopes = _raw(of, target)
    if stabilised:
        share = of.arms.treated.mean()
        scale = np.where(of.arms.treated, share, 1 - share)
        values, slopes = values * scale, slopes * scale
    limits = None if percentiles is None else _limits(of, target, values, percentiles)
    kept = np.ones(values.size, dtype=bool)
    if limits is not None:
        kept = ~_weighted(of, target) | (values >= limits[0]) & (values <= limits[1])
        values, slopes = np.where(kept, values, np.clip(values, *limits)), np.where(kept, slopes, 0.0)
    truncated = {arm: int((who & ~kept).sum()) for arm, who in of.arms.members.items()}
    return Weights(of, target, values, slopes, stabilised, limits, truncated)


def target_shares(of: Propensity, target: Target) -> tuple[Vector, Vector]:
    """How much of the target population each patient stands for, and by how much that grows with the log odds."""
    score, treated = of.scores, of.arms.treated
    nothing = np.zeros(score.size)
    match target:
        case "all":
            return nothing + 1, nothing
        case "treated":
            return treated.astype(np.float64), nothing
        case "comparator":
            return (~treated).astype(np.float64), nothing
        case "overlap":
            both = score * of.against
            return both, both * (of.against - score)


def _raw(of: Propensity, target: Target) -> tuple[Vector, Vector]:
    """The weights, and their slopes in the score's log odds."""
    score, other, treated = of.scores, of.against, of.arms.treated
    odds, against = score / other, other / score
    nothing = np.zeros(score.size)
    match target:
        case "all":
            return np.where(treated, 1 / score, 1 / other), np.where(treated, -against, odds)
        case "treated":
            return np.where(treated, 1.0, odds), np.where(treated, nothing, odds)
        case "comparator":
            return np.where(treated, against, 1.0), np.where(treated, -against, nothing)
        case "overlap":
            both = score * other
            return np.where(treated, other, score), np.where(treated, -both, both)


def _weighted(of: Propensity, target: Target) -> np.typing.NDArray[np.bool_]:
    """Whose weight depends on the score."""
    match target:
        case "treated":
            return ~of.arms.treated
        case "comparator":
            return of.arms.treated
        case "all" | "overlap":
            return np.ones(of.arms.treated.size, dtype=bool)


def _limits(of: Propensity, target: Target, values: Vector, percentiles: Percentiles) -> tuple[float, float]:
    lower, upper = percentiles
    if not 0 <= lower < upper <= 1:
        raise ValueError(f"weights are truncated at shares from 0 to 1, not at {lower:g} and {upper:g}")
    low, high = np.quantile(values[_weighted(of, target)], [lower, upper])
    return float(low), float(high)


def _effective(values: Vector) -> float:
    return float(values.sum() ** 2 / (values**2).sum())


def average(values: Vector, weights: Vector) -> float:
    """The weighted mean; of values that are all the same exactly that value."""
    first = float(values[0])
    return first + float(weights @ (values - first)) / float(weights.sum())


def robust(score_known: bool) -> str:
    """What a variance made of `Weights.moved` is called."""
    return f"robust variance with the score {'taken as known' if score_known else 'estimated'}"
