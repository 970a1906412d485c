"""The log-rank test: are the hazards of two or more groups the same?

N. Mantel, Cancer Chemotherapy Reports 1966;50:163-70; R. Peto, J. Peto, Journal of the Royal Statistical Society A
1972;135:185-206. For a trend over ordered groups: R. E. Tarone, Biometrika 1975;62:679-82. With the hypergeometric
variance, as R's survdiff.
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

LOG_RANK = "log-rank test"
STRATIFIED = "stratified log-rank test"
TREND = "log-rank test for trend"


@dataclass(frozen=True)
class Group:
    """expected: the events that its patients would have had, were the hazards the same."""

    name: Hashable
    n: int
    events: int
    expected: float


@dataclass(frozen=True)
class LogRank:
    """The test, and what was seen in each group, in the order in which the groups first come."""

    test: ChiSquared
    groups: tuple[Group, ...]


def log_rank(
    times: Sequence[float],
    events: Sequence[bool],
    groups: Sequence[Hashable],
    strata: Sequence[Hashable] | None = None,
) -> LogRank:
    """times, events, groups, strata: one a patient; strata are compared each within itself.

    A group whose patients have all left before the first event says nothing and takes no degree of freedom. There is
    no test with one group, or without an event at which more than one group is at risk.
    """
    compared = _compare(times, events, groups, strata)
    method = LOG_RANK if strata is None else STRATIFIED
    return LogRank(_test(compared, method), compared.groups)


def log_rank_trend(
    times: Sequence[float],
    events: Sequence[bool],
    scores: Sequence[float],
    strata: Sequence[Hashable] | None = None,
) -> LogRank:
    """As `log_rank`, for a hazard that rises or falls with a score: one degree of freedom. scores: one a patient."""
    compared = _compare(times, events, scores, strata)
    weights = np.array([list(dict.fromkeys(scores))], dtype=float)
    weighed = _Compared(compared.groups, weights @ compared.score, weights @ compared.variance @ weights.T)
    return LogRank(_test(weighed, TREND), compared.groups)


@dataclass(frozen=True)
class _Compared:
    """score: observed minus expected events, (groups,). variance: (groups, groups)."""

    groups: tuple[Group, ...]
    score: Floats
    variance: Floats


def _test(compared: _Compared, method: str) -> ChiSquared:
    if len(compared.groups) < 2:
        return no_test(method, "there are no two groups to compare")
    if not sum(group.events for group in compared.groups):
        return no_test(method, "nobody has the event")
    return score_test(compared.score, compared.variance, method)


def _compare(
    times: Sequence[float], events: Sequence[bool], groups: Sequence[Hashable], strata: Sequence[Hashable] | None
) -> _Compared:
    check_times(times, events, groups, strata)
    names = list(dict.fromkeys(groups))
    place = {name: number for number, name in enumerate(names)}
    group = np.array([place[one] for one in groups], dtype=np.intp)
    time, event = np.array(times, dtype=float), np.array(events, dtype=np.intp)
    expected, variance = np.zeros(len(names)), np.zeros((len(names), len(names)))
    for here in strata_of(strata, len(times)):
        more, further = _expected(tally(time[here], event[here], group[here], 2, len(names)))
        expected, variance = expected + more, variance + further
    size = np.bincount(group, minlength=len(names))
    had = np.bincount(group, weights=event, minlength=len(names))
    seen = tuple(Group(name, int(size[at]), int(had[at]), float(expected[at])) for at, name in enumerate(names))
    return _Compared(seen, had - expected, variance)


def _expected(seen: Tally) -> tuple[Floats, Floats]:
    """The expected events of each group and their covariance, summed over the times of events."""
    had, at_risk = seen.ended[:, 1].sum(axis=1), seen.at_risk.sum(axis=1)
    share = seen.at_risk / at_risk[:, None]
    # Of the last patient at risk nothing is left to chance.
    spread = had * (at_risk - had) / np.maximum(at_risk - 1, 1)
    return had @ share, np.diag(spread @ share) - (share * spread[:, None]).T @ share
