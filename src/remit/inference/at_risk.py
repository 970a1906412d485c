"""Who is at risk together, how many of each group are at a time, and what ends their times."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Whole = NDArray[np.intp]


@dataclass(frozen=True)
class Tally:
    """at_risk: (times, groups), who was observed until each time. ended: (times, kinds, groups), who ended at it, and
    how. The times are those at which somebody ended in another way than by being observed no longer, which is kind 0.
    """

    at_risk: Floats
    ended: Floats


def strata_of(strata: Sequence[Hashable] | None, patients: int) -> list[NDArray[np.bool_]]:
    """Which patients are in each stratum, in the order in which the strata first come; without strata, all in one."""
    if strata is None:
        return [np.ones(patients, dtype=bool)]
    return [np.array([one == stratum for one in strata]) for stratum in dict.fromkeys(strata)]


def tally(time: Floats, kind: Whole, group: Whole, kinds: int, groups: int) -> Tally:
    """time, kind, group: one a patient; kinds and groups are counted from 0."""
    times, at = np.unique(time, return_inverse=True)
    ended = np.zeros((len(times), kinds, groups))
    np.add.at(ended, (at, kind, group), 1)
    at_risk = np.cumsum(ended.sum(axis=1)[::-1], axis=0)[::-1]
    events = ended[:, 1:].any(axis=(1, 2))
    return Tally(at_risk[events], ended[events])
