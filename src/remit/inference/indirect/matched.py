"""The covariates on which our patients are made alike with those of a published study."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from remit.inference.design import CovariateError, Matrix, Vector

ROUNDING = 1e-14


@dataclass(frozen=True)
class Matched:
    """A covariate of ours, one value a patient, with what the other study reports of its own patients.

    A yes or no has 1 and 0 as values and a share from 0 to 1 as mean; `sd` is given where the spread is published and
    to be matched too.
    """

    name: str
    values: Sequence[float]
    mean: float
    sd: float | None = None

    @property
    def yes_no(self) -> bool:
        return set(self.values) <= {0, 1}


def checked(covariates: Sequence[Matched]) -> int:
    """How many patients there are. Raises CovariateError, with the name, for a covariate that can match nobody."""
    if not covariates:
        raise ValueError("no covariate to match on")
    patients = len(covariates[0].values)
    for at, covariate in enumerate(covariates):
        if covariate.name in (other.name for other in covariates[:at]):
            raise CovariateError(covariate.name, "is named twice")
        if len(covariate.values) != patients:
            raise CovariateError(covariate.name, f"has {len(covariate.values)} values for {patients} patients")
        _check(covariate)
    return patients


def moments(covariates: Sequence[Matched]) -> tuple[Matrix, Vector]:
    """What is to be matched: a column each for the mean of a covariate and, where a spread is given, for its square,
    centred at the published moment and divided by our standard deviation; with that divisor.

    The second moment of a mean m and a standard deviation s is m² + s² (D. M. Phillippo et al., NICE DSU Technical
    Support Document 18, 2016). It is taken about the published mean, which asks
    the same of the weights and rounds less.
    """
    columns = []
    for covariate in covariates:
        away = np.asarray(covariate.values, dtype=float) - covariate.mean
        columns.append(away)
        if covariate.sd is not None:
            columns.append(away**2 - covariate.sd**2)
    matrix = np.column_stack(columns)
    spreads = matrix.std(axis=0)
    return matrix / spreads, spreads


def _check(covariate: Matched) -> None:
    values = np.asarray(covariate.values, dtype=float)
    if not np.isfinite(values).all() or not math.isfinite(covariate.mean):
        raise CovariateError(covariate.name, "holds a value that is not a finite number")
    if np.ptp(values) <= ROUNDING * max(np.abs(values).max(initial=0.0), 1.0):
        raise CovariateError(
            covariate.name, f"is the same for all {len(values)} patients; no weights can move its mean"
        )
    if covariate.sd is None:
        return
    if not (math.isfinite(covariate.sd) and covariate.sd > 0):
        raise CovariateError(covariate.name, f"a standard deviation of {covariate.sd:g} is not above 0")
    if covariate.yes_no:
        raise CovariateError(covariate.name, "is a yes or no; its share is all there is to match, so give no sd")
    if np.ptp((values - covariate.mean) ** 2) <= ROUNDING * np.abs(values).max() ** 2:
        raise CovariateError(covariate.name, "has but two values, as far from the published mean; give no sd")
