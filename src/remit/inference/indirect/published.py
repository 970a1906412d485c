"""Our share beside a published one: their difference and their odds ratio, as far as theirs is known."""

from __future__ import annotations

import math
from dataclasses import dataclass

from remit.inference.confidence import normal_quantile
from remit.inference.estimate import CONFIDENCE, Estimate

CERTAIN = "There is no interval: a share of 0 or of 1 does not show how much another sample would differ."
FIXED = "How precise the published share is, is not known: the interval takes it as a fixed number and is too narrow."


@dataclass(frozen=True)
class Share:
    """A share of our patients, from 0 to 1, with its standard error, and how it was come by."""

    value: float
    error: float
    method: str


@dataclass(frozen=True)
class Published:
    """A share of theirs, from 0 to 1; of how many patients, if that is known. No standard error is invented for it."""

    share: float
    of: int | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.share <= 1 or (self.of is not None and self.of < 1):
            raise ValueError(f"{self.share:g} of {self.of} is no published share")

    @property
    def variance(self) -> float:
        """Binomial; 0 where the number of patients is not known."""
        return self.share * (1 - self.share) / self.of if self.of else 0.0


def interval(ours: Share, confidence: float = CONFIDENCE) -> Estimate:
    """Our share with the interval that takes its log odds as normal; a share of 0 or 1 has none."""
    called = f"{ours.method}, {100 * confidence:g} % on the logit scale"
    if not 0 < ours.value < 1:
        return Estimate(ours.value, ours.method, note="all have the same outcome, so there is no interval")
    log_odds, error = _log_odds(ours.value), ours.error / (ours.value * (1 - ours.value))
    half = normal_quantile(confidence) * error
    return Estimate(ours.value, called, _share(log_odds - half), _share(log_odds + half))


def difference(ours: Share, theirs: Published, confidence: float = CONFIDENCE) -> Estimate:
    """Ours less theirs, with the normal interval of two independent shares; none where one of them is 0 or 1."""
    if not (0 < ours.value < 1 and 0 < theirs.share < 1):
        return Estimate(ours.value - theirs.share, ours.method, note=CERTAIN)
    value, error = ours.value - theirs.share, math.hypot(ours.error, math.sqrt(theirs.variance))
    half = normal_quantile(confidence) * error
    return _against(ours, theirs, value, value - half, value + half, confidence)


def odds_ratio(ours: Share, theirs: Published, confidence: float = CONFIDENCE) -> Estimate:
    """The odds of ours into those of theirs, normal on the log scale."""
    if not (0 < ours.value < 1 and 0 < theirs.share < 1):
        return Estimate(None, ours.method, note="a share of 0 or of 1 has no odds ratio")
    value = _log_odds(ours.value) - _log_odds(theirs.share)
    own = ours.error / (ours.value * (1 - ours.value))
    their = math.sqrt(theirs.variance) / (theirs.share * (1 - theirs.share))
    half = normal_quantile(confidence) * math.hypot(own, their)
    return _against(ours, theirs, math.exp(value), math.exp(value - half), math.exp(value + half), confidence)


def _against(ours: Share, theirs: Published, value: float, lower: float, upper: float, confidence: float) -> Estimate:
    note = None if theirs.of else FIXED
    return Estimate(value, f"{ours.method}, normal {100 * confidence:g} %", lower, upper, note=note)


def _log_odds(share: float) -> float:
    return math.log(share / (1 - share))


def _share(log_odds: float) -> float:
    return 1 / (1 + math.exp(-log_odds))
