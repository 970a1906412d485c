"""Values compared by their ranks: two of the same patient, or of two groups of patients."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import NormalDist
from typing import Literal

import numpy as np

from remit.inference import ranks
from remit.inference.confidence import normal_quantile
from remit.inference.estimate import CONFIDENCE, Estimate
from remit.inference.known import Numbers, numbers

Zeros = Literal["pratt", "wilcoxon"]

_DIFFERENCES = 500  # up to which the null distribution of signed ranks is counted out
_PATIENTS = 200  # of both groups, up to which that of a group's ranks is counted out
_WAYS = {"pratt": "zeros by Pratt", "wilcoxon": "zeros left out"}


def signed_rank(
    differences: Sequence[float] | Numbers, zeros: Zeros = "pratt", confidence: float = CONFIDENCE
) -> Estimate:
    """The pseudomedian of the differences within patients, with its interval, and Wilcoxon's signed rank test.

    The value is the estimate of J. L. Hodges and E. L. Lehmann, Annals of Mathematical Statistics 1963;34:598-611: the
    median of the means of all pairs of differences, each with itself too. Its interval leaves out so many of those
    means on each side as the exact test without ties allows (J. W. Tukey 1949; see M. Hollander and D. A. Wolfe,
    Nonparametric statistical methods, 1999, 3.3); where values are tied it holds at least the confidence that is asked
    for (G. E. Noether, Journal of the American Statistical Association 1967;62:184-8). Both use all differences, zeros
    too.

    p is that of the test (F. Wilcoxon, Biometrics Bulletin 1945;1:80-3), two-sided, with the exact distribution that
    the ties and zeros at hand give, up to 500 differences; beyond, normal without continuity correction. Differences
    of zero are ranked with the others and then left out ("pratt": J. W. Pratt, Journal of the American Statistical
    Association 1959;54:655-67), or left out before ("wilcoxon").

    Raises ValueError where a difference is not known.
    """
    given = numbers(differences, "differences")
    exact = given.size <= _DIFFERENCES
    method = f"Wilcoxon signed rank, {'exact' if exact else 'normal'}, {_WAYS[zeros]}; Hodges-Lehmann"
    if not given.size:
        return Estimate(None, method, note="no patient has both values")
    middle, *ends = _walsh(given, exact, confidence)
    if not given.any():
        return Estimate(middle, method, note="all differences are zero: they give no interval and no test")
    p = _signed_rank_p(given if zeros == "pratt" else given[given != 0], exact)
    if not ends:
        few = "1 difference is" if given.size == 1 else f"{given.size} differences are"
        note = f"{few} too few for a {100 * confidence:g} % interval by ranks"
        return Estimate(middle, method, p=p, note=note)
    if np.ptp(given) == 0:
        return Estimate(middle, method, p=p, note="all differences are the same: they give no interval")
    lower, upper = ends
    return Estimate(middle, method, lower, upper, p)


def _walsh(given: Numbers, exact: bool, confidence: float) -> list[float]:
    """The median of the means of pairs, and both ends of its interval where there is one."""
    n = given.size
    pairs = n * (n + 1) // 2
    if exact:
        outside = ranks.cut(ranks.signed(np.arange(1, n + 1)), confidence)
    else:
        spread = math.sqrt(n * (n + 1) * (2 * n + 1) / 24)
        outside = math.floor(pairs / 2 + 0.5 - normal_quantile(confidence) * spread)
    ends = [outside, pairs + 1 - outside] if outside else []
    wanted = [(pairs + 1) // 2, pairs // 2 + 1, *ends]
    first, second, *bounds = ranks.at_ranks(wanted, given / 2, given / 2, upper_triangle=True)
    return [(first + second) / 2, *bounds]


def _signed_rank_p(given: Numbers, exact: bool) -> float:
    ranked = ranks.doubled(np.abs(given))
    positive, counted = int(ranked[given > 0].sum()), ranked[given != 0]
    total = int(counted.sum())
    away = abs(2 * positive - total)
    if not exact:
        return 2 * NormalDist().cdf(-away / math.sqrt(float((counted.astype(float) ** 2).sum())))
    null = ranks.signed(counted)
    return min(1.0, float(null[np.abs(2 * np.arange(total + 1) - total) >= away].sum()))


def mann_whitney(
    one: Sequence[float] | Numbers, other: Sequence[float] | Numbers, confidence: float = CONFIDENCE
) -> Estimate:
    """By how much `one` lies above `other`, with its interval, and the test of Wilcoxon, Mann and Whitney.

    The value is the shift of J. L. Hodges and E. L. Lehmann, Annals of Mathematical Statistics 1963;34:598-611: the
    median of all differences between a value of one and a value of the other. Its interval leaves out so many of those
    differences on each side as the exact test without ties allows (M. Hollander and D. A. Wolfe, Nonparametric
    statistical methods, 1999, 4.3).

    p is that of the test (H. B. Mann and D. R. Whitney, Annals of Mathematical Statistics 1947;18:50-60), two-sided,
    with the exact distribution that the ties at hand give, up to 200 patients in both groups together; beyond, normal
    with ties and without continuity correction.

    Raises ValueError where a value is not known.
    """
    first, second = numbers(one), numbers(other)
    exact = first.size + second.size <= _PATIENTS
    method = f"Mann-Whitney, {'exact' if exact else 'normal'}; Hodges-Lehmann shift"
    if not first.size or not second.size:
        return Estimate(None, method, note="a group has no value")
    middle, *ends = _shift(first, second, exact, confidence)
    together = np.concatenate([first, second])
    if np.ptp(together) == 0:
        return Estimate(middle, method, note="all values are the same: they give no interval and no test")
    p = _rank_sum_p(ranks.doubled(together), first.size, exact)
    if not ends:
        note = f"{first.size} and {second.size} values are too few for a {100 * confidence:g} % interval by ranks"
        return Estimate(middle, method, p=p, note=note)
    if np.ptp(first) == np.ptp(second) == 0:
        return Estimate(middle, method, p=p, note="in each group all values are the same: they give no interval")
    lower, upper = ends
    return Estimate(middle, method, lower, upper, p)


def _shift(one: Numbers, other: Numbers, exact: bool, confidence: float) -> list[float]:
    """The median of the differences, and both ends of its interval where there is one."""
    pairs, together = one.size * other.size, one.size + other.size
    if exact:
        null = ranks.drawn(np.arange(1, together + 1), one.size)[one.size * (one.size + 1) // 2 :]
        outside = ranks.cut(null, confidence)
    else:
        spread = math.sqrt(pairs * (together + 1) / 12)
        outside = math.floor(pairs / 2 + 0.5 - normal_quantile(confidence) * spread)
    ends = [outside, pairs + 1 - outside] if outside > 0 else []
    wanted = [(pairs + 1) // 2, pairs // 2 + 1, *ends]
    first, second, *bounds = ranks.at_ranks(wanted, one, -other, upper_triangle=False)
    return [(first + second) / 2, *bounds]


def _rank_sum_p(ranked: ranks.Counts, size: int, exact: bool) -> float:
    total, count = int(ranked.sum()), ranked.size
    away = abs(count * int(ranked[:size].sum()) - size * total)
    if not exact:
        spread = float(ranked.astype(float).var()) * size * (count - size) / (count - 1)
        return 2 * NormalDist().cdf(-away / count / math.sqrt(spread))
    if not (ranked % 2).any():
        ranked, total, away = ranked // 2, total // 2, away // 2
    null = ranks.drawn(ranked, size)
    return min(1.0, float(null[np.abs(count * np.arange(null.size) - size * total) >= away].sum()))
