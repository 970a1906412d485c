"""Cox's regression against R's survival: `tests/reference/cox.R` made the numbers."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from remit.inference.cox import (
    NOBODY,
    TOO_LARGE,
    CoxModel,
    cox,
    hazard_ratios,
    profile_hazard_ratio,
)
from remit.inference.design import Covariate, CovariateError, Levels, Number
from remit.inference.estimate import Estimate
from remit.inference.log_rank import log_rank
from remit.inference.proportional_hazards import Scale, proportionality
from tests.unit.inference.reference import page, reference

IN_R: dict[str, Any] = reference("cox")
MODELS: dict[str, Any] = IN_R["models"]
WITH_PROFILE = [name for name, case in MODELS.items() if "profile" in case]


def covariates(case: dict[str, Any]) -> list[Covariate]:
    levels = case["levels"] or {}
    return [
        Levels(name, values, levels[name]) if name in levels else Number(name, values)
        for name, values in case["covariates"].items()
    ]


def fit(case: dict[str, Any]) -> CoxModel:
    return cox(case["time"], case["event"], covariates(case), case["strata"], case["ties"])


def near(found: object, wanted: object) -> bool:
    return bool(np.allclose(np.array(found, dtype=float).ravel(), np.array(wanted, dtype=float).ravel(), 1e-7, 1e-10))


@pytest.mark.parametrize("name", MODELS)
def test_the_coefficients_and_tests_are_those_of_r(name: str) -> None:
    case = MODELS[name]
    model = fit(case)
    assert near([one.value for one in model.coefficients], case["value"])
    assert near([one.standard_error for one in model.coefficients], case["error"])
    assert near(model.covariance, case["covariance"])
    assert near(model.log_likelihood, case["log"][1])
    for test, wanted in ((model.likelihood_ratio, case["ratio"]), (model.score, case["score"])):
        assert near([test.statistic, test.freedom, test.p], wanted)
    assert model.wald.statistic == pytest.approx(case["wald"][0], abs=0.0051)  # R rounds it to two digits
    assert near(model.wald.freedom, case["wald"][1])
    assert (model.patients, model.events) == (len(case["time"]), sum(case["event"]))


@pytest.mark.parametrize("name", MODELS)
def test_the_hazard_ratios_are_those_of_r(name: str) -> None:
    case = MODELS[name]
    found = hazard_ratios(fit(case))
    assert near([(one.value, one.lower, one.upper) for one in found], case["ratios"])
    assert near([one.p for one in found], case["p"])


@pytest.mark.parametrize("name", WITH_PROFILE)
def test_the_profile_likelihood_is_that_of_r(name: str) -> None:
    case = MODELS[name]
    model = fit(case)
    for at, (lower, upper, p) in enumerate(np.reshape(case["profile"], (-1, 3))):
        found = profile_hazard_ratio(model, at)
        assert found.lower == pytest.approx(math.exp(lower), rel=1e-5)
        assert found.upper == pytest.approx(math.exp(upper), rel=1e-5)
        assert found.p == pytest.approx(p, rel=1e-5)


@pytest.mark.parametrize("scale", ["km", "identity"])
@pytest.mark.parametrize("name", MODELS)
def test_proportionality_is_that_of_r(name: str, scale: Scale) -> None:
    case = MODELS[name]
    wanted = case["zph"][scale]
    found = proportionality(fit(case), scale)
    tests = [*found.covariates.values(), found.together]
    assert near([test.statistic for test in tests], wanted["statistic"])
    assert [test.freedom for test in tests] == wanted["freedom"]
    assert near([test.p for test in tests], wanted["p"])
    doubted = [name for name, test in found.covariates.items() if test.p is not None and test.p < 0.05]
    assert [guard.told.split(":")[0] for guard in found.guards] == doubted


def test_a_group_without_events_is_told_and_the_others_are_those_of_r() -> None:
    case = IN_R["limit"]
    groups = Levels("cells", case["celltype"], case["levels"])
    model = cox(case["time"], case["event"], [groups, Number("karno", case["karno"])])
    large = next(one for one in model.coefficients if one.column.level == "large")
    assert (large.value, large.standard_error) == (None, None)
    assert large.note == "the hazard ratio that fits best is 0: no event tells its limit"
    finite = [one for one in model.coefficients if one is not large]
    assert [one.value for one in finite] == pytest.approx(case["value"], rel=1e-5)
    assert [one.standard_error for one in finite] == pytest.approx(case["error"], rel=1e-5)
    assert model.log_likelihood == pytest.approx(case["log"][1], rel=1e-8)
    assert [guard.name for guard in model.guards] == ["monotone likelihood"]
    assert model.guards[0].told.startswith("cells: large: the hazard ratio that fits best is 0")
    found = profile_hazard_ratio(model, model.coefficients.index(large))
    assert (found.value, found.lower) == (None, 0)
    assert found.upper == pytest.approx(math.exp(case["upper"]), rel=1e-5)
    assert hazard_ratios(model)[model.coefficients.index(large)].value is None
    assert model.wald.note == "not every hazard ratio is finite"
    assert proportionality(model).together.note == "not every hazard ratio is finite"


def test_who_has_the_event_first_has_the_largest_value_throughout() -> None:
    """The value falls with time: the likelihood grows with the coefficient, without a group without events."""
    model = cox([1, 2, 3, 4, 5], [True, True, True, False, True], [Number("score", [9, 7, 4, 1, 2])])
    assert "infinite" in (model.coefficients[0].note or "")
    found = profile_hazard_ratio(model, 0)
    assert found.upper == math.inf
    assert found.lower is not None
    assert 0 < found.lower < math.inf


def test_an_end_far_away_is_found() -> None:
    """Somebody at risk has a value that is hardly larger than that of the only one with the event."""
    model = cox([3, 4, 5, 6], [True, False, False, False], [Number("score", [1, 0, 0, 1.01])])
    found = profile_hazard_ratio(model, 0)
    assert [guard.name for guard in model.guards] == ["events per parameter"]
    assert found.upper is not None
    assert 1e60 < found.upper < math.inf


def test_a_hazard_ratio_that_is_no_number_asks_for_another_unit() -> None:
    score = [1e-6, 3e-6, 2e-6, 1e-6, 4e-6]
    model = cox([1, 2, 3, 4, 5], [True, True, True, True, False], [Number("score", score)])
    for found in (hazard_ratios(model)[0], profile_hazard_ratio(model, 0)):
        assert (found.value, found.note) == (None, TOO_LARGE)
        assert found.p is not None
    assert hazard_ratios(cox([1, 2, 3, 4, 5], [True] * 4 + [False], [Number("score", score, per=1e-6)]))[0].value


def test_one_patient_in_a_group_who_has_the_event() -> None:
    """The only one of b is at risk of the first event, and of no other: the hazard ratio has a maximum."""
    groups = Levels("group", ["a", "a", "a", "b"], ["a", "b"])
    model = cox([5, 6, 7, 5], [True, True, False, True], [groups])
    assert model.coefficients[0].value is not None
    assert [guard.name for guard in model.guards] == ["single patient", "events per parameter"]
    one = cox([5, 6, 7], [True, False, False], [Number("age", [50, 70, 60])])
    assert one.guards[0].told.startswith("1 event, 1 coefficient: fewer than 10 events for each;")


def test_nobody_has_the_event() -> None:
    model = cox([3, 4], [False, False], [Number("age", [50, 60])])
    assert [(one.value, one.note) for one in model.coefficients] == [(None, NOBODY)]
    assert model.score.note == model.wald.note == model.likelihood_ratio.note == NOBODY
    assert hazard_ratios(model)[0].note == profile_hazard_ratio(model, 0).note == NOBODY
    assert proportionality(model).covariates["age"].note == NOBODY
    assert model.log_likelihood is None


def test_who_is_never_at_risk_together_cannot_be_compared() -> None:
    with pytest.raises(CovariateError, match="age: tells nobody from another among those at risk of an event"):
        cox([3, 3, 9], [False, False, True], [Number("age", [50, 60, 70])])
    smokers = Levels("smoker", ["yes", "no", "no", "no", "yes"], ["no", "yes"])
    with pytest.raises(CovariateError, match="smoker: tells nobody from another among those at risk of an event"):
        cox([42, 101, 65, 109, 39], [False, False, True, False, False], [smokers])  # not 0 in floats
    with pytest.raises(CovariateError, match="same for all"):
        cox([3, 4], [True, False], [Number("age", [50, 50])])
    with pytest.raises(ValueError, match="no covariate"):
        cox([3, 4], [True, False], [])


def test_all_events_at_one_time() -> None:
    model = cox([4, 4, 4, 4], [True, True, True, False], [Number("age", [50, 60, 70, 62])])
    assert model.coefficients[0].value is not None


def test_without_ties_the_score_test_is_the_log_rank_test() -> None:
    times, events, group = [3, 5, 6, 8, 9, 12], [True, True, False, True, True, False], list("abbaba")
    model = cox(times, events, [Levels("group", group, "ab")])
    assert model.score.statistic == pytest.approx(log_rank(times, events, group).test.statistic)


patients = st.lists(
    st.tuples(st.integers(0, 6), st.booleans(), st.integers(-3, 3), st.booleans()), min_size=2, max_size=14
)


def model_of(those: list[tuple[int, bool, int, bool]], sign: int = 1) -> CoxModel | None:
    times, events, numbers, flags = zip(*those, strict=True)
    try:
        both = [Number("x", [sign * one for one in numbers]), Number("y", [float(one) for one in flags])]
        return cox(times, events, both)
    except CovariateError:
        return None


def test_no_number_is_huge_or_missing_in_silence() -> None:
    @settings(max_examples=150, deadline=None)
    @given(patients)
    def holds(those: list[tuple[int, bool, int, bool]]) -> None:
        model, turned = model_of(those), model_of(those, sign=-1)
        assert (model is None) == (turned is None)
        if model is None or turned is None:
            return
        for one, other in zip(model.coefficients, turned.coefficients, strict=True):
            assert (one.value is None) == (one.note is not None) == (other.value is None)
            assert one.value is None or (math.isfinite(one.value) and abs(one.value) < 15)
        first, second = model.coefficients[0].value, turned.coefficients[0].value
        assert first is None or first == pytest.approx(-(second or 0), abs=1e-5)

    holds()


def limits(of: Estimate, digits: int) -> str:
    return f"{of.lower:.{digits}f} to {of.upper:.{digits}f}"


def test_the_page_shows_what_comes_out() -> None:
    text = page("cox")
    breslow, efron = (hazard_ratios(fit(MODELS[f"freireich_{ties}"]))[0] for ties in ("breslow", "efron"))
    profile = profile_hazard_ratio(fit(MODELS["freireich_efron"]), 0)
    assert f"the hazard ratio is {breslow.value:.2f} (95 % limits {limits(breslow, 2)};" in text
    assert f"it is {efron.value:.2f} ({limits(efron, 2)}), by profile likelihood {limits(profile, 2)}." in text
    lung = fit(MODELS["lung_efron"])
    for one, found in zip(lung.coefficients, hazard_ratios(lung), strict=True):
        p = np.format_float_positional(found.p or 0, precision=2, fractional=False)
        assert f"| {one.column.name} | {found.value:.3f} | {limits(found, 3)} | {p} |" in text


def test_the_page_shows_which_hazards_are_not_proportional() -> None:
    found = proportionality(fit(MODELS["veteran_prior_efron"]))
    for name, test in {**found.covariates, "all": found.together}.items():
        assert f"| {name} | {test.statistic:.3f} | {test.freedom} | {test.p:.5f} |" in page("cox")
