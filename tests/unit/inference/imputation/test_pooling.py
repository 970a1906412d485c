"""Rubin's rules against R's mice, and where they have nothing to say."""

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from remit.inference.imputation.pooling import difference_of_means, estimated, few_imputations, mean, pool
from tests.unit.inference.reference import page

REFERENCE = json.loads((Path(__file__).parents[3] / "reference" / "rubin.json").read_text("utf-8"))


@pytest.mark.parametrize("case", REFERENCE["cases"], ids=lambda case: str(case["name"]))
def test_pooled_as_mice_does(case: dict[str, Any]) -> None:
    pooled = pool(case["values"], case["variances"], case["complete"] or math.inf)
    found = estimated(pooled, null=0.0)
    got = {
        "value": pooled.value,
        "error": pooled.error,
        "freedom": pooled.freedom,
        "increase": pooled.increase,
        "fmi": pooled.missing_information,
        "lower": found.lower,
        "upper": found.upper,
        "p": found.p,
    }
    assert got == pytest.approx({name: case[name] for name in got}, rel=1e-8, abs=1e-12)


@pytest.mark.parametrize(
    ("name", "values", "errors"),
    [
        ("oxygen", (47.0120, 47.2407, 47.4995, 47.1485, 47.0042), (0.95984, 0.93540, 1.00766, 0.95439, 0.96528)),
        ("run time", (10.4441, 10.5040, 10.5922, 10.5279, 10.4913), (0.28520, 0.26661, 0.26302, 0.26405, 0.27275)),
        ("pulse", (171.216, 171.244, 171.909, 171.146, 172.072), (1.59910, 1.75638, 1.85795, 1.75011, 1.84807)),
    ],
)
def test_the_fitness_course_of_sas_on_the_page(name: str, values: tuple[float, ...], errors: tuple[float, ...]) -> None:
    """SAS/STAT User's Guide, The MIANALYZE Procedure; five imputations, 30 degrees of freedom of the complete data."""
    pooled = pool(values, [error**2 for error in errors], 30)
    found = estimated(pooled)
    told = page("multiple-imputation").split(f"| {name} |")[1].split("|")[:4]
    printed = [float(number) for cell in told for number in cell.split(" to ")]
    assert (pooled.value, pooled.error, pooled.freedom, found.lower, found.upper) == pytest.approx(printed, abs=1.1e-3)
    assert (pooled.value, pooled.error, found.lower, found.upper) == pytest.approx(
        [*printed[:2], *printed[3:]], abs=2e-4
    )


def test_with_nothing_missing_it_is_the_estimate_of_the_complete_data() -> None:
    pooled = pool([2.0, 2.0, 2.0], [0.25, 0.25, 0.25])
    found = estimated(pooled, null=2 - 0.5 * 1.959963984540054)
    assert (pooled.error, pooled.increase, pooled.freedom, pooled.missing_information) == (0.5, 0, math.inf, 0)
    assert found.lower == pytest.approx(2 - 0.5 * 1.959963984540054)
    assert found.p == pytest.approx(0.05)
    assert pool([2.0, 2.0], [0.25, 0.25], 63).freedom == 64 / 66 * 63  # Barnard and Rubin's for complete data


def test_equal_patients_have_a_value_but_no_interval() -> None:
    found = estimated(mean(np.full((5, 8), 3.0)), null=0.0)
    assert (found.value, found.lower, found.upper, found.p) == (3.0, None, None, None)
    assert found.note == "all patients have the same value, so there is no interval"


def test_imputations_without_variance_inside_say_nothing_of_the_precision() -> None:
    pooled = pool([0.0, 1.0], [0.0, 0.0], 10)
    found = estimated(pooled, null=0.0)
    assert (pooled.increase, pooled.missing_information, pooled.freedom) == (math.inf, 1.0, 0.0)
    assert (found.lower, found.p) == (None, None)
    assert found.note is not None


def test_a_mean_of_two_completed_data_sets_by_hand() -> None:
    # means 2 and 3, variances 1 and 1 (of 3 patients: 1/3 each), between them 0.5, so 1/3 + 1.5 x 0.5
    pooled = mean(np.array([[1.0, 2.0, 3.0], [2.0, 3.0, 4.0]]))
    assert pooled.value == 2.5
    assert pooled.error == pytest.approx(math.sqrt(1 / 3 + 0.75))


def test_a_difference_of_means_has_welchs_degrees_of_freedom() -> None:
    one, two = np.array([[1.0, 2.0, 4.0, 5.0]] * 3), np.array([[2.0, 2.0, 3.0]] * 3)
    pooled = difference_of_means(one, two)
    first, second = 10 / 3 / 4, 1 / 3 / 3
    welch = (first + second) ** 2 / (first**2 / 3 + second**2 / 2)
    assert pooled.value == pytest.approx(3 - 7 / 3)
    assert pooled.error == pytest.approx(math.sqrt(first + second))
    assert pooled.freedom == pytest.approx((welch + 1) / (welch + 3) * welch)


def test_groups_that_do_not_vary_differ_without_an_interval() -> None:
    found = estimated(difference_of_means(np.full((3, 4), 2.0), np.full((3, 5), 1.0)))
    assert (found.value, found.lower) == (1.0, None)


def test_too_few_imputations_are_told() -> None:
    pooled = pool([0.0, 1.0, 2.0, 0.5, 1.5], [0.5] * 5)
    guard = few_imputations(pooled)
    assert pooled.missing_information == pytest.approx(0.6567, abs=1e-4)
    assert guard is not None
    assert guard.name == "few-imputations"
    assert guard.told.startswith("66 % of the information is missing, but there are only 5 imputations")
    assert few_imputations(pool([1.0] * 5, [0.5] * 5)) is None


@pytest.mark.parametrize(
    ("values", "variances"),
    [([1.0], [1.0]), ([1.0, 2.0], [1.0]), ([1.0, math.nan], [1.0, 1.0]), ([1.0, 2.0], [1.0, -1.0])],
)
def test_wrong_use(values: list[float], variances: list[float]) -> None:
    with pytest.raises(ValueError, match=r"pooling needs|unknown, infinite or negative"):
        pool(values, variances)


def test_a_mean_needs_two_patients() -> None:
    with pytest.raises(ValueError, match="two patients or more"):
        mean(np.ones((5, 1)))
