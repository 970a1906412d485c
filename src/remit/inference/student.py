"""Student's t distribution, also for degrees of freedom that are no whole number.

scipy.stats has it too, but takes longer to import than a whole run may take.
"""

from __future__ import annotations

import math
from statistics import NormalDist

_MANY = 10_000  # degrees of freedom from which on the expansion is exact to the last digits


def quantile(probability: float, freedom: float) -> float:
    """The value below which `probability` of the distribution lies, to ten digits.

    Found by halving the interval in which the distribution function passes the probability. Raises ValueError unless
    0.5 <= probability < 1 and freedom >= 1.
    """
    if not 0.5 <= probability < 1 or freedom < 1:
        raise ValueError(f"no quantile of {probability} with {freedom} degrees of freedom")
    if freedom > _MANY:
        return _nearly_normal(NormalDist().inv_cdf(probability), freedom)
    low, high = 0.0, max(1.0, NormalDist().inv_cdf(probability))
    while _below(high, freedom) < probability:
        low, high = high, 2 * high
    while high - low > 1e-14 * high:
        middle = (low + high) / 2
        if middle in (low, high):
            break
        low, high = (middle, high) if _below(middle, freedom) < probability else (low, middle)
    return high


def two_sided(t: float, freedom: float) -> float:
    """The share of the distribution that is as far from zero as t or farther. Raises ValueError unless freedom > 0."""
    if freedom <= 0:
        raise ValueError(f"no t distribution has {freedom} degrees of freedom")
    return _incomplete_beta(freedom / (freedom + t * t), freedom / 2, 0.5)


def _nearly_normal(z: float, freedom: float) -> float:
    """The expansion of the quantile around that of the normal distribution (Abramowitz and Stegun 26.7.5)."""
    first = (z**3 + z) / 4
    second = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    return z + first / freedom + second / freedom**2 + third / freedom**3


def _below(t: float, freedom: float) -> float:
    """The share of the distribution below t >= 0: Abramowitz and Stegun, Handbook of mathematical functions, 26.7.1."""
    return 1 - two_sided(t, freedom) / 2


def _incomplete_beta(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function, by its continued fraction (Abramowitz and Stegun 26.5.8), which
    converges fast on the side of the mean that it is used on."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    front = math.exp(math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x))
    if x > (a + 1) / (a + b + 2):
        return 1 - front * _fraction(1 - x, b, a) / b
    return front * _fraction(x, a, b) / a


def _fraction(x: float, a: float, b: float) -> float:
    """The continued fraction 1/(1 + d1/(1 + d2/(1 + …))), by the method of Lentz."""
    tiny = 1e-300
    value, upper, lower = tiny, tiny, 0.0
    for step in range(10_000):
        half = step // 2
        if step == 0:
            term = 1.0
        elif step % 2:
            term = -(a + half) * (a + b + half) * x / ((a + 2 * half) * (a + 2 * half + 1))
        else:
            term = half * (b - half) * x / ((a + 2 * half - 1) * (a + 2 * half))
        lower = 1 / ((1 + term * lower) or tiny)
        upper = (1 + term / upper) or tiny
        value *= upper * lower
        if abs(upper * lower - 1) < 1e-15:
            break
    return value
