"""Weights of a matching-adjusted indirect comparison: worked by hand, as in R, and what must always hold."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from remit.inference.design import CovariateError
from remit.inference.indirect.matched import Matched
from remit.inference.indirect.reach import NoOverlap
from remit.inference.indirect.weights import Weights, matching_weights
from tests.unit.inference.indirect.made import CASES, covariates


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["name"]))
def test_as_searched_in_r(case: dict[str, Any]) -> None:
    weights = matching_weights(covariates(case))
    assert weights.shares == pytest.approx(case["shares"], rel=1e-6)
    assert weights.effective == pytest.approx(case["effective"], rel=1e-6)


def test_one_yes_or_no_is_worked_by_hand() -> None:
    """Of 10 patients 2 have it, of theirs 34 %: weights 0.34/0.2 = 1.7 and 0.66/0.8 = 0.825."""
    weights = matching_weights([Matched("steroids", [1, 1] + [0] * 8, 0.34)])
    assert weights.rescaled == pytest.approx([1.7, 1.7] + [0.825] * 8)
    assert weights.effective == pytest.approx(100 / (2 * 1.7**2 + 8 * 0.825**2))
    assert weights.heaviest(2) == pytest.approx(0.34)
    assert weights.quantiles([0, 0.5, 1]) == pytest.approx((0.825, 0.825, 1.7))
    (balance,) = weights.balance
    assert (balance.before, balance.after, balance.theirs) == pytest.approx((0.2, 0.34, 0.34))
    assert balance.sd_theirs is None


def test_three_ages_are_worked_by_hand() -> None:
    """Ages 30, 40, 50 to a mean of 42: weights 1, x, x² with -12 - 2x + 8x² = 0, so x = (2 + √388)/16."""
    x = (2 + 388**0.5) / 16
    weights = matching_weights([Matched("age", [30, 40, 50], 42)])
    assert weights.shares == pytest.approx(np.array([1, x, x**2]) / (1 + x + x**2))


def test_mean_and_spread_are_both_matched() -> None:
    ages = [22, 30, 35, 41, 44, 50, 58, 66]
    (balance,) = matching_weights([Matched("age", ages, 40, 9.5)]).balance
    assert (balance.after, balance.sd_after) == pytest.approx((40, 9.5), abs=1e-10)
    assert balance.sd_before == pytest.approx(np.std(ages))


def test_what_few_effective_patients_and_heavy_ones_are_told() -> None:
    few = matching_weights([Matched("steroids", [1, 1] + [0] * 8, 0.34)])
    assert [guard.name for guard in few.guards] == ["few effective patients", "heavy patient"]
    assert few.guards[0].told == "The weights leave 8.9 effective patients of 10, which are few."
    unlike = matching_weights([Matched("steroids", [1] + [0] * 99, 0.5)])
    assert unlike.guards[0].told.startswith("The weights leave 4.0 effective patients of 100: the two studies")
    assert unlike.guards[1].told == "One patient has 50 % of all weight, and the result rests on that patient."
    assert not matching_weights([Matched("steroids", [1, 0] * 20, 0.45)]).guards


@pytest.mark.parametrize(
    ("given_", "message"),
    [
        ([Matched("age", [20, 30, 40], 61)], "age: their mean 61 is outside the range of our patients, 20 to 40"),
        ([Matched("age", [20, 30, 40], 40)], "age: their mean 40 is at the border of the range"),
        ([Matched("surgery", [1, 0, 0], 0)], "surgery: they have a share of 0, so patients with it stand for none"),
        ([Matched("surgery", [1, 0, 0], 1)], "patients without it stand for none of theirs"),
        ([Matched("age", [20, 30, 40], 30, 12)], "age: none of our patients' weights give a mean of 30 and a standard"),
    ],
)
def test_a_covariate_without_overlap_is_named(given_: list[Matched], message: str) -> None:
    with pytest.raises(NoOverlap, match=message):
        matching_weights(given_)


def test_covariates_that_overlap_alone_but_not_together_are_named_and_no_other() -> None:
    """Nobody of ours has both, so 60 % with each cannot be."""
    first, second = [1, 1, 0, 0, 0], [0, 0, 1, 1, 0]
    third = [20, 30, 20, 30, 25]
    with pytest.raises(NoOverlap) as refused:
        matching_weights([Matched("c", third, 26), Matched("a", first, 0.6), Matched("b", second, 0.6)])
    assert refused.value.covariates == ("a", "b")
    assert "no weights of our patients give the means 0.6 of a and 0.6 of b together" in refused.value.why


@pytest.mark.parametrize(
    ("given_", "message"),
    [
        ([Matched("age", [50, 50], 51)], "age: is the same for all 2 patients; no weights can move its mean"),
        ([Matched("age", [50, float("nan")], 51)], "age: holds a value that is not a finite number"),
        ([Matched("age", [50, 60], 51), Matched("age", [50, 60], 51)], "age: is named twice"),
        ([Matched("age", [50, 60], 51), Matched("sex", [0, 1, 1], 0.5)], "sex: has 3 values for 2 patients"),
        ([Matched("age", [20, 30, 40], 30, 0)], "age: a standard deviation of 0 is not above 0"),
        ([Matched("sex", [0, 1, 1], 0.5, 0.5)], "sex: is a yes or no; its share is all there is to match"),
        ([Matched("age", [20, 20, 40], 30, 5)], "age: has but two values, as far from the published mean"),
    ],
)
def test_a_covariate_that_cannot_be_matched_is_named(given_: list[Matched], message: str) -> None:
    with pytest.raises(CovariateError, match=message):
        matching_weights(given_)


def test_means_that_only_weights_of_0_would_give_together_are_refused() -> None:
    """Whoever has a has b, so 50 % with each would leave nothing for b alone."""
    with pytest.raises(NoOverlap) as refused:
        matching_weights([Matched("a", [1, 0, 0, 0], 0.5), Matched("b", [1, 1, 0, 0], 0.5)])
    assert refused.value.covariates == ("a", "b")


def test_no_covariate_is_refused() -> None:
    with pytest.raises(ValueError, match="no covariate"):
        matching_weights([])


def test_two_covariates_that_say_the_same_have_the_weights_of_one() -> None:
    months = [age * 12 for age in (30, 40, 50, 61)]
    one = matching_weights([Matched("age", [30, 40, 50, 61], 42)])
    two = matching_weights([Matched("age", [30, 40, 50, 61], 42), Matched("months", months, 504)])
    assert two.shares == pytest.approx(one.shares)


@st.composite
def cohorts(draw: st.DrawFn) -> list[Matched]:
    """Patients, and a published mean of each covariate that lies among them: one of their own weightings."""
    patients = draw(st.integers(6, 25))
    ages = draw(st.lists(st.integers(18, 90), min_size=patients, max_size=patients))
    yes = draw(st.lists(st.booleans(), min_size=patients, max_size=patients))
    crp = draw(st.lists(st.integers(1, 400), min_size=patients, max_size=patients))
    weights = np.array(draw(st.lists(st.integers(1, 9), min_size=patients, max_size=patients)), dtype=float)
    assume(len(set(ages)) > 2 and len(set(yes)) > 1 and len(set(crp)) > 1)
    weights /= weights.sum()
    columns = [np.array(ages, dtype=float), np.array(yes, dtype=float), np.array(crp) / 10]
    mean = float(weights @ columns[0])
    sd = float(np.sqrt(weights @ (columns[0] - mean) ** 2))
    return [
        Matched("age", columns[0].tolist(), mean, sd),
        Matched("yes", columns[1].tolist(), float(weights @ columns[1])),
        Matched("crp", columns[2].tolist(), float(weights @ columns[2])),
    ]


@settings(max_examples=60, deadline=None)
@given(cohorts())
def test_weights_are_positive_balance_exactly_and_are_nowhere_fewer_than_one_patient(cohort: list[Matched]) -> None:
    weights = matching_weights(cohort)
    assert (weights.shares > 0).all()
    assert weights.shares.sum() == pytest.approx(1)
    assert 1 <= weights.effective <= weights.patients * (1 + 1e-12)
    for balance in weights.balance:
        assert balance.after == pytest.approx(balance.theirs, rel=1e-8, abs=1e-8)
    age = weights.balance[0]
    assert age.sd_after == pytest.approx(age.sd_theirs, rel=1e-6, abs=1e-6)


@settings(max_examples=40, deadline=None)
@given(cohorts(), st.randoms(use_true_random=False))
def test_the_order_of_patients_and_units_do_not_matter(cohort: list[Matched], random: Any) -> None:
    weights = matching_weights(cohort)
    order = list(range(weights.patients))
    random.shuffle(order)
    shuffled = [
        Matched(one.name, [10 * one.values[at] for at in order], 10 * one.mean, one.sd and 10 * one.sd)
        if one.name != "yes"
        else Matched(one.name, [one.values[at] for at in order], one.mean)
        for one in reversed(cohort)
    ]
    assert matching_weights(shuffled).shares == pytest.approx(weights.shares[order], rel=1e-6)


@settings(max_examples=40, deadline=None)
@given(cohorts())
def test_patients_who_are_like_theirs_already_count_alike(cohort: list[Matched]) -> None:
    alike = [Matched(one.name, one.values, float(np.mean(one.values))) for one in cohort]
    weights = matching_weights(alike)
    assert weights.rescaled == pytest.approx(np.ones(weights.patients), abs=1e-9)
    assert weights.effective == pytest.approx(weights.patients)
    assert isinstance(weights, Weights)
