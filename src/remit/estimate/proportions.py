"""Proportions with Wilson's interval."""

from __future__ import annotations

import math
from statistics import NormalDist

from remit.schema.results import Statistic

CONFIDENCE = 0.95
WILSON = "Wilson 95 %"


def wilson(n: int, of: int, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Wilson's score interval for n of `of`, as proportions.

    E. B. Wilson, Journal of the American Statistical Association 1927;22:209-12. No continuity correction. The ends are
    exact at 0 of n and n of n. Raises ValueError unless 0 <= n <= of and of > 0.
    """
    if not 0 <= n <= of or of == 0:
        raise ValueError(f"{n} of {of} is no proportion")
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    share, z2 = n / of, z * z
    centre = share + z2 / (2 * of)
    half = z * math.sqrt(share * (1 - share) / of + z2 / (4 * of * of))
    low = 0.0 if n == 0 else (centre - half) / (1 + z2 / of)
    high = 1.0 if n == of else (centre + half) / (1 + z2 / of)
    return low, high


def share(n: int, of: int) -> list[Statistic]:
    """n and percent, without an interval."""
    return proportion(n, of)[:2]


def proportion(n: int, of: int) -> list[Statistic]:
    """n, percent, and the ends of its interval in percent."""
    counted = Statistic("n", float(n))
    if of == 0:
        why = "nobody is in the denominator"
        return [counted, *(Statistic(name, None, "%", WILSON, why) for name in ("percent", "lower", "upper"))]
    low, high = wilson(n, of)
    return [
        counted,
        Statistic("percent", 100 * n / of, "%"),
        Statistic("lower", 100 * low, "%", WILSON),
        Statistic("upper", 100 * high, "%", WILSON),
    ]
