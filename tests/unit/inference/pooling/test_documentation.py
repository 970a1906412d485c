"""The examples in docs/methods/pooling.md."""

from __future__ import annotations

from remit.inference.pooling.mixed import mixed_proportions
from remit.inference.pooling.pool import pool
from remit.inference.pooling.proportions import logits
from tests.unit.inference.pooling.metafor import METAFOR
from tests.unit.inference.pooling.test_measures import counted
from tests.unit.inference.reference import page

SERIES = counted(METAFOR["arcsine"][0])


def percent(*values: float | None) -> list[str]:
    return [f"{100 * (value or 0):.1f}" for value in values]


def test_fourteen_series_by_inverse_variance() -> None:
    found = pool(logits(SERIES))
    value, lower, upper = percent(found.estimate.value, found.estimate.lower, found.estimate.upper)
    ahead = percent(found.prediction.lower, found.prediction.upper)
    tau2, i2 = found.heterogeneity.tau2, found.heterogeneity.i2.value
    assert (
        f"{value} % ({lower} to {upper}), tau² {tau2.value:.3f} ({tau2.lower:.3f} to {tau2.upper:.3f}), I² {i2:.1f} %, "
        f"prediction interval {ahead[0]} to {ahead[1]}."
    ) in page("pooling")


def test_fourteen_series_by_a_mixed_model() -> None:
    found = mixed_proportions(SERIES)
    value, lower, upper = percent(found.estimate.value, found.estimate.lower, found.estimate.upper)
    tau2, ratio = found.heterogeneity.tau2, found.heterogeneity.q.statistic
    assert (
        f"{value} % ({lower} to {upper}), tau² {tau2.value:.3f} ({tau2.lower:.3f} to {tau2.upper:.3f}), "
        f"likelihood-ratio test {ratio:.2f}"
    ) in page("pooling")
