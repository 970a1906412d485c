"""One proportion: intervals by several methods, for a single count or for many at once.

The methods are compared by L. D. Brown, T. T. Cai and A. DasGupta, Statistical Science 2001;16:101-33.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from remit.inference.bisection import turning
from remit.inference.confidence import normal_quantile, outside
from remit.inference.estimate import CONFIDENCE, Estimate

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Counts = NDArray[Any] | int
    Lower = Callable[[Floats, Floats, float], Floats]  # n, of, confidence → the lower end

_Values = TypeVar("_Values", float, "Floats")


def proportion(n: int, of: int, method: str = "Wilson", confidence: float = CONFIDENCE) -> Estimate:
    """n of `of`, with its interval by one of METHODS, as proportions.

    Raises ValueError unless 0 <= n <= of.
    """
    called = f"{method} {100 * confidence:g} %"
    if n == of == 0:
        return Estimate(None, called, note="nobody is in the denominator")
    lower, upper = wilson(n, of, confidence) if method == "Wilson" else intervals(n, of, method, confidence)
    return Estimate(n / of, called, float(lower), float(upper))


def wilson(n: int, of: int, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Wilson's score interval for n of `of`, as proportions; of one count, for `intervals` loads numpy.

    E. B. Wilson, Journal of the American Statistical Association 1927;22:209-12. No continuity correction. The ends are
    exact at 0 of n and n of n. Raises ValueError unless 0 <= n <= of and of > 0.
    """
    if not 0 <= n <= of or of == 0:
        raise ValueError(f"{n} of {of} is no proportion")
    low, high = _score_ends(n / of, float(of), confidence, math.sqrt)
    return 0.0 if n == 0 else low, 1.0 if n == of else high


def intervals(n: Counts, of: Counts, method: str = "Wilson", confidence: float = CONFIDENCE) -> tuple[Floats, Floats]:
    """The lower and the upper ends for many counts at once: n and `of` are broadcast against each other.

    Every method treats responders and others alike, so that an upper end is a lower end of the others.

    Raises ValueError unless 0 <= n <= of and of > 0 everywhere, and for a method that is none of METHODS.
    """
    import numpy as np

    if method not in METHODS:
        raise ValueError(f"{method!r} is none of the methods {', '.join(METHODS)}")
    counts, totals = np.broadcast_arrays(np.asarray(n, float), np.asarray(of, float))
    wrong = ~((counts >= 0) & (counts <= totals) & (totals > 0))
    if wrong.any():
        raise ValueError(f"{counts[wrong].flat[0]:g} of {totals[wrong].flat[0]:g} is no proportion")
    below, above = METHODS[method](counts, totals, confidence), METHODS[method](totals - counts, totals, confidence)
    return np.where(counts == 0, 0.0, below), np.where(counts == totals, 1.0, 1 - above)


def _score_ends(
    share: _Values, of: _Values, confidence: float, root: Callable[[_Values], _Values]
) -> tuple[_Values, _Values]:
    z = normal_quantile(confidence)
    z2 = z * z
    centre = share + z2 / (2 * of)
    half = z * root(share * (1 - share) / of + z2 / (4 * of * of))
    return (centre - half) / (1 + z2 / of), (centre + half) / (1 + z2 / of)


def _wilson(n: Floats, of: Floats, confidence: float) -> Floats:
    import numpy as np

    return _score_ends(n / of, of, confidence, np.sqrt)[0]


def _clopper_pearson(n: Floats, of: Floats, confidence: float) -> Floats:
    """C. J. Clopper and E. S. Pearson, Biometrika 1934;26:404-13: each one-sided test keeps half of the error."""
    import numpy as np

    some = np.maximum(n, 1)  # the end at 0 of n is set by `intervals`
    return _beta_quantile(outside(confidence), some, of - some + 1)


def _jeffreys(n: Floats, of: Floats, confidence: float) -> Floats:
    """The middle of the posterior of Jeffreys' prior, beta(1/2, 1/2); 0 at 0 of n and 1 at n of n, as Brown, Cai and
    DasGupta set them, for coverage would fall to 0 there."""
    return _beta_quantile(outside(confidence), n + 0.5, of - n + 0.5)


def _mid_p(n: Floats, of: Floats, confidence: float) -> Floats:
    """Clopper and Pearson's with half the probability of what was observed: H. O. Lancaster, Journal of the American
    Statistical Association 1961;56:223-34."""
    import numpy as np
    from scipy import special

    some, tail = np.maximum(n, 1), outside(confidence)  # the end at 0 of n is set by `intervals`

    def short(share: Floats) -> NDArray[Any]:
        as_many = special.betainc(some, of - some + 1, share)
        more = np.where(some < of, special.betainc(some + 1, np.maximum(of - some, 1), share), 0.0)
        return (as_many + more) / 2 < tail

    return turning(short, np.zeros(n.shape), np.ones(n.shape))[0]


def _agresti_coull(n: Floats, of: Floats, confidence: float) -> Floats:
    """A. Agresti and B. A. Coull, The American Statistician 1998;52:119-26; an end below 0 or above 1 is cut off."""
    import numpy as np

    z = normal_quantile(confidence)
    share = (n + z * z / 2) / (of + z * z)
    return np.maximum(share - z * np.sqrt(share * (1 - share) / (of + z * z)), 0)


def _beta_quantile(below: float, a: Floats, b: Floats) -> Floats:
    import numpy as np
    from scipy import special

    return np.asarray(special.betaincinv(a, b, below), dtype=np.float64)


METHODS: Mapping[str, Lower] = {
    "Wilson": _wilson,
    "Clopper-Pearson": _clopper_pearson,
    "Jeffreys": _jeffreys,
    "mid-P": _mid_p,
    "Agresti-Coull": _agresti_coull,
}
