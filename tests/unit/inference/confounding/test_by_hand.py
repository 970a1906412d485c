"""One confounder, yes or no, worked out with a pencil.

              steroids          no steroids       all
    drug      6 of 20 (30 %)    15 of 30 (50 %)   50
    cohort    4 of 40 (10 %)    4 of 10 (40 %)    50

Of the 100 patients 60 have steroids. If all had the drug: 0.6 · 0.30 + 0.4 · 0.50 = 0.38; if nobody had it:
0.6 · 0.10 + 0.4 · 0.40 = 0.22. In the patients with the drug 20 of 50 have steroids: 0.42 against 0.28. In the cohort
40 of 50 have them: 0.34 against 0.16.

The score is 20 of 60 with steroids and 30 of 40 without. Overlap weights those with steroids by 60 · 1/3 · 2/3 = 13.333
and the others by 40 · 3/4 · 1/4 = 7.5: (13.333 · 0.30 + 7.5 · 0.50) / 20.833 = 0.372, and 0.208.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from remit.inference.confounding.arms import arms
from remit.inference.confounding.balance import balance, largest
from remit.inference.confounding.means import Means, difference, odds_ratio, of_comparator, of_treated, ratio
from remit.inference.confounding.outcomes import doubly_robust, standardised, weighted
from remit.inference.confounding.propensity import Propensity, propensity
from remit.inference.confounding.support import support
from remit.inference.confounding.weights import Target, weights
from remit.inference.design import YesNo

CELLS = {  # steroids, with the drug: with the event, of
    (True, True): (6, 20),
    (False, True): (15, 30),
    (True, False): (4, 40),
    (False, False): (4, 10),
}
RISKS: dict[Target, tuple[float, float]] = {
    "all": (0.38, 0.22),
    "treated": (0.42, 0.28),
    "comparator": (0.34, 0.16),
    "overlap": (0.372, 0.208),
}
METHODS = ("weighted", "standardised", "doubly robust")


def cohort() -> tuple[Propensity, NDArray[np.bool_]]:
    steroids: list[bool] = []
    drug: list[bool] = []
    event: list[bool] = []
    for (steroid, treated), (events, of) in CELLS.items():
        steroids += [steroid] * of
        drug += [treated] * of
        event += [True] * events + [False] * (of - events)
    return propensity(arms(drug, "drug", "cohort"), [YesNo("steroids", steroids)]), np.array(event)


def found_by(method: str, target: Target) -> Means:
    scores, event = cohort()
    match method:
        case "weighted":
            return weighted(event, weights(scores, target))
        case "standardised":
            return standardised(event, scores, target)
        case _:
            return doubly_robust(event, weights(scores, target))


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("target", RISKS)
def test_each_method_is_direct_standardisation(method: str, target: Target) -> None:
    treated, comparator = RISKS[target]
    found = found_by(method, target)
    assert (found.treated, found.comparator) == pytest.approx((treated, comparator), abs=1e-10)
    assert difference(found).value == pytest.approx(treated - comparator, abs=1e-10)
    assert ratio(found).value == pytest.approx(treated / comparator, rel=1e-9)
    odds = treated / (1 - treated) / (comparator / (1 - comparator))
    assert odds_ratio(found).value == pytest.approx(odds, rel=1e-9)


@pytest.mark.parametrize("method", METHODS)
def test_the_variance_is_that_of_the_strata_with_the_shares_of_steroids_estimated(method: str) -> None:
    """var = Σ share² p(1 − p)/n over the strata, and (effect with steroids − effect without)² · 0.6 · 0.4 / 100."""
    shares = {True: 0.6, False: 0.4}
    within = sum(
        shares[steroid] ** 2 * events / of * (1 - events / of) / of for (steroid, _), (events, of) in CELLS.items()
    )
    effects = {steroid: CELLS[steroid, True][0] / CELLS[steroid, True][1] for steroid in shares}
    effects = {steroid: one - CELLS[steroid, False][0] / CELLS[steroid, False][1] for steroid, one in effects.items()}
    between = (effects[True] - effects[False]) ** 2 * 0.6 * 0.4 / 100
    found = difference(found_by(method, "all"))
    half = 1.959963984540054 * math.sqrt(within + between)
    assert (found.lower, found.upper) == pytest.approx((0.16 - half, 0.16 + half), abs=1e-10)


def test_the_formula_of_lunceford_and_davidian() -> None:
    """Their second estimator's variance: n⁻² Σ [Z(Y−μ₁)/e − (1−Z)(Y−μ₀)/(1−e) − (Z−e) H′E⁻¹X]²."""
    scores, event = cohort()
    x, z, e, y = scores.design.matrix, scores.arms.treated, scores.scores, event.astype(float)
    one, other = (z * y / e).sum() / (z / e).sum(), (~z * y / (1 - e)).sum() / (~z / (1 - e)).sum()
    information = (x * (e * (1 - e))[:, None]).T @ x / y.size
    h = ((z * (y - one) * (1 - e) / e + ~z * (y - other) * e / (1 - e))[:, None] * x).mean(axis=0)
    parts = z * (y - one) / e - ~z * (y - other) / (1 - e) - (z - e) * (x @ np.linalg.solve(information, h))
    found = difference(weighted(event, weights(scores, "all")))
    assert found.upper == pytest.approx(one - other + 1.959963984540054 * math.sqrt((parts**2).sum()) / y.size)


def test_the_score_taken_as_known_makes_the_interval_of_all_wider() -> None:
    scores, event = cohort()
    by = weights(scores, "all")
    found, known = difference(weighted(event, by)), difference(weighted(event, by, score_known=True))
    assert found.value == known.value
    assert known.upper is not None
    assert found.upper is not None
    assert known.upper > found.upper
    assert known.method == ("difference, propensity-score weights, robust variance with the score taken as known, 95 %")


def test_weights() -> None:
    scores, _ = cohort()
    treated, steroids = scores.arms.treated, np.array(scores.covariates[0].values)
    four = (treated & steroids, treated & ~steroids, ~treated & steroids, ~treated & ~steroids)
    expected: dict[Target, tuple[float, float, float, float]] = {
        "all": (3, 4 / 3, 1.5, 4),
        "treated": (1, 1, 0.5, 3),
        "comparator": (2, 1 / 3, 1, 1),
        "overlap": (2 / 3, 1 / 4, 1 / 3, 3 / 4),
    }
    for target, told in expected.items():
        by = weights(scores, target)
        assert [by.values[who].mean() for who in four] == pytest.approx(told)
        assert [np.ptp(by.values[who]) for who in four] == pytest.approx([0, 0, 0, 0])
    stable = weights(scores, "all", stabilised=True)
    assert [stable.values[who].mean() for who in four] == pytest.approx((1.5, 2 / 3, 0.75, 2))
    assert stable.values.mean() == pytest.approx(1)
    by = weights(scores, "all")
    assert by.effective == pytest.approx(
        {"drug": 100**2 / (20 * 9 + 30 * 16 / 9), "cohort": 100**2 / (40 * 2.25 + 160)}
    )
    assert by.largest_share == pytest.approx({"drug": 0.03, "cohort": 0.04})


def test_balance() -> None:
    """40 % against 80 % with steroids; the root of (0.4 · 0.6 + 0.8 · 0.2)/2 is the standard deviation."""
    scores, _ = cohort()
    (found,) = balance(weights(scores, "treated"))
    assert found.means == pytest.approx((0.4, 0.8))
    assert found.difference == pytest.approx(-0.4 / math.sqrt(0.2))
    assert found.weighted_means == pytest.approx((0.4, 0.4))
    assert found.weighted_difference == pytest.approx(0, abs=1e-12)
    assert (found.variance_ratio, found.weighted_variance_ratio) == (None, None)
    assert largest((found,), after=False) is found
    assert largest((), after=True) is None


def test_support() -> None:
    scores, _ = cohort()
    found = support(scores)
    assert found.common == pytest.approx((1 / 3, 3 / 4))
    assert found.outside_share == 0
    assert sum(found.treated.histogram) == found.treated.patients == 50
    assert found.treated.histogram[6] == 20


def test_a_risk_has_an_interval_within_0_and_1_and_no_p() -> None:
    found = found_by("weighted", "all")
    for told in (of_treated(found), of_comparator(found)):
        assert told.lower is not None
        assert told.upper is not None
        assert told.value is not None
        assert 0 < told.lower < told.value < told.upper < 1
        assert told.p is None
