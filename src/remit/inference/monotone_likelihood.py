"""Whether a partial likelihood grows without end, so that a hazard ratio is zero or infinite.

It does in a direction in which whoever has an event has the largest value of all at risk of it, for each event: M. C.
Bryson, M. E. Johnson, Technometrics 1981;23:381-3. Linear programming finds such a direction whenever there is one, as
for logistic regression (K. Konis, Computational algorithms for linear programming and separated data, thesis, Oxford
2007).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from remit.inference.partial_likelihood import RiskSets

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Floats = NDArray[np.float64]

SURELY = 1e-6  # of covariates divided by their standard deviations; the solver is asked for 1e-9
EXACT = 1e-9


def endless(strata: Sequence[RiskSets]) -> dict[int, int]:
    """The coefficients without a finite estimate, each with the sign of the infinity it goes to; 0 where both would do.

    The covariates should be of like scale, and no combination of them the same for all at risk of each event.
    """
    from scipy.sparse import vstack

    parts = _rows(strata)
    at_most = vstack([part.at_most for part in parts], format="csr")
    equal = vstack([part.equal for part in parts], format="csr")
    columns = strata[0].covariates.shape[1]

    def goes(column: int, sign: int) -> bool:
        aim = np.zeros(at_most.shape[1])
        aim[column] = -sign
        return _least(aim, at_most, equal, columns) < -SURELY

    signs = {column: [sign for sign in (1, -1) if goes(column, sign)] for column in range(columns)}
    return {column: sum(found) for column, found in signs.items() if found}


def _least(aim: Floats, at_most: csr_array[np.float64], equal: csr_array[np.float64], columns: int) -> float:
    """The least value of the aim along a direction within the unit box."""
    from scipy.optimize import linprog

    found = linprog(  # type: ignore[call-overload]  # scipy-stubs knows only dense matrices here
        aim,
        A_ub=at_most,
        b_ub=np.zeros(at_most.shape[0]),
        A_eq=equal,
        b_eq=np.zeros(equal.shape[0]),
        bounds=[(-1.0, 1.0)] * columns + [(None, None)] * (at_most.shape[1] - columns),
        options={"primal_feasibility_tolerance": EXACT, "dual_feasibility_tolerance": EXACT},
    )
    if found.status != 0:
        raise ArithmeticError(f"the linear program for a monotone likelihood has no solution: {found.message}")
    return float(found.fun)


@dataclass(frozen=True)
class _Rows:
    """On a direction and, for each time with an event, the largest value along it of those at risk."""

    at_most: csr_array[np.float64]
    equal: csr_array[np.float64]


def _rows(strata: Sequence[RiskSets]) -> list[_Rows]:
    """What is to be at most 0, and what is to be 0: nobody at risk is above the largest value, who has the event is at
    it, and it does not fall as the risk sets grow from the last time to the first."""
    from scipy.sparse import vstack

    times = [len(np.unique(sets.end)) for sets in strata]
    found = []
    for number, sets in enumerate(strata):
        ends = np.unique(sets.end)
        # The last time at which a patient is at risk, counted from the last to the first.
        at = sum(times[:number]) + np.searchsorted(ends, np.arange(ends[-1]), side="right")
        growing = sum(times[:number]) + np.arange(len(ends) - 1)
        nothing = np.zeros((len(growing), sets.covariates.shape[1]))
        below = _less(sets.covariates[: ends[-1]], at, sum(times))
        rising = _less(nothing, growing + 1, sum(times)) - _less(nothing, growing, sum(times))
        found.append(_Rows(vstack([below, rising]), _less(sets.covariates[sets.event], at[sets.event], sum(times))))
    return found


def _less(covariates: Floats, at: NDArray[np.intp], times: int) -> csr_array[np.float64]:
    """covariates · direction - the largest value at a time."""
    from scipy.sparse import csr_array, hstack

    largest = csr_array((-np.ones(len(at)), (np.arange(len(at)), at)), shape=(len(at), times))
    return csr_array(hstack([csr_array(covariates), largest]))
