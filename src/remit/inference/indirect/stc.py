"""Simulated treatment comparison: what share of a population like theirs would have had the outcome with our treatment,
by a model of our patients."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from remit.inference.design import Number, design
from remit.inference.estimate import Guard
from remit.inference.indirect.maic import Outcome, as_outcome
from remit.inference.indirect.matched import Matched, checked
from remit.inference.indirect.population import population
from remit.inference.indirect.published import Share
from remit.inference.indirect.weights import matching_weights
from remit.inference.logistic import Fit, fit
from remit.inference.logistic_likelihood import expit

PER_COVARIATE = 10


def standardised_share(outcome: Sequence[bool] | Outcome, covariates: Sequence[Matched], seed: int) -> Share:
    """A logistic regression of the outcome on the covariates, averaged over a population with theirs.

    Not the prediction for a patient with their means, as the first simulated treatment comparisons had it: with a
    logistic model that is the share of no population (A. Remiro-Azócar, A. Heath and G. Baio, Research Synthesis
    Methods 2022;13:716-44, who average as here). Standard error by the delta method, the population taken as known.
    Raises CovariateError, NoOverlap, ValueError if the outcome is the same for all, and logistic.Separated.
    """
    patients = checked(covariates)
    had = as_outcome(outcome, patients)
    matching_weights(covariates)  # where there are none, the model would only be extended to patients it has not seen
    fitted = model(had, covariates)
    matrix, shares = population(covariates, seed)
    centred = np.column_stack([np.ones(len(matrix)), matrix - [covariate.mean for covariate in covariates]])
    probability = expit(centred @ fitted.coefficients)
    gradient = (shares * probability * (1 - probability)) @ centred
    method = "simulated treatment comparison (logistic regression, standardised), delta-method standard error"
    return Share(float(shares @ probability), math.sqrt(gradient @ fitted.covariance @ gradient), method)


def model(outcome: Outcome, covariates: Sequence[Matched]) -> Fit:
    """The logistic regression on covariates centred at their means: its intercept is a patient's log odds there."""
    centred = [
        Number(covariate.name, [value - covariate.mean for value in covariate.values]) for covariate in covariates
    ]
    return fit(design(centred), outcome)


def guards(outcome: Outcome, covariates: Sequence[Matched]) -> tuple[Guard, ...]:
    """A warning where the rarer of having and not having the outcome is rare for so many covariates."""
    rarer = int(min(outcome.sum(), len(outcome) - outcome.sum()))
    if rarer >= PER_COVARIATE * len(covariates):
        return ()
    told = (
        f"The model has {len(covariates)} {'covariate' if len(covariates) == 1 else 'covariates'} for {rarer} patients "
        f"of the rarer outcome; {PER_COVARIATE} patients a covariate are a usual least number."
    )
    return (Guard("few events", told),)
