"""Analysis of covariance: an outcome by arm, as if the arms had the same covariates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from remit.inference.adjusted import Adjusted, Weights, combined, held
from remit.inference.design import Covariate, Design, Levels, Matrix, Number, Vector, design
from remit.inference.estimate import CONFIDENCE, Estimate, Guard
from remit.inference.known import Numbers, numbers

METHOD = "analysis of covariance"


@dataclass(frozen=True)
class FTest:
    """Whether the arms differ at all; None where the outcomes leave nothing to test against."""

    value: float | None
    numerator: int
    denominator: int
    p: float | None
    note: str | None = None


@dataclass(frozen=True)
class Ancova:
    """The adjusted mean of each arm, and the differences (arm, other): first those against the reference."""

    patients: int
    means: dict[str, Adjusted]
    differences: dict[tuple[str, str], Adjusted]
    arms: FTest
    names: tuple[str, ...]
    coefficients: Vector
    covariance: Matrix | None
    guards: tuple[Guard, ...] = ()


@dataclass(frozen=True)
class _Fit:
    coefficients: Vector
    covariance: Matrix
    freedom: int
    note: str | None

    def combined(self, row: Vector, confidence: float) -> Adjusted:
        if self.note is not None:
            return Adjusted(Estimate(float(row @ self.coefficients), METHOD, note=self.note))
        return combined(row, self.coefficients, self.covariance, self.freedom, METHOD, confidence)


def ancova(
    outcome: Sequence[float] | Numbers,
    arm: Levels,
    covariates: Sequence[Covariate] = (),
    weights: Weights = "equal",
    confidence: float = CONFIDENCE,
) -> Ancova:
    """The outcome of patients on their arm and covariates, by least squares, with the same slopes in all arms.

    R. A. Fisher, Statistical methods for research workers, 1932, 49.1; adjusted means as R's emmeans defines them.
    All values must be known: whoever calls leaves patients out, and says so. Raises CovariateError, a ValueError, for
    a covariate that no model can take (the same for all, determined by others, unknown).
    """
    given = numbers(outcome, "outcomes")
    made = design([arm, *covariates], given.size)
    fit = _fit(given, made)
    at = held(made.matrix, made.columns, weights)
    arms = {str(made.columns[one].level): one for one in made.of(arm.name)}
    reference = str(made.columns[made.of(arm.name)[0]].reference)
    rows = {reference: at * _but(made, arm.name)}
    for name, column in arms.items():
        rows[name] = rows[reference] + np.eye(at.size)[column]
    missing = {name: _nobody(name) for name in arm.levels if name not in rows}
    means = {name: fit.combined(row, confidence) for name, row in rows.items()} | missing
    differences = {
        (one, other): missing.get(one) or missing.get(other) or fit.combined(rows[one] - rows[other], confidence)
        for other, one in combinations([*rows, *missing], 2)
    }
    return Ancova(
        patients=given.size,
        means={name: means[name] for name in arm.levels},
        differences=differences,
        arms=_f_test(fit, sorted(arms.values())),
        names=made.names,
        coefficients=fit.coefficients,
        covariance=None if fit.note else fit.covariance,
        guards=made.guards,
    )


def dose_response(
    outcome: Sequence[float] | Numbers,
    dose: Number,
    covariates: Sequence[Covariate] = (),
    confidence: float = CONFIDENCE,
) -> Adjusted:
    """By how much the outcome differs for each `per` of the dose, and the test that it does not.

    The test of a straight line is that of the trend. Raises as `ancova` does.
    """
    given = numbers(outcome, "outcomes")
    made = design([dose, *covariates], given.size)
    return _fit(given, made).combined(np.eye(len(made.columns))[made.of(dose.name)[0]], confidence)


def _fit(outcome: Vector, made: Design) -> _Fit:
    directions, triangle = np.linalg.qr(made.matrix)
    projected = directions.T @ outcome
    inverse = np.linalg.inv(triangle)
    patients, columns = made.matrix.shape
    freedom = patients - columns
    left = outcome - directions @ projected
    note = None
    if freedom < 1:
        note = f"{patients} patients are too few for the {columns} coefficients of the model: there is no interval"
    elif left @ left <= 1e-24 * (outcome @ outcome):
        note = "the model gives every outcome without error: there is no interval"
    variance = float(left @ left) / max(freedom, 1)
    return _Fit(inverse @ projected, variance * (inverse @ inverse.T), freedom, note)


def _f_test(fit: _Fit, columns: list[int]) -> FTest:
    from scipy.special import fdtrc

    if fit.note is not None:
        return FTest(None, len(columns), max(fit.freedom, 0), None, fit.note)
    found = fit.coefficients[columns]
    value = float(found @ np.linalg.solve(fit.covariance[np.ix_(columns, columns)], found)) / len(columns)
    return FTest(value, len(columns), fit.freedom, float(fdtrc(len(columns), fit.freedom, value)))


def _but(made: Design, covariate: str) -> Vector:
    """1 for each column but those of the covariate."""
    return np.array([float(column.covariate != covariate) for column in made.columns])


def _nobody(arm: str) -> Adjusted:
    return Adjusted(Estimate(None, METHOD, note=f"nobody is in {arm}"))
