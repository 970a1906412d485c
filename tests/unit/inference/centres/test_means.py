"""A mean in centres that differ, as lme and dense matrices have it."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from remit.inference.centres.counts import NO_MORE
from remit.inference.centres.means import Means, means
from remit.inference.estimate import Estimate
from tests.unit.inference.reference import page, reference

CASES = reference("centres")["means"]


def by_centre(case: dict[str, Any]) -> dict[str, list[float]]:
    values: dict[str, list[float]] = {}
    for centre, value in zip(case["centre"], case["y"], strict=True):
        values.setdefault(centre, []).append(value)
    return values


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["name"]))
def test_as_in_r(case: dict[str, Any]) -> None:
    found = means(by_centre(case))
    assert found.mean.value == pytest.approx(case["mean"], rel=1e-8)
    assert found.between.value == pytest.approx(case["between"], rel=1e-5)
    assert found.within.value == pytest.approx(case["within"], rel=1e-5)
    assert [found.between.lower, found.between.upper] == pytest.approx(case["between_ends"], rel=1e-5)
    assert found.between.p == pytest.approx(math.erfc(math.sqrt(case["statistic"] / 2)) / 2, rel=1e-4)
    assert [estimate.value for estimate in found.centres.values()] == pytest.approx(case["shrunken"], rel=1e-6)


def test_rails_as_published() -> None:
    """Travel of ultrasound in six rails: J. C. Pinheiro and D. M. Bates, Mixed-Effects Models in S and S-PLUS, 2000,
    chapter 1. In docs/methods/centres.md."""
    found = means(by_centre(next(case for case in CASES if case["name"] == "Rail")))
    assert found.mean.value == pytest.approx(66.5)
    assert found.between.value == pytest.approx(24.80547, abs=1e-5)
    assert found.within.value == pytest.approx(4.020779, abs=1e-6)
    between, within = f"{found.between.value:.3f}", f"{found.within.value:.3f}"
    assert f"Mean 66.5, standard deviation between rails {between}, within {within}." in page("centres")
    assert found.intraclass.value == pytest.approx(24.80547**2 / (24.80547**2 + 4.020779**2), abs=1e-6)


def test_in_equal_centres_the_mean_has_the_interval_of_the_centres_means() -> None:
    values = {"A": [1.0, 2, 6], "B": [7.0, 9, 8], "C": [4.0, 4, 3], "D": [12.0, 9, 13]}
    centres = np.array([np.mean(its) for its in values.values()])
    half = 3.182446305284263 * centres.std(ddof=1) / 2  # Student's t with 3 degrees of freedom
    found = means(values).mean
    assert [found.lower, found.upper] == pytest.approx([centres.mean() - half, centres.mean() + half], rel=1e-6)


def test_centres_that_differ_by_chance_have_no_spread() -> None:
    found = means({"A": [1.0, 5, 3], "B": [2.0, 4, 3.1], "C": [0.0, 3, 6]})
    assert (found.between.value, found.between.lower, found.between.p, found.between.note) == (0.0, 0.0, 1.0, NO_MORE)
    assert found.within.value == pytest.approx(np.std([1.0, 5, 3, 2, 4, 3.1, 0, 3, 6], ddof=1))
    assert found.intraclass.value == 0.0
    assert found.between.upper is not None
    assert found.between.upper > 0


@pytest.mark.parametrize(
    ("values", "mean", "note"),
    [
        (
            {"A": [1.0, 2, 6], "B": []},
            3.0,
            "There is one centre, so nothing can be said of differences between centres.",
        ),
        (
            {"A": [1.0], "B": [2.0], "C": [6]},
            3.0,
            "Each centre has one patient, so centres can not be told from patients.",
        ),
        (
            {"A": [1.0, 1], "B": [4.0, 4]},
            2.5,
            "All patients of a centre have the same value, so chance can not be measured.",
        ),
        ({"A": [2.0]}, 2.0, "There is one centre, so nothing can be said of differences between centres."),
        (
            {"A": [0.0, 0], "B": [0.0]},
            0.0,
            "All patients of a centre have the same value, so chance can not be measured.",
        ),
        ({}, None, "No centre has a patient with a value."),
    ],
)
def test_where_centres_can_not_be_told_from_patients_there_is_the_mean(
    values: dict[str, list[float]], mean: float | None, note: str
) -> None:
    found = means(values)
    assert (found.mean.value, found.mean.note) == (mean, note)
    assert found.mean.lower is None or found.mean.lower < (mean or 0.0)
    assert (found.between.value, found.between.note) == (None, note)


def test_patients_who_hardly_differ_in_centres_that_do_have_the_spread_of_the_centres_means() -> None:
    found = means({"A": [1.0, 1.0001], "B": [500, 500.0001], "C": [900, 900.0002]})
    assert found.between.value == pytest.approx(np.std([1.00005, 500.00005, 900.0001], ddof=1), rel=1e-6)
    assert found.between.upper is not None
    assert found.between.upper < 10 * 450


def test_a_value_that_is_no_number_is_refused() -> None:
    with pytest.raises(ValueError, match="not a finite number"):
        means({"A": [1.0, math.nan]})


numbers = st.floats(-100, 100).map(lambda value: round(value, 2))


@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(numbers, max_size=6), min_size=1, max_size=6), st.sampled_from([1e-3, 1e4]))
def test_nothing_is_ever_nan_and_another_unit_scales_all(lists: list[list[float]], unit: float) -> None:
    values = {str(at): its for at, its in enumerate(lists)}
    found = means(values)
    scaled = means({centre: [unit * value for value in its] for centre, its in values.items()})
    for estimate in _all(found):
        assert estimate.value is not None or estimate.note is not None
        for value in (estimate.value, estimate.lower, estimate.upper, estimate.p):
            assert value is None or not math.isnan(value)
    if found.between.value and found.between.value > 0.01:
        assert scaled.between.value == pytest.approx(unit * found.between.value, rel=1e-4)
        assert scaled.between.upper == pytest.approx(unit * (found.between.upper or 0.0), rel=1e-4)
    if found.mean.value is not None:
        assert scaled.mean.value == pytest.approx(unit * found.mean.value, rel=1e-5, abs=1e-5 * unit)


def _all(found: Means) -> list[Estimate]:
    return [found.mean, found.between, found.within, found.intraclass, *found.centres.values()]
