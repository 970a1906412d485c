"""Whether a proportion differs between centres."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from remit.inference.centres.counts import Count, with_patients
from remit.inference.chi_squared import upper_tail

MOST_STATES = 20_000
MOST_PATIENTS = 1_000

EXACT = "Fisher-Freeman-Halton exact test"
LIKELIHOOD_RATIO = "likelihood-ratio chi-squared test"


@dataclass(frozen=True)
class Heterogeneity:
    """A test of one proportion for all centres; without a p-value, `note` says why."""

    p: float | None
    method: str
    statistic: float | None = None
    freedom: int | None = None
    note: str | None = None


def heterogeneity(counts: Sequence[Count]) -> Heterogeneity:
    """The exact test of equal proportions where the tables can be counted, else the likelihood-ratio test.

    `statistic` and `freedom` are the likelihood ratio's. G. H. Freeman and J. H. Halton, Biometrika 1951;38:141-9:
    given the totals, the probability of all tables that are no more probable than the one found.
    """
    held = with_patients(counts)
    if len(held) < 2:
        return Heterogeneity(None, EXACT, note="Fewer than two centres have patients, so there is nothing to compare.")
    events, patients = sum(count.events for count in held), sum(count.patients for count in held)
    if events in (0, patients):
        every = "None" if events == 0 else "All"
        return Heterogeneity(
            None, EXACT, note=f"{every} of the {patients} patients had the outcome: centres are alike."
        )
    statistic, freedom = _likelihood_ratio(held), len(held) - 1
    p = exact_p(held)
    if p is not None:
        return Heterogeneity(p, EXACT, statistic, freedom)
    return Heterogeneity(upper_tail(statistic, freedom), LIKELIHOOD_RATIO, statistic, freedom)


def _likelihood_ratio(counts: Sequence[Count]) -> float:
    events, patients = sum(count.events for count in counts), sum(count.patients for count in counts)
    cells = (
        (found, count.patients * total / patients)
        for count in counts
        for found, total in ((count.events, events), (count.patients - count.events, patients - events))
    )
    return 2 * sum(found * math.log(found / expected) for found, expected in cells if found)


def exact_p(counts: Sequence[Count], most: int = MOST_STATES) -> float | None:
    """The exact p-value in whole numbers, centre by centre; None if more than `most` ways lie open at once,
    or there are more than 1000 patients.

    A table's probability is the product of its centres' binomial coefficients over that of the totals. Tables with the
    same events and product so far go on as one, and those whose end is certain leave: C. R. Mehta and N. R. Patel,
    Journal of the American Statistical Association 1983;78:427-34.
    """
    centres = sorted(counts, key=lambda count: -count.patients)
    if sum(count.patients for count in centres) > MOST_PATIENTS:
        return None
    events, found = sum(count.events for count in centres), math.prod(_ways(count) for count in centres)
    greatest, least = _bounds(centres, events)
    rest = [sum(count.patients for count in centres[at:]) for at in range(len(centres) + 1)]
    ways = {(0, 1): 1}  # by events and product so far
    as_rare = 0
    for at, centre in enumerate(centres, start=1):
        following: defaultdict[tuple[int, int], int] = defaultdict(int)
        for (had, product), times in ways.items():
            for here in range(max(0, events - had - rest[at]), min(centre.patients, events - had) + 1):
                left, reached = events - had - here, product * math.comb(centre.patients, here)
                if reached * greatest[at][left] <= found:
                    as_rare += times * reached * math.comb(rest[at], left)
                elif reached * least[at][left] <= found:
                    following[had + here, reached] += times
        if len(following) > most:
            return None
        ways = following
    return float(Fraction(as_rare, math.comb(rest[0], events)))


def _ways(count: Count) -> int:
    return math.comb(count.patients, count.events)


def _bounds(centres: Sequence[Count], events: int) -> tuple[list[list[int]], list[list[int]]]:
    """The greatest and the least product of the centres from each on, by the events that are left for them."""
    greatest, least = [[1] + [0] * events], [[1] + [0] * events]
    left = 0
    for centre in reversed(centres):
        coefficients = [math.comb(centre.patients, here) for here in range(min(centre.patients, events) + 1)]
        before_greatest, before_least = greatest[0], least[0]
        most, fewest = [0] * (events + 1), [0] * (events + 1)
        for total in range(min(left + centre.patients, events) + 1):
            open_to = range(max(0, total - left), min(total, centre.patients) + 1)
            most[total] = max(coefficients[here] * before_greatest[total - here] for here in open_to)
            fewest[total] = min(coefficients[here] * before_least[total - here] for here in open_to)
        left += centre.patients
        greatest.insert(0, most)
        least.insert(0, fewest)
    return greatest, least
