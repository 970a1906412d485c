"""The restricted likelihood of repeated measures with an unstructured covariance, its gradient and its curvature.

Outcomes of patient i at the visits that were seen are normal with mean X_i β and the part of Σ for those visits. The
parameters θ are the variances and covariances of Σ themselves, in which Σ is linear: that makes the formulas of D. A.
Harville, Journal of the American Statistical Association 1977;72:320-38, and R. I. Jennrich and M. D. Schluchter,
Biometrics 1986;42:805-20, short. Patients enter through sums of products by pattern of visits, so that their number
costs next to nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from remit.inference.design import Matrix, Vector

Array = NDArray[np.float64]

_SINGULAR = 1e-10  # the share of a visit's variance, given the visits before, that is nothing but rounding


@dataclass(frozen=True)
class Sums:
    """Sums of products over the patients of each pattern of visits (first axis), 0 where a visit was not seen."""

    seen: NDArray[np.bool_]  # pattern × visit
    patients: Vector  # of each pattern
    xx: Array  # pattern × visit × visit × column × column
    xy: Array  # pattern × visit × visit × column: of the first visit's columns with the second visit's outcome
    yy: Array  # pattern × visit × visit

    @property
    def observations(self) -> int:
        return int((self.patients @ self.seen).sum())


def sums(outcomes: Matrix, columns: Array) -> Sums:
    """Of outcomes (patient × visit, NaN where not seen) and columns (patient × visit × column)."""
    seen = ~np.isnan(outcomes)
    patterns, which = np.unique(seen, axis=0, return_inverse=True)
    patterns, kept = patterns[patterns.any(axis=1)], np.flatnonzero(patterns.any(axis=1))
    visits, size = outcomes.shape[1], columns.shape[2]
    made = []
    for pattern in kept:
        rows = which.reshape(-1) == pattern
        x = np.where(seen[rows, :, None], columns[rows], 0.0).reshape(rows.sum(), visits * size)
        y = np.where(seen[rows], outcomes[rows], 0.0)
        xx = (x.T @ x).reshape(visits, size, visits, size).transpose(0, 2, 1, 3)
        made.append((xx, (x.T @ y).reshape(visits, size, visits).transpose(0, 2, 1), y.T @ y, float(rows.sum())))
    xx, xy, yy, patients = (np.array(part) for part in zip(*made, strict=True))
    return Sums(patterns, patients, xx, xy, yy)


def basis(visits: int) -> Array:
    """parameter × visit × visit: where each variance and covariance stands in Σ."""
    first, second = np.tril_indices(visits)
    found = np.zeros((first.size, visits, visits))
    found[np.arange(first.size), first, second] = found[np.arange(first.size), second, first] = 1
    return found


@dataclass(frozen=True)
class Likelihood:
    """At one Σ: −2 times the restricted log-likelihood with its derivatives by θ, and what the coefficients are."""

    value: float
    gradient: Vector
    observed: Matrix  # second derivatives
    expected: Matrix  # what they are on average
    coefficients: Vector
    covariance: Matrix  # of the coefficients
    slopes: Array  # parameter × column × column: −∂(X'V⁻¹X)/∂θ
    inverses: Array  # pattern × visit × visit: the inverse of Σ's part, 0 elsewhere


def likelihood(given: Sums, sigma: Matrix) -> Likelihood | None:
    """None where Σ is no covariance matrix, or nearly singular, or where the coefficients have no unique value."""
    inverted = _inverses(given, sigma)
    if inverted is None:
        return None
    inverses, logarithm = inverted
    information = np.einsum("pab,pabij->ij", inverses, given.xx)
    sign, determinant = np.linalg.slogdet(information)
    if sign <= 0:
        return None
    covariance = np.linalg.inv(information)
    beta = covariance @ np.einsum("pab,pabi->i", inverses, given.xy)
    xr = given.xy - given.xx @ beta
    rr = given.yy - given.xy @ beta - np.swapaxes(given.xy @ beta, 1, 2) + given.xx @ beta @ beta
    value = logarithm + determinant + float(np.sum(inverses * rr))

    directions = basis(sigma.shape[0])
    turned = np.einsum("pab,kbc->pkac", inverses, directions)  # S E_k
    once = np.einsum("pkab,pbc->pkac", turned, inverses)  # S E_k S
    slopes = np.einsum("pkab,pabij->kij", once, given.xx, optimize=True)
    shifts = np.einsum("pkab,pabi->ki", once, xr, optimize=True)
    gradient = (
        np.einsum("p,pkaa->k", given.patients, turned)
        - np.einsum("kij,ij->k", slopes, covariance)
        - np.einsum("pkab,pab->k", once, rr)
    )
    spread = np.einsum("pabij,ij->pab", given.xx, covariance)
    around = np.einsum("kij,jl->kil", slopes, covariance)
    expected = (
        np.einsum("p,pkab,plba->kl", given.patients, turned, turned, optimize=True)
        - 2 * _twice(turned, once, spread)
        + np.einsum("kij,lji->kl", around, around)
    )
    observed = 2 * (_twice(turned, once, rr) - shifts @ covariance @ shifts.T) - expected
    return Likelihood(value, gradient, observed, expected, beta, covariance, slopes, inverses)


def adjusted_covariance(given: Sums, at: Likelihood, errors: Matrix) -> Matrix:
    """The covariance of the coefficients that allows for Σ being estimated, with the covariance `errors` of θ.

    M. G. Kenward and J. H. Roger, Biometrics 1997;53:983-97, where Σ is linear in θ.
    """
    directions = basis(given.seen.shape[1])
    once = np.einsum("pab,kbc,pcd->pkad", at.inverses, directions, at.inverses, optimize=True)
    weighed = np.einsum("kl,pkab,lbc,pcd->pad", errors, once, directions, at.inverses, optimize=True)
    twice = np.einsum("pab,pabij->ij", weighed, given.xx)
    around = np.einsum("kl,kij,jm,lmn->in", errors, at.slopes, at.covariance, at.slopes, optimize=True)
    found: Matrix = at.covariance + 2 * at.covariance @ (twice - around) @ at.covariance
    return (found + found.T) / 2


def _inverses(given: Sums, sigma: Matrix) -> tuple[Array, float] | None:
    found = np.zeros((len(given.seen), *sigma.shape))
    logarithm = 0.0
    for at, (seen, patients) in enumerate(zip(given.seen, given.patients, strict=True)):
        part = np.ix_(seen, seen)
        try:
            root = np.linalg.cholesky(sigma[part])
        except np.linalg.LinAlgError:
            return None
        if (np.diag(root) ** 2 < _SINGULAR * np.diag(sigma)[seen]).any():
            return None
        half = np.linalg.inv(root)
        found[at][part] = half.T @ half
        logarithm += 2 * patients * float(np.log(np.diag(root)).sum())
    return found, logarithm


def _twice(turned: Array, once: Array, between: Array) -> Matrix:
    """For each two parameters the sum of S E_k S E_l S times `between`, the same both ways round."""
    found: Matrix = np.einsum("pkab,plbc,pac->kl", turned, once, between, optimize=True)
    return (found + found.T) / 2
