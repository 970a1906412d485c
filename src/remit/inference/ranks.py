"""Ranks with ties, their null distributions, and sums of pairs in order: what tests on ranks are made of."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from remit.inference.confidence import outside
from remit.inference.known import Numbers

Counts = NDArray[np.int64]
_FEW = 5_000_000  # pairs that are sorted at once


def doubled(values: Numbers) -> Counts:
    """Twice the ranks of the values, from 1 on; tied values have the mean of their ranks, and twice that is whole.

    Values are tied that agree in ten digits: 8.7 − 6.7 and 2.0 are the same change, though not the same in binary.
    """
    distinct, place = np.unique(values, return_inverse=True)
    told = np.array([float(f"{value:.9e}") for value in distinct.tolist()])
    _, tied = np.unique(told, return_inverse=True)
    group = tied[place]
    sizes = np.bincount(group)
    last = np.cumsum(sizes)
    both: Counts = (2 * last - sizes + 1)[group]
    return both


def signed(ranks: Counts) -> Numbers:
    """The probability of each sum of ranks, from 0 on, if each rank counts or not with equal chance.

    The shift algorithm: B. Streitberg and J. Röhmel, Statistical Software Newsletter 1986;12:10-7.
    """
    found = np.zeros(int(ranks.sum()) + 1)
    found[0] = 1
    top = 1  # the sums that are possible so far lie below
    for rank in np.sort(ranks).tolist():
        found[rank : top + rank] += found[:top]
        found[: top + rank] /= 2
        top += rank
    return found


def drawn(ranks: Counts, size: int) -> Numbers:
    """The probability of each sum, from 0 on, of so many ranks drawn without replacement (same source)."""
    ordered = np.sort(ranks)
    sums = np.concatenate([[0], np.cumsum(ordered)])
    found = np.zeros((size + 1, int(sums[-1] - sums[ordered.size - size]) + 1))
    found[0, 0] = 1
    for done, rank in enumerate(ordered.tolist()):
        still_needed = max(size - (ordered.size - done), 0)
        for taken in range(min(done, size - 1), max(still_needed - 1, -1), -1):
            top = int(sums[done] - sums[done - taken]) + 1
            found[taken + 1, rank : rank + top] += found[taken, :top]
    ways: Numbers = found[size] / found[size].sum()
    return ways


def cut(null: Numbers, confidence: float) -> int:
    """How many of the lowest sums together are at most as likely as what the interval may leave out on one side."""
    return int((np.cumsum(null) <= outside(confidence) * (1 + 1e-12)).sum())


def at_ranks(ranks: list[int], one: Numbers, other: Numbers, *, upper_triangle: bool) -> list[float]:
    """The sums one[i] + other[j] that stand at these ranks (from 1 on) among all of them, smallest first.

    With `upper_triangle` both are the same, and only the pairs i <= j count. Equal values are one, with their number.
    Where there are still too many sums to sort, those between two bounds are sorted that enclose the rank (halving the
    distance until they are few).
    """
    (few, times), (others, their_times) = (np.unique(values, return_counts=True) for values in (one, other))
    if few.size * others.size <= _FEW:
        pairs = np.outer(times, their_times)
        if upper_triangle:
            pairs = np.triu(pairs, 1) + np.diag(times * (times + 1) // 2)
        sums = np.add.outer(few, others).ravel()
        order = np.argsort(sums)
        found: list[float] = sums[order][np.searchsorted(np.cumsum(pairs.ravel()[order]), ranks)].tolist()
        return found
    one, other = np.sort(one), np.sort(other)
    start = np.arange(one.size) if upper_triangle else np.zeros(one.size, dtype=np.int64)

    def up_to(bound: float) -> Counts:
        """For each of `one`, how many of its sums are at most the bound."""
        found: Counts = np.maximum(np.searchsorted(other, bound - one, side="right"), start) - start
        return found

    return [_at_rank(rank, one, other, start, up_to) for rank in ranks]


def _at_rank(rank: int, one: Numbers, other: Numbers, start: Counts, up_to: Callable[[float], Counts]) -> float:
    low, high = float(one[0] + other[0]), float(one[-1] + other[-1])
    margin = 1e-9 * max(abs(low), abs(high), 1.0)  # x + y <= bound and y <= bound - x may round differently
    low, high = low - margin, high + margin
    below, within = np.zeros(one.size, dtype=np.int64), other.size - start
    while (within - below).sum() > _FEW and high - low > 4 * margin:
        middle = (low + high) / 2
        counts = up_to(middle)
        if counts.sum() >= rank:
            high, within = middle, counts
        else:
            low, below = middle, counts
    some = within > below
    if (within - below).sum() > _FEW:  # all the same, but for rounding
        return float((one[some] + other[(start + below)[some]]).min())
    sums = np.concatenate(
        [x + other[first + few : first + many] for x, first, few, many in zip(one, start, below, within, strict=True)]
    )
    place = rank - 1 - int(below.sum())
    return float(np.partition(sums, place)[place])
