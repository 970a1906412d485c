"""Covariates as a matrix, and those that no model can take."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.inference.design import Covariate, CovariateError, Levels, Number, YesNo, design, known

SITES = ("ileum", "colon", "both")


def test_numbers_levels_and_yes_or_no_become_columns_after_the_intercept() -> None:
    made = design(
        [
            Number("age", [20, 40, 30, 50, 60], per=10),
            YesNo("steroids", [True, False, False, True, True]),
            Levels("site", ["both", "colon", "ileum", "ileum", "both"], SITES, reference="colon"),
        ]
    )
    assert made.names == ("intercept", "age, per 10", "steroids: yes", "site: ileum", "site: both")
    assert made.matrix.tolist() == [
        [1, 2, 1, 0, 1],
        [1, 4, 0, 0, 0],
        [1, 3, 0, 1, 0],
        [1, 5, 1, 1, 0],
        [1, 6, 1, 0, 1],
    ]
    assert made.of("site") == (3, 4)
    assert made.columns[3].reference == "colon"
    assert {column.name for column in made.columns if column.per == 1} >= {"steroids: yes"}


def test_the_first_level_is_the_reference_unless_another_is_named() -> None:
    made = design([Levels("site", ["ileum", "colon", "colon", "ileum"], SITES[:2])])
    assert made.names == ("intercept", "site: colon")


def test_without_covariates_there_is_the_intercept() -> None:
    assert design([], patients=3).matrix.tolist() == [[1], [1], [1]]


def test_a_level_of_nobody_or_of_one_patient_is_told() -> None:
    made = design([Levels("site", ["ileum", "ileum", "colon"], SITES)])
    assert made.names == ("intercept", "site: colon")
    assert [(guard.name, guard.told) for guard in made.guards] == [
        ("single patient", "site: one patient only has the level colon."),
        ("empty level", "site: nobody has the level both; the model leaves it out."),
    ]


@pytest.mark.parametrize(
    ("covariates", "name", "why"),
    [
        ([Number("age", [30, 30, 30])], "age", "is the same for all 3 patients, so nothing can depend on it"),
        ([Number("age", [0.3, 0.1 + 0.2])], "age", "is the same for all 2 patients, so nothing can depend on it"),
        ([YesNo("sex", [])], "sex", "is the same for all 0 patients, so nothing can depend on it"),
        ([Number("age", [30, None, 31])], "age", "is unknown for 1 of 3 patients"),
        ([Number("age", [30, 1.0, float("nan")])], "age", "holds a value that is not a finite number"),
        ([Number("age", [30, 31], per=0)], "age", "its coefficient is told per 0, which is not above 0"),
        ([Levels("site", ["a", "b"], [])], "site", "a, b: not among its levels "),
        ([Levels("site", ["a", "b"], ["a", "b", "a"])], "site", "a level is named twice among a, b, a"),
        ([Levels("site", ["a", "b"], ["a", "c"])], "site", "b: not among its levels a, c"),
        (
            [Levels("site", ["a", "b"], ["a", "b"], reference="z")],
            "site",
            "its reference z is not among its levels a, b",
        ),
        (
            [Levels("site", ["a", "b"], ["c", "a", "b"])],
            "site",
            "nobody has the reference level c; choose a level that patients have",
        ),
        ([Number("age", [1, 2]), Number("age", [2, 1])], "age", "is named twice"),
        ([Number("age", [1, 2]), YesNo("sex", [True])], "sex", "has 1 values for 2 patients"),
        (
            [Number("weight", [60, 70, 85, 91]), Number("stones", [120, 140, 170, 182])],
            "stones",
            "follows wholly from weight among these 4 patients; leave one of them out",
        ),
        (
            [
                YesNo("naive", [True, True, False, False, True]),
                Number("age", [30, 44, 51, 23, 60]),
                Levels("line", ["1", "1", "2", "3", "1"], ["1", "2", "3"], reference="2"),
            ],
            "line",
            "follows wholly from naive among these 5 patients; leave one of them out",
        ),
    ],
)
def test_what_no_model_can_take_is_named(covariates: list[Covariate], name: str, why: str) -> None:
    with pytest.raises(CovariateError) as caught:
        design(covariates)
    assert (caught.value.covariate, caught.value.why) == (name, why)
    assert str(caught.value) == f"{name}: {why}"


def test_known_says_who_has_a_value_of_each() -> None:
    covariates = [Number("age", [30, None, 31]), YesNo("sex", [None, True, True])]
    assert known(covariates).tolist() == [False, False, True]


@given(st.lists(st.integers(-50, 50), min_size=3, max_size=20, unique=True), st.sampled_from([1e-4, 1.0, 1e6]))
def test_a_number_in_another_unit_adds_nothing(values: list[int], unit: float) -> None:
    with pytest.raises(CovariateError, match="follows wholly from value"):
        design([Number("value", values), Number("again", [value * unit + 7 for value in values])])


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=2, max_size=12))
def test_a_design_has_full_rank_or_is_refused(patients: list[tuple[bool, bool]]) -> None:
    first, second = ([patient[at] for patient in patients] for at in (0, 1))
    whole = np.array([[1, one, two] for one, two in patients], dtype=float)
    try:
        made = design([YesNo("first", first), YesNo("second", second)])
    except CovariateError:
        assert np.linalg.matrix_rank(whole) < 3
    else:
        assert np.array_equal(made.matrix, whole)
        assert np.linalg.matrix_rank(whole) == 3


def test_a_row_may_be_of_several_patients_and_what_is_told_counts_them_all() -> None:
    sites = Levels("site", ["ileum", "colon", "both"], [*SITES, "anal"])
    made = design([sites], alike=np.array([5, 2, 1]))
    assert [guard.told for guard in made.guards] == [
        "site: one patient only has the level both.",
        "site: nobody has the level anal; the model leaves it out.",
    ]
    assert made.counts.tolist() == [5, 2, 1]
    assert made.by_patient(np.array([1, 2, 3])).tolist() == [1, 1, 1, 1, 1, 2, 2, 3]
    with pytest.raises(CovariateError, match="is the same for all 8 patients"):
        design([Number("age", [30, 30])], alike=np.array([5, 3]))
    with pytest.raises(CovariateError, match="is unknown for 3 of 8 patients"):
        design([Number("age", [30, None])], alike=np.array([5, 3]))
    with pytest.raises(CovariateError, match="pounds: follows wholly from kilograms among these 8 patients"):
        design([Number("kilograms", [1, 2, 4]), Number("pounds", [2, 4, 8])], alike=np.array([5, 2, 1]))
