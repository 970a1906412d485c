"""Means compared: of two values of the same patients, and of two groups of patients."""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from statistics import fmean, stdev

from remit.inference import student
from remit.inference.estimate import CONFIDENCE, Estimate


def paired_t(differences: Sequence[float], confidence: float = CONFIDENCE) -> Estimate:
    """The mean of the differences within patients, with its t interval and two-sided p-value.

    Student, Biometrika 1908;6:1-25. Raises ValueError where a difference is not known.
    """
    method = "paired t test"
    n = len(differences)
    if not all(map(math.isfinite, differences)):
        raise ValueError("among the differences is one that is not known or not finite")
    if not n:
        return Estimate(None, method, note="no patient has both values")
    mean = fmean(differences)
    if n == 1:
        return Estimate(mean, method, note="one patient alone has both values: an interval needs two")
    error = stdev(differences) / math.sqrt(n)
    if error <= 10 * sys.float_info.epsilon * abs(mean):  # as R has it: 8.7 − 6.7 is 2.0, though not in binary
        return Estimate(mean, method, note="all differences are the same: they give no interval and no test")
    half = student.quantile((1 + confidence) / 2, n - 1) * error
    return Estimate(mean, method, mean - half, mean + half, student.two_sided(mean / error, n - 1))


def mean_interval(mean: float, sd: float, n: int, confidence: float = CONFIDENCE) -> Estimate:
    """A mean with its t interval, from mean, standard deviation and number. Student, Biometrika 1908;6:1-25.

    Raises ValueError where n is below 2 or a number is not finite or below 0.
    """
    if n < 2 or not math.isfinite(mean) or not 0 <= sd < math.inf:
        raise ValueError(f"no interval of a mean of {n} with the standard deviation {sd}")
    half = student.quantile((1 + confidence) / 2, n - 1) * sd / math.sqrt(n)
    return Estimate(mean, "t interval", mean - half, mean + half)


def welch(
    mean: float, sd: float, n: int, other_mean: float, other_sd: float, other_n: int, confidence: float = CONFIDENCE
) -> Estimate:
    """mean − other_mean with its interval and two-sided p-value, for unequal variances.

    B. L. Welch, Biometrika 1947;34:28-35. Raises ValueError unless both have two values or more.
    """
    method = "Welch"
    if n < 2 or other_n < 2:
        raise ValueError("an interval needs two values in each arm")
    one, two = sd * sd / n, other_sd * other_sd / other_n
    difference = mean - other_mean
    if one + two == 0:
        return Estimate(difference, method, note="in each group all values are the same: they give no interval")
    weight, other_weight = one / (one + two), two / (one + two)
    freedom = 1 / (weight**2 / (n - 1) + other_weight**2 / (other_n - 1))
    error = math.sqrt(one + two)
    half = student.quantile((1 + confidence) / 2, freedom) * error
    p = student.two_sided(difference / error, freedom)
    return Estimate(difference, method, difference - half, difference + half, p)
