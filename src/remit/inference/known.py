"""Numbers as the methods take them: every value known and finite."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]


def numbers(values: Sequence[float] | Numbers, what: str = "values") -> Numbers:
    """One row of numbers. Raises ValueError where a value is unknown or infinite: whoever calls leaves those out, and
    says so."""
    found = np.asarray(values, dtype=np.float64)
    if found.ndim != 1:
        raise ValueError(f"the {what} are no single row of numbers")
    if not np.isfinite(found).all():
        raise ValueError(f"among the {what} is one that is not known or not finite")
    return found
