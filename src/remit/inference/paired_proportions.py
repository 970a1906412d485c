"""The same patients twice: McNemar's test, and the difference of the two proportions with its interval."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from remit.inference.bisection import turning
from remit.inference.confidence import normal_quantile
from remit.inference.estimate import CONFIDENCE, Estimate

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Test = Literal["exact", "mid-P"]


def paired_difference(
    both: int,
    first_only: int,
    second_only: int,
    neither: int,
    test: Test = "exact",
    confidence: float = CONFIDENCE,
) -> Estimate:
    """Proportion at the first time minus that at the second, of the same patients, with Tango's interval.

    T. Tango, Statistics in Medicine 1998;17:891-908: the score interval, also where few or no patients changed. p is
    McNemar's. Raises ValueError if a count is below 0.
    """
    method = f"Tango {100 * confidence:g} %, McNemar's {test} test"
    p = mcnemar(first_only, second_only, test)
    if min(both, neither) < 0:
        raise ValueError("a count of patients is below 0")
    of = both + first_only + second_only + neither
    if of == 0:
        return Estimate(None, method, note="nobody was seen at both times")
    z = normal_quantile(confidence)
    lower = -_upper(second_only, first_only, of, z)
    return Estimate((first_only - second_only) / of, method, lower, _upper(first_only, second_only, of, z), p)


def mcnemar(first_only: int, second_only: int, test: Test = "exact") -> float:
    """Two-sided p that as many change in one direction as in the other; 1 if nobody changed.

    Q. McNemar, Psychometrika 1947;12:153-7, from the binomial distribution of those who changed. mid-P counts tables
    as extreme as the one seen by half: M. W. Fagerland, S. Lydersen, P. Laake, BMC Medical Research Methodology
    2013;13:91. It is the nearer to its level; only the exact test never exceeds it. Raises ValueError if a count is
    below 0.
    """
    from scipy import special

    if min(first_only, second_only) < 0:
        raise ValueError("a count of patients is below 0")
    changed, fewer = first_only + second_only, min(first_only, second_only)
    if changed == 0:
        return 1.0
    at_most = float(special.bdtr(fewer, changed, 0.5))
    if test == "exact":
        return min(1.0, 2 * at_most)
    fewer_yet = float(special.bdtr(fewer - 1, changed, 0.5)) if fewer else 0.0
    if first_only == second_only:
        return 1 - (at_most - fewer_yet) / 2  # one table, not two, is as extreme
    return at_most + fewer_yet


def _upper(first_only: int, second_only: int, of: int, z: float) -> float:
    import numpy as np

    def short(at: NDArray[np.float64]) -> NDArray[Any]:
        b = (2 * of - first_only + second_only) * at - first_only - second_only
        root = np.sqrt(np.maximum(b * b + 8 * of * second_only * at * (1 - at), 0))
        likely = (root - b) / (4 * of)  # share of those who respond only the second time, if the difference is `at`
        variance = of * np.maximum(2 * likely + at * (1 - at), 0)
        distance = first_only - second_only - of * at
        return np.asarray((distance > -z * np.sqrt(variance)) | (distance == 0))

    return float(turning(short, np.asarray(-1.0), np.asarray(1.0))[1])
