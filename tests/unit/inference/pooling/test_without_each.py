"""Leaving out and adding one study at a time, as metafor does on the trials of BCG vaccine."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from remit.inference.pooling.pool import Pooled, TooFewStudies, pool
from remit.inference.pooling.without_each import cumulative, leave_one_out
from tests.unit.inference.pooling.metafor import METAFOR, effects, near

BCG = effects(METAFOR["inverse"][0])


def fit(places: Sequence[int]) -> Pooled:
    return pool(BCG.at(places))


def test_leave_one_out_as_in_metafor() -> None:
    found = leave_one_out(BCG.names, fit)
    assert [one.study for one in found] == list(BCG.names)
    for one, wanted in zip(found, METAFOR["without"], strict=True):
        linear, between = one.pooled.linear, one.pooled.heterogeneity
        assert [linear.value, linear.lower, linear.upper] == near([wanted[key] for key in ("value", "lower", "upper")])
        assert [between.tau2.value, between.i2.value, between.q.statistic] == near(
            [wanted[key] for key in ("tau2", "i2", "q")]
        )


def test_cumulative_as_in_metafor() -> None:
    found = cumulative(BCG.names, METAFOR["bcg"]["year"], fit)
    wanted = METAFOR["cumulative"][1:]
    assert [one.pooled.linear.value for one in found] == near([row["value"] for row in wanted])
    assert [one.pooled.linear.upper for one in found] == near([row["upper"] for row in wanted])
    assert found[-1].pooled.linear.value == pytest.approx(pool(BCG).linear.value)


def test_too_few_to_leave_one_out() -> None:
    with pytest.raises(TooFewStudies, match="three are needed"):
        leave_one_out(["a", "b"], fit)
    with pytest.raises(TooFewStudies, match="two are needed"):
        cumulative(["a"], [1990], fit)
