"""What must hold for any patients: weights balance, methods agree where they must, and nothing is NaN."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from remit.inference.confounding.arms import NotComparable, arms
from remit.inference.confounding.balance import balance
from remit.inference.confounding.e_value import of_difference, of_risk_ratio
from remit.inference.confounding.hazards import hazard_ratio
from remit.inference.confounding.means import Means, difference, odds_ratio, of_comparator, of_treated, ratio
from remit.inference.confounding.outcomes import doubly_robust, standardised, weighted
from remit.inference.confounding.propensity import Propensity, propensity
from remit.inference.confounding.support import support
from remit.inference.confounding.survival import restricted_mean, risks
from remit.inference.confounding.weights import TARGETS, Target, weights
from remit.inference.design import Covariate, CovariateError, Levels, Number, YesNo

# Arms of few patients are often apart, and then there is nothing to hold.
FEW = settings(
    max_examples=30,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)
MANY = settings(FEW, max_examples=80)
SITES = ("a", "b", "c")
SWAPPED: dict[Target, Target] = {
    "all": "all", "overlap": "overlap", "treated": "comparator", "comparator": "treated"
}  # fmt: skip


@dataclass(frozen=True)
class Patient:
    treated: bool
    age: int
    steroids: bool
    site: str
    event: bool
    value: float
    time: float


PATIENTS = st.lists(
    st.builds(
        Patient,
        st.booleans(),
        st.integers(20, 40),
        st.booleans(),
        st.sampled_from(SITES),
        st.booleans(),
        st.floats(-50, 50, allow_subnormal=False),
        st.integers(1, 12).map(float),
    ),
    min_size=4,
    max_size=50,
)


def scores(patients: list[Patient], *names: str, swapped: bool = False) -> Propensity:
    held = [level for level in SITES if any(one.site == level for one in patients)]
    covariates: dict[str, Covariate] = {
        "age": Number("age", [one.age for one in patients]),
        "steroids": YesNo("steroids", [one.steroids for one in patients]),
        "site": Levels("site", [one.site for one in patients], held),
    }
    of = arms(
        [one.treated is not swapped for one in patients],
        "cohort" if swapped else "drug",
        "drug" if swapped else "cohort",
    )
    return propensity(of, [covariates[name] for name in names])


def comparable(patients: list[Patient], *names: str) -> Propensity:
    try:
        return scores(patients, *names)
    except (NotComparable, CovariateError):
        assume(False)
        raise


def every_number(of: Any) -> list[float]:
    if isinstance(of, float):
        return [of]
    if isinstance(of, np.ndarray):
        return [float(one) for one in of.ravel()]
    if is_dataclass(of):
        return [one for field in fields(of) for one in every_number(getattr(of, field.name))]
    if isinstance(of, tuple | list):
        return [one for part in of for one in every_number(part)]
    return []


@given(PATIENTS)
@FEW
def test_a_saturated_score_balances_exactly_to_the_target_population(patients: list[Patient]) -> None:
    of = comparable(patients, "site")
    treated = of.arms.treated
    for target, who in (("all", treated | ~treated), ("treated", treated), ("comparator", ~treated)):
        for column in balance(weights(of, target)):  # type: ignore[arg-type]
            share = np.mean(
                [one.site == column.column.level for one, there in zip(patients, who, strict=True) if there]
            )
            assert column.weighted_means == pytest.approx((share, share), abs=1e-7)


@given(PATIENTS)
@FEW
def test_overlap_weights_balance_the_means_of_all_covariates_of_the_score(patients: list[Patient]) -> None:
    of = comparable(patients, "age", "steroids", "site")
    for column in balance(weights(of, "overlap")):
        treated, comparator = column.weighted_means
        assert treated == pytest.approx(comparator, abs=1e-6)


@given(PATIENTS)
@FEW
def test_saturated_models_make_all_methods_agree(patients: list[Patient]) -> None:
    of = comparable(patients, "site")
    outcome = [one.value for one in patients]
    for target in TARGETS:
        by = weights(of, target)
        try:
            others = standardised(outcome, of, target), doubly_robust(outcome, by)
        except NotComparable:
            continue
        one = weighted(outcome, by)
        for other in others:
            assert (one.treated, one.comparator) == pytest.approx((other.treated, other.comparator), abs=1e-6)
            assert one.covariance == pytest.approx(other.covariance, abs=1e-5)


def _all(patients: list[Patient], of: Propensity, target: Target) -> list[Means]:
    event, value = [one.event for one in patients], [one.value for one in patients]
    times = [one.time for one in patients]
    by = weights(of, target)
    found: list[Means] = []
    made: list[Callable[[], Means]] = [
        lambda: weighted(event, by),
        lambda: weighted(value, by),
        lambda: standardised(event, of, target),
        lambda: standardised(value, of, target, "shared"),
        lambda: doubly_robust(value, by),
        lambda: doubly_robust(event, by, "shared"),
        lambda: risks(times, event, by, 3.0),
        lambda: restricted_mean(times, event, by, 3.0),
    ]
    for make in made:
        try:
            found.append(make())
        except NotComparable:
            continue
    return found


@given(PATIENTS, st.sampled_from(TARGETS), st.booleans())
@MANY
def test_what_comes_out_is_refused_or_finite(patients: list[Patient], target: Target, truncated: bool) -> None:
    try:
        of = scores(patients, "age", "steroids", "site")
    except (NotComparable, CovariateError):
        return
    by = weights(of, target, percentiles=(0.05, 0.95) if truncated else None)
    numbers = every_number((balance(by), support(of), by.values, by.slopes, by.limits))
    numbers += [*by.effective.values(), *by.largest_share.values()]
    numbers += every_number(hazard_ratio([one.time for one in patients], [one.event for one in patients], by))
    for means in _all(patients, of, target):
        numbers += every_number(means)
        for told in (difference(means), of_treated(means), of_comparator(means), ratio(means)):
            numbers += every_number((told, of_risk_ratio(told) if told.value and told.value > 0 else None))
        if means.yes_no:
            numbers += every_number(odds_ratio(means))
        numbers += every_number(of_difference(difference(means), 1.0))
    assert all(math.isfinite(one) for one in numbers)


@given(PATIENTS, st.randoms(use_true_random=False), st.sampled_from(TARGETS))
@FEW
def test_the_order_of_patients_changes_nothing(patients: list[Patient], order: Any, target: Target) -> None:
    of = comparable(patients, "age", "steroids")
    other = list(patients)
    order.shuffle(other)
    pairs = zip(_all(patients, of, target), _all(other, scores(other, "age", "steroids"), target), strict=True)
    for one, two in pairs:
        assert (one.treated, one.comparator) == pytest.approx((two.treated, two.comparator), rel=1e-6, abs=1e-6)
        assert one.covariance == pytest.approx(two.covariance, rel=1e-4, abs=1e-5)


@given(PATIENTS, st.sampled_from(TARGETS))
@FEW
def test_the_arms_may_be_exchanged(patients: list[Patient], target: Target) -> None:
    of = comparable(patients, "age", "steroids")
    mirrored = scores(patients, "age", "steroids", swapped=True)
    for one, two in zip(_all(patients, of, target), _all(patients, mirrored, SWAPPED[target]), strict=True):
        assert (one.treated, one.comparator) == pytest.approx((two.comparator, two.treated), rel=1e-6, abs=1e-6)
        value, other = difference(one).value, difference(two).value
        assert value is not None
        assert other is not None
        assert value == pytest.approx(-other, rel=1e-6, abs=1e-6)
