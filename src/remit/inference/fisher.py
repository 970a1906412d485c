"""Fisher's exact test of two proportions, with the conditional odds ratio and its exact interval, as R's fisher.test.

R. A. Fisher, Journal of the Royal Statistical Society 1935;98:39-82. Given how many respond in both groups together,
the number in the first follows a hypergeometric distribution that only the odds ratio moves.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from remit.inference.benchmark import AS_LIKELY, Alternative
from remit.inference.bisection import turning
from remit.inference.confidence import outside
from remit.inference.estimate import CONFIDENCE, Estimate

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Counts = NDArray[Any] | int

_WIDEST = 700.0  # of the logarithm of an odds ratio: exp of it is still a float


def fisher_test(
    n: int,
    of: int,
    other_n: int,
    other_of: int,
    alternative: Alternative = "two-sided",
    confidence: float = CONFIDENCE,
) -> Estimate:
    """The conditional odds ratio of n/of against other_n/other_of, its exact interval and Fisher's p.

    The odds ratio is the most likely one given the margins, not that of the counts. A one-sided test has a one-sided
    interval. The two-sided p is that of all tables no likelier than the one seen; the interval is of two one-sided
    tests, so that they may disagree where p is close to its bound. No value where the odds ratio is infinite, or
    nobody or everybody responds. Raises ValueError unless 0 <= n <= of in both groups.
    """
    method = f"Fisher's exact test, conditional odds ratio with exact {100 * confidence:g} %"
    p = float(fisher_p(n, of, other_n, other_of, alternative))
    least, most = max(0, n + other_n - other_of), min(of, n + other_n)
    if least == most:
        return Estimate(
            None, method, 0.0, math.inf, p, "the margins leave one table only: nothing is known of the odds"
        )
    tail = outside(confidence) * (1 if alternative == "two-sided" else 2)
    lower, upper = 0.0, math.inf
    if alternative != "less" and n > least:
        lower = _odds(n, of, other_n, other_of, lambda seen, likely: likely[seen:].sum() < tail)
    if alternative != "greater" and n < most:
        upper = _odds(n, of, other_n, other_of, lambda seen, likely: likely[: seen + 1].sum() > tail)
    if n == most:
        note = f"{n} of {of} against {other_n} of {other_of}: the odds ratio would divide by 0"
        return Estimate(None, method, lower, upper, p, note)
    value = 0.0 if n == least else _odds(n, of, other_n, other_of, lambda seen, likely: _mean(likely) < seen)
    return Estimate(value, method, lower, upper, p)


def fisher_p(
    n: Counts, of: Counts, other_n: Counts, other_of: Counts, alternative: Alternative = "two-sided"
) -> Floats:
    """Fisher's p for many pairs of groups at once; the counts are broadcast against each other.

    Raises ValueError unless 0 <= n <= of everywhere, in both groups.
    """
    import numpy as np

    some, size, other, other_size = np.broadcast_arrays(n, of, other_n, other_of)
    if ((some < 0) | (some > size) | (other < 0) | (other > other_size)).any():
        raise ValueError("a count is below 0 or above its denominator")
    margins = np.stack([size, other_size, some + other], axis=-1).reshape(-1, 3)
    different, which = np.unique(margins, axis=0, return_inverse=True)
    tables = [_of_each_table(first, second, both, alternative) for first, second, both in different.tolist()]
    starts = np.cumsum([0, *(len(table) for table in tables[:-1])]) - np.maximum(0, different[:, 2] - different[:, 1])
    found: Floats = np.concatenate(tables)[starts[which.ravel()] + some.ravel()].reshape(some.shape)
    return found


def _of_each_table(of: int, other_of: int, together: int, alternative: Alternative) -> Floats:
    """p of each count of the first group that the margins allow, in ascending order."""
    import numpy as np

    likely = _probabilities(_log_weights(of, other_of, together))
    if alternative == "less":
        return np.minimum(np.cumsum(likely), 1.0)
    if alternative == "greater":
        return np.minimum(np.cumsum(likely[::-1])[::-1], 1.0)
    ascending = np.sort(likely)
    no_likelier = np.searchsorted(ascending, likely * AS_LIKELY, side="right")
    found: Floats = np.minimum(np.cumsum(ascending)[no_likelier - 1], 1.0)
    return found


def _log_weights(of: int, other_of: int, together: int) -> Floats:
    import numpy as np
    from scipy import special

    counts = np.arange(max(0, together - other_of), min(of, together) + 1)
    chosen = special.gammaln(counts + 1) + special.gammaln(of - counts + 1)
    other_chosen = special.gammaln(together - counts + 1) + special.gammaln(other_of - together + counts + 1)
    found: Floats = -(chosen + other_chosen)
    return found


def _probabilities(log_weights: Floats) -> Floats:
    import numpy as np

    weights = np.exp(log_weights - log_weights.max())
    found: Floats = weights / weights.sum()
    return found


def _mean(likely: Floats) -> float:
    """Of the place among the counts that the margins allow."""
    import numpy as np

    return float(np.arange(len(likely)) @ likely)


def _odds(n: int, of: int, other_n: int, other_of: int, short: Callable[[int, Floats], Any]) -> float:
    """The odds ratio up to which `short` holds of the place of n among the possible counts and their probabilities."""
    import numpy as np

    log_weights = _log_weights(of, other_of, n + other_n)
    places = np.arange(len(log_weights))
    seen = n - max(0, n + other_n - other_of)

    def holds(log_odds: Floats) -> NDArray[Any]:
        return np.asarray(short(seen, _probabilities(log_weights + places * log_odds)))

    return float(np.exp(turning(holds, np.asarray(-_WIDEST), np.asarray(_WIDEST))[0]))
