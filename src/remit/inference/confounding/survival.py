"""Times to an event in the target population: weighted curves, risks by a time, and mean times.

The curve is Kaplan-Meier's with each patient counted by the weight (J. Xie and C. Liu, Statistics in Medicine
2005;24:3089-110; S. R. Cole and M. A. Hernán, Computer Methods and Programs in Biomedicine 2004;75:45-9). Variances are
robust and know that the score was estimated, as those of `outcomes`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from remit.inference.confounding.arms import NotComparable
from remit.inference.confounding.means import Means
from remit.inference.confounding.weights import Weights, robust
from remit.inference.design import Vector
from remit.inference.times import check_times

Moved = tuple[float, Vector]


@dataclass(frozen=True)
class Curve:
    """Of one arm, by the times of its events: the weighted share `free` of the event from each time on, and the weights
    of those `at_risk` until then, of those with one of the `events`, and of those `left` without it. `last`: the time
    up to which the curve is known, None if it comes down to 0."""

    times: Vector
    free: Vector
    at_risk: Vector
    events: Vector
    left: Vector
    last: float | None

    def at(self, time: float) -> float:
        """Raises ValueError where the curve is not known."""
        if self.last is not None and time > self.last:
            raise ValueError(f"nobody is observed until {time:g}")
        before = int(np.searchsorted(self.times, time, side="right"))
        return float(self.free[before - 1]) if before else 1.0


def curves(times: Sequence[float], events: Sequence[bool], by: Weights) -> dict[str, Curve]:
    """Of each arm, by its name. Raises ValueError for a negative time."""
    time, event = checked(times, events, by)
    return {arm: _curve(time[who], event[who], by.values[who]) for arm, who in by.propensity.arms.members.items()}


def risks(
    times: Sequence[float], events: Sequence[bool], by: Weights, at: float, *, score_known: bool = False
) -> Means:
    """The risks of the event up to and with a time. Raises NotComparable where an arm is not observed so long."""
    time, event = checked(times, events, by)
    found = []
    for arm, curve in _known_until(time, event, by, at).items():
        who = by.propensity.arms.members[arm]
        slope = np.zeros(time.size)
        slope[who] = curve.at(at) * _slope_of_log(curve, time[who], event[who], at)
        found.append((1 - curve.at(at), by.moved(-slope, score_known=score_known)))
    return _means(found, by, score_known, True, f"weighted Kaplan-Meier at {at:g}")


def restricted_mean(
    times: Sequence[float], events: Sequence[bool], by: Weights, until: float, *, score_known: bool = False
) -> Means:
    """The mean times free of the event within [0, until]: the areas below the curves.

    Raises NotComparable where an arm is not observed so long, ValueError unless until > 0.
    """
    if not 0 < until < math.inf:
        raise ValueError(f"there is no mean time until {until}")
    time, event = checked(times, events, by)
    found = []
    for arm, curve in _known_until(time, event, by, until).items():
        who = by.propensity.arms.members[arm]
        slope = np.zeros(time.size)
        area, slope[who] = _area(curve, time[who], event[who], until)
        found.append((area, by.moved(slope, score_known=score_known)))
    return _means(found, by, score_known, False, f"weighted Kaplan-Meier, mean until {until:g}")


def checked(times: Sequence[float], events: Sequence[bool], by: Weights) -> tuple[Vector, NDArray[np.bool_]]:
    check_times(times, events)
    if not all(isinstance(one, bool | np.bool_) for one in events):
        raise ValueError("whether a time is that of the event is a yes or no of each patient")
    if len(times) != by.values.size:
        raise ValueError(f"{len(times)} times for {by.values.size} patients")
    return np.asarray(times, dtype=np.float64), np.asarray(events, dtype=bool)


def _curve(time: Vector, event: NDArray[np.bool_], weights: Vector) -> Curve:
    ends, at = np.unique(time, return_inverse=True)
    having, leaving = np.zeros(ends.size), np.zeros(ends.size)
    np.add.at(having, at[event], weights[event])
    np.add.at(leaving, at[~event], weights[~event])
    longer = np.cumsum((having + leaving)[::-1])[::-1]
    left = np.append(longer[1:], 0.0) + leaving  # 0, and not nearly, where all who are at risk have the event
    there = having > 0
    free = np.asarray(np.cumprod((left / (left + having))[there]), dtype=np.float64)
    last = None if free.size and free[-1] == 0 else float(ends[-1])
    return Curve(ends[there], free, (left + having)[there], having[there], left[there], last)


def _known_until(time: Vector, event: NDArray[np.bool_], by: Weights, at: float) -> dict[str, Curve]:
    found = curves(time.tolist(), event.tolist(), by)
    for arm, curve in found.items():
        if curve.last is not None and at > curve.last:
            raise NotComparable(f"nobody in {arm} is observed until {at:g}: the last is until {curve.last:g}")
    return found


def _slope_of_log(curve: Curve, time: Vector, event: NDArray[np.bool_], at: float | Vector) -> Vector:
    """By how much the log of the curve at a time grows with the weight of each patient of its arm."""
    return _summed(curve, np.minimum(time, at)) - np.where(event & (time <= at), _of_own_event(curve, time), 0.0)


def _summed(curve: Curve, time: Vector) -> Vector:
    parts = curve.events * _inverse(curve.left) / curve.at_risk
    return np.asarray(np.append(0.0, np.cumsum(parts))[np.searchsorted(curve.times, time, side="right")])


def _of_own_event(curve: Curve, time: Vector) -> Vector:
    if not curve.times.size:
        return np.zeros(time.size)
    return np.asarray(_inverse(curve.left)[np.minimum(np.searchsorted(curve.times, time), curve.times.size - 1)])


def _inverse(left: Vector) -> Vector:
    """Where nobody is left the curve is 0, whatever the weights."""
    return np.divide(1.0, left, out=np.zeros(left.size), where=left > 0)


def _area(curve: Curve, time: Vector, event: NDArray[np.bool_], until: float) -> tuple[float, Vector]:
    """Below the curve up to a time, and by how much it grows with the weight of each patient of its arm."""
    within = np.minimum(time, until)
    edges = np.unique(np.concatenate([[0.0], curve.times[curve.times < until], within, [until]]))
    free = np.append(1.0, curve.free)[np.searchsorted(curve.times, edges[:-1], side="right")]
    areas = np.append(0.0, np.cumsum(np.diff(edges) * free))
    summed = np.append(0.0, np.cumsum(np.diff(edges) * free * _summed(curve, edges[:-1])))
    at = np.searchsorted(edges, within)
    after = areas[-1] - areas[at]
    return float(areas[-1]), summed[at] + after * _slope_of_log(curve, time, event, until)


def _means(found: list[Moved], by: Weights, score_known: bool, yes_no: bool, method: str) -> Means:
    (treated, moved), (comparator, also) = found
    still = [arm for arm, (_, one) in zip(by.propensity.arms.members, found, strict=True) if not one.any()]
    none = f"in {still[0]} nobody or everybody has the event until then: there is no interval" if still else None
    return Means(treated, comparator, np.column_stack([moved, also]), yes_no, method, robust(score_known), none)
