"""Two groups' proportions by the score method: difference, ratio and odds ratio, with intervals that invert the test.

O. Miettinen and M. Nurminen, Statistics in Medicine 1985;4:213-26: the variance is that under the hypothesis, with the
factor N/(N − 1).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal

from remit.inference.bisection import turning
from remit.inference.confidence import normal_quantile
from remit.inference.estimate import CONFIDENCE, Estimate

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Counts = NDArray[Any] | int

Measure = Literal["difference", "ratio", "odds ratio"]


def miettinen_nurminen(
    n: int, of: int, other_n: int, other_of: int, measure: Measure = "difference", confidence: float = CONFIDENCE
) -> Estimate:
    """n/of against other_n/other_of: the difference, the ratio or the odds ratio, with interval and p of no difference.

    The p is that of Pearson's test with N − 1 instead of N, and the same for each measure. A ratio to 0 has no value
    but ends, of which the upper one is infinite. Raises ValueError unless 0 <= n <= of in both groups.
    """
    method = f"Miettinen-Nurminen {100 * confidence:g} %"
    empty = [which for which, size in (("first", of), ("second", other_of)) if size == 0]
    if empty and 0 <= n <= of and 0 <= other_n <= other_of:
        return Estimate(None, method, note=f"nobody is in the denominator of the {' and the '.join(empty)} group")
    lower, upper = score_intervals(n, of, other_n, other_of, measure, confidence)
    p = float(score_p(n, of, other_n, other_of))
    value, note = _value(n, of, other_n, other_of, measure)
    return Estimate(value, method, float(lower), float(upper), p, note)


def score_intervals(
    n: Counts,
    of: Counts,
    other_n: Counts,
    other_of: Counts,
    measure: Measure = "difference",
    confidence: float = CONFIDENCE,
) -> tuple[Floats, Floats]:
    """The lower and the upper ends for many pairs of groups at once; the counts are broadcast against each other.

    Raises ValueError unless 0 <= n <= of and of > 0 everywhere, in both groups.
    """
    import numpy as np

    some, size, other, other_size = _checked(n, of, other_n, other_of)
    z = normal_quantile(confidence)
    score, start = _SCORES[measure], -1.0 if measure == "difference" else 0.0
    ends = np.full(some.shape, start), np.ones(some.shape)
    with np.errstate(divide="ignore", invalid="ignore"):
        lower, _ = turning(lambda at: score(some, size, other, other_size, at) >= z, *ends)
        _, upper = turning(lambda at: score(some, size, other, other_size, at) > -z, *ends)
        if measure != "difference":
            lower, upper = lower / (1 - lower), upper / (1 - upper)
    least, most = _extremes(some, size, other, other_size, measure)
    highest = 1.0 if measure == "difference" else np.inf
    return np.where(least, start, lower), np.where(most, highest, upper)


def score_p(n: Counts, of: Counts, other_n: Counts, other_of: Counts) -> Floats:
    """Two-sided p of the score test that both groups have the same proportion; 1 where nobody or everybody responds.

    Raises ValueError unless 0 <= n <= of and of > 0 everywhere, in both groups.
    """
    import numpy as np
    from scipy import special

    some, size, other, other_size = _checked(n, of, other_n, other_of)
    together, everybody = some + other, size + other_size
    pooled = together / everybody
    variance = pooled * (1 - pooled) * (1 / size + 1 / other_size) * everybody / (everybody - 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        z = np.abs(some / size - other / other_size) / np.sqrt(variance)
    return np.where((together == 0) | (together == everybody), 1.0, 2 * special.ndtr(-z))


def _checked(*counts: Counts) -> tuple[Floats, Floats, Floats, Floats]:
    import numpy as np

    some, size, other, other_size = np.broadcast_arrays(*(np.asarray(each, float) for each in counts))
    for part, whole in ((some, size), (other, other_size)):
        wrong = ~((part >= 0) & (part <= whole) & (whole > 0))
        if wrong.any():
            raise ValueError(f"{part[wrong].flat[0]:g} of {whole[wrong].flat[0]:g} is no proportion")
    return some, size, other, other_size


def _extremes(
    some: Floats, size: Floats, other: Floats, other_size: Floats, measure: Measure
) -> tuple[NDArray[Any], NDArray[Any]]:
    """Where the measure is the least that there is, and where it is the most: an end cannot go beyond."""
    if measure == "difference":
        return (some == 0) & (other == other_size), (some == size) & (other == 0)
    if measure == "ratio":
        return some == 0, other == 0
    return (some == 0) | (other == other_size), (other == 0) | (some == size)


def _value(n: int, of: int, other_n: int, other_of: int, measure: Measure) -> tuple[float | None, str | None]:
    if measure == "difference":
        return n / of - other_n / other_of, None
    if measure == "ratio":
        over, under = n * other_of, other_n * of
    else:
        over, under = n * (other_of - other_n), other_n * (of - n)
    if under == 0:
        return None, f"{n} of {of} against {other_n} of {other_of}: the {measure} would divide by 0"
    return over / under, None


# Each score falls as the hypothesis grows. Where it is 0/0, the counts say nothing against the hypothesis. The
# hypotheses of the ratios are given as t = ratio/(1 + ratio), which is between 0 and 1.


def _difference(some: Floats, size: Floats, other: Floats, other_size: Floats, at: Floats) -> Floats:
    """The most likely proportions that differ by `at` solve a cubic, whose root is given by C. P. Farrington and
    G. Manning, Statistics in Medicine 1990;9:1447-54, appendix I."""
    import numpy as np

    share, other_share, times = some / size, other / other_size, other_size / size
    a = 1 + times
    b = -(1 + times + share + times * other_share + at * (times + 2))
    c = at * at + at * (2 * share + times + 1) + share + times * other_share
    d = -share * at * (1 + at)
    v = (b / (3 * a)) ** 3 - b * c / (6 * a * a) + d / (2 * a)
    u = np.copysign(np.sqrt(np.maximum((b / (3 * a)) ** 2 - c / (3 * a), 0)), v)
    angle = (np.pi + np.arccos(np.clip(np.where(u == 0, 0, v / u**3), -1, 1))) / 3
    likely = np.clip(2 * u * np.cos(angle) - b / (3 * a), np.maximum(at, 0), np.minimum(1 + at, 1))
    variance = likely * (1 - likely) / size + (likely - at) * (1 - likely + at) / other_size
    return _standardised(share - other_share - at, variance, size + other_size)


def _ratio(some: Floats, size: Floats, other: Floats, other_size: Floats, t: Floats) -> Floats:
    """The most likely proportions with this ratio solve a quadratic."""
    import numpy as np

    together = some + other
    b = size * t + some * (1 - t) + other_size * (1 - t) + other * t
    under = b + np.sqrt(np.maximum(b * b - 4 * (size + other_size) * t * together * (1 - t), 0))
    likely, other_likely = 2 * together * t / under, 2 * together * (1 - t) / under
    variance = ((1 - t) ** 2) * likely * (1 - likely) / size + t * t * other_likely * (1 - other_likely) / other_size
    return _standardised((1 - t) * some / size - t * other / other_size, variance, size + other_size)


def _odds_ratio(some: Floats, size: Floats, other: Floats, other_size: Floats, t: Floats) -> Floats:
    """The most likely proportions with this odds ratio solve a quadratic."""
    import numpy as np

    together, everybody, tilt = some + other, size + other_size, 2 * t - 1
    b = size * t + other_size * (1 - t) - together * tilt
    root = np.sqrt(b * b + 4 * other_size * tilt * together * (1 - t))
    other_likely = np.where(b >= 0, 2 * together * (1 - t) / (b + root), (root - b) / (2 * other_size * tilt))
    likely = t * other_likely / (1 - t + other_likely * tilt)
    information = 1 / (size * likely * (1 - likely)) + 1 / (other_size * other_likely * (1 - other_likely))
    found = _standardised(some - size * likely, 1 / information, everybody)
    return np.where((together == 0) | (together == everybody), 0.0, found)


def _standardised(distance: Floats, variance: Floats, everybody: Floats) -> Floats:
    import numpy as np

    found = distance / np.sqrt(np.maximum(variance, 0) * everybody / (everybody - 1))
    return np.where(distance == 0, 0.0, found)


_SCORES: dict[Measure, Callable[[Floats, Floats, Floats, Floats, Floats], Floats]] = {
    "difference": _difference,
    "ratio": _ratio,
    "odds ratio": _odds_ratio,
}
