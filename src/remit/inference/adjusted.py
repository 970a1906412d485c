"""Adjusted means (least-squares means) and their differences: linear combinations of a model's coefficients."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from remit.inference import student
from remit.inference.design import Column, Matrix, Vector
from remit.inference.estimate import Estimate

Weights = Literal["equal", "proportional"]


@dataclass(frozen=True)
class Adjusted:
    """An adjusted mean or a difference of two, with its standard error and the degrees of freedom of its t test.

    `error` and `freedom` are None where the estimate has no interval.
    """

    estimate: Estimate
    error: float | None = None
    freedom: float | None = None


def combined(
    row: Vector, coefficients: Vector, covariance: Matrix, freedom: float, method: str, confidence: float
) -> Adjusted:
    """row · coefficients with its t interval and two-sided p-value."""
    value, variance = float(row @ coefficients), float(row @ covariance @ row)
    if freedom < 1 or variance <= 0:
        return Adjusted(Estimate(value, method, note="too few patients for an interval"))
    error = math.sqrt(variance)
    half = student.quantile((1 + confidence) / 2, freedom) * error
    p = student.two_sided(value / error, freedom)
    return Adjusted(Estimate(value, method, value - half, value + half, p), error, freedom)


def held(
    matrix: Matrix, columns: Sequence[Column], weights: Weights, counts: NDArray[np.int64] | None = None
) -> Vector:
    """The value of each column at which means are adjusted.

    Numbers are held at their mean. Levels are weighted equally, as emmeans and SAS do by default (S. R. Searle, F. M.
    Speed and G. A. Milliken, American Statistician 1980;34:216-21), or in proportion to the patients, as with the
    option OM of SAS; yes and no are two levels. `counts`: how many observations each patient has, 1 if not said.
    """
    means: Vector = np.average(matrix, axis=0, weights=counts)
    if weights == "equal":
        levels = [column.covariate for column in columns if column.level is not None]
        for at, column in enumerate(columns):
            if column.level is not None:
                means[at] = 1 / (levels.count(column.covariate) + 1)
    return means
