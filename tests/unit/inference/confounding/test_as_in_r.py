"""Estimates and standard errors as R finds them by stacked estimating equations with numerical derivatives."""

from __future__ import annotations

import math
from typing import Any

import pytest

from remit.inference.confounding.balance import balance
from remit.inference.confounding.means import Means
from remit.inference.confounding.outcomes import doubly_robust, standardised, weighted
from remit.inference.confounding.weights import weights
from tests.unit.inference.confounding.births import REFERENCE, outcome, scores


def _means(case: dict[str, Any]) -> Means:
    values, of = outcome(case["outcome"]), scores()
    match case["method"]:
        case "weighted":
            return weighted(values, weights(of, case["target"]))
        case "weighted, score known":
            return weighted(values, weights(of, case["target"]), score_known=True)
        case "standardised":
            return standardised(values, of, case["target"], case["models"])
        case _:
            return doubly_robust(values, weights(of, case["target"]), case["models"])


def _same(found: Means, told: dict[str, Any]) -> None:
    covariance = found.covariance
    apart = covariance[0, 0] + covariance[1, 1] - 2 * covariance[0, 1]
    errors = [math.sqrt(one) for one in (covariance[0, 0], covariance[1, 1], apart)]
    assert (found.treated, found.comparator) == pytest.approx((told["treated"], told["comparator"]), rel=1e-8)
    names = ("treated_error", "comparator_error", "difference_error")
    assert errors == pytest.approx([told[name] for name in names], rel=1e-7)


@pytest.mark.parametrize(
    "case", REFERENCE["cases"], ids=lambda case: f"{case['outcome']} {case['target']} {case['method']} {case['models']}"
)
def test_estimates(case: dict[str, Any]) -> None:
    _same(_means(case), case)


def test_scores() -> None:
    assert scores().scores == pytest.approx(REFERENCE["score"], rel=1e-8)


def test_truncated_weights() -> None:
    told = REFERENCE["truncated"]
    found = weights(scores(), "all", percentiles=(0.05, 0.95))
    assert found.limits == pytest.approx(told["limits"], rel=1e-8)
    assert found.truncated == {"smokers": told["moved"][0], "others": told["moved"][1]}
    _same(weighted(outcome("low"), found), told)


@pytest.mark.parametrize("told", REFERENCE["balance"], ids=lambda told: told["target"])
def test_balance_and_effective_numbers(told: dict[str, Any]) -> None:
    found = weights(scores(), told["target"])
    assert list(found.effective.values()) == pytest.approx(told["effective"], rel=1e-8)
    by_name = {f"{one.column.covariate}{one.column.level or ''}".replace("yes", ""): one for one in balance(found)}
    for row in told["columns"]:
        one = by_name[row["column"]]
        assert one.difference == pytest.approx(row["before"], rel=1e-8)
        assert one.weighted_difference == pytest.approx(row["after"], rel=1e-6, abs=1e-9)
        assert one.variance_ratio == pytest.approx(row["ratio_before"], rel=1e-8)
        assert one.weighted_variance_ratio == pytest.approx(row["ratio_after"], rel=1e-8)
