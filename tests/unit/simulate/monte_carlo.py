"""What comes out of a draw against what was declared, within the Monte Carlo error that theory gives.

The bound is 4.5 standard errors: seeds are fixed, and a right program fails at none of them.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

FAR = 4.5


def about(found: float, wanted: float, error: float) -> None:
    assert abs(found - wanted) <= FAR * error, f"{found} is not {wanted} ± {error}"


def floats(values: pl.Series) -> NDArray[np.float64]:
    """The known values."""
    return values.drop_nulls().cast(pl.Float64).to_numpy()


def mean(values: pl.Series, wanted: float, sd: float) -> None:
    about(float(floats(values).mean()), wanted, sd / math.sqrt(len(floats(values))))


def numbers(values: pl.Series, wanted: float, sd: float) -> None:
    """Mean and sd; the error of the sd is that of normal numbers, with something for others."""
    mean(values, wanted, sd)
    about(float(floats(values).std(ddof=1)), sd, 1.2 * sd / math.sqrt(2 * len(floats(values))))


def share(values: pl.Series, wanted: float) -> None:
    """Of yes among those known."""
    about(float(floats(values).mean()), wanted, math.sqrt(wanted * (1 - wanted) / len(floats(values))))


def correlation(one: NDArray[Any], other: NDArray[Any], wanted: float) -> None:
    about(float(np.corrcoef(one, other)[0, 1]), wanted, (1 - wanted**2) / math.sqrt(len(one)))


def inside(values: pl.Series, low: float, high: float) -> None:
    assert floats(values).min() >= low
    assert floats(values).max() <= high
