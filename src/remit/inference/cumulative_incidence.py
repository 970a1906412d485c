"""Events that exclude one another, such as the reasons for which a drug is stopped: the probability of each by a time.

O. O. Aalen, S. Johansen, Scandinavian Journal of Statistics 1978;5:141-50. The variance is that of the multinomial
jumps, carried forward (P. K. Andersen, O. Borgan, R. D. Gill, N. Keiding, Statistical Models Based on Counting
Processes, 1993, section IV.4); it is Greenwood's for those without an event. Limits are made on the scale of log(-log).
As R's survfit of several states.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from remit.inference.confidence import normal_quantile
from remit.inference.estimate import CONFIDENCE
from remit.inference.times import check_times

Floats = NDArray[np.float64]

ROUNDING = 1e-12


@dataclass(frozen=True)
class Probability:
    """lower, upper: its limits; None where it is 0 or 1, or is known without error."""

    value: float
    standard_error: float
    lower: float | None
    upper: float | None


@dataclass(frozen=True)
class Step:
    """What holds from a time on. at_risk: who was under observation and without any event until this time.

    events, incidence: for each cause, how many have it at this time, and the probability of having had it. free: the
    probability of none of them, as Kaplan and Meier's curve of any event; with the incidences it adds up to 1.
    """

    time: float
    at_risk: int
    events: Mapping[str, int]
    free: Probability
    incidence: Mapping[str, Probability]


def cumulative_incidence(
    times: Sequence[float],
    causes: Sequence[str | None],
    order: Sequence[str] | None = None,
    confidence: float = CONFIDENCE,
) -> list[Step]:
    """One step a time at which somebody has an event or is last observed; at one time events come before the others.

    times, causes: one a patient, the time and which event ends it, None where it ends without one. order: the causes,
    also those that nobody has; as they come if it is not given. Raises ValueError for a negative time, or a cause that
    is not among the given.
    """
    check_times(times, causes)
    names = list(dict.fromkeys(cause for cause in causes if cause is not None)) if order is None else list(order)
    strange = next((cause for cause in causes if cause is not None and cause not in names), None)
    if strange is not None:
        raise ValueError(f"{strange} is not among the causes {', '.join(names)}")
    leaving, having = Counter(times), Counter(zip(times, causes, strict=True))
    z = normal_quantile(confidence)
    share = np.array([1.0, *[0.0] * len(names)])  # without an event, then each cause
    covariance = np.zeros((len(share), len(share)))
    at_risk, steps = len(times), list[Step]()
    for time in sorted(leaving):
        had = [having[time, name] for name in names]
        if any(had):
            share, covariance = _after(share, covariance, np.array([at_risk - sum(had), *had]) / at_risk, at_risk)
        free, *others = (_probability(share[at], covariance[at, at], z) for at in range(len(share)))
        events, incidence = dict(zip(names, had, strict=True)), dict(zip(names, others, strict=True))
        steps.append(Step(time, at_risk, events, free, incidence))
        at_risk -= leaving[time]
    return steps


def _after(share: Floats, covariance: Floats, chance: Floats, at_risk: int) -> tuple[Floats, Floats]:
    """The shares and their covariance after those at risk have stayed, or gone to each cause, with these chances."""
    step = np.eye(len(share))
    step[0] = chance
    drawn = share[0] ** 2 * (np.diag(chance) - np.outer(chance, chance)) / at_risk
    return share @ step, step.T @ covariance @ step + drawn


def _probability(value: float, variance: float, z: float) -> Probability:
    value, error = float(value), math.sqrt(max(float(variance), 0.0))
    if value > 1 - ROUNDING:  # a sum of all shares
        return Probability(1.0, 0.0, None, None)
    if value == 0 or error == 0:
        return Probability(value, error, None, None)
    half = z * error / (value * -math.log(value))
    return Probability(value, error, value ** math.exp(half), value ** math.exp(-half))


def at_time(steps: Sequence[Step], time: float) -> Step | None:
    """What holds at a time. After the last time at which anybody was observed it is as then if all had an event, else
    None."""
    if not steps:
        return None
    nobody = dict.fromkeys(steps[0].events, 0)
    if time > steps[-1].time:
        last = steps[-1]
        return Step(time, 0, nobody, last.free, last.incidence) if last.free.value == 0 else None
    before = [step for step in steps if step.time <= time]
    at_risk = next(step.at_risk for step in steps if step.time >= time)
    if before and before[-1].time == time:
        return before[-1]
    if before:
        return Step(time, at_risk, nobody, before[-1].free, before[-1].incidence)
    none = Probability(0.0, 0.0, None, None)
    return Step(time, at_risk, nobody, Probability(1.0, 0.0, None, None), dict.fromkeys(steps[0].events, none))
