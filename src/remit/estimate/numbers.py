"""Mean, standard deviation, median, quartiles and range of scaled integers: exact sums, one rounding at the end."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import polars as pl

from remit.schema.results import Statistic

# The averaging of adjacent order statistics: type 2 of Hyndman and Fan, American Statistician 1996;50:361-5.
QUANTILE = "quantile type 2"


@dataclass(frozen=True)
class Numbers:
    """Known values: `low` and `high` are scaled integers, equal where the value is exact, null where it is unbounded.

    `divisor` turns a scaled integer into a number of `unit`.
    """

    low: pl.Series
    high: pl.Series
    divisor: Fraction
    unit: str | None
    decimals: int

    @property
    def censored(self) -> int:
        """How many are not exact."""
        return int(len(self.low) - (self.low == self.high).fill_null(value=False).sum())


def summary(numbers: Numbers) -> list[Statistic]:
    """mean, sd, median, q1, q3, min, max; what cannot be given has a note."""
    low = numbers.low.sort(nulls_last=False)
    high = low if numbers.low is numbers.high else numbers.high.sort(nulls_last=True)
    ordered = replace(numbers, low=low, high=high)
    return [*_moments(numbers), *(_quantile(ordered, name, share) for name, share in _SHARES.items())]


_SHARES = {
    "median": Fraction(1, 2),
    "q1": Fraction(1, 4),
    "q3": Fraction(3, 4),
    "min": Fraction(0),
    "max": Fraction(1),
}


def _moments(numbers: Numbers) -> list[Statistic]:
    n, censored, unit = len(numbers.low), numbers.censored, numbers.unit
    if n == 0:
        return [Statistic(name, None, unit, note="no value is known") for name in ("mean", "sd")]
    if censored:
        why = f"{censored} of {n} values are beyond the assay's limits: a mean needs a declared substitution"
        return [Statistic(name, None, unit, note=why) for name in ("mean", "sd")]
    wide = numbers.low.cast(pl.Int128)
    total, squares = int(wide.sum()), int((wide * wide).sum())
    mean = Statistic("mean", float(Fraction(total, n) / numbers.divisor), unit)
    if n == 1:
        return [mean, Statistic("sd", None, unit, note="one value has no standard deviation")]
    variance = Fraction(n * squares - total * total, n * (n - 1)) / numbers.divisor**2
    return [mean, Statistic("sd", math.sqrt(variance), unit)]


def _quantile(numbers: Numbers, name: str, share: Fraction) -> Statistic:
    """By order of the lower and of the upper ends, each sorted: where the two agree, it is known in spite of censored
    values."""
    if not len(numbers.low):
        return Statistic(name, None, numbers.unit, QUANTILE, "no value is known")
    low, high = _at(numbers.low, share), _at(numbers.high, share)
    if low is not None and low == high:
        return Statistic(name, float(low / numbers.divisor), numbers.unit, QUANTILE)
    return Statistic(name, None, numbers.unit, QUANTILE, _bounds_in_words(low, high, numbers))


def _at(ordered: pl.Series, share: Fraction) -> Fraction | None:
    n = len(ordered)
    position = n * share
    if position.denominator == 1 and 0 < position < n:
        return _mean([ordered[int(position) - 1], ordered[int(position)]])
    return _mean([ordered[max(0, math.ceil(position) - 1)]])


def _mean(values: Sequence[int | None]) -> Fraction | None:
    known = [value for value in values if value is not None]
    return Fraction(sum(known), len(known)) if len(known) == len(values) else None


def _bounds_in_words(low: Fraction | None, high: Fraction | None, numbers: Numbers) -> str:
    """ "≤50", "≥1800", "50 to 60"; an end may be an exact value or a limit, so that it counts as possible."""
    ends = [None if end is None else f"{float(end / numbers.divisor):.{numbers.decimals}f}" for end in (low, high)]
    match ends:
        case None, None:
            return "beyond the assay's limits"
        case None, _:
            return f"≤{ends[1]}"
        case _, None:
            return f"≥{ends[0]}"
    return f"{ends[0]} to {ends[1]}"
