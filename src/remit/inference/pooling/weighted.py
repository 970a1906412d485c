"""Least squares with known sampling variances and a variance between studies on top of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from remit.inference.design import Matrix, Vector

ROUNDING = 1e-13  # a residual that is this share of the largest effect is none


@dataclass(frozen=True)
class Weighted:
    """`squares`: the weighted sum of squared residuals; `own`: the covariance of the coefficients, were the variances
    known. `residuals`: exactly 0 where they are nothing but rounding, so that no number is made of that."""

    weights: Vector
    coefficients: Vector
    own: Matrix
    residuals: Vector
    design: Matrix

    @property
    def squares(self) -> float:
        return float((self.weights * self.residuals**2).sum())

    @property
    def freedom(self) -> int:
        return len(self.weights) - int(self.design.shape[1])

    @property
    def trace(self) -> float:
        """Of P = W − WX(X'WX)⁻¹X'W."""
        return float(self.weights.sum() - np.trace(self.own @ (self.design.T * self.weights**2) @ self.design))

    @property
    def log_likelihood(self) -> float:
        """But for a constant."""
        return float(np.log(self.weights).sum() - self.squares) / 2

    @property
    def restricted_log_likelihood(self) -> float:
        """But for a constant."""
        return self.log_likelihood + float(np.linalg.slogdet(self.own)[1]) / 2


def weighted(values: Vector, variances: Vector, design: Matrix, between: float = 0.0) -> Weighted:
    """values, variances: (k,); design: (k, p), of rank p."""
    weights = 1 / (variances + between)
    scaled = np.sqrt(weights)
    _, triangle = np.linalg.qr(design * scaled[:, np.newaxis])
    inverse = np.linalg.solve(triangle, np.eye(design.shape[1]))
    own: NDArray[np.float64] = inverse @ inverse.T
    coefficients = own @ (design.T @ (weights * values))
    residuals = values - design @ coefficients
    residuals[np.abs(residuals) <= ROUNDING * np.abs(values).max()] = 0.0
    return Weighted(weights, coefficients, own, residuals, design)


def intercept(studies: int) -> Matrix:
    """The design without moderators."""
    return np.ones((studies, 1))
