"""Adjusted shares and what is said of them beside a published one: by hand, as in R, and against a known truth."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from remit.inference.indirect.bootstrap import bootstrapped
from remit.inference.indirect.maic import matching_adjusted
from remit.inference.indirect.matched import Matched
from remit.inference.indirect.population import population
from remit.inference.indirect.published import CERTAIN, FIXED, Published, Share, difference, interval, odds_ratio
from remit.inference.indirect.reach import NoOverlap
from remit.inference.indirect.stc import guards, model, standardised_share
from remit.inference.logistic import Separated
from tests.unit.inference.indirect.made import CASES, covariates, drawn, outcome, truth

STEROIDS = [1] * 20 + [0] * 44
REMISSION = np.array([True] * 6 + [False] * 14 + [True] * 27 + [False] * 17)


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["name"]))
def test_weighted_share_as_in_r(case: dict[str, Any]) -> None:
    share, _ = matching_adjusted(outcome(case), covariates(case))
    assert share.value == pytest.approx(case["value"], rel=1e-6)
    assert share.error == pytest.approx(case["error"], rel=1e-6)
    found = interval(share)
    half = 1.959963984540054 * case["logit_error"]
    ends = [1 / (1 + math.exp(-(case["logit"] + side * half))) for side in (-1, 1)]
    assert [found.lower, found.upper] == pytest.approx(ends, rel=1e-6)


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["name"]))
def test_model_of_the_simulated_comparison_as_in_r(case: dict[str, Any]) -> None:
    fitted = model(outcome(case), covariates(case))
    assert fitted.coefficients == pytest.approx(case["coefficients"], rel=1e-7)
    assert fitted.covariance == pytest.approx(np.array(case["covariance"]), rel=1e-6, abs=1e-9)


@pytest.mark.parametrize(
    "case", [case for case in CASES if case.get("standardised")], ids=lambda case: str(case["name"])
)
def test_standardised_share_as_integrated_in_r(case: dict[str, Any]) -> None:
    """Over a normal number and a yes or no that go together; drawn here, integrated there."""
    for seed in (1, 2):
        found = standardised_share(outcome(case), covariates(case), seed=seed)
        assert found.value == pytest.approx(case["standardised"], abs=2e-4)


def test_one_yes_or_no_is_worked_by_hand_and_both_methods_agree() -> None:
    """On steroids 6 of 20 reach remission, off them 27 of 44; theirs are 34 % on steroids."""
    matched = [Matched("steroids", STEROIDS, 0.34)]
    by_hand = 0.34 * 6 / 20 + 0.66 * 27 / 44
    weighted, weights = matching_adjusted(REMISSION, matched)
    assert weighted.value == pytest.approx(by_hand)
    standardised = standardised_share(REMISSION, matched, seed=1)
    assert standardised.value == pytest.approx(by_hand, abs=1e-10)
    variance = 0.34**2 * 0.3 * 0.7 / 20 + 0.66**2 * (27 / 44) * (17 / 44) / 44
    assert standardised.error == pytest.approx(math.sqrt(variance), rel=1e-7)
    s = weights.shares
    assert weighted.error == pytest.approx(math.sqrt(sum((s * (REMISSION - by_hand) / (1 - s)) ** 2)))


def test_the_prediction_at_their_mean_is_not_the_share_of_their_population() -> None:
    data = drawn(4000, seed=3)
    fitted = model(data.outcome, data.covariates)
    plugged_in = 1 / (1 + math.exp(-fitted.coefficients[0]))
    standardised = standardised_share(data.outcome, data.covariates, seed=1).value
    assert abs(plugged_in - standardised) > 0.005


def test_both_recover_a_known_truth_and_the_unadjusted_share_does_not() -> None:
    data, true = drawn(40_000, seed=7), truth()
    weighted, _ = matching_adjusted(data.outcome, data.covariates)
    standardised = standardised_share(data.outcome, data.covariates, seed=1)
    for share in (weighted, standardised):
        assert share.error < 0.007
        assert abs(share.value - true) < 3 * share.error
    assert abs(data.outcome.mean() - true) > 0.02


def test_their_intervals_hold_the_truth_about_as_often_as_they_say() -> None:
    true, times = truth(), 120
    held = {"weighted": 0, "standardised": 0}
    for seed in range(times):
        data = drawn(150, seed=100 + seed)
        weighted, _ = matching_adjusted(data.outcome, data.covariates)
        standardised = standardised_share(data.outcome, data.covariates, seed=1)
        for name, share in (("weighted", weighted), ("standardised", standardised)):
            found = interval(share)
            assert found.lower is not None
            assert found.upper is not None
            held[name] += found.lower < true < found.upper
    assert 0.9 <= held["weighted"] / times <= 0.99
    assert 0.9 <= held["standardised"] / times <= 0.99


def test_the_drawn_population_has_their_moments_exactly() -> None:
    data = drawn(200, seed=1)
    people, shares = population(data.covariates, seed=5)
    assert shares @ people == pytest.approx([45, 0.4], abs=1e-9)
    assert math.sqrt(shares @ (people[:, 0] - 45) ** 2) == pytest.approx(9, abs=1e-8)
    assert shares.max() * len(shares) < 1.2


def test_covariates_go_together_among_the_drawn_as_among_ours() -> None:
    first = [float(at) for at in range(40)]
    second = [value + (-1) ** at * 6 for at, value in enumerate(first)]
    people, shares = population([Matched("a", first, 20), Matched("b", second, 20)], seed=1)
    ours = np.corrcoef(first, second)[0, 1]
    assert np.cov(people.T, aweights=shares)[0, 1] / (np.std(first) * np.std(second)) == pytest.approx(ours, abs=0.02)


def test_a_yes_goes_with_high_numbers_among_the_drawn_if_it_does_among_ours() -> None:
    age = [float(at) for at in range(40)]
    steroids = [float(at >= 15) for at in range(40)]
    people, shares = population([Matched("age", age, 20), Matched("steroids", steroids, 0.5)], seed=1)
    assert np.cov(people.T, aweights=shares)[0, 1] > 0
    without, _ = population([Matched("age", age, 20), Matched("none", [1 - one for one in steroids], 0.5)], seed=1)
    assert np.cov(without.T)[0, 1] < 0


def test_an_outcome_that_is_not_known_is_refused() -> None:
    with pytest.raises(ValueError, match="a yes or no of each patient, and known"):
        matching_adjusted([None, *REMISSION[1:]], [Matched("steroids", STEROIDS, 0.34)])  # type: ignore[list-item]


def test_a_share_of_0_or_1_is_not_taken_as_certain() -> None:
    for ours, theirs in ((Share(1.0, 0.0, "m"), 0.4), (Share(0.5, 0.06, "m"), 0.0)):
        found = difference(ours, Published(theirs, 50))
        assert found.value == pytest.approx(ours.value - theirs)
        assert (found.lower, found.upper, found.note) == (None, None, CERTAIN)


def test_a_population_too_small_to_have_their_means_is_refused() -> None:
    with pytest.raises(NoOverlap, match="no population has these means"):
        population([Matched("rare", [0, 0, 1], 1e-9)], seed=1, people=50)


def test_difference_to_a_published_share_with_its_number_of_patients() -> None:
    ours = Share(0.5, 0.06, "m")
    found = difference(ours, Published(0.389, 324))
    error = math.sqrt(0.06**2 + 0.389 * 0.611 / 324)
    assert (found.value, found.lower, found.upper) == pytest.approx(
        (0.111, 0.111 - 1.959964 * error, 0.111 + 1.959964 * error), abs=1e-7
    )
    assert found.note is None
    ratio = odds_ratio(ours, Published(0.389, 324))
    log_error = math.hypot(0.06 / 0.25, 1 / math.sqrt(324 * 0.389 * 0.611))
    assert ratio.value == pytest.approx(0.611 / 0.389)
    assert ratio.upper == pytest.approx(0.611 / 0.389 * math.exp(1.959964 * log_error), rel=1e-6)


def test_no_standard_error_is_invented_for_a_bare_percentage() -> None:
    found = difference(Share(0.5, 0.06, "m"), Published(0.389))
    assert (found.lower, found.upper) == pytest.approx((0.111 - 0.1175978, 0.111 + 0.1175978), abs=1e-6)
    assert found.note == FIXED
    assert odds_ratio(Share(0.5, 0.06, "m"), Published(0.389)).note == FIXED


def test_shares_without_odds() -> None:
    assert odds_ratio(Share(0.5, 0.06, "m"), Published(0.0, 50)).value is None
    whole = interval(Share(1.0, 0.0, "m"))
    assert (whole.value, whole.lower, whole.upper) == (1.0, None, None)
    with pytest.raises(ValueError, match="no published share"):
        Published(1.2, 50)
    with pytest.raises(ValueError, match="no published share"):
        Published(0.2, 0)


def test_same_outcome_for_all_and_other_patients_are_refused() -> None:
    matched = [Matched("steroids", STEROIDS, 0.34)]
    with pytest.raises(ValueError, match="everybody had the outcome"):
        matching_adjusted([True] * 64, matched)
    with pytest.raises(ValueError, match="nobody had the outcome"):
        standardised_share([False] * 64, matched, seed=1)
    with pytest.raises(ValueError, match="3 outcomes for 64 patients"):
        matching_adjusted([True, False, True], matched)


def test_separation_is_named() -> None:
    with pytest.raises(Separated, match="steroids: complete separation"):
        standardised_share(np.array(STEROIDS) == 1, [Matched("steroids", STEROIDS, 0.34)], seed=1)


def test_no_overlap_is_refused_before_the_model_extrapolates() -> None:
    with pytest.raises(NoOverlap, match="age: their mean 80 is outside"):
        standardised_share(REMISSION, [Matched("age", [20 + at % 40 for at in range(64)], 80)], seed=1)


def test_few_events_for_so_many_covariates_are_told() -> None:
    matched = [Matched(name, STEROIDS, 0.34) for name in "abcd"]
    assert guards(REMISSION, matched)[0].told.startswith("The model has 4 covariates for 31 patients")
    assert not guards(REMISSION, matched[:3])


def test_bootstrap_is_near_the_sandwich_and_does_not_hang_on_the_order() -> None:
    data = drawn(200, seed=11)
    found = bootstrapped(data.outcome, data.covariates, seed=4, times=400)
    weighted, _ = matching_adjusted(data.outcome, data.covariates)
    assert found.share.value == weighted.value
    assert found.share.error == pytest.approx(weighted.error, rel=0.2)
    turned = [Matched(one.name, one.values[::-1], one.mean, one.sd) for one in data.covariates]
    again = bootstrapped(data.outcome[::-1], turned, seed=4, times=400)
    assert again.share.error == pytest.approx(found.share.error)
    assert found.lost == 0
    assert found.interval.method.endswith("bootstrap of 400 draws, seed 4, percentile 95 %")


def test_a_bootstrap_that_loses_many_draws_is_refused() -> None:
    rare = [1] + [0] * 29
    with pytest.raises(ArithmeticError, match="of 200 bootstrap draws have no overlap"):
        bootstrapped([True, False] * 15, [Matched("rare", rare, 0.2)], seed=1, times=200)
