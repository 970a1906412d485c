"""Separation in a logistic regression: whether covariates tell those with the outcome apart from those without."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from remit.inference.design import Design, Matrix, Vector, standardised
from remit.inference.overlap import overlap

ZERO = 1e-6  # of standardised columns; the solver is asked for 1e-9
EXACT = 1e-9
EARLIER = 1e-4  # by which a column's weight costs less than the next one's


@dataclass(frozen=True)
class Separation:
    """`covariates` are those of one combination that separates, as few as a linear program finds."""

    kind: Literal["complete", "quasi-complete"]
    covariates: tuple[str, ...]


def separation(design: Design, outcome: NDArray[np.bool_]) -> Separation | None:
    """How some combination of covariates separates the outcome, or None if the patients overlap.

    Separated, the likelihood has no maximum: at least one coefficient is infinite (A. Albert and J. A. Anderson,
    Biometrika 1984;71:1-10). Found exactly, as a linear program (K. Konis, Linear programming algorithms for detecting
    separated data in binary logistic regression models, thesis, Oxford 2007), unless `overlap` proves that there is
    none. With the same outcome in all patients
    the intercept separates, and no covariate is named.
    """
    columns, _, _ = standardised(design)
    if overlap(columns, outcome, design.counts):
        return None
    signed = np.where(outcome, 1.0, -1.0)[:, np.newaxis] * columns
    apart = _furthest(signed, design.counts)
    if (signed @ apart).max() <= ZERO:
        return None
    weights = _fewest(signed, design.counts)
    named = dict.fromkeys(
        column.covariate
        for column, weight in zip(design.columns[1:], weights[1:], strict=True)
        if abs(weight) > ZERO * np.abs(weights).max()
    )
    return Separation("complete" if _margin(signed) > ZERO else "quasi-complete", tuple(named))


def _furthest(signed: Matrix, counts: Vector) -> Vector:
    """The combination within the unit box that puts nobody on the wrong side and the sum as far as can be."""
    return _solve(-(counts @ signed), -signed, np.zeros(len(signed)), [(-1.0, 1.0)] * signed.shape[1])


def _margin(signed: Matrix) -> float:
    """How far the nearest patient can be kept on the right side by a combination within the unit box."""
    rows, columns = signed.shape
    behind = np.hstack([-signed, np.ones((rows, 1))])
    found = _solve(np.append(np.zeros(columns), -1.0), behind, np.zeros(rows), [(-1.0, 1.0)] * columns + [(0.0, 1.0)])
    return float(found[-1])


def _fewest(signed: Matrix, counts: Vector) -> Vector:
    """A separating combination whose weights, but the intercept's, have the least sum of sizes; so few are not 0.

    Of equal ones that of the earlier columns, so that neither the order of patients nor rounding chooses.
    """
    columns = signed.shape[1]
    sizes = np.append(0.0, 1 + EARLIER * np.arange(columns - 1))
    both = np.hstack([signed, -signed])
    total = (counts @ both)[np.newaxis] / counts.sum()
    found = _solve(
        np.concatenate([sizes, sizes]),
        np.vstack([-both, -total]),
        np.append(np.zeros(len(signed)), -1.0),
        [(0.0, None)] * (2 * columns),
    )
    weights: Vector = found[:columns] - found[columns:]
    return weights


def _solve(cost: Vector, matrix: Matrix, most: Vector, bounds: Sequence[tuple[float, float | None]]) -> Vector:
    from scipy.optimize import linprog

    found = linprog(
        cost,
        A_ub=matrix,
        b_ub=most,
        bounds=bounds,
        options={"primal_feasibility_tolerance": EXACT, "dual_feasibility_tolerance": EXACT},
    )
    if found.status != 0:
        raise ArithmeticError(f"the linear program for separation has no solution: {found.message}")
    return np.asarray(found.x, dtype=float)
