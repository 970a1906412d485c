"""Gray's test: is the cumulative incidence of one event the same in two or more groups, where others compete with it?

R. J. Gray, Annals of Statistics 1988;16:1141-54, with weight 1 (rho = 0); as R's cmprsk.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from remit.inference.at_risk import Tally, strata_of, tally
from remit.inference.chi_squared import ChiSquared, no_test, score_test
from remit.inference.times import check_times

Floats = NDArray[np.float64]

SMALL = 1e-9
METHOD = "Gray's test"
TIED = "too many in small groups have the event at the same time"
SPENT = "in some group all have an event long before those of others"


def gray(
    times: Sequence[float],
    causes: Sequence[str | None],
    groups: Sequence[Hashable],
    cause: str,
    strata: Sequence[Hashable] | None = None,
) -> ChiSquared:
    """times, causes, groups, strata: one a patient; causes: which event ends the time, None where none does.

    cause: the event that is compared. Strata are compared each within itself. There is no test with one group, and in
    small ones not where ties leave no variance, or where all have had the event before the last one has.
    """
    check_times(times, causes, groups, strata)
    names = list(dict.fromkeys(groups))
    if len(names) < 2:
        return no_test(METHOD, "there are no two groups to compare")
    if cause not in causes:
        return no_test(METHOD, f"nobody has the event {cause}")
    place = {name: number for number, name in enumerate(names)}
    time, group = np.asarray(times, dtype=float), np.array([place[one] for one in groups], dtype=np.intp)
    kind = np.array([0 if one is None else 1 if one == cause else 2 for one in causes], dtype=np.intp)
    score, variance = np.zeros(len(names)), np.zeros((len(names), len(names)))
    for here in strata_of(strata, len(times)):
        jumps = _jumps(tally(time[here], kind[here], group[here], 3, len(names)), len(names))
        if any(jump.had.any() and abs(jump.not_yet + jump.had.sum() / jump.all) <= SMALL for jump in jumps):
            return no_test(METHOD, SPENT)
        if jumps:
            score = score + np.sum([jump.score for jump in jumps], axis=0)
            variance = variance + _variance(jumps)
    if np.linalg.eigvalsh(variance).min() < -SMALL * np.abs(variance).max():
        return no_test(METHOD, TIED)
    return score_test(score, variance, METHOD)


@dataclass(frozen=True)
class _Jump:
    """A time with events. Each array is (groups,) or (groups, groups).

    had, other: how many have the event, and one of the others. free_before, free: the shares without any event, left
    and right of the time. all: the number at risk of the event where those who had another are counted as if they still
    were, for as long as they would have been observed. not_yet: the share of all without the event, after this time.
    score: had less expected. pull: the covariance of the groups at risk; pulled: its sum so far, times the hazards.
    """

    had: Floats
    other: Floats
    at_risk: Floats
    free_before: Floats
    free: Floats
    all: float
    not_yet: float
    score: Floats
    pull: Floats
    pulled: Floats


def _jumps(seen: Tally, groups: int) -> list[_Jump]:
    free, incidence, not_yet = np.ones(groups), np.zeros(groups), 1.0
    pulled = np.zeros((groups, groups))
    jumps: list[_Jump] = []
    for at_risk, (_, had, other) in zip(seen.at_risk, seen.ended, strict=True):
        here = at_risk > 0
        counted = np.divide(at_risk, free, out=np.zeros(groups), where=here)
        left, every = counted * (1 - incidence), float(counted.sum())
        hazard = np.divide(had, at_risk, out=np.zeros(groups), where=here)
        ending = np.divide(had + other, at_risk, out=np.zeros(groups), where=here)
        pull = np.diag(counted) - np.outer(counted, counted) / every
        pulled = pulled + pull * (had.sum() / (every * not_yet) if had.any() and abs(not_yet) > SMALL else 0.0)
        score = had - had.sum() * left / left.sum()
        before, free = free, free * (1 - ending)
        incidence, not_yet = incidence + before * hazard, not_yet - float(had.sum()) / every
        jumps.append(_Jump(had, other, at_risk, before, free, every, not_yet, score, pull, pulled))
    return jumps


def _variance(jumps: Sequence[_Jump]) -> Floats:
    """The sum over times and groups: a jump moves the score at once, and by what it changes in all that follows."""
    end = jumps[-1].pulled
    total: Floats = np.zeros_like(end)
    for jump in jumps:
        for group in np.flatnonzero(jump.at_risk).tolist():
            follows = end[:, group] - jump.pulled[:, group]
            left = jump.not_yet / jump.free[group] if jump.free[group] > 0 else 0.0
            own = jump.pull[:, group] + (1 - left) * follows
            total = total + _spread_of_had(jump, group) * np.outer(own, own)
            total = total + _spread_of_other(jump, group) * left**2 * np.outer(follows, follows)
    return total


def _spread_of_had(jump: _Jump, group: int) -> float:
    """For tied events less than that of single ones, as cmprsk takes it; in small groups it may fall below 0."""
    had, before = float(jump.had.sum()), float(jump.free_before[group])
    tied = 1 - (had - 1) / (jump.all * before - 1) if had > 1 else 1.0
    return tied * before * had / (jump.all * float(jump.at_risk[group]))


def _spread_of_other(jump: _Jump, group: int) -> float:
    other, at_risk = float(jump.other[group]), float(jump.at_risk[group])
    tied = 1 - (other - 1) / (at_risk - 1) if other > 1 else 1.0
    return tied * float(jump.free_before[group]) ** 2 * other / at_risk**2
