"""The E-value: how strongly something unmeasured would have to go with both arm and outcome to explain a result away.

T. J. VanderWeele and P. Ding, Annals of Internal Medicine 2017;167:268-74.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from remit.inference.estimate import Estimate

LARGEST = 700.0  # of the logarithm of a number


@dataclass(frozen=True)
class EValue:
    """As risk ratios, 1 or more. `limit`: of the end of the interval that is nearer to no effect, 1 where the interval
    holds it; None where there is no interval."""

    value: float
    limit: float | None


def of_risk_ratio(found: Estimate) -> EValue | None:
    """RR + √(RR (RR − 1)), of 1/RR below 1. None where there is no ratio above 0."""
    return _of(found)


def of_odds_ratio(found: Estimate, *, rare: bool) -> EValue | None:
    """`rare`: the outcome befalls less than 15 % at the end of follow-up, and the odds ratio stands for the risk ratio;
    else its square root does (VanderWeele, Biometrics 2017)."""
    return _of(found, float if rare else math.sqrt)


def of_hazard_ratio(found: Estimate, *, rare: bool) -> EValue | None:
    """If not `rare`, (1 − 0.5^√HR) / (1 − 0.5^√(1/HR)) stands for the risk ratio."""
    return _of(found, float if rare else _of_hazards)


def of_difference(found: Estimate, sd: float) -> EValue | None:
    """Of a difference of means, in an outcome whose standard deviation is `sd`: exp(0.91 d) stands for the risk ratio,
    d being the difference in standard deviations, and so its ends. Raises ValueError unless sd > 0."""
    if not 0 < sd < math.inf:
        raise ValueError(f"a difference is told in standard deviations above 0, not in {sd:g}")

    def ratio(value: float | None) -> float | None:
        if value is None:
            return None
        log = 0.91 * value / sd
        return math.exp(log) if log < LARGEST else math.inf

    return _of(Estimate(ratio(found.value), found.method, ratio(found.lower), ratio(found.upper)))


def e_value(ratio: float) -> float:
    """Of a risk ratio above 0. Raises ValueError for another."""
    if not 0 < ratio < math.inf:
        raise ValueError(f"{ratio:g} is no risk ratio above 0")
    away = max(ratio, 1 / ratio)
    return away + away * math.sqrt(1 - 1 / away)


def _of(found: Estimate, risk_ratio: Callable[[float], float] = float) -> EValue | None:
    if found.value is None or not 0 < found.value < math.inf:
        return None
    value = e_value(risk_ratio(found.value))
    if found.lower is None or found.upper is None:
        return EValue(value, None)
    if found.lower <= 1 <= found.upper:
        return EValue(value, 1.0)
    return EValue(value, e_value(risk_ratio(found.lower if found.value > 1 else found.upper)))


def _of_hazards(ratio: float) -> float:
    return math.expm1(-math.log(2) * math.sqrt(ratio)) / math.expm1(-math.log(2) * math.sqrt(1 / ratio))
