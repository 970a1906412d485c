"""Kaplan-Meier's estimate of the share without an event, and the quantiles of the time to it.

E. L. Kaplan, P. Meier, Journal of the American Statistical Association 1958;53:457-81. Its variance is Greenwood's; its
limits are made on the scale of log(-log S), so that they stay between 0 and 1 (J. D. Kalbfleisch, R. L. Prentice,
The Statistical Analysis of Failure Time Data, 1980). The limits of a quantile are the times at which the limits of the
curve reach it (R. Brookmeyer, J. Crowley, Biometrics 1982;38:29-41). As R's survival does it with conf.type="log-log".
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import compress

from remit.inference.confidence import normal_quantile
from remit.inference.estimate import CONFIDENCE, Estimate
from remit.inference.times import check_times

SAME = 1e-9  # shares this near to one another are equal: sums of logarithms are not exact
QUANTILE = "Kaplan-Meier, log-log interval"


@dataclass(frozen=True)
class Step:
    """The last time of patients, or the time of an event: what holds from this time on.

    at_risk: who was under observation and without the event until this time, those whose time it is included.
    survival: the share without the event. lower, upper: its limits; None where all or none are without it.
    """

    time: float
    at_risk: int
    events: int
    survival: float
    lower: float | None
    upper: float | None


def kaplan_meier(times: Sequence[float], events: Sequence[bool], confidence: float = CONFIDENCE) -> list[Step]:
    """One step a time at which somebody has the event or is last observed; at one time events come before the others.

    times, events: one a patient, the time and whether it is that of the event. Raises ValueError for a negative time.
    """
    check_times(times, events)
    leaving, having = Counter(times), Counter(compress(times, events))
    z = normal_quantile(confidence)
    steps: list[Step] = []
    at_risk, survival, variance = len(times), 1.0, 0.0
    for time in sorted(leaving):
        had = having[time]
        if had == at_risk:
            survival, variance = 0.0, math.inf
        elif had:
            survival *= 1 - had / at_risk
            variance += had / (at_risk * (at_risk - had))
        steps.append(Step(time, at_risk, had, survival, *_limits(survival, variance, z)))
        at_risk -= leaving[time]
    return steps


def _limits(survival: float, variance: float, z: float) -> tuple[float | None, float | None]:
    """`variance` is Greenwood's sum, the variance of log S."""
    if survival in (0.0, 1.0):
        return None, None
    half = z * math.sqrt(variance) / -math.log(survival)
    return survival ** math.exp(half), survival ** math.exp(-half)


def at_time(steps: Sequence[Step], time: float) -> Step | None:
    """What holds at a time. After the last time at which anybody was observed: none are without the event if all had
    it, else None."""
    if not steps:
        return None
    if time > steps[-1].time:
        return Step(time, 0, 0, 0.0, None, None) if steps[-1].survival == 0 else None
    before = [step for step in steps if step.time <= time]
    at_risk = next(step.at_risk for step in steps if step.time >= time)
    if not before:
        return Step(time, at_risk, 0, 1.0, None, None)
    last = before[-1]
    return Step(time, at_risk, last.events if last.time == time else 0, last.survival, last.lower, last.upper)


def median(steps: Sequence[Step]) -> Estimate:
    """The time from which on no more than half are without the event."""
    return quantile(steps, 0.5)


def quantile(steps: Sequence[Step], having: float) -> Estimate:
    """The time from which on at least the share `having` have had the event, with its limits.

    Where exactly this share has had it for a while, the middle of that while. The confidence is that of the steps. A
    value or limit that the curve does not reach is None.
    """
    if not 0 < having < 1:
        raise ValueError(f"{having} is no share between 0 and 1")
    value, lower, upper = (
        _reaches(steps, shares, 1 - having)
        for shares in (
            [step.survival for step in steps],
            [step.lower for step in steps],
            [step.upper for step in steps],
        )
    )
    return Estimate(value, QUANTILE, lower, upper, note=_quantile_note(steps, value, lower, upper))


def _quantile_note(steps: Sequence[Step], value: float | None, lower: float | None, upper: float | None) -> str | None:
    if not steps:
        return "there are no patients"
    if value is None:
        return "not reached"
    if lower is None:
        return "there are no limits where all who are still observed have the event at the same time"
    return "its upper limit is not reached" if upper is None else None


def _reaches(steps: Sequence[Step], shares: Sequence[float | None], free: float) -> float | None:
    """The time at which a curve comes down to the share `free`."""
    known = [(step.time, share) for step, share in zip(steps, shares, strict=True) if share is not None]
    first = next((time for time, share in known if share <= free + SAME), None)
    if first is None:
        return None
    below = next((time for time, share in known if share < free - SAME), steps[-1].time)
    return first if first == below else (first + below) / 2
