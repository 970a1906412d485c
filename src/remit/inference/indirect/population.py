"""A population with the covariates of the published study, drawn, for a prediction to be averaged over."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from remit.inference.design import Matrix, Vector
from remit.inference.indirect.matched import Matched, moments
from remit.inference.indirect.reach import NoOverlap
from remit.inference.indirect.weights import tilted

PEOPLE = 20_000


def population(covariates: Sequence[Matched], seed: int, people: int = PEOPLE) -> tuple[Matrix, Vector]:
    """Covariates of people who do not exist (rows × covariates), and the share of each among them.

    Means and standard deviations are those published (our own standard deviation where none is); how covariates go
    together is not published and taken from our patients, as the correlation of a normal copula (A. Remiro-Azócar, A.
    Heath and G. Baio, Research Synthesis Methods 2022;13:716-44). A number is normal, a yes or no a threshold. The
    people are then weighted, so that chance of the draw is in none of the published moments.
    """
    from scipy.special import ndtri

    ours = np.column_stack([np.asarray(covariate.values, dtype=float) for covariate in covariates])
    correlation = np.atleast_2d(np.corrcoef(ours, rowvar=False))
    drawn = np.random.default_rng(seed).standard_normal((people, len(covariates))) @ _root(correlation).T
    columns = [
        (latent > -ndtri(covariate.mean)).astype(float)
        if covariate.yes_no
        else covariate.mean + (covariate.sd or float(np.std(covariate.values))) * latent
        for covariate, latent in zip(covariates, drawn.T, strict=True)
    ]
    matrix = np.column_stack(columns)
    return matrix, _weighted(covariates, matrix)


def _weighted(covariates: Sequence[Matched], matrix: Matrix) -> Vector:
    of_them = [
        Matched(covariate.name, column.tolist(), covariate.mean, covariate.sd)
        for covariate, column in zip(covariates, matrix.T, strict=True)
    ]
    with np.errstate(invalid="ignore", divide="ignore"):
        centred, _ = moments(of_them)
    shares = tilted(centred) if np.isfinite(centred).all() else None
    if shares is None:
        raise NoOverlap(tuple(covariate.name for covariate in covariates), "no population has these means")
    return shares


def _root(correlation: Matrix) -> Matrix:
    """A matrix whose product with its own transpose is this one, which may be of less than full rank."""
    values, vectors = np.linalg.eigh(correlation)
    root: Matrix = vectors * np.sqrt(np.maximum(values, 0.0))
    return root
