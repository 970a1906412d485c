"""Average effects on the risk, as plain differences of R's predictions have them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from remit.inference.average_effects import FIRTH, average_effects
from remit.inference.design import INTERCEPT, Column, Design, Levels, Number, YesNo, design
from remit.inference.logistic import Fit, fit
from tests.unit.inference.reference import page, reference

CASES = reference("logistic")["cases"]
LEVELS = {"smoke": "smoke", "ht": "ht", "NV": "NV", "race2": "race", "race3": "race"}


def fitted(case: dict[str, Any]) -> Fit:
    columns = [
        Column(LEVELS[term], level=term, reference="no") if term in LEVELS else Column(term)
        for term in case["terms"][1:]
    ]
    made = Design(np.array(case["x"], dtype=float), (INTERCEPT, *columns))
    return fit(made, np.array(case["y"]) == 1, penalised=case["firth"])


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['name']}{', Firth' if case['firth'] else ''}")
def test_as_in_r(case: dict[str, Any]) -> None:
    model = fitted(case)
    covariates = dict.fromkeys(column.covariate for column in model.design.columns[1:])
    found = [effect.difference for covariate in covariates for effect in average_effects(model, covariate)]
    for estimate, told in zip(found, case["average_effects"], strict=True):
        assert estimate.value == pytest.approx(told["value"], rel=1e-7)
        assert estimate.upper is not None
        assert estimate.value is not None
        assert (estimate.upper - estimate.value) / 1.959963984540054 == pytest.approx(told["error"], rel=1e-7)
        assert estimate.note == (FIRTH if case["firth"] else None)


def test_gears_as_stata_has_them_on_the_page() -> None:
    """`margins, dydx(*)` after `logit am cyl hp wt`, as the vignettes of R's package margins print it."""
    printed = {
        "cyl": (0.0214527, -0.0706157, 0.1135212),
        "hp": (0.0014339, 0.0002224, 0.0026455),
        "wt": (-0.4025475, -0.6287466, -0.1763484),
    }
    cars = reference("logistic")["cars"]
    model = fit(design([Number(name, cars[name]) for name in printed]), np.array(cars["am"]) == 1)
    for name, numbers in printed.items():
        (effect,) = average_effects(model, name)
        found = effect.difference
        assert (found.value, found.lower, found.upper) == pytest.approx(numbers, abs=1.5e-7)
        row = f"| {name} | {found.value:.5f} | {found.lower:.5f} to {found.upper:.5f} |"
        assert row.replace("-", "−") in page("predictors")


def test_alone_a_level_has_the_plain_risk_difference() -> None:
    exposed = [True] * 20 + [False] * 30
    outcome = np.array([True] * 12 + [False] * 8 + [True] * 6 + [False] * 24)
    (effect,) = average_effects(fit(design([YesNo("exposed", exposed)]), outcome), "exposed")
    error = (0.6 * 0.4 / 20 + 0.2 * 0.8 / 30) ** 0.5
    assert effect.difference.value == pytest.approx(0.4)
    assert effect.difference.lower == pytest.approx(0.4 - 1.959963984540054 * error)
    assert effect.difference.method == "standardised risk difference, delta method 95 %"


def test_levels_are_compared_with_the_reference_and_a_number_by_its_slope() -> None:
    sites, ages = ["ileum", "colon", "both"] * 8, [float(20 + 7 * at % 31) for at in range(24)]
    made = design([Levels("site", sites, ["ileum", "colon", "both"]), Number("age", ages, per=10)])
    model = fit(made, np.array([True, True, False, False] * 6))
    assert [effect.column.name for effect in average_effects(model, "site")] == ["site: colon", "site: both"]
    (slope,) = average_effects(model, "age")
    assert slope.difference.method == "average marginal effect, delta method 95 %"


def test_a_covariate_that_the_model_has_not_is_refused() -> None:
    with pytest.raises(ValueError, match="sex is not in the model"):
        average_effects(fitted(CASES[0]), "sex")
