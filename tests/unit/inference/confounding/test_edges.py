"""What stands against a comparison is refused by name; what cannot be given has a note."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from remit.inference.confounding.arms import Arms, NotComparable, arms
from remit.inference.confounding.balance import balance
from remit.inference.confounding.means import Means, difference, odds_ratio, of_comparator, of_treated, ratio
from remit.inference.confounding.outcomes import doubly_robust, standardised, weighted
from remit.inference.confounding.propensity import Propensity, propensity
from remit.inference.confounding.support import support
from remit.inference.confounding.weights import weights
from remit.inference.design import CovariateError, Levels, Number, YesNo
from remit.inference.estimate import Guard
from tests.unit.inference.confounding.births import scores as births

DRUG = [True] * 9 + [False] * 9
AGE = [31, 44, 52, 28, 60, 39, 35, 48, 55, 30, 41, 47, 50, 33, 36, 58, 43, 29]
STEROIDS = [True, False] * 9
MIXED = [True, True, False, False, False, True, True, False, False]


def scored(drug: Sequence[bool] = DRUG) -> Propensity:
    return propensity(arms(drug, "drug", "cohort"), [Number("age", AGE), YesNo("steroids", STEROIDS)])


# Arms


@pytest.mark.parametrize(
    ("alone", "said"), [(0, "nobody is in the arm drug"), (1, "one patient alone is in the arm drug")]
)
def test_an_arm_needs_two_patients(alone: int, said: str) -> None:
    with pytest.raises(NotComparable, match=f"{said}: an adjusted comparison needs 2 or more in each arm"):
        arms([True] * alone + [False] * 6, "drug", "cohort")


@pytest.mark.parametrize("treated", [[True, False, None, True], [1, 0, 1, 0], ["yes", "no"]])
def test_who_is_treated_is_known_and_a_yes_or_no(treated: list[Any]) -> None:
    with pytest.raises(ValueError, match="one yes or no of each patient"):
        arms(treated)


def test_arms_have_two_names() -> None:
    with pytest.raises(ValueError, match="both arms are named drug"):
        arms(DRUG, "drug", "drug")
    with pytest.raises(ValueError, match="one yes or no of each patient"):
        Arms(np.array([[True, False]]))


# Covariates and overlap


def test_covariates_that_separate_the_arms_are_named() -> None:
    with pytest.raises(NotComparable) as refused:
        propensity(arms(DRUG, "drug", "cohort"), [Number("age", AGE), Number("year", [2020.0] * 9 + [2010.0] * 9)])
    assert refused.value.covariates == ("year",)
    assert refused.value.why == (
        "year tells drug and cohort apart wholly: the arms do not overlap, and no weight makes them alike"
    )


def test_a_level_that_one_arm_alone_has() -> None:
    surgery = [False] * 16 + [True] * 2
    with pytest.raises(NotComparable, match="surgery tells drug and cohort apart for some patients") as refused:
        propensity(arms(DRUG, "drug", "cohort"), [YesNo("surgery", surgery), Number("age", AGE)])
    assert refused.value.covariates == ("surgery",)


def test_two_covariates_that_separate_together() -> None:
    one = [0.0, 1.0, 2.0, 3.0, 0.0, 1.0, 2.0, 3.0]
    other = [1.0, 2.0, 3.0, 4.0, 0.0, 1.0, 2.0, 3.0]
    with pytest.raises(NotComparable, match="dose and weight tell drug and cohort apart wholly"):
        propensity(arms([True] * 4 + [False] * 4, "drug", "cohort"), [Number("dose", one), Number("weight", other)])


def test_an_unknown_covariate_is_refused() -> None:
    with pytest.raises(CovariateError, match="age: is unknown for 1 of 18 patients"):
        propensity(arms(DRUG), [Number("age", [None, *AGE[1:]])])
    with pytest.raises(CovariateError, match="holds a value that is not a finite number"):
        propensity(arms(DRUG), [Number("age", [math.nan, *AGE[1:]])])


def test_a_constant_covariate_stays_in_the_balance_and_out_of_the_model() -> None:
    of = propensity(arms(DRUG), [Number("age", AGE), YesNo("biologic", [True] * 18), Number("dose", [0.1] * 18)])
    assert of.guards[:2] == (
        Guard("constant covariate", "biologic is the same for all patients; the model leaves it out."),
        Guard("constant covariate", "dose is the same for all patients; the model leaves it out."),
    )
    assert [one.name for one in of.modelled] == ["age"]
    _, biologic, dose = balance(weights(of, "all"))
    assert (biologic.means, biologic.difference, biologic.weighted_difference) == ((1.0, 1.0), 0.0, 0.0)
    assert (dose.difference, dose.variance_ratio) == (0.0, None)


def test_an_arm_with_few_patients_for_its_covariates_is_told() -> None:
    (told,) = scored().guards
    assert told == Guard(
        "few patients a covariate",
        "drug has 9 patients for 2 columns of covariates; 10 a column are a usual least number.",
    )
    assert births().guards == ()


def test_only_constant_covariates() -> None:
    for covariates in ([], [Number("dose", [30.0] * 18)]):
        with pytest.raises(NotComparable, match="no covariate differs between patients"):
            propensity(arms(DRUG), covariates)


def test_patients_without_a_counterpart_are_counted() -> None:
    age = [50.0, 52, 54, 56, 58, 90, 10, 51, 53, 55, 57, 59]
    found = support(propensity(arms([True] * 6 + [False] * 6, "drug", "cohort"), [Number("age", age)]))
    assert (found.treated.outside, found.comparator.outside) == (1, 1)
    assert found.outside_share == pytest.approx(2 / 12)


# Weights


def test_truncated_weights_are_counted_by_arm_and_their_limits_told() -> None:
    found = weights(births(), "all", percentiles=(0, 0.9))
    plain = weights(births(), "all")
    assert found.limits is not None
    assert found.values.max() == found.limits[1]
    assert sum(found.truncated.values()) == int((plain.values > found.limits[1]).sum()) == 19
    assert weights(births(), "all").truncated == {"smokers": 0, "others": 0}
    assert plain.limits is None


def test_of_the_target_treated_only_the_comparators_weights_are_cut() -> None:
    found = weights(births(), "treated", percentiles=(0.3, 0.5))
    treated = found.propensity.arms.treated
    assert set(found.values[treated]) == {1.0}
    assert found.truncated["smokers"] == 0
    assert found.truncated["others"] > 0


@pytest.mark.parametrize("wrong", [(0.99, 0.01), (0.5, 0.5), (-0.1, 0.9), (0.1, 1.1)])
def test_percentiles_are_shares(wrong: tuple[float, float]) -> None:
    with pytest.raises(ValueError, match="truncated at shares from 0 to 1"):
        weights(births(), "all", percentiles=wrong)


def test_only_weights_for_all_are_stabilised() -> None:
    with pytest.raises(ValueError, match="stabilised for the target all, not for overlap"):
        weights(births(), "overlap", stabilised=True)


def test_stabilising_changes_no_estimate() -> None:
    event = [one % 3 == 0 for one in range(189)]
    plain, stable = (weighted(event, weights(births(), "all", stabilised=one)) for one in (False, True))
    assert difference(plain).upper == pytest.approx(difference(stable).upper)


# Outcomes


def every_method(outcome: Sequence[Any], of: Propensity) -> list[Means]:
    by = weights(of, "all")
    return [weighted(outcome, by), standardised(outcome, of, "all"), doubly_robust(outcome, by)]


def test_everybody_in_an_arm_had_the_event() -> None:
    outcome = [True] * 9 + MIXED
    for found in every_method(outcome, scored()):
        assert found.treated == 1
        told = difference(found)
        assert told.value is not None
        assert 0 < told.value < 1
        assert (told.lower, told.upper, told.p) == (None, None, None)
        assert told.note == "everybody in drug had the outcome: there is no interval"
        assert of_treated(found).value == 1
        assert odds_ratio(found).note == "there is no odds ratio where a risk is not between 0 and 1"


def test_nobody_in_an_arm_had_the_event() -> None:
    outcome = MIXED + [False] * 9
    for found in every_method(outcome, scored()):
        assert difference(found).note == "nobody in cohort had the outcome: there is no interval"
        assert (ratio(found).value, ratio(found).note) == (None, "there is no ratio to 0")
        assert of_comparator(found).value == 0
    for found in every_method(outcome, scored([not one for one in DRUG])):
        assert (ratio(found).value, ratio(found).note) == (0.0, "a ratio of 0 has no interval")


def test_nobody_at_all_had_the_event() -> None:
    for outcome in ([False] * 18, [True] * 18):
        shared = standardised(outcome, scored(), "all", "shared")
        for found in [*every_method(outcome, scored()), shared]:
            assert difference(found).value == 0
            assert difference(found).lower is None


def test_the_same_mean_for_all_in_an_arm() -> None:
    outcome = [5.0] * 9 + [float(one) for one in AGE[:9]]
    for found in every_method(outcome, scored()):
        assert difference(found).note == "everybody in drug has the same outcome: there is no interval"


def test_a_ratio_of_means_that_are_not_above_0() -> None:
    found = weighted([-float(one) for one in AGE], weights(scored(), "all"))
    assert ratio(found).note == "there is no ratio of means that are not above 0"
    with pytest.raises(ValueError, match="an odds ratio is of a yes or no"):
        odds_ratio(found)
    assert of_treated(found).method.startswith("mean, propensity-score weights, robust variance")


def test_an_outcome_of_other_patients_or_unknown() -> None:
    by = weights(scored(), "all")
    with pytest.raises(ValueError, match="17 outcomes for 18 patients"):
        weighted([True] * 17, by)
    for outcome in ([None, *[True] * 17], [math.nan] * 18):
        with pytest.raises(ValueError, match="not known or not finite"):
            weighted(outcome, by)  # type: ignore[arg-type]


def test_an_outcome_that_covariates_foretell() -> None:
    outcome = [*STEROIDS[:9], *MIXED]
    with pytest.raises(NotComparable) as refused:
        standardised(outcome, scored(), "all")
    assert refused.value.covariates == ("steroids",)
    assert refused.value.why == (
        "in drug, steroids tells those with the outcome from those without: the model of the outcome has no finite "
        "coefficients"
    )


def test_an_arm_that_is_too_small_for_its_model() -> None:
    drug = [True] * 3 + [False] * 15
    outcome = [True, False, True] + [True, False, False] * 5
    with pytest.raises(NotComparable, match="the 3 patients in drug are too few for a model of the outcome with 3"):
        standardised(outcome, scored(drug), "all")
    assert standardised([float(one) for one in AGE], scored(drug), "all", "shared").treated > 0


def test_a_covariate_that_does_not_vary_within_an_arm() -> None:
    age = [40.0] * 9 + [float(one) for one in AGE[9:]]
    of = propensity(arms(DRUG, "drug", "cohort"), [Number("age", age), YesNo("steroids", STEROIDS)])
    with pytest.raises(NotComparable, match="age is the same for all in drug, whose model cannot say what it does"):
        standardised([float(one) for one in AGE], of, "all")


def test_covariates_of_which_one_follows_from_the_others_within_an_arm() -> None:
    twice = [2.0 * one for one in AGE[:9]] + [50.0, 20.0, 80.0, 110.0, 66.0, 31.0, 90.0, 45.0, 72.0]
    of = propensity(arms(DRUG, "drug", "cohort"), [Number("age", AGE), Number("twice", twice)])
    with pytest.raises(NotComparable, match="in drug, one of age, twice follows wholly from the others"):
        standardised([float(one) for one in range(18)], of, "all")


def test_levels_are_balanced_with_their_reference() -> None:
    site = ["a", "b", "c"] * 6
    of = propensity(arms(DRUG), [Levels("site", site, ("a", "b", "c"), "b")])
    assert [(one.column.level, one.column.reference) for one in balance(weights(of, "all"))] == [
        ("a", "b"),
        ("b", "b"),
        ("c", "b"),
    ]
