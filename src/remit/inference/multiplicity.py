"""Several tests of one study: p-values adjusted so that all of them together keep the level.

Holm, Hochberg and gatekeeping bound the probability of one or more false claims, Benjamini and Hochberg the expected
share of the false among the claims. What is adjusted is compared with the level itself. Each raises ValueError for what
is no p-value.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import accumulate


def holm(ps: Sequence[float]) -> list[float]:
    """S. Holm, Scandinavian Journal of Statistics 1979;6:65-70: whatever the dependence of the tests."""
    order = _ascending(ps)
    stepped = accumulate(((len(ps) - rank) * ps[place] for rank, place in enumerate(order)), max)
    return _in_place(order, stepped)


def hochberg(ps: Sequence[float]) -> list[float]:
    """Y. Hochberg, Biometrika 1988;75:800-2: for tests that are independent or depend positively on each other."""
    order = _ascending(ps)[::-1]
    stepped = accumulate(((rank + 1) * ps[place] for rank, place in enumerate(order)), min)
    return _in_place(order, stepped)


def benjamini_hochberg(ps: Sequence[float]) -> list[float]:
    """Y. Benjamini and Y. Hochberg, Journal of the Royal Statistical Society B 1995;57:289-300: the false discovery
    rate, for tests that are independent or depend positively on each other."""
    count, order = len(ps), _ascending(ps)[::-1]
    stepped = accumulate((count / (count - rank) * ps[place] for rank, place in enumerate(order)), min)
    return _in_place(order, stepped)


def fixed_sequence(ps: Sequence[float]) -> list[float]:
    """Tests in the order that was fixed beforehand, each at the full level until the first that fails.

    W. Maurer, L. A. Hothorn, W. Lehmacher, Biometrie in der chemisch-pharmazeutischen Industrie 1995;6:3-18.
    """
    _ascending(ps)
    return list(accumulate(ps, max))


def gatekeeping(families: Sequence[Sequence[float]]) -> list[list[float]]:
    """Families of tests in a fixed order: Holm's within each, and the next is opened once all of the former succeeded.

    P. H. Westfall and A. Krishen, Journal of Statistical Planning and Inference 2001;99:25-40. Families of one test
    are a fixed sequence.
    """
    found, gate = [], 0.0
    for family in families:
        adjusted = [max(gate, each) for each in holm(family)]
        gate = max([gate, *adjusted])
        found.append(adjusted)
    return found


def _ascending(ps: Sequence[float]) -> list[int]:
    """The places of the p-values, the smallest first."""
    for p in ps:
        if not 0 <= p <= 1:
            raise ValueError(f"{p} is no p-value")
    return sorted(range(len(ps)), key=lambda place: ps[place])


def _in_place(order: Sequence[int], adjusted: Iterable[float]) -> list[float]:
    by_place = dict(zip(order, adjusted, strict=True))
    return [min(by_place[place], 1.0) for place in range(len(order))]
