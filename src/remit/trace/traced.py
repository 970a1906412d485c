"""Which patients are traced: all of them, or of a large cohort some of each set."""

from __future__ import annotations

from collections.abc import Iterable

from remit.trace.people import NOBODY, Bits, positions, size

ALL_UP_TO = 2_000  # patients; of more than this only some are traced, so that the report can still be opened
OF_EACH = 20  # of each set, so many at least


def traced_of(sets: Iterable[Bits], patients: int) -> Bits:
    """Of a large cohort the fewest are sought with which each set has so many, or all of its own: those of small sets
    belong to greater ones too, so that small sets choose first."""
    if patients <= ALL_UP_TO:
        return (1 << patients) - 1
    traced = NOBODY
    for each in sorted(sets, key=lambda bits: (size(bits), bits)):
        lacking = OF_EACH - size(each & traced)
        if lacking > 0:
            traced |= _first(each & ~traced, lacking)
    return traced


def _first(bits: Bits, most: int) -> Bits:
    """The first so many of a set."""
    found = NOBODY
    for place, _ in zip(positions(bits), range(most), strict=False):
        found |= 1 << place
    return found
