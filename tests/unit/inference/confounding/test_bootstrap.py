"""Patients drawn again: the same seed draws the same, and what a draw cannot give is counted."""

from __future__ import annotations

import math

import pytest

from remit.inference.confounding.arms import arms
from remit.inference.confounding.bootstrap import Method, drawn, percentile
from remit.inference.confounding.means import Means, difference, ratio
from remit.inference.confounding.outcomes import Values, doubly_robust, standardised, weighted
from remit.inference.confounding.propensity import Propensity, propensity
from remit.inference.confounding.weights import weights
from remit.inference.design import YesNo
from tests.unit.inference.confounding.births import outcome, scores


def by_weights(values: Values, of: Propensity) -> Means:
    return weighted(values, weights(of, "overlap"))


def by_models(values: Values, of: Propensity) -> Means:
    return standardised(values, of, "all", "shared")


def by_both(values: Values, of: Propensity) -> Means:
    return doubly_robust(values, weights(of, "all"), "shared")


@pytest.mark.parametrize("method", [by_weights, by_models, by_both])
def test_agrees_with_the_formula_where_patients_are_many(method: Method) -> None:
    found = drawn(outcome("weight"), scores(), method, seed=20, draws=400)
    told, formula = percentile(found, difference), difference(found.observed)
    assert None not in (told.lower, told.upper, formula.lower, formula.upper)
    assert told.value == formula.value
    assert told.upper is not None
    assert told.lower is not None
    assert formula.upper is not None
    assert formula.lower is not None
    assert (told.upper - told.lower) / (formula.upper - formula.lower) == pytest.approx(1, abs=0.15)
    assert told.p is None


def test_the_same_seed_draws_the_same() -> None:
    one, same, other = (
        percentile(drawn(outcome("low"), scores(), by_weights, seed=seed, draws=50), ratio) for seed in (1, 1, 2)
    )
    assert one == same
    assert one != other
    assert one.method == "risk ratio, propensity-score weights, bootstrap of 50, percentiles, 95 %"
    assert one.note == "2 of 50 draws gave no value"


def few() -> Propensity:
    return propensity(arms([True] * 6 + [False] * 6), [YesNo("steroids", [True, False] * 6)])


def by_a_model_each(values: Values, of: Propensity) -> Means:
    return standardised(values, of, "all")


def test_too_few_patients_give_too_few_draws() -> None:
    found = drawn([True, False, True, True, False, False] * 2, few(), by_a_model_each, seed=1, draws=40)
    assert len(found.draws) + found.failed == 40
    assert found.failed > 2
    told = percentile(found, difference)
    assert (told.lower, told.upper) == (None, None)
    assert told.note == f"{found.failed} of 40 draws gave no value: there is no interval"
    assert told.value is not None
    assert math.isfinite(told.value)


def test_an_arm_without_variation_has_no_interval_here_either() -> None:
    told = percentile(drawn([True] * 6 + [True, False] * 3, few(), by_weights, seed=1, draws=10), difference)
    assert told.note == "everybody in treated had the outcome: there is no interval"
