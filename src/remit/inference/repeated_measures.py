"""Change over visits: the mixed model for repeated measures, with an unstructured covariance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import numpy as np

from remit.inference.adjusted import Adjusted, Weights, combined
from remit.inference.design import Covariate, Levels, Matrix, Vector
from remit.inference.estimate import CONFIDENCE, Estimate, Guard
from remit.inference.repeated_likelihood import Likelihood, Sums, adjusted_covariance, basis, likelihood, sums
from remit.inference.repeated_model import ALL, Cell, Model, model

Errors = Literal["satterthwaite", "kenward-roger"]

_NAMES = {"satterthwaite": "Satterthwaite", "kenward-roger": "Kenward-Roger"}
_STEPS = 50
_CLOSE = 1e-8  # the gain in −2 log-likelihood that a step promises and that makes it the last one
_SINGULAR = 1e-10  # a share of variance that is nothing but rounding


@dataclass(frozen=True)
class RepeatedMeasures:
    """Adjusted means by (arm, visit), differences (arm, other, visit), first those against the reference, and changes
    (arm, visit, earlier visit).

    `covariance` is that of a patient's outcomes at `visits`. Where the model could not be fitted, it and
    `minus_twice_log_likelihood` are None, and each estimate's note and a guard say why.
    """

    patients: int
    observations: int
    visits: tuple[str, ...]
    means: dict[Cell, Adjusted]
    differences: dict[tuple[str, str, str], Adjusted]
    changes: dict[tuple[str, str, str], Adjusted]
    covariance: Matrix | None = None
    minus_twice_log_likelihood: float | None = None
    guards: tuple[Guard, ...] = ()


@dataclass(frozen=True)
class _Fit:
    """`errors` is the covariance of the coefficients that standard errors are made of, `parameters` that of Σ's."""

    sigma: Matrix
    at: Likelihood
    errors: Matrix
    parameters: Matrix

    def freedom(self, row: Vector) -> float:
        """Satterthwaite's: twice the square of a variance, over the variance of that variance."""
        weighed = self.at.covariance @ row
        slopes = np.einsum("i,kij,j->k", weighed, self.at.slopes, weighed)
        return float(2 * (row @ weighed) ** 2 / (slopes @ self.parameters @ slopes))


def repeated_measures(
    outcomes: Mapping[str, Sequence[float | None]],
    arm: Levels | None = None,
    covariates: Sequence[Covariate] = (),
    by_visit: Sequence[Covariate] = (),
    weights: Weights = "equal",
    errors: Errors = "satterthwaite",
    confidence: float = CONFIDENCE,
) -> RepeatedMeasures:
    """Outcomes by visit (None where a patient was not seen) on arm, visit, arm by visit and covariates.

    `by_visit` are covariates whose effect may differ between visits, as that of the value at baseline. The covariance
    of a patient's visits is unstructured and the same in all arms, fitted by restricted maximum likelihood; degrees of
    freedom are Satterthwaite's (F. E. Satterthwaite, Biometrics Bulletin 1946;2:110-4; F. G. Giesbrecht and J. C.
    Burns, Biometrics 1985;41:477-86), from the observed information, as in PROC MIXED of SAS. "kenward-roger" has the
    same degrees of freedom for a single mean or difference, and other standard errors (M. G. Kenward and J. H. Roger,
    Biometrics 1997;53:983-97).

    A patient counts with the visits that were seen, which is right if values are missing at random; one who was never
    seen does not count. Raises CovariateError, a ValueError, for a covariate that no model can take, and ValueError
    where nobody was seen at all.
    """
    method = f"mixed model for repeated measures, unstructured covariance, {_NAMES[errors]}"
    made = model(outcomes, arm, covariates, by_visit, weights)
    given = sums(made.outcomes, made.columns)
    fit = _fit(made, given, errors)

    def of(cells: Mapping[Cell, float]) -> Adjusted:
        return _combined(made, fit, cells, method, confidence)

    levels = _levels(arm)
    return RepeatedMeasures(
        patients=len(made.outcomes),
        observations=given.observations,
        visits=made.visits,
        means={(level, visit): of({(level, visit): 1}) for level in levels for visit in outcomes},
        differences={
            (one, other, visit): of({(one, visit): 1, (other, visit): -1})
            for other, one in combinations(levels, 2)
            for visit in outcomes
        },
        changes={
            (level, visit, earlier): of({(level, visit): 1, (level, earlier): -1})
            for level in levels
            for earlier, visit in combinations(outcomes, 2)
        },
        covariance=None if isinstance(fit, str) else fit.sigma,
        minus_twice_log_likelihood=None if isinstance(fit, str) else _minus_twice(given, fit.at),
        guards=(*made.guards, *_guards(made, fit)),
    )


def _levels(arm: Levels | None) -> list[str]:
    """The arms, the reference first."""
    if arm is None:
        return [ALL]
    reference = arm.levels[0] if arm.reference is None else arm.reference
    return [reference, *(level for level in arm.levels if level != reference)]


def _combined(made: Model, fit: _Fit | str, weights: Mapping[Cell, float], method: str, confidence: float) -> Adjusted:
    """The sum of adjusted means with these weights."""
    row = np.zeros(made.columns.shape[2])
    for cell, weight in weights.items():
        if cell not in made.cells:
            return Adjusted(Estimate(None, method, note=_nobody(*cell)))
        row[made.cells[cell]] = weight
    if isinstance(fit, str):
        return Adjusted(Estimate(None, method, note=fit))
    return combined(row, fit.at.coefficients, fit.errors, fit.freedom(row), method, confidence)


def _nobody(level: str, visit: str) -> str:
    return f"nobody was seen at {visit}" if level == ALL else f"nobody in {level} was seen at {visit}"


def _minus_twice(given: Sums, at: Likelihood) -> float:
    """As R and SAS tell it."""
    return at.value + (given.observations - at.coefficients.size) * float(np.log(2 * np.pi))


def _guards(made: Model, fit: _Fit | str) -> list[Guard]:
    if isinstance(fit, str):
        return [Guard("not fitted", f"The mixed model could not be fitted: {fit}.")]
    patients, columns = made.outcomes.shape[0], max(made.of_visit(visit) for visit in range(len(made.visits)))
    parameters = fit.parameters.shape[0]
    if patients - columns >= parameters:
        return []
    told = (
        f"The mixed model takes {parameters} variances and covariances of {len(made.visits)} visits "
        f"from {patients} patients: they are too few to rely on it."
    )
    return [Guard("few patients for covariance", told)]


# The fit


def _fit(made: Model, given: Sums, errors: Errors) -> _Fit | str:
    """The maximum of the likelihood, or why there is none."""
    why_not = _impossible(made)
    if why_not is not None:
        return why_not
    spread = np.diag(np.nanvar(made.outcomes, axis=0))
    found = _maximum(given, spread)
    if found is None:
        return (
            "the fit did not converge, because too few patients have several visits, "
            "or because the outcomes of some visits determine those of others"
        )
    sigma, at = found
    parameters = np.asarray(2 * np.linalg.inv(at.observed), dtype=np.float64)
    adjusted = at.covariance if errors == "satterthwaite" else adjusted_covariance(given, at, parameters)
    return _Fit(sigma, at, adjusted, parameters)


def _impossible(made: Model) -> str | None:
    seen = ~np.isnan(made.outcomes)
    for at, visit in enumerate(made.visits):
        patients, columns = int(seen[:, at].sum()), made.of_visit(at)
        if patients <= columns:
            return f"{patients} patients seen at {visit} are too few for the {columns} coefficients there"
        if np.nanvar(made.outcomes[:, at]) <= _SINGULAR * np.nanmean(made.outcomes[:, at] ** 2):
            return f"all outcomes at {visit} are the same"
    for one, other in combinations(range(len(made.visits)), 2):
        if not (seen[:, one] & seen[:, other]).any():
            return f"no patient was seen both at {made.visits[one]} and at {made.visits[other]}"
    rows = made.columns[seen]
    if np.linalg.matrix_rank(rows / np.linalg.norm(rows, axis=0)) < rows.shape[1]:
        return "the covariates and the visits cannot be told apart among those who were seen"
    return None


def _maximum(given: Sums, sigma: Matrix) -> tuple[Matrix, Likelihood] | None:
    """By Newton's method from the observed curvature, or by scoring from the expected one where that is no valley."""
    at = likelihood(given, sigma)
    directions = basis(sigma.shape[0])
    for _ in range(_STEPS):
        if at is None:
            return None
        step = -np.linalg.solve(at.observed if _valley(at.observed) else at.expected, at.gradient)
        last = -at.gradient @ step < _CLOSE and _valley(at.observed)
        sigma, at = _lower(given, sigma, at, np.tensordot(step, directions, axes=1))
        if last:
            return None if at is None or not _valley(at.observed) else (sigma, at)
    return None


def _lower(given: Sums, sigma: Matrix, at: Likelihood, step: Matrix) -> tuple[Matrix, Likelihood | None]:
    """As far in this direction as makes the likelihood larger."""
    for halvings in range(40):
        further = sigma + step / 2**halvings
        found = likelihood(given, further)
        if found is not None and found.value <= at.value + 1e-9 * (1 + abs(at.value)):
            return further, found
    return sigma, None


def _valley(curvature: Matrix) -> bool:
    try:
        np.linalg.cholesky(curvature)
    except np.linalg.LinAlgError:
        return False
    return True
