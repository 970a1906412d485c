"""From a standard normal number to a value: what the declared shape makes of it.

All fields are drawn as standard normal numbers first, so that they can be correlated (a Gaussian copula). A greater
number gives a greater value, or a level that is declared later.
"""

from __future__ import annotations

import math
from functools import cache
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from remit.study.simulation import Draw, Normal, Quartiles, Shares, Uniform

Floats = NDArray[np.floating]
Codes = NDArray[np.intp]

STANDARD = NormalDist()
HALVINGS = 40
QUARTILE = STANDARD.inv_cdf(0.75)
_TRIALS = np.array([STANDARD.inv_cdf((i + 0.5) / 4000) for i in range(4000)])


def codes(z: Floats, shares: Shares) -> Codes:
    """Which of the values, counted from 0."""
    return np.searchsorted(np.array(cuts(shares), dtype=z.dtype), z, side="right")


def cuts(shares: Shares) -> list[float]:
    """Between each value and the next, the standard normal number that parts them."""
    below = np.cumsum(shares.shares)[:-1]
    return [-math.inf if p <= 0 else math.inf if p >= 1 else STANDARD.inv_cdf(p) for p in below]


def numbers(z: Floats, draw: Draw, low: float = -math.inf, high: float = math.inf, step: float = 0.0) -> Floats:
    """Values from `low` to `high`. `step`: that of the last decimal, to which the caller rounds."""
    match draw:
        case Shares():
            values = np.array(draw.values, dtype=np.float64)
            chosen: Floats = np.take(values, codes(z, draw))
            return chosen
        case Uniform():
            evenly: Floats = draw.low + (draw.high - draw.low) * uniform(z)
            return evenly
        case Normal():
            mean, sd = fitted(draw.mean, draw.sd, low, high, step)
            normal: Floats = np.clip(mean + sd * z, low, high)
            return normal
        case Quartiles():
            skewed: Floats = np.clip(quartiles(z, draw), low, high)
            return skewed


def quartiles(z: Floats, draw: Quartiles) -> Floats:
    """Two halves of normal numbers, or of log-normal ones where all are above 0, that meet in the median."""
    log = draw.lower > 0
    lower, median, upper = (math.log(x) if log else x for x in (draw.lower, draw.median, draw.upper))
    value = median + z * np.where(z < 0, median - lower, upper - median) / QUARTILE
    found: Floats = np.exp(value) if log else value
    return found


@cache
def fitted(mean: float, sd: float, low: float, high: float, step: float) -> tuple[float, float]:
    """Mean and sd of the normal numbers that have these ones once they are rounded and brought into the range.

    Found by repeating: what is too little is added; where that does not settle, by halving. Without a range and
    rounding they are what they were.
    """
    if not sd:
        return mean, sd
    found_mean, found_sd = mean, sd
    for _ in range(300):
        short, ratio = _wanting(found_mean, found_sd, mean, sd, low, high, step)
        found_mean, found_sd = found_mean + short, found_sd * min(ratio, 2.0)
        if abs(short) < 1e-4 * sd and abs(ratio - 1) < 1e-4:
            return found_mean, found_sd
    return _halved(mean, sd, low, high, step)


def _wanting(
    tried_mean: float, tried_sd: float, mean: float, sd: float, low: float, high: float, step: float
) -> tuple[float, float]:
    """By how much the mean that comes out is too small, and the sd too small as a ratio."""
    tried = tried_mean + tried_sd * _TRIALS
    if step:
        tried = np.rint(tried / step) * step
    tried = np.clip(tried, low, high)
    return mean - float(tried.mean()), sd / max(float(tried.std()), 1e-9 * sd)


def _halved(mean: float, sd: float, low: float, high: float, step: float) -> tuple[float, float]:
    """As `fitted`. What comes out grows with what is tried: the mean, and if it is kept, the sd."""

    def centred(tried_sd: float) -> float:
        below, above = mean - 5 * tried_sd - step, mean + 5 * tried_sd + step
        for _ in range(HALVINGS):
            middle = (below + above) / 2
            short, _ = _wanting(middle, tried_sd, mean, sd, low, high, step)
            below, above = (middle, above) if short > 0 else (below, middle)
        return (below + above) / 2

    least, most = 1e-4 * sd, 1e4 * sd
    for _ in range(HALVINGS):
        tried_sd = math.sqrt(least * most)
        _, ratio = _wanting(centred(tried_sd), tried_sd, mean, sd, low, high, step)
        least, most = (tried_sd, most) if ratio > 1 else (least, tried_sd)
    return centred(most), most


def uniform(z: Floats) -> Floats:
    """Standard normal numbers → evenly between 0 and 1.

    Abramowitz and Stegun, Handbook of Mathematical Functions, 7.1.26: the error function to 1.5e-7.
    """
    x = np.abs(z) / math.sqrt(2)
    t = 1 / (1 + 0.3275911 * x)
    series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
    tail = series * np.exp(-x * x) / 2
    return np.where(z < 0, tail, 1 - tail)
