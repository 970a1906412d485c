"""The mixed model for repeated measures against R, SAS, an independent likelihood, and at the edges."""

from __future__ import annotations

import math
from itertools import pairwise
from statistics import fmean, stdev
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from remit.inference import repeated_measures as module
from remit.inference.adjusted import Adjusted, Weights
from remit.inference.ancova import ancova
from remit.inference.design import CovariateError, Levels, Matrix, Number, Vector
from remit.inference.repeated_measures import RepeatedMeasures, repeated_measures
from remit.inference.t_tests import paired_t
from tests.unit.inference import pilot
from tests.unit.inference.reference import reference

R = reference("repeated_measures")
Outcomes = dict[str, list[float | None]]


def _of(case: dict[str, Any], weights: Weights = "equal") -> RepeatedMeasures:
    arm = Levels("arm", case["arm"], case["arms"])
    if "pen" not in case:
        return repeated_measures(case["outcomes"], arm, weights=weights)
    pen, born = Levels("pen", case["pen"], case["pens"]), Number("born", case["born"])
    return repeated_measures(case["outcomes"], arm, [pen], [born], weights)


@pytest.mark.parametrize(("name", "weights"), [("chicks", "equal"), ("chicks", "proportional"), ("teeth", "equal")])
def test_estimates_and_errors_as_gls_gives_them(name: str, weights: Weights) -> None:
    case = R[name]
    found = _of(case, weights)
    for mean in case[weights]["means"]:
        made = found.means[mean["arm"], mean["visit"]]
        assert (made.estimate.value, made.error) == pytest.approx((mean["value"], mean["error"]), rel=1e-5)
    for difference in case[weights]["differences"]:
        one, other = difference["contrast"].split(" - ")
        made = found.differences[one, other, difference["visit"]]
        assert (made.estimate.value, made.error) == pytest.approx((difference["value"], difference["error"]), rel=1e-5)
    assert found.covariance == pytest.approx(np.array(case["covariance"]), rel=1e-5)
    assert found.minus_twice_log_likelihood == pytest.approx(case["minus_twice_log_likelihood"], rel=1e-8)
    assert found.guards == ()


def _pilot(errors: module.Errors) -> RepeatedMeasures:
    observed = pilot.adas_cog().filter(pl.col("DTYPE").is_null(), pl.col("AVISITN") > 0)
    wide = observed.sort("AVISITN").pivot(on="AVISIT", index=["USUBJID", "TRTP", "SITEGR1", "BASE"], values="CHG")
    outcomes = {
        visit: wide[visit].to_list() for visit in observed.sort("AVISITN")["AVISIT"].unique(maintain_order=True)
    }
    return repeated_measures(outcomes, pilot.arm(wide), [pilot.site(wide)], [pilot.baseline(wide)], errors=errors)


def test_the_cdisc_pilot_as_sas_gives_it() -> None:
    """PROC MIXED with TYPE=UN and DDFM=KR on the change of ADAS-Cog at weeks 8, 16 and 24, as observed: the numbers are
    those of github.com/atorus-research/CDISC_pilot_replication, issue 6 and notes/divergences.md."""
    found = _pilot("kenward-roger")
    week = next(visit for visit in found.visits if "24" in visit)
    means = [found.means[arm, week] for arm in (pilot.PLACEBO, pilot.LOW, pilot.HIGH)]
    assert [one.estimate.value for one in means] == pytest.approx([2.3291, 1.7352, 1.5009], abs=5e-5)
    assert [one.error for one in means] == pytest.approx([0.69, 0.77, 0.84], abs=5e-3)
    low, high = (found.differences[arm, pilot.PLACEBO, week] for arm in (pilot.LOW, pilot.HIGH))
    assert (low.estimate.value, low.estimate.p) == pytest.approx((-0.5939, 0.5600), abs=5e-5)
    assert (high.estimate.value, high.estimate.p) == pytest.approx((-0.8282, 0.4403), abs=5e-5)
    assert (found.patients, found.observations) == (234, 539)


def test_kenward_and_roger_change_errors_but_not_degrees_of_freedom() -> None:
    plain, adjusted = _pilot("satterthwaite"), _pilot("kenward-roger")
    for name, mean in plain.means.items():
        assert adjusted.means[name].freedom == mean.freedom
        assert (adjusted.means[name].error or 0) > (mean.error or math.inf)


# Satterthwaite's degrees of freedom


def test_complete_visits_have_the_degrees_of_freedom_of_patients_less_arms() -> None:
    found = _of(R["teeth"])
    freedoms = [one.freedom for one in (*found.means.values(), *found.differences.values())]
    assert freedoms == pytest.approx([25] * len(freedoms), rel=1e-6)


def _minus_twice(sigma: Matrix, outcomes: Matrix, columns: np.ndarray[Any, Any]) -> tuple[float, Matrix]:
    """−2 times the restricted log-likelihood patient by patient, and the covariance of the coefficients."""
    size = columns.shape[2]
    information, moment, total = np.zeros((size, size)), np.zeros(size), 0.0
    for y, x in zip(outcomes, columns, strict=True):
        seen = ~np.isnan(y)
        inverse = np.linalg.inv(sigma[np.ix_(seen, seen)])
        information += x[seen].T @ inverse @ x[seen]
        moment += x[seen].T @ inverse @ y[seen]
        total += y[seen] @ inverse @ y[seen] - float(np.linalg.slogdet(inverse)[1])
    beta = np.linalg.solve(information, moment)
    return total - moment @ beta + float(np.linalg.slogdet(information)[1]), np.linalg.inv(information)


def test_degrees_of_freedom_from_differences_of_an_independent_likelihood() -> None:
    """The curvature and the slopes by finite differences, as the definition says."""
    drawn = np.random.default_rng(11).normal(size=(30, 3)) @ np.array([[2, 1, 0.5], [0, 2, 1], [0, 0, 1.5]])
    drawn[np.random.default_rng(12).random((30, 3)) < 0.25] = np.nan
    drawn[0] = [1, 2, 3]
    outcomes: Outcomes = {name: _unknown(drawn[:, at]) for at, name in enumerate("xyz")}
    found = repeated_measures(outcomes)
    assert found.covariance is not None
    columns = np.repeat(np.eye(3)[np.newaxis], 30, axis=0)
    lower = np.tril_indices(3)
    theta, steps = found.covariance[lower], np.eye(6) * 1e-3

    def at(shifted: Vector) -> tuple[float, Matrix]:
        sigma = np.zeros((3, 3))
        sigma[lower] = shifted
        return _minus_twice(sigma + np.tril(sigma, -1).T, drawn, columns)

    curvature = np.array(
        [
            [
                sum(s * t * at(theta + s * one + t * other)[0] for s in (-1, 1) for t in (-1, 1)) / 4e-6
                for other in steps
            ]
            for one in steps
        ]
    )
    slopes = np.array([(np.diag(at(theta + one)[1]) - np.diag(at(theta - one)[1])) / 2e-3 for one in steps])
    variances = np.diag(at(theta)[1])
    expected = 2 * variances**2 / np.einsum("ki,kl,li->i", slopes, 2 * np.linalg.inv(curvature), slopes)
    assert [found.means["all", name].freedom for name in "xyz"] == pytest.approx(expected, rel=1e-4)
    assert [found.means["all", name].error for name in "xyz"] == pytest.approx(np.sqrt(variances), rel=1e-9)


def _unknown(values: Vector) -> list[float | None]:
    return [None if math.isnan(value) else float(value) for value in values]


# What it comes to where it is simple


@pytest.mark.parametrize("errors", ["satterthwaite", "kenward-roger"])
def test_students_sleep_is_a_paired_t_test(errors: module.Errors) -> None:
    """Two drugs as two visits of ten patients: standard error 0.3890 and 9 degrees of freedom, as PROC MIXED gives them
    with both kinds of errors (github.com/openpharma/mmrm, issue 510)."""
    first = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
    second = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]
    found = repeated_measures({"first": first, "second": second}, errors=errors)
    change, mean = found.changes["all", "second", "first"], found.means["all", "second"]
    assert (change.error, change.freedom) == pytest.approx((0.3890, 9), abs=5e-5)
    pairs = paired_t([b - a for a, b in zip(first, second, strict=True)])
    assert (change.estimate.value, change.estimate.lower, change.estimate.upper, change.estimate.p) == pytest.approx(
        (pairs.value, pairs.lower, pairs.upper, pairs.p), rel=1e-6
    )
    assert (mean.estimate.value, mean.error, mean.freedom) == pytest.approx((fmean(second), stdev(second) / 10**0.5, 9))


def test_patients_with_one_visit_count_too() -> None:
    """A paired test leaves them out, and takes the change of those with both for that of all."""
    first: list[float | None] = [10.0, 12, 9, 14, 11, 8, 13, 20, 22, 19]
    second: list[float | None] = [7.0, 8, 7, 9, 8, 4, 10, None, None, None]
    found = repeated_measures({"first": first, "second": second}).changes["all", "second", "first"].estimate.value
    pairs = paired_t([b - a for a, b in zip(first, second, strict=True) if a is not None and b is not None]).value
    assert found is not None
    assert pairs is not None
    assert found < pairs


def test_one_visit_is_an_analysis_of_covariance() -> None:
    drawn = np.random.default_rng(5).normal(size=(2, 24))
    arm, base = Levels("arm", ["ab"[at % 2] for at in range(24)], "ab"), Number("base", drawn[1].tolist())
    one = repeated_measures({"end": drawn[0].tolist()}, arm, [base]).differences["b", "a", "end"]
    other = ancova(drawn[0], arm, [base]).differences["b", "a"]
    assert (one.estimate.value, one.error, one.freedom, one.estimate.p) == pytest.approx(
        (other.estimate.value, other.error, other.freedom, other.estimate.p), rel=1e-8
    )


def test_who_was_never_seen_does_not_count() -> None:
    drawn = np.random.default_rng(6).normal(size=(12, 2))
    outcomes: Outcomes = {"x": _unknown(drawn[:, 0]), "y": _unknown(drawn[:, 1])}
    arm = ["a", "b"] * 6
    one = repeated_measures(outcomes, Levels("arm", arm, "ab"))
    more: Outcomes = {name: [*values, None, None] for name, values in outcomes.items()}
    other = repeated_measures(more, Levels("arm", [*arm, "a", "b"], "ab"))
    assert one.means == other.means
    assert other.patients == 12


# Edges


def _drawn(patients: int, visits: int = 3, seed: int = 1) -> Outcomes:
    drawn = np.random.default_rng(seed).normal(size=(patients, visits)).cumsum(axis=1)
    return {f"week {visit}": drawn[:, visit].tolist() for visit in range(visits)}


def test_nobody_was_seen() -> None:
    with pytest.raises(ValueError, match="nobody was seen at any visit"):
        repeated_measures({"x": [None, None]})


def test_a_visit_that_nobody_came_to() -> None:
    found = repeated_measures(_drawn(20) | {"week 9": [None] * 20})
    assert found.visits == ("week 0", "week 1", "week 2")
    assert found.means["all", "week 9"].estimate.note == "nobody was seen at week 9"
    assert found.means["all", "week 0"].estimate.lower is not None


def test_an_arm_that_was_not_seen_at_a_visit() -> None:
    outcomes = _drawn(20)
    outcomes["week 2"][:10] = [None] * 10
    found = repeated_measures(outcomes, Levels("arm", ["a"] * 10 + ["b"] * 10, "ab"), by_visit=[_age(20)])
    assert found.means["a", "week 2"].estimate.note == "nobody in a was seen at week 2"
    assert found.differences["b", "a", "week 2"].estimate.note == "nobody in a was seen at week 2"
    assert found.means["b", "week 2"].estimate.value is not None


def _age(patients: int) -> Number:
    return Number("age", [30.0 + at * at % 7 for at in range(patients)])


def _note(found: RepeatedMeasures) -> str | None:
    """Of a model that could not be fitted: the same everywhere."""
    assert found.covariance is None
    assert found.minus_twice_log_likelihood is None
    assert found.guards[-1].name == "not fitted"
    every = [*found.means.values(), *found.differences.values(), *found.changes.values()]
    assert all(one == Adjusted(one.estimate) and one.estimate.value is None for one in every)
    assert all(one.estimate == other.estimate for one, other in pairwise(every))
    return every[0].estimate.note


def test_visits_that_no_patient_shares() -> None:
    outcomes = _drawn(20, 2)
    outcomes["week 0"][:10] = [None] * 10
    outcomes["week 1"][10:] = [None] * 10
    assert _note(repeated_measures(outcomes)) == "no patient was seen both at week 0 and at week 1"


def test_a_visit_at_which_all_are_the_same() -> None:
    assert _note(repeated_measures(_drawn(9, 1) | {"flat": [2.0] * 9})) == "all outcomes at flat are the same"


def test_fewer_patients_than_coefficients() -> None:
    found = repeated_measures(_drawn(2), Levels("arm", ["a", "b"], "ab"))
    assert _note(found) == "2 patients seen at week 0 are too few for the 2 coefficients there"


def test_too_few_patients_for_the_covariance_of_many_visits() -> None:
    """Three patients, one mean each: two degrees of freedom cannot give the covariance of three visits."""
    assert _note(repeated_measures(_drawn(3))) == (
        "the fit did not converge, because too few patients have several visits, "
        "or because the outcomes of some visits determine those of others"
    )


def test_steps_without_end_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_STEPS", 1)
    assert "did not converge" in str(_note(repeated_measures(_drawn(20))))


def test_few_patients_for_the_covariance_are_told() -> None:
    (guard,) = repeated_measures(_drawn(6)).guards
    assert guard.name == "few patients for covariance"
    assert guard.told == (
        "The mixed model takes 6 variances and covariances of 3 visits from 6 patients: they are too few to rely on it."
    )
    assert repeated_measures(_drawn(7)).guards == ()


def test_covariates_that_are_the_same_in_those_who_were_seen() -> None:
    """Among those at the first visit z is x, at the second it is twice x, and both are 0 in those who came to both."""
    x, z = [1, 2, 3, 1, 2, 4, 0, 0, 0], [1, 2, 3, 2, 4, 8, 0, 0, 0]
    first = [2.0, 1, 3, None, None, None, 2, 4, 1]
    second = [None, None, None, 1.0, 4, 2, 3, 5, 2]
    outcomes: Outcomes = {"first": first, "second": second}
    found = repeated_measures(outcomes, covariates=[Number("z", z)], by_visit=[Number("x", x)])
    assert _note(found) == "the covariates and the visits cannot be told apart among those who were seen"


@pytest.mark.parametrize(
    ("covariate", "told"),
    [
        (Number("age", [40.0] * 20), "age: .*is the same for all 20 patients"),
        (Number("age", [40.0, None] * 10), "age: .*is unknown for 10 of 20 patients"),
        (Number("age", [40.0] * 19), "age: has 19 values for 20 patients"),
        (Number("age", [40.0] * 10 + [41.0] * 10), "age: at week 2, is the same for all 10 patients"),
        (Levels("site", ["s"] * 10 + ["t", "u"] * 5, "stu"), "site: nobody with s was seen at week 2"),
    ],
)
def test_a_covariate_that_no_model_can_take(covariate: Number | Levels, told: str) -> None:
    outcomes = _drawn(20)
    outcomes["week 2"][:10] = [None] * 10
    with pytest.raises(CovariateError, match=told):
        repeated_measures(outcomes, by_visit=[covariate])


def test_an_infinite_outcome() -> None:
    with pytest.raises(ValueError, match="at x is one that is not finite"):
        repeated_measures({"x": [1.0, math.inf]})


# Properties


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10**6), st.floats(-50, 50), st.floats(0.01, 100))
def test_units_do_not_matter(seed: int, shift: float, scale: float) -> None:
    outcomes = _drawn(15, seed=seed)
    arm = Levels("arm", ["a", "b", "b"] * 5, "ab")
    one = repeated_measures(outcomes, arm)
    other = repeated_measures(
        {name: [shift + scale * y for y in ys if y is not None] for name, ys in outcomes.items()}, arm
    )
    for name, difference in one.differences.items():
        assert difference.error is not None
        turned = other.differences[name]
        assert turned.error == pytest.approx(scale * difference.error, rel=1e-4)
        assert turned.freedom == pytest.approx(difference.freedom, rel=1e-3)


cells = st.one_of(st.none(), st.integers(-5, 5).map(float))


@settings(deadline=None, max_examples=100)
@given(st.lists(st.tuples(cells, cells, cells), min_size=2, max_size=14), st.booleans())
def test_every_number_is_a_number(rows: list[tuple[float | None, ...]], by_arm: bool) -> None:
    """However few were seen: a number, or none and a note."""
    outcomes: Outcomes = {name: [row[at] for row in rows] for at, name in enumerate("xyz")}
    arm = Levels("arm", ["ab"[at % 2] for at in range(len(rows))], "ab") if by_arm else None
    try:
        found = repeated_measures(outcomes, arm)
    except ValueError:
        return
    for one in (*found.means.values(), *found.differences.values(), *found.changes.values()):
        made = one.estimate
        assert all(
            end is None or math.isfinite(end)
            for end in (made.value, made.lower, made.upper, made.p, one.error, one.freedom)
        )
        assert (made.lower is None) == (made.note is not None)
