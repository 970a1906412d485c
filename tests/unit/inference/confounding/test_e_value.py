"""E-values as published, and what has none."""

from __future__ import annotations

import math

import pytest

from remit.inference.confounding.e_value import (
    EValue,
    e_value,
    of_difference,
    of_hazard_ratio,
    of_odds_ratio,
    of_risk_ratio,
)
from remit.inference.estimate import Estimate


def estimate(value: float | None, lower: float | None = None, upper: float | None = None) -> Estimate:
    return Estimate(value, "", lower, upper)


def test_maternal_feeding_as_vanderweele_and_ding_have_it() -> None:
    """A risk ratio of 3.9 (1.8 to 8.7): 7.26, and 3.0 for the limit (Annals of Internal Medicine 2017;167:268-74)."""
    found = of_risk_ratio(estimate(3.9, 1.8, 8.7))
    assert found is not None
    assert f"{found.value:.2f}" == "7.26"
    assert found.limit is not None
    assert f"{found.limit:.1f}" == "3.0"
    assert of_odds_ratio(estimate(3.9, 1.8, 8.7), rare=True) == found


def test_smoking_and_lung_cancer_as_the_package_evalue_prints_it() -> None:
    """Hammond and Horn 1958, in the README of R's EValue."""
    found = of_risk_ratio(estimate(10.73, 8.02, 14.36))
    assert found is not None
    assert (round(found.value, 5), round(found.limit or 0, 5)) == (20.94777, 15.52336)


def test_below_1_it_is_that_of_the_inverse() -> None:
    found = of_risk_ratio(estimate(1 / 3.9, 1 / 8.7, 1 / 1.8))
    assert found is not None
    assert (found.value, found.limit) == pytest.approx((e_value(3.9), e_value(1.8)))


def test_an_interval_that_holds_1_needs_nothing_to_be_explained() -> None:
    assert of_risk_ratio(estimate(1.2, 0.9, 1.6)) == EValue(e_value(1.2), 1.0)
    assert of_risk_ratio(estimate(1.2, 1.0, 1.6)) == EValue(e_value(1.2), 1.0)
    assert of_risk_ratio(estimate(1.0, 0.5, 2.0)) == EValue(1.0, 1.0)


def test_of_a_common_outcome() -> None:
    assert of_odds_ratio(estimate(4.0, 2.25, 9.0), rare=False) == EValue(e_value(2.0), e_value(1.5))
    found = of_hazard_ratio(estimate(4.0, 1.0, 9.0), rare=False)
    assert found is not None
    assert found.value == pytest.approx(e_value((1 - 0.5**2) / (1 - 0.5**0.5)))
    assert of_hazard_ratio(estimate(4.0), rare=True) == EValue(e_value(4.0), None)


def test_of_a_difference_of_means() -> None:
    """Half a standard deviation, 0.2 to 0.8: risk ratios exp(0.455), exp(0.182), exp(0.728)."""
    found = of_difference(estimate(5.0, 2.0, 8.0), 10.0)
    assert found is not None
    assert (found.value, found.limit) == pytest.approx((e_value(math.exp(0.455)), e_value(math.exp(0.182))))
    mirrored = of_difference(estimate(-5.0, -8.0, -2.0), 10.0)
    assert mirrored is not None
    assert (mirrored.value, mirrored.limit) == pytest.approx((found.value, found.limit))


@pytest.mark.parametrize("value", [None, 0.0, math.inf])
def test_what_has_none(value: float | None) -> None:
    assert of_risk_ratio(estimate(value)) is None
    assert of_hazard_ratio(estimate(value), rare=False) is None
    assert of_odds_ratio(estimate(value), rare=False) is None


def test_so_far_away_that_no_number_tells_it() -> None:
    assert of_difference(estimate(1e6, 1.0, 2e6), 1.0) is None
    assert of_difference(estimate(1.0, 0.5, 1e6), 1.0) is not None
    assert of_hazard_ratio(estimate(1e-200, 1e-300, 1e-100), rare=False) is not None
    assert of_difference(estimate(None), 1.0) is None


@pytest.mark.parametrize("wrong", [0.0, -1.0, math.inf, math.nan])
def test_what_is_no_ratio_or_deviation_is_refused(wrong: float) -> None:
    with pytest.raises(ValueError, match="is no risk ratio above 0"):
        e_value(wrong)
    with pytest.raises(ValueError, match="standard deviations above 0"):
        of_difference(estimate(1.0), wrong)
