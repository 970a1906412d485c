"""Two groups' proportions: their difference."""

from __future__ import annotations

import math

from remit.inference.estimate import CONFIDENCE
from remit.inference.proportions import wilson


def newcombe(
    n: int, of: int, other_n: int, other_of: int, confidence: float = CONFIDENCE
) -> tuple[float, float, float]:
    """n/of − other_n/other_of with its hybrid score interval, as proportions.

    Method 10 of R. G. Newcombe, Statistics in Medicine 1998;17:873-90: from the two Wilson intervals, without
    continuity correction. Raises ValueError if either is no proportion.
    """
    low, high = wilson(n, of, confidence)
    other_low, other_high = wilson(other_n, other_of, confidence)
    share, other = n / of, other_n / other_of
    difference = share - other
    lower = difference - math.hypot(share - low, other_high - other)
    upper = difference + math.hypot(high - share, other - other_low)
    return difference, lower, upper
