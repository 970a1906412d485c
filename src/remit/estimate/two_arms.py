"""Every way in which the unknown of two arms may have ended, as far as the arms then differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from remit.estimate.contrasts import NEWCOMBE, POINTS, nobody_in
from remit.inference.tipping import Group, TippingGrid, tipping_grid
from remit.schema.results import Address, Denominator, Row, Statistic, ended, rows

MOST = 250_000  # pairs; of more than this none is counted
STEPS = 20  # of more unknown in an arm than this, some numbers of them that are evenly spread


@dataclass(frozen=True)
class Ends:
    """An arm whose unknown may end so or so. population: also those of it whom the estimand does not ask for."""

    name: str
    group: Group
    population: int


def ends_of_two(address: Address, arm: Ends, reference: Ends, definition: str) -> Iterator[Row]:
    """address: of the two arms compared. How many pairs lead to each conclusion, and whether that of the known holds in
    all; then the difference in each pair, by how many of the arm's unknown and of the reference's reached it."""
    group, other = arm.group, reference.group
    unknown, population = group.unknown + other.unknown, arm.population + reference.population
    pairs = (group.unknown + 1) * (other.unknown + 1)
    if why := _why_not(arm, reference, pairs):
        found = [Statistic(name, None, note=why) for name in ("above", "not_distinguished", "below", "holds")]
        yield from rows(address, found, Denominator(None, None, unknown, population), definition)
        return
    grid = tipping_grid(group, other)
    counts = Counter(grid.conclusions.ravel().tolist())
    for conclusion in ("above", "not distinguished", "below"):
        n = counts[conclusion]
        told = Statistic(conclusion.replace(" ", "_"), float(n), method=NEWCOMBE)
        yield from rows(address, [told], Denominator(n, pairs, unknown, population), definition)
    yield from rows(address, [_holds(grid)], Denominator(None, pairs, unknown, population), definition)
    for more in steps(group.unknown, STEPS):
        for others in steps(other.unknown, STEPS):
            n = group.responders + more + other.responders + others
            behind = Denominator(n, group.of + other.of, unknown, population)
            at = replace(address, level=ended(more, others))
            yield from rows(at, _difference(grid, more, others), behind, definition)


def steps(unknown: int, most: int) -> list[int]:
    """Each number from none to all; of very many, some that are evenly spread."""
    if unknown <= most:
        return [*range(unknown + 1)]
    return sorted({round(step * unknown / most) for step in range(most + 1)})


def _why_not(arm: Ends, reference: Ends, pairs: int) -> str | None:
    empty = [each.name for each in (arm, reference) if not each.group.of]
    if empty:
        return nobody_in(empty)
    return f"there are more than {MOST} ways" if pairs > MOST else None


def _holds(grid: TippingGrid) -> Statistic:
    if grid.holds is None:
        return Statistic("holds", None, note="nobody is known in one of the arms")
    return Statistic("holds", float(grid.holds), method=NEWCOMBE, note=grid.observed_conclusion)


def _difference(grid: TippingGrid, more: int, others: int) -> list[Statistic]:
    difference, lower, upper, p = (
        float(found[more, others]) for found in (grid.difference, grid.lower, grid.upper, grid.p)
    )
    return [
        Statistic("difference", 100 * difference, POINTS),
        Statistic("lower", 100 * lower, POINTS, NEWCOMBE),
        Statistic("upper", 100 * upper, POINTS, NEWCOMBE),
        Statistic("p", p, method="Fisher's exact test"),
    ]
