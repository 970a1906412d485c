"""Whether a pooled estimate hangs on one study, and how it came about over time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from remit.inference.pooling.pool import Pooled, TooFewStudies

Fit = Callable[[Sequence[int]], Pooled]  # of the studies at these places


@dataclass(frozen=True)
class Without:
    """The estimate that remains where `study` is left out."""

    study: str
    pooled: Pooled


@dataclass(frozen=True)
class Cumulated:
    """The estimate of all studies up to `study`."""

    study: str
    pooled: Pooled


def leave_one_out(names: Sequence[str], fit: Fit) -> tuple[Without, ...]:
    """One study left out after another: `lambda places: pool(effects.at(places))`, for one, is a fit.

    Raises TooFewStudies for fewer than three studies, and whatever `fit` raises.
    """
    if len(names) < 3:
        raise TooFewStudies("to leave one study out, three are needed")
    places = range(len(names))
    return tuple(Without(name, fit([at for at in places if at != left])) for left, name in enumerate(names))


def cumulative(names: Sequence[str], order: Sequence[float], fit: Fit) -> tuple[Cumulated, ...]:
    """Studies pooled one more at a time, from the second on, in `order` (of years, for one); of equal order as they
    stand.

    J. Lau et al., New England Journal of Medicine 1992;327:248-54. Raises TooFewStudies for fewer than two studies.
    """
    if len(names) < 2:
        raise TooFewStudies("to cumulate studies, two are needed")
    sorted_places = sorted(range(len(names)), key=lambda at: order[at])
    return tuple(Cumulated(names[sorted_places[last]], fit(sorted_places[: last + 1])) for last in range(1, len(names)))
