"""Leaving out and adding one study at a time, as metafor does on the trials of BCG vaccine."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.inference.pooling.effects import generic
from remit.inference.pooling.pool import COMMON, Pooled, TooFewStudies, pool
from remit.inference.pooling.without_each import cumulative, leave_one_out
from tests.unit.inference.pooling.metafor import METAFOR, PLAIN, effects, near

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


@given(st.lists(st.tuples(st.floats(-5, 5), st.floats(0.05, 3)), min_size=3, max_size=8))
def test_a_common_effect_without_a_study_gives_it_back(made: list[tuple[float, float]]) -> None:
    """What remains, with the study's own effect at its weight, is the whole."""
    names = [f"{at}" for at in range(len(made))]
    whole = generic(names, [value for value, _ in made], [error for _, error in made], PLAIN)
    all_of_them = pool(whole, COMMON)
    for at, left in enumerate(leave_one_out(names, lambda places: pool(whole.at(places), COMMON))):
        weight = (all_of_them.studies[at].weight or 0) / 100
        together = (1 - weight) * left.pooled.linear.value + weight * made[at][0]
        assert together == pytest.approx(all_of_them.linear.value, abs=1e-9)
        assert left.pooled.linear.error >= all_of_them.linear.error


def test_too_few_to_leave_one_out() -> None:
    with pytest.raises(TooFewStudies, match="three are needed"):
        leave_one_out(["a", "b"], fit)
    with pytest.raises(TooFewStudies, match="two are needed"):
        cumulative(["a"], [1990], fit)
