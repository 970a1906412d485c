"""What a confidence asks of an interval. Each raises ValueError unless it lies between 0 and 1."""

from __future__ import annotations

from statistics import NormalDist


def outside(confidence: float) -> float:
    """The probability that a two-sided interval leaves beyond each of its ends."""
    return (1 - _checked(confidence)) / 2


def normal_quantile(confidence: float) -> float:
    """How many standard errors a two-sided interval reaches to each side: 1.96 for 95 %."""
    return NormalDist().inv_cdf((1 + _checked(confidence)) / 2)


def allowed_loss(confidence: float) -> float:
    """How far a log-likelihood may fall below its maximum within an interval by profile likelihood of one number."""
    from scipy.special import chdtri

    return float(chdtri(1, 1 - _checked(confidence))) / 2


def _checked(confidence: float) -> float:
    if not 0 < confidence < 1:
        raise ValueError(f"a confidence lies between 0 and 1, not at {confidence:g}")
    return confidence
