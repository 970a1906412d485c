"""Predictors one at a time and together; what limits them is told."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from remit.inference.average_effects import average_effects
from remit.inference.concordance import c_statistic
from remit.inference.design import Covariate, CovariateError, Levels, Number, YesNo
from remit.inference.estimate import Estimate
from remit.inference.predictors import Model, modelled, multivariable, univariable
from tests.unit.inference.reference import page, reference

OUTCOME = [True, False, True, True, False, False, True, False] * 8
AGES = [float(20 + (7 * at) % 41) for at in range(64)]
NAIVE = [at % 3 == 0 for at in range(64)]


def test_enough_events_need_no_guard() -> None:
    model = multivariable(OUTCOME, [Number("age", AGES, per=10), YesNo("naive", NAIVE)])
    assert (model.patients, model.events, model.left_out) == (64, 32, 0)
    assert model.events_per_parameter == 16
    assert model.guards == ()
    assert [effect.column.name for effect in model.effects] == ["age, per 10", "naive: yes"]
    assert [test.covariate for test in model.tests] == ["age", "naive"]
    assert [test.test.p for test in model.tests] == [effect.odds_ratio.p for effect in model.effects]
    assert model.effects[0].odds_ratio.method == "logistic regression, profile likelihood 95 %"
    assert model.effects[0].wald.method == "logistic regression, Wald 95 %"


def test_fewer_than_ten_events_a_coefficient_are_told_and_fewer_than_five_ask_for_firth() -> None:
    few = [True] * 9 + [False] * 55
    nine = univariable(few, [Number("age", AGES)])[0]
    assert [guard.told for guard in nine.guards] == [
        "9 patients have the rarer outcome, for 1 coefficients: 9.0 events a coefficient, of which 10 are asked for. "
        "Odds ratios may be far off, and predictors are missed."
    ]
    assert nine.fitted is not None
    assert not nine.fitted.penalised
    both = multivariable(few, [Number("age", AGES), YesNo("naive", NAIVE)])
    assert both.fitted is not None
    assert both.fitted.penalised
    assert [guard.told for guard in both.guards] == [
        "9 patients have the rarer outcome, for 2 coefficients: 4.5 events a coefficient, of which 10 are asked for. "
        "With fewer than 5, Firth's penalised likelihood is used. Odds ratios may be far off, and predictors are "
        "missed."
    ]


def test_separation_is_told_and_has_firths_odds_ratio() -> None:
    model = multivariable(OUTCOME, [YesNo("marker", [had or at == 1 for at, had in enumerate(OUTCOME)])])
    assert [guard.told for guard in model.guards] == [
        "marker tells some patients with the outcome apart from those without (quasi-complete separation): maximum "
        "likelihood has no finite odds ratio, so Firth's penalised likelihood is used."
    ]
    (effect,) = model.effects
    assert effect.odds_ratio.value == pytest.approx(32.5 * 31.5 / (1.5 * 0.5), rel=1e-7)
    few = multivariable([True] * 4 + [False] * 8, [Number("age", range(12))])
    assert [guard.name for guard in few.guards] == ["events per parameter", "separation"]
    assert few.guards[1].told.startswith("age tells all patients with the outcome apart")


def test_unknown_values_leave_out_patients_and_are_counted() -> None:
    outcome = [None, *OUTCOME[1:]]
    ages: list[float | None] = [*AGES[:-1], None]
    assert [(model.patients, model.left_out) for model in univariable(outcome, [Number("age", ages)])] == [(62, 2)]
    both = multivariable(outcome, [Number("age", ages), YesNo("naive", NAIVE)])
    assert (both.patients, both.events, both.left_out) == (62, 31, 2)


def test_levels_are_tested_together() -> None:
    site = [("ileum", "colon", "both")[at % 3] for at in range(64)]
    model = multivariable(OUTCOME, [Levels("site", site, ("ileum", "colon", "both"))])
    assert [effect.column.level for effect in model.effects] == ["colon", "both"]
    assert [(test.covariate, test.test.freedom) for test in model.tests] == [("site", 2)]


@pytest.mark.parametrize(
    ("outcome", "note"),
    [
        ([True] * 64, "All of the 64 patients had the outcome, so nothing can predict it."),
        ([False] * 64, "None of the 64 patients had the outcome, so nothing can predict it."),
        ([None] * 64, "No patient has both the outcome and all covariates known."),
        ([True] + [None] * 63, "One patient only has both the outcome and all covariates known."),
    ],
)
def test_one_outcome_has_no_predictors(outcome: list[bool | None], note: str) -> None:
    model = multivariable(outcome, [Number("age", AGES)])
    assert (model.effects, model.fitted, model.events_per_parameter, model.note) == ((), None, None, note)
    assert model.left_out == outcome.count(None)


def test_a_covariate_that_no_model_can_take_has_a_note_alone_and_stops_the_model_of_all() -> None:
    same = Number("dose", [45.0] * 63 + [None])
    found = univariable(OUTCOME, [same, Number("age", AGES)])
    assert found[0].note == "dose: is the same for all 63 patients, so nothing can depend on it."
    assert (found[0].patients, found[0].events, found[0].left_out) == (63, 32, 1)
    assert found[1].note is None
    with pytest.raises(CovariateError, match="dose: is the same"):
        multivariable(OUTCOME, [same, Number("age", AGES)])


def test_without_covariates_there_is_no_odds_ratio() -> None:
    model = multivariable(OUTCOME, [])
    assert (model.patients, model.effects, model.events_per_parameter) == (64, (), None)


def test_other_numbers_of_patients_are_refused() -> None:
    with pytest.raises(ValueError, match="different numbers of patients"):
        multivariable(OUTCOME[:5], [Number("age", AGES)])


def test_a_model_that_does_not_converge_has_a_note(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("remit.inference.logistic_likelihood.ROUNDS", 1)
    model = multivariable(OUTCOME, [Number("age", AGES)])
    assert (model.effects, model.fitted, model.note) == ((), None, "The model did not converge.")


Patient = tuple[bool | None, int | None, bool | None, str | None]
PATIENTS = st.tuples(
    st.sampled_from([True, False, False, None]),
    st.sampled_from([0, 1, 2, 3, None]),
    st.sampled_from([True, False, None]),
    st.sampled_from(["a", "b", "c", None]),
)


def model_of(patients: list[Patient], alike: list[int] | None = None) -> Model:
    outcome, numbers, yes, levels = (list(column) for column in zip(*patients, strict=True))
    covariates: list[Covariate] = [Number("n", numbers, per=2), YesNo("yes", yes), Levels("level", levels, "abcd")]
    return modelled(outcome, covariates, alike=alike)


@settings(max_examples=80, deadline=None)
@given(st.lists(PATIENTS, min_size=1, max_size=60))
def test_patients_who_are_alike_may_stand_as_one_with_their_number(patients: list[Patient]) -> None:
    """Maximum likelihood or Firth's, separated or not, with unknown values or a covariate that no model can take."""
    kinds = Counter(patients)
    found, by_patient = model_of(list(kinds), list(kinds.values())), model_of(patients)
    assert (found.patients, found.events, found.left_out) == (
        by_patient.patients,
        by_patient.events,
        by_patient.left_out,
    )
    assert (found.note, found.guards) == (by_patient.note, by_patient.guards)
    assert [test.test.p for test in found.tests] == pytest.approx([test.test.p for test in by_patient.tests], rel=1e-6)
    for one, other in zip(found.effects, by_patient.effects, strict=True):
        assert one.column == other.column
        assert ends(one.odds_ratio) == pytest.approx(ends(other.odds_ratio), rel=1e-6)
        assert ends(one.wald) == pytest.approx(ends(other.wald), rel=1e-6)


@settings(max_examples=30, deadline=None)
@given(st.lists(PATIENTS, min_size=20, max_size=60))
def test_what_is_made_of_a_model_is_the_same_of_those_who_are_alike(patients: list[Patient]) -> None:
    kinds = Counter(patients)
    found, by_patient = model_of(list(kinds), list(kinds.values())).fitted, model_of(patients).fitted
    if found is None or by_patient is None:
        assert found is by_patient
        return
    assert np.sort(found.probabilities) == pytest.approx(np.sort(by_patient.probabilities), abs=1e-6)
    for covariate in ("n", "yes", "level"):
        pairs = zip(average_effects(found, covariate), average_effects(by_patient, covariate), strict=True)
        for one, other in pairs:
            assert ends(one.difference) == pytest.approx(ends(other.difference), abs=1e-6)
    rounded = [(fitted.probabilities.round(6), fitted.outcome) for fitted in (found, by_patient)]
    assert ends(c_statistic(*rounded[0])) == pytest.approx(ends(c_statistic(*rounded[1])), rel=1e-6)


def ends(estimate: Estimate) -> list[float | None]:
    return [estimate.value, estimate.lower, estimate.upper, estimate.p]


def test_numbers_of_those_who_are_alike_are_a_kind_each() -> None:
    with pytest.raises(ValueError, match="different numbers of patients"):
        multivariable([True, False], [Number("age", [30, 40])], alike=[3])


def of_case(name: str) -> tuple[list[list[float]], list[bool]]:
    """The columns but the intercept, and the outcome."""
    case = next(case for case in reference("logistic")["cases"] if case["name"] == name)
    return [list(column) for column in zip(*case["x"], strict=True)][1:], [had == 1 for had in case["y"]]


def told(estimate: Estimate, digits: int = 3) -> tuple[str, str]:
    value, lower, upper = estimate.value, estimate.lower, estimate.upper
    assert value is not None
    assert lower is not None
    assert upper is not None
    ends = [f"{end:.0f}" if end >= 100 else f"{end:.{digits}g}" for end in (lower, upper)]
    return f"{value:.{digits}g}", " to ".join(ends)


def test_the_table_of_endometrial_cancer_in_the_documentation() -> None:
    (marker, index, height), outcome = of_case("endometrial")
    model = multivariable(outcome, [YesNo("NV", [at == 1 for at in marker]), Number("PI", index), Number("EH", height)])
    assert (model.patients, model.events, sum(marker)) == (79, 30, 13)
    assert [guard.name for guard in model.guards] == ["separation"]
    assert model.guards[0].told.startswith("NV tells some patients")
    text = page("predictors")
    for effect in model.effects:
        (value, profile), (_, wald) = told(effect.odds_ratio), told(effect.wald)
        assert f"| {effect.column.covariate} | {value} | {profile} | {wald} | " in text
        assert effect.odds_ratio.p is not None
        assert f" {wald} | {effect.odds_ratio.p:.2g} |" in text.replace("0.000025", "2.5e-05")


def test_smoking_and_low_birth_weight_in_the_documentation() -> None:
    (age, weight, smoke, hypertension, black, other), outcome = of_case("low birth weight")
    race = ["black" if one else "other" if two else "white" for one, two in zip(black, other, strict=True)]
    covariates = [
        Number("age", age),
        Number("weight", weight),
        YesNo("smoking", [at == 1 for at in smoke]),
        YesNo("hypertension", [at == 1 for at in hypertension]),
        Levels("race", race, ("white", "black", "other")),
    ]
    model = multivariable(outcome, covariates)
    assert model.fitted is not None
    smoking = next(effect for effect in model.effects if effect.column.covariate == "smoking").odds_ratio
    (difference,) = average_effects(model.fitted, "smoking")
    found = difference.difference
    text = page("predictors")
    assert f"odds ratio {smoking.value:.2f} ({smoking.lower:.2f} to {smoking.upper:.2f})" in text
    points = [round(100 * value, 1) for value in (found.value, found.lower, found.upper) if value is not None]
    assert f"risk {points[0]} percentage points higher ({points[1]} to {points[2]})" in text
    assert f"{model.events_per_parameter:.1f} events a coefficient" in text
