"""Two groups' proportions: their difference, with the interval that is made of the two groups' own."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from remit.inference.confidence import normal_quantile
from remit.inference.estimate import CONFIDENCE, Estimate
from remit.inference.proportions import intervals, wilson

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Counts = NDArray[Any] | int

_Values = TypeVar("_Values", float, "Floats")


def newcombe(
    n: int, of: int, other_n: int, other_of: int, confidence: float = CONFIDENCE
) -> tuple[float, float, float]:
    """n/of − other_n/other_of with its hybrid score interval, as proportions; of one pair of groups, without numpy.

    Method 10 of R. G. Newcombe, Statistics in Medicine 1998;17:873-90: from the two Wilson intervals, without
    continuity correction. Raises ValueError if either is no proportion.
    """
    ends, other_ends = wilson(n, of, confidence), wilson(other_n, other_of, confidence)
    share, other = n / of, other_n / other_of
    return share - other, *_square_and_add(share, ends, other, other_ends, math.hypot)


def risk_ratio(n: int, of: int, other_n: int, other_of: int, confidence: float = CONFIDENCE) -> Estimate:
    """n/of divided by other_n/other_of, its log taken as normal: D. Katz and others, Biometrics 1978;34:469-74.

    Without an interval where nobody had the outcome in one of the groups. Raises ValueError if either is no proportion.
    """
    if not (0 <= n <= of and 0 <= other_n <= other_of and of and other_of):
        raise ValueError(f"{n} of {of} and {other_n} of {other_of} are no proportions")
    method = f"Katz {100 * confidence:g} %"
    if not other_n:
        return Estimate(None, method, note="there is no ratio to 0")
    ratio = (n / of) / (other_n / other_of)
    if not n:
        return Estimate(ratio, method, note="a ratio of 0 has no interval")
    half = normal_quantile(confidence) * math.sqrt(1 / n - 1 / of + 1 / other_n - 1 / other_of)
    return Estimate(ratio, method, ratio * math.exp(-half), ratio * math.exp(half))


def newcombe_intervals(
    n: Counts, of: Counts, other_n: Counts, other_of: Counts, confidence: float = CONFIDENCE
) -> tuple[Floats, Floats]:
    """The lower and the upper ends for many pairs of groups at once; the counts are broadcast against each other.

    Raises ValueError unless 0 <= n <= of and of > 0 everywhere, in both groups.
    """
    import numpy as np

    ends, other_ends = intervals(n, of, "Wilson", confidence), intervals(other_n, other_of, "Wilson", confidence)
    return _square_and_add(np.divide(n, of), ends, np.divide(other_n, other_of), other_ends, np.hypot)


def _square_and_add(
    share: _Values,
    ends: tuple[_Values, _Values],
    other: _Values,
    other_ends: tuple[_Values, _Values],
    distance: Callable[[_Values, _Values], _Values],
) -> tuple[_Values, _Values]:
    lower = share - other - distance(share - ends[0], other_ends[1] - other)
    upper = share - other + distance(ends[1] - share, other - other_ends[0])
    return lower, upper
