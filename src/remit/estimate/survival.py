"""Kaplan-Meier's estimate of the share without an event, by day.

E. L. Kaplan, P. Meier, Journal of the American Statistical Association 1958;53:457-81. Its variance is Greenwood's; its
95 % limits are made on the scale of log(-log S), so that they stay between 0 and 1 (J. D. Kalbfleisch, R. L. Prentice,
The Statistical Analysis of Failure Time Data, 1980). The limits of a quantile are the days at which the limits of the
curve reach it (R. Brookmeyer, J. Crowley, Biometrics 1982;38:29-41). As R's survival does it with conf.type="log-log".
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import polars as pl

from remit.estimate.proportions import CONFIDENCE

SAME = 1e-9  # shares this near to one another are equal: sums of logarithms are not exact


@dataclass(frozen=True)
class Step:
    """The last day of patients, or the day of an event: what holds from this day on.

    at_risk: who was under observation and without the event until this day, those whose day it is included.
    survival: the share without the event. lower, upper: its limits; None where all or none are without it.
    """

    day: int
    at_risk: int
    events: int
    survival: float
    lower: float | None
    upper: float | None


@dataclass(frozen=True)
class Median:
    """In days; None: not reached."""

    day: float | None
    lower: float | None
    upper: float | None


def kaplan_meier(times: pl.DataFrame, confidence: float = CONFIDENCE) -> list[Step]:
    """One step a day on which somebody has the event or is last observed; on one day events come before the others.

    times: one row a patient, with `day` (whole days) and `event`, whether it is the day of the event.
    """
    days = times.group_by("day").agg(pl.len().alias("left"), pl.col("event").sum().alias("events")).sort("day")
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    steps: list[Step] = []
    at_risk, survival, variance = times.height, 1.0, 0.0
    for day, left, events in days.select("day", "left", "events").iter_rows():
        if events == at_risk:
            survival, variance = 0.0, math.inf
        elif events:
            survival *= 1 - events / at_risk
            variance += events / (at_risk * (at_risk - events))
        steps.append(Step(day, at_risk, events, survival, *_limits(survival, variance, z)))
        at_risk -= left
    return steps


def _limits(survival: float, variance: float, z: float) -> tuple[float | None, float | None]:
    """`variance` is Greenwood's sum, the variance of log S."""
    if survival in (0.0, 1.0):
        return None, None
    half = z * math.sqrt(variance) / -math.log(survival)
    return survival ** math.exp(half), survival ** math.exp(-half)


def at_day(steps: Sequence[Step], day: int) -> Step | None:
    """What holds on a day; None after the last day on which anybody was observed."""
    if not steps or day > steps[-1].day:
        return None
    before = [step for step in steps if step.day <= day]
    at_risk = next(step.at_risk for step in steps if step.day >= day)
    if not before:
        return Step(day, at_risk, 0, 1.0, None, None)
    last = before[-1]
    return Step(day, at_risk, last.events if last.day == day else 0, last.survival, last.lower, last.upper)


def median(steps: Sequence[Step]) -> Median:
    """The day from which on no more than half are without the event, with its limits. Where exactly half are without it
    for a while, the middle of that while."""
    return Median(
        _reaches(steps, [step.survival for step in steps]),
        _reaches(steps, [step.lower for step in steps]),
        _reaches(steps, [step.upper for step in steps]),
    )


def _reaches(steps: Sequence[Step], shares: Sequence[float | None]) -> float | None:
    """The day on which a curve comes down to one half."""
    known = [(step.day, share) for step, share in zip(steps, shares, strict=True) if share is not None]
    first = next((day for day, share in known if share <= 0.5 + SAME), None)
    if first is None:
        return None
    below = next((day for day, share in known if share < 0.5 - SAME), steps[-1].day)
    return first if first == below else (first + below) / 2
