"""One proportion against a benchmark: the exact binomial test, and the probability of exceeding it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Literal

from remit.inference.estimate import CONFIDENCE, Estimate
from remit.inference.proportions import intervals

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Alternative = Literal["two-sided", "greater", "less"]
JEFFREYS = (0.5, 0.5)
AS_LIKELY = 1 + 1e-7  # outcomes that differ by rounding count as equally likely, as in R


def binomial_test(
    n: int, of: int, benchmark: float, alternative: Alternative = "two-sided", confidence: float = CONFIDENCE
) -> Estimate:
    """The exact test that the proportion is `benchmark`, with Clopper and Pearson's interval; both as R's binom.test.

    A one-sided test has a one-sided interval: its other end is 0 or 1. The two-sided p is the probability of all counts
    that are no more likely than the one observed; the interval is that of two one-sided tests, so that they may
    disagree where p is close to its bound.
    Raises ValueError unless 0 <= n <= of and 0 < benchmark < 1, and for a one-sided confidence of 0.5 or less.
    """
    method = f"exact binomial test against {100 * benchmark:g} %, Clopper-Pearson {100 * confidence:g} %"
    if n == of == 0:
        return Estimate(None, method, note="nobody is in the denominator")
    within = confidence if alternative == "two-sided" else 2 * confidence - 1
    lower, upper = intervals(n, of, "Clopper-Pearson", within)
    p = float(binomial_p(n, of, benchmark, alternative)[()])
    return Estimate(
        n / of,
        method,
        0.0 if alternative == "less" else float(lower),
        1.0 if alternative == "greater" else float(upper),
        p,
    )


def binomial_p(
    n: NDArray[Any] | int, of: NDArray[Any] | int, benchmark: float, alternative: Alternative = "two-sided"
) -> NDArray[np.float64]:
    """The exact test's p for many counts at once: n and `of` are broadcast against each other.

    Raises ValueError unless 0 <= n <= of everywhere and 0 < benchmark < 1.
    """
    import numpy as np

    if not 0 < benchmark < 1:
        raise ValueError(f"a benchmark lies between 0 and 1, not at {benchmark}")
    counts, totals = np.broadcast_arrays(np.asarray(n), np.asarray(of))
    if ((counts < 0) | (counts > totals)).any():
        raise ValueError("a count is below 0 or above its denominator")
    found = np.empty(counts.shape)
    for total in np.unique(totals):
        here = totals == total
        found[here] = _of_each_count(int(total), benchmark, alternative)[counts[here]]
    return found


def probability_above(n: int, of: int, benchmark: float, prior: tuple[float, float] = JEFFREYS) -> Estimate:
    """The posterior probability that the proportion exceeds `benchmark`, after a beta prior (Jeffreys' if not told).

    Raises ValueError unless 0 <= n <= of, 0 < benchmark < 1 and both numbers of the prior are above 0.
    """
    from scipy import special

    if not 0 <= n <= of:
        raise ValueError(f"{n} of {of} is no proportion")
    if not 0 < benchmark < 1:
        raise ValueError(f"a benchmark lies between 0 and 1, not at {benchmark}")
    if not all(0 < each < math.inf for each in prior):
        raise ValueError(f"beta({prior[0]:g}, {prior[1]:g}) is no distribution")
    probability = float(special.betaincc(prior[0] + n, prior[1] + of - n, benchmark))
    method = f"probability of more than {100 * benchmark:g} %, prior beta({prior[0]:g}, {prior[1]:g})"
    return Estimate(probability, method, note=None if of else "nobody is in the denominator: what the prior says alone")


def _of_each_count(of: int, benchmark: float, alternative: Alternative) -> NDArray[np.float64]:
    """p of each count from 0 to `of`."""
    import numpy as np
    from scipy import special

    counts = np.arange(of + 1)
    if alternative == "greater":
        return np.where(counts == 0, 1.0, special.betainc(np.maximum(counts, 1), of - counts + 1, benchmark))
    if alternative == "less":
        return np.where(counts == of, 1.0, special.betaincc(counts + 1, np.maximum(of - counts, 1), benchmark))
    choose = special.gammaln(of + 1) - special.gammaln(counts + 1) - special.gammaln(of - counts + 1)
    likely = np.exp(choose + counts * np.log(benchmark) + (of - counts) * np.log1p(-benchmark))
    ascending = np.sort(likely)
    no_likelier = np.searchsorted(ascending, likely * AS_LIKELY, side="right")
    found: NDArray[np.float64] = np.minimum(np.cumsum(ascending)[no_likelier - 1], 1.0)
    return found
