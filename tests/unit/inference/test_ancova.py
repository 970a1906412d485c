"""Analysis of covariance against R, the CDISC pilot's primary table, and at the edges."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from remit.inference.adjusted import Adjusted, Weights, combined
from remit.inference.ancova import ancova, dose_response
from remit.inference.design import CovariateError, Levels, Number, YesNo
from remit.inference.estimate import Estimate
from tests.unit.inference import pilot
from tests.unit.inference.reference import reference

R = reference("ancova")
DATA = R["data"]
DIETS = [f"diet {one}" for one in range(1, 5)]
BORN, PEN = Number("born", DATA["born"]), Levels("pen", DATA["pen"], R["pens"])


def _same(found: Adjusted, wanted: dict[str, Any]) -> None:
    made = found.estimate
    assert (made.value, found.error, found.freedom, made.lower, made.upper, made.p) == pytest.approx(
        tuple(wanted[name] for name in ("value", "error", "freedom", "lower", "upper", "p")), rel=1e-8
    )


@pytest.mark.parametrize("weights", ["equal", "proportional"])
def test_adjusted_means_and_differences_as_emmeans_gives_them(weights: Weights) -> None:
    ringed = YesNo("ringed", DATA["ringed"])
    found = ancova(DATA["weight"], Levels("diet", DATA["diet"], DIETS), [BORN, PEN, ringed], weights)
    for mean in R[weights]["means"]:
        _same(found.means[mean["what"]], mean)
    for difference in R[weights]["differences"]:
        one, other = difference["what"].split(" - ")
        _same(found.differences[one, other], difference)
    arms = found.arms
    assert (arms.value, arms.p) == pytest.approx((R["arms"]["f"], R["arms"]["p"]), rel=1e-8)
    assert (arms.numerator, arms.denominator) == (R["arms"]["numerator"], R["arms"]["denominator"])


def test_a_trend_over_doses_as_lm_gives_it() -> None:
    found = dose_response(DATA["weight"], Number("diet", [int(diet[-1]) for diet in DATA["diet"]]), [BORN, PEN])
    _same(found, R["trend"] | {"freedom": found.freedom})


def test_table_14_3_01_of_the_cdisc_pilot() -> None:
    """Change of ADAS-Cog (11) to week 24, last observation carried forward, on treatment, site group and baseline."""
    week = pilot.adas_cog().filter(pl.col("AVISITN") == 24)
    covariates = [pilot.site(week), pilot.baseline(week)]
    dose = dose_response(week["CHG"].to_list(), Number("dose", week["TRTPN"].to_list()), covariates)
    assert dose.estimate.p == pytest.approx(0.245, abs=5e-4)
    found = ancova(week["CHG"].to_list(), pilot.arm(week), covariates, "proportional")
    printed = {  # difference, standard error, interval, p
        (pilot.LOW, pilot.PLACEBO): (-0.5, 0.82, -2.1, 1.1, 0.569),
        (pilot.HIGH, pilot.PLACEBO): (-1.0, 0.84, -2.7, 0.7, 0.233),
        (pilot.HIGH, pilot.LOW): (-0.5, 0.84, -2.2, 1.1, 0.520),
    }
    told = {
        pair: (round(one.estimate.value or 0, 1), round(one.error or 0, 2), *_rounded(one))
        for pair, one in found.differences.items()
    }
    assert told == printed
    assert found.patients == 234


def _rounded(one: Adjusted) -> tuple[float, float, float]:
    return round(one.estimate.lower or 0, 1), round(one.estimate.upper or 0, 1), round(one.estimate.p or 0, 3)


# Edges


def test_the_reference_that_is_named_stands_behind_the_differences() -> None:
    found = ancova(DATA["weight"], Levels("diet", DATA["diet"], DIETS, reference="diet 3"), [BORN])
    assert list(found.means) == DIETS
    assert [pair for pair in found.differences if pair[1] == "diet 3"] == [
        ("diet 1", "diet 3"), ("diet 2", "diet 3"), ("diet 4", "diet 3")
    ]  # fmt: skip


def test_an_arm_without_patients_has_no_mean() -> None:
    found = ancova([1.0, 2, 4, 5], Levels("arm", ["a", "a", "b", "b"], ["a", "b", "c"]))
    assert found.means["c"].estimate.value is None
    assert found.means["c"].estimate.note == "nobody is in c"
    assert found.differences["c", "a"].estimate.note == "nobody is in c"
    assert found.differences["b", "a"].estimate.value == pytest.approx(3)
    assert [guard.name for guard in found.guards] == ["empty level"]
    assert found.arms.numerator == 1


def test_an_arm_of_one_patient_has_a_mean_by_the_spread_of_the_others() -> None:
    found = ancova([1.0, 2, 4, 5, 9], Levels("arm", ["a", "a", "b", "b", "c"], ["a", "b", "c"]))
    assert found.means["c"].estimate.value == pytest.approx(9)
    assert found.means["c"].error == pytest.approx(0.5**0.5)
    assert [guard.name for guard in found.guards] == ["single patient"]


@pytest.mark.parametrize(
    ("covariate", "told"),
    [
        (Number("age", [40, 40, 40, 40]), "age: is the same for all 4 patients"),
        (YesNo("treated", [False, False, True, True]), "treated: follows wholly from arm"),
        (Number("age", [40, None, 41, 42]), "age: is unknown for 1 of 4 patients"),
    ],
)
def test_a_covariate_that_no_model_can_take(covariate: Number | YesNo, told: str) -> None:
    with pytest.raises(CovariateError, match=told):
        ancova([1.0, 2, 4, 5], Levels("arm", ["a", "a", "b", "b"], ["a", "b"]), [covariate])


def test_all_in_one_arm() -> None:
    with pytest.raises(CovariateError, match="arm: is the same for all 3 patients"):
        ancova([1.0, 2, 4], Levels("arm", ["a"] * 3, ["a", "b"]))


def test_an_outcome_that_is_not_known() -> None:
    with pytest.raises(ValueError, match="not known"):
        ancova([1.0, float("nan")], Levels("arm", ["a", "b"], ["a", "b"]))


def test_as_many_coefficients_as_patients_give_no_interval() -> None:
    found = ancova([1.0, 2], Levels("arm", ["a", "b"], ["a", "b"]))
    assert found.differences["b", "a"] == Adjusted(found.differences["b", "a"].estimate)
    assert found.differences["b", "a"].estimate.value == pytest.approx(1)
    assert found.differences["b", "a"].estimate.note == (
        "2 patients are too few for the 2 coefficients of the model: there is no interval"
    )
    assert (found.arms.value, found.arms.p, found.covariance) == (None, None, None)


@pytest.mark.parametrize(("variance", "freedom"), [(2.0, 0.7), (0.0, 5.0), (-1.0, 5.0)])
def test_a_variance_that_is_hardly_known_gives_no_interval(variance: float, freedom: float) -> None:
    found = combined(np.array([1.0]), np.array([3.0]), np.array([[variance]]), freedom, "a model", 0.95)
    assert found == Adjusted(Estimate(3.0, "a model", note="too few patients for an interval"))


def test_outcomes_that_do_not_vary_in_the_arms_give_no_interval() -> None:
    found = ancova([1.0, 1, 3, 3], Levels("arm", ["a", "a", "b", "b"], ["a", "b"]))
    assert found.differences["b", "a"].estimate.value == pytest.approx(2)
    assert found.arms.note == "the model gives every outcome without error: there is no interval"
    assert ancova([0.0] * 4, Levels("arm", ["a", "a", "b", "b"], ["a", "b"])).arms.p is None


# Properties


outcomes = st.lists(st.integers(-20, 20), min_size=6, max_size=20).filter(lambda values: len(set(values)) > 3)


@settings(deadline=None)
@given(outcomes, st.integers(-5, 5))
def test_without_covariates_adjusted_means_are_means(values: list[int], shift: int) -> None:
    arms = ["ab"[at % 2] for at in range(len(values))]
    found = ancova(values, Levels("arm", arms, "ab"))
    for name in "ab":
        assert found.means[name].estimate.value == pytest.approx(_mean(values, arms, name), abs=1e-9)
    moved = ancova([value + shift for value in values], Levels("arm", arms, "ab"))
    one, other = found.differences["b", "a"], moved.differences["b", "a"]
    if one.estimate.p is not None:
        assert other.estimate.p == pytest.approx(one.estimate.p, rel=1e-6)
        assert found.arms.p == pytest.approx(one.estimate.p, rel=1e-8)  # with two arms F is the square of t


def _mean(values: Sequence[int], arms: Sequence[str], name: str) -> float:
    return fmean(value for value, arm in zip(values, arms, strict=True) if arm == name)


@settings(deadline=None)
@given(st.integers(0, 10**6), st.floats(-1e3, 1e3), st.floats(0.01, 1e3))
def test_the_unit_of_a_covariate_does_not_matter(seed: int, shift: float, scale: float) -> None:
    drawn = np.random.default_rng(seed).normal(size=(2, 20))
    arm = Levels("arm", ["ab"[at % 2] for at in range(20)], "ab")
    one = ancova(drawn[0], arm, [Number("x", drawn[1].tolist())])
    other = ancova(drawn[0], arm, [Number("x", (drawn[1] * scale + shift).tolist())])
    assert one.means["a"].estimate.value == pytest.approx(other.means["a"].estimate.value, rel=1e-6, abs=1e-9)
    assert one.differences["b", "a"].estimate.p == pytest.approx(other.differences["b", "a"].estimate.p, rel=1e-6)
