"""Whether weights can give our patients the published moments at all, and which covariates forbid it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from remit.inference.design import Matrix
from remit.inference.indirect.matched import Matched, moments

ZERO = 1e-9  # of the share of a patient, were all equal


class NoOverlap(ValueError):
    """No weights of our patients, all above 0, give the published moments. `covariates`: the fewest that forbid it."""

    def __init__(self, covariates: tuple[str, ...], why: str) -> None:
        super().__init__(f"{' and '.join(covariates)}: {why}")
        self.covariates = covariates
        self.why = why


def check_overlap(covariates: Sequence[Matched]) -> None:
    """Raises NoOverlap if the published moments lie outside the convex hull of our patients', or on its border.

    Found as a linear program (E. Glimm and L. Yau, Pharmaceutical Statistics 2022;21:974-87). On the border only
    weights of 0 for some would do, and those of the method of moments are above 0 for all.
    """
    check_ranges(covariates)
    if _reachable(covariates):
        return
    fewest = _fewest(covariates)
    if len(fewest) == 1:
        why = (
            f"none of our patients' weights give a mean of {fewest[0].mean:g} and a standard deviation of "
            f"{fewest[0].sd:g} together"
        )
    else:
        means = " and ".join(f"{covariate.mean:g} of {covariate.name}" for covariate in fewest)
        why = f"each alone can be matched, but no weights of our patients give the means {means} together"
    raise NoOverlap(tuple(covariate.name for covariate in fewest), why)


def check_ranges(covariates: Sequence[Matched]) -> None:
    """Raises NoOverlap if a published mean lies outside the range of our patients, or at its border."""
    for covariate in covariates:
        lowest, highest = min(covariate.values), max(covariate.values)
        if not lowest < covariate.mean < highest:
            raise NoOverlap((covariate.name,), _outside(covariate, lowest, highest))


def _outside(covariate: Matched, lowest: float, highest: float) -> str:
    if covariate.yes_no:
        return (
            f"they have a share of {covariate.mean:g}, so patients {'with' if covariate.mean <= 0 else 'without'} it "
            "stand for none of theirs; leave those out instead of matching on it"
        )
    where = "at the border of" if covariate.mean in (lowest, highest) else "outside"
    return f"their mean {covariate.mean:g} is {where} the range of our patients, {lowest:.4g} to {highest:.4g}"


def _fewest(covariates: Sequence[Matched]) -> list[Matched]:
    """Covariates that cannot be matched together, though any one left out they could; the later are kept last."""
    kept = list(covariates)
    for covariate in reversed(covariates):
        without = [other for other in kept if other is not covariate]
        if without and not _reachable(without):
            kept = without
    return kept


def _reachable(covariates: Sequence[Matched]) -> bool:
    matrix, _ = moments(covariates)
    return _least_share(np.unique(matrix, axis=0)) > ZERO


def _least_share(alike: Matrix) -> float:
    """The share of the patient who counts least, as a part of an equal share, made as large as can be; -1: no weights
    at all give the moments. `alike` has a row for those of the same values."""
    from scipy.optimize import linprog

    rows, columns = alike.shape
    equations = np.zeros((columns + 1, rows + 1))
    equations[:columns, :rows] = alike.T
    equations[:columns, rows] = alike.sum(axis=0)
    equations[columns, :rows] = 1
    equations[columns, rows] = rows
    right = np.append(np.zeros(columns), rows)
    cost = np.append(np.zeros(rows), -1.0)
    found = linprog(cost, A_eq=equations, b_eq=right, bounds=[(0.0, None)] * (rows + 1))
    return float(np.asarray(found.x)[-1]) if found.status == 0 else -1.0
