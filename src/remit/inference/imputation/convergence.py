"""Whether the chains of an imputation have come to the same distribution."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from remit.inference.imputation.table import Numbers

SURE = 1.2


@dataclass(frozen=True)
class Chain:
    """Mean and standard deviation of a column's imputed cells: iterations × imputations each."""

    means: Numbers
    deviations: Numbers

    @property
    def r_hat(self) -> float | None:
        """The larger one of the means and of the deviations, over the second half of the iterations. None: there are
        fewer than four iterations, or nothing varies."""
        half = len(self.means) // 2
        found = [potential_reduction(each[-half:]) for each in (self.means, self.deviations)] if half > 1 else []
        return max((each for each in found if each is not None), default=None)


def potential_reduction(draws: Numbers) -> float | None:
    """R-hat of draws, iterations × chains: by how much the spread of all could shrink with more iterations, 1 if not.

    A. Gelman and D. B. Rubin, Statistical Science 1992;7:457-72, without the term for degrees of freedom; below 1.2 is
    taken for converged (S. P. Brooks and A. Gelman, Journal of Computational and Graphical Statistics 1998;7:434-55).
    None if no chain varies; infinite if each stands still, at different values.
    """
    steps, chains = draws.shape
    if steps < 2 or chains < 2:
        return None
    inner = float(draws.var(axis=0, ddof=1).mean())
    between = float(draws.mean(axis=0).var(ddof=1))
    if inner <= 1e-20:
        return math.inf if between > 1e-20 else None
    return math.sqrt((steps - 1) / steps + between / inner)


def of_draws(imputed: Numbers) -> tuple[Numbers, Numbers]:
    """Mean and standard deviation over the imputed cells (m × cells) of each imputation."""
    return np.asarray(imputed.mean(axis=1)), np.asarray(imputed.std(axis=1))
