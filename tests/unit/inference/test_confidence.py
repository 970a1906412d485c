"""What a confidence asks of an interval, and that no method takes one that is none."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest

from remit.inference.benchmark import binomial_test
from remit.inference.confidence import allowed_loss, normal_quantile, outside
from remit.inference.fisher import fisher_test
from remit.inference.paired_proportions import paired_difference
from remit.inference.proportions import METHODS, intervals, wilson
from remit.inference.rates import rate, rate_ratio, upper_bound
from remit.inference.score import miettinen_nurminen
from remit.inference.two_proportions import newcombe


def test_95_percent() -> None:
    assert outside(0.95) == pytest.approx(0.025)
    assert normal_quantile(0.95) == pytest.approx(1.959963984540054, rel=1e-14)
    assert allowed_loss(0.95) == pytest.approx(3.841458820694124 / 2, rel=1e-14)


TAKING: tuple[Callable[[float], object], ...] = (
    outside,
    normal_quantile,
    allowed_loss,
    lambda confidence: wilson(1, 3, confidence),
    *(lambda confidence, method=method: intervals(1, 3, method, confidence) for method in METHODS),
    lambda confidence: newcombe(1, 3, 2, 4, confidence),
    lambda confidence: miettinen_nurminen(1, 3, 2, 4, confidence=confidence),
    lambda confidence: fisher_test(1, 3, 2, 4, confidence=confidence),
    lambda confidence: binomial_test(1, 3, 0.3, confidence=confidence),
    lambda confidence: binomial_test(1, 3, 0.3, "less", confidence),
    lambda confidence: paired_difference(1, 1, 2, 1, confidence=confidence),
    lambda confidence: rate(1, 3, confidence=confidence),
    lambda confidence: upper_bound(1, 3, confidence=confidence),
    lambda confidence: rate_ratio(1, 3, 2, 4, confidence),
)


@pytest.mark.parametrize("taking", TAKING)
@pytest.mark.parametrize("confidence", [0.0, 1.0, -0.5, 95.0, math.nan])
def test_what_is_no_confidence(taking: Callable[[float], object], confidence: float) -> None:
    with pytest.raises(ValueError, match="a confidence lies between 0 and 1"):
        taking(confidence)
