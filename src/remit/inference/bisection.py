"""Where a condition turns, for many numbers at once: the ends of intervals that no formula gives."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_HALVINGS = 70  # leave of a range of 1 less than floats tell apart


def turning(short: Callable[[Floats], NDArray[Any]], low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """The narrowest bounds around the point up to which `short` holds, element by element.

    A bound does not move if `short` holds everywhere, or nowhere: it is then exactly `high`, or `low`.
    """
    import numpy as np

    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        before = short(middle)
        low, high = np.where(before, middle, low), np.where(before, high, middle)
    return low, high
