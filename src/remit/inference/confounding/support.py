"""Where the scores of both arms lie, and who has no counterpart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from remit.inference.confounding.propensity import Propensity

BINS = 20


@dataclass(frozen=True)
class Scores:
    """Of one arm: quantiles (lowest, quartiles, highest), how many lie in each of BINS equal parts from 0 to 1, and how
    many lie `outside` the common support."""

    arm: str
    patients: int
    quantiles: tuple[float, float, float, float, float]
    histogram: tuple[int, ...]
    outside: int


@dataclass(frozen=True)
class Support:
    """`common`: from the higher of the two arms' lowest scores to the lower of their highest (R. H. Dehejia and S.
    Wahba, Journal of the American Statistical Association 1999;94:1053-62); None if nobody's score can lie there."""

    common: tuple[float, float] | None
    treated: Scores
    comparator: Scores

    @property
    def outside_share(self) -> float:
        """Of all patients."""
        return (self.treated.outside + self.comparator.outside) / (self.treated.patients + self.comparator.patients)


def support(of: Propensity) -> Support:
    """How the scores of the two arms overlap."""
    by_arm = {arm: of.scores[who] for arm, who in of.arms.members.items()}
    low = max(float(scores.min()) for scores in by_arm.values())
    high = min(float(scores.max()) for scores in by_arm.values())
    treated, comparator = (_scores(arm, scores, low, high) for arm, scores in by_arm.items())
    return Support((low, high) if low <= high else None, treated, comparator)


def _scores(arm: str, scores: np.typing.NDArray[np.float64], low: float, high: float) -> Scores:
    least, lower, median, upper, most = (float(one) for one in np.quantile(scores, [0, 0.25, 0.5, 0.75, 1]))
    counts, _ = np.histogram(scores, BINS, (0.0, 1.0))
    outside = int(((scores < low) | (scores > high)).sum())
    return Scores(arm, scores.size, (least, lower, median, upper, most), tuple(int(one) for one in counts), outside)
