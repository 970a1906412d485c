"""The propensity score: each patient's probability of the arm of interest, given what was known before treatment.

P. R. Rosenbaum and D. B. Rubin, Biometrika 1983;70:41-55. By logistic regression on the covariates as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from remit.inference.confounding.arms import Arms, NotComparable
from remit.inference.design import Covariate, Design, Matrix, Vector, design
from remit.inference.estimate import Guard
from remit.inference.logistic import Fit, Separated, fit
from remit.inference.logistic_likelihood import expit

PER_COLUMN = 10  # P. Peduzzi and others, Journal of Clinical Epidemiology 1996;49:1373-9


@dataclass(frozen=True)
class Propensity:
    """`covariates` are all that were given; those that are the same for all patients are in the balance, but not in the
    model, and a guard names them."""

    arms: Arms
    covariates: tuple[Covariate, ...]
    fitted: Fit
    guards: tuple[Guard, ...] = ()

    @property
    def design(self) -> Design:
        return self.fitted.design

    @property
    def modelled(self) -> tuple[Covariate, ...]:
        names = {column.covariate for column in self.design.columns}
        return tuple(covariate for covariate in self.covariates if covariate.name in names)

    @property
    def scores(self) -> Vector:
        """A patient each, between 0 and 1."""
        return expit(self._log_odds)

    @property
    def against(self) -> Vector:
        """1 less the scores, without loss of digits where they are near 1."""
        return expit(-self._log_odds)

    @property
    def _log_odds(self) -> Vector:
        return self.design.matrix @ self.fitted.coefficients

    @property
    def influence(self) -> Matrix:
        """By how much each patient moves the coefficients: patients × columns."""
        residual = np.where(self.arms.treated, self.against, -self.scores)
        return (self.design.matrix * residual[:, None]) @ self.fitted.covariance


def propensity(of: Arms, covariates: Sequence[Covariate]) -> Propensity:
    """The scores of patients whose every covariate is known.

    Raises NotComparable where covariates tell the arms apart, wholly or in part, so that some patients have no
    counterpart, and where no covariate differs between patients; CovariateError for a covariate that is unknown for
    somebody, that others determine, or that has a value which is none of its levels.
    """
    varying = [covariate for covariate in covariates if len(set(covariate.values)) != 1]
    if not varying:
        raise NotComparable("no covariate differs between patients, so there is nothing to adjust for")
    made = design(varying, of.treated.size)
    try:
        fitted = fit(made, of.treated)
    except Separated as refused:
        raise _apart(refused, of) from refused
    except ArithmeticError as refused:
        names = tuple(covariate.name for covariate in varying)
        raise NotComparable(
            f"the propensity score on {', '.join(names)} cannot be fitted: {refused}", names
        ) from refused
    return Propensity(of, tuple(covariates), fitted, (*made.guards, *_constant(covariates, varying), *_few(of, made)))


def _apart(refused: Separated, of: Arms) -> NotComparable:
    names = refused.separation.covariates
    how = "wholly" if refused.separation.kind == "complete" else "for some patients"
    why = f"{' and '.join(names)} tell{'s' if len(names) == 1 else ''} {of.name} and {of.other} apart {how}"
    return NotComparable(f"{why}: the arms do not overlap, and no weight makes them alike", names)


def _constant(covariates: Sequence[Covariate], varying: Sequence[Covariate]) -> tuple[Guard, ...]:
    return tuple(
        Guard("constant covariate", f"{covariate.name} is the same for all patients; the model leaves it out.")
        for covariate in covariates
        if covariate not in varying
    )


def _few(of: Arms, made: Design) -> tuple[Guard, ...]:
    """A warning where the smaller arm is small for so many columns: scores then follow chance."""
    arm, patients = min(of.sizes.items(), key=lambda size: size[1])
    columns = len(made.columns) - 1
    if patients >= PER_COLUMN * columns:
        return ()
    told = (
        f"{arm} has {patients} patients for {columns} {'column' if columns == 1 else 'columns'} of covariates; "
        f"{PER_COLUMN} a column are a usual least number."
    )
    return (Guard("few patients a covariate", told),)
