"""Weighted curves, risks, mean times and the hazard ratio, as R has them on the lung cancer of survival's `veteran`:
with the score known by its robust variances, with the score estimated by numerical derivatives."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from remit.inference.confounding.arms import NotComparable, arms
from remit.inference.confounding.hazards import hazard_ratio
from remit.inference.confounding.means import Means, difference, of_treated
from remit.inference.confounding.propensity import propensity
from remit.inference.confounding.survival import curves, restricted_mean, risks
from remit.inference.confounding.weights import Target, Weights, weights
from remit.inference.design import Levels, Number, YesNo
from remit.inference.kaplan_meier import kaplan_meier
from tests.unit.inference.reference import reference

REFERENCE = reference("confounding")["times"]
LUNG = REFERENCE["columns"]
AT = REFERENCE["at"]
EVENTS = [one == 1 for one in LUNG["status"]]
SPREAD = 1.959963984540054


def lung(target: Target) -> Weights:
    of = propensity(
        arms([one == 1 for one in LUNG["test"]], "test", "standard"),
        [
            Number("karno", LUNG["karno"]),
            Number("age", LUNG["age"]),
            Levels("celltype", LUNG["celltype"], ("squamous", "smallcell", "adeno", "large")),
            YesNo("prior", [one == 1 for one in LUNG["prior"]]),
        ],
    )
    return weights(of, target)


def _errors(found: Means) -> list[float]:
    covariance = found.covariance
    apart = covariance[0, 0] + covariance[1, 1] - 2 * covariance[0, 1]
    return [math.sqrt(one) for one in (covariance[0, 0], covariance[1, 1], apart)]


@pytest.mark.parametrize("told", REFERENCE["by_target"], ids=lambda told: told["target"])
def test_as_in_r(told: dict[str, Any]) -> None:
    by = lung(told["target"])
    for name, found in (
        ("risks", risks(LUNG["time"], EVENTS, by, AT)),
        ("mean", restricted_mean(LUNG["time"], EVENTS, by, AT)),
    ):
        case = told[name]
        assert (found.treated, found.comparator) == pytest.approx((case["treated"], case["comparator"]), rel=1e-8)
        errors = [case["treated_error"], case["comparator_error"], case["difference_error"]]
        assert _errors(found) == pytest.approx(errors, rel=1e-6)
    known = risks(LUNG["time"], EVENTS, by, AT, score_known=True)
    assert _errors(known)[:2] == pytest.approx(told["known_errors"], rel=1e-8)


@pytest.mark.parametrize("told", REFERENCE["by_target"], ids=lambda told: told["target"])
@pytest.mark.parametrize(("known", "name"), [(True, "known_log_error"), (False, "log_error")])
def test_hazard_ratio_as_in_r(told: dict[str, Any], known: bool, name: str) -> None:
    found = hazard_ratio(LUNG["time"], EVENTS, lung(told["target"]), score_known=known)
    assert found.value is not None
    assert found.upper is not None
    assert math.log(found.value) == pytest.approx(told["log_hazard_ratio"], rel=1e-7, abs=1e-9)
    assert math.log(found.upper / found.value) / SPREAD == pytest.approx(told[name], rel=1e-6)


def two_by_two(
    drug: list[float], events: list[bool], other: list[float], other_events: list[bool]
) -> tuple[list[float], list[bool], Weights]:
    """Patients whose covariate is alike in both arms, so that all weights for the treated are 1."""
    times = drug + other
    sex = [at % 2 == 0 for at in range(len(drug))] + [at % 2 == 0 for at in range(len(other))]
    treated = [True] * len(drug) + [False] * len(other)
    of = propensity(arms(treated, "drug", "cohort"), [YesNo("sex", sex)])
    return times, events + other_events, weights(of, "treated")


def test_weights_of_1_give_kaplan_meier_and_greenwood() -> None:
    times, events, by = two_by_two(
        [1, 3, 3, 5, 8, 9], [True, True, False, True, False, False], [2, 2, 4, 6, 7, 9], [True] * 3 + [False] * 3
    )
    curve = curves(times, events, by)["drug"]
    steps = [step for step in kaplan_meier(times[:6], events[:6]) if step.events]
    assert list(curve.times) == [step.time for step in steps]
    assert list(curve.free) == pytest.approx([step.survival for step in steps])
    found = risks(times, events, by, 6, score_known=True)
    greenwood = sum(step.events / (step.at_risk * (step.at_risk - step.events)) for step in steps)
    assert found.covariance[0, 0] == pytest.approx((1 - found.treated) ** 2 * greenwood)


def test_a_time_that_an_arm_does_not_reach() -> None:
    times, events, by = two_by_two([1, 3, 3, 5], [True, True, False, False], [2, 2, 4, 9], [True] * 3 + [False])
    with pytest.raises(NotComparable, match="nobody in drug is observed until 6: the last is until 5"):
        risks(times, events, by, 6)
    with pytest.raises(NotComparable, match="nobody in drug is observed until 6"):
        restricted_mean(times, events, by, 6)


def test_an_arm_in_which_everybody_has_the_event_is_known_for_ever() -> None:
    times, events, by = two_by_two([1, 3, 3, 5], [True] * 4, [2, 2, 4, 9], [True] * 3 + [False])
    found = risks(times, events, by, 8)
    assert found.treated == 1
    assert difference(found).lower is None
    assert difference(found).note == "in drug nobody or everybody has the event until then: there is no interval"
    mean = restricted_mean(times, events, by, 8)
    assert mean.treated == pytest.approx((1 + 3 + 3 + 5) / 4)
    assert difference(mean).lower is not None


def test_an_arm_without_events() -> None:
    times, events, by = two_by_two([6, 7, 8, 9], [False] * 4, [2, 2, 4, 9], [True] * 3 + [False])
    assert risks(times, events, by, 6).treated == 0
    assert of_treated(risks(times, events, by, 6)).lower is None
    assert restricted_mean(times, events, by, 6).treated == 6
    assert hazard_ratio(times, events, by).note == "nobody in drug has the event: there is no hazard ratio"


def test_a_hazard_ratio_that_is_infinite() -> None:
    times, events, by = two_by_two([6, 7, 8, 9], [True] * 4, [1, 2, 3, 4], [True] * 4)
    found = hazard_ratio(times, events, by)
    assert found.value is None
    assert found.note == "one arm has its events when nobody is left in the other: no finite ratio"


def test_all_at_once_have_no_interval() -> None:
    times, events, by = two_by_two([5] * 4, [True] * 4, [5] * 4, [True] * 4)
    found = hazard_ratio(times, events, by)
    assert (found.value, found.lower, found.note) == (1.0, None, "no patient moves it: there is no interval")


def test_unknown_events_and_times_are_refused() -> None:
    times, events, by = two_by_two([6, 7, 8, 9], [True] * 4, [1, 2, 3, 4], [True] * 4)
    with pytest.raises(ValueError, match="a yes or no of each patient"):
        risks(times, [None, *events[1:]], by, 3)  # type: ignore[list-item]
    with pytest.raises(ValueError, match="is no time of observation"):
        risks([math.nan, *times[1:]], events, by, 3)
    with pytest.raises(ValueError, match="7 times for 8 patients"):
        risks(times[1:], events[1:], by, 3)
    with pytest.raises(ValueError, match="no mean time until 0"):
        restricted_mean(times, events, by, 0)


def test_the_order_of_patients_changes_nothing() -> None:
    shuffled = np.random.default_rng(1).permutation(len(EVENTS))
    by = lung("all")
    of = propensity(
        arms([bool(by.propensity.arms.treated[at]) for at in shuffled], "test", "standard"),
        [Number("karno", [LUNG["karno"][at] for at in shuffled])],
    )
    plain = propensity(by.propensity.arms, [Number("karno", LUNG["karno"])])
    times, events = [LUNG["time"][at] for at in shuffled], [EVENTS[at] for at in shuffled]
    one, other = (
        (hazard_ratio(time, event, by).value, restricted_mean(time, event, by, AT).covariance[0, 1])
        for time, event, by in ((times, events, weights(of, "all")), (LUNG["time"], EVENTS, weights(plain, "all")))
    )
    assert one == pytest.approx(other, rel=1e-9)
