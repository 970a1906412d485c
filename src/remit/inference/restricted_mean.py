"""The mean time without the event up to a given time: the area below Kaplan-Meier's curve.

J. O. Irwin, Journal of Hygiene 1949;47:188-9; P. Royston, M. K. B. Parmar, BMC Medical Research Methodology
2013;13:152.
The variance follows from Greenwood's (J. P. Klein, M. L. Moeschberger, Survival Analysis, 2nd edition, 2003, section
4.5), as in R's survival.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from remit.inference.confidence import normal_quantile
from remit.inference.estimate import CONFIDENCE, Estimate
from remit.inference.kaplan_meier import Step

METHOD = "restricted mean, normal interval"
NOBODY = "there is no interval where nobody has the event before"
AT_ONCE = "there is no interval where all who are still observed have the event at the same time"
DIFFERENCE = "difference of restricted means, normal interval"


@dataclass(frozen=True)
class RestrictedMean:
    """The estimate and its standard error, None where there is none."""

    estimate: Estimate
    standard_error: float | None


def restricted_mean(steps: Sequence[Step], until: float, confidence: float = CONFIDENCE) -> RestrictedMean:
    """The mean time without the event within [0, until], in the unit of the times; its limits stay within it.

    steps: Kaplan-Meier's. Not given where the curve ends before `until` while somebody is still without the event: what
    follows is not known. Raises ValueError unless until > 0.
    """
    if not 0 < until < math.inf:
        raise ValueError(f"there is no mean time until {until}")
    if not steps:
        return _none(METHOD, "there are no patients")
    if steps[-1].time < until and steps[-1].survival > 0:
        return _none(METHOD, "nobody is observed so long")
    area, variance = _area(steps, until)
    if variance == 0:
        nobody = all(step.events == 0 for step in steps if step.time < until)
        return RestrictedMean(Estimate(area, METHOD, note=NOBODY if nobody else AT_ONCE), None)
    error = math.sqrt(variance)
    half = normal_quantile(confidence) * error
    return RestrictedMean(Estimate(area, METHOD, max(area - half, 0.0), min(area + half, until)), error)


def _area(steps: Sequence[Step], until: float) -> tuple[float, float]:
    """The area below the curve up to `until`, and its variance: from the last step to the first, what lies after it."""
    within = [step for step in steps if step.time < until]
    ends = [*(step.time for step in within), until][1:]
    after = variance = 0.0
    for step, end in zip(reversed(within), reversed(ends), strict=True):
        after += step.survival * (end - step.time)
        if 0 < step.events < step.at_risk:
            variance += after**2 * step.events / (step.at_risk * (step.at_risk - step.events))
    return after + (within[0].time if within else until), variance


def restricted_mean_difference(
    one: Sequence[Step], other: Sequence[Step], until: float, confidence: float = CONFIDENCE
) -> RestrictedMean:
    """Of two independent groups, one minus other, with the two-sided p of the difference over its standard error.

    Where one group has no standard error there is no interval.
    """
    means = [restricted_mean(steps, until, confidence) for steps in (one, other)]
    values = [mean.estimate.value for mean in means]
    if values[0] is None or values[1] is None:
        return _none(DIFFERENCE, next(mean.estimate.note for mean in means if mean.estimate.value is None) or "")
    difference = values[0] - values[1]
    errors = [mean.standard_error for mean in means]
    if errors[0] is None or errors[1] is None:
        why = next(mean.estimate.note for mean in means if mean.standard_error is None)
        return RestrictedMean(Estimate(difference, DIFFERENCE, note=why), None)
    error = math.hypot(errors[0], errors[1])
    half = normal_quantile(confidence) * error
    p = math.erfc(abs(difference) / error / math.sqrt(2))
    return RestrictedMean(Estimate(difference, DIFFERENCE, difference - half, difference + half, p), error)


def _none(method: str, note: str) -> RestrictedMean:
    return RestrictedMean(Estimate(None, method, note=note), None)
