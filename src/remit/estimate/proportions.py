"""Proportions with Wilson's interval."""

from __future__ import annotations

from remit.inference.proportions import wilson
from remit.schema.results import Statistic

WILSON = "Wilson 95 %"
NOBODY = "nobody is in the denominator"


def share(n: int, of: int) -> list[Statistic]:
    """n and percent, without an interval."""
    return proportion(n, of)[:2]


def proportion(n: int, of: int) -> list[Statistic]:
    """n, percent, and the ends of its interval in percent."""
    counted = Statistic("n", float(n))
    if of == 0:
        return [counted, *(Statistic(name, None, "%", WILSON, NOBODY) for name in ("percent", "lower", "upper"))]
    low, high = wilson(n, of)
    return [
        counted,
        Statistic("percent", 100 * n / of, "%"),
        Statistic("lower", 100 * low, "%", WILSON),
        Statistic("upper", 100 * high, "%", WILSON),
    ]
