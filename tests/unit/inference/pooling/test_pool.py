"""Studies pooled by inverse variance, as R's metafor has them on six of its own data sets."""

from __future__ import annotations

from typing import Any

import pytest

from remit.inference.pooling.effects import Effects, Scale, generic
from remit.inference.pooling.pool import COMMON, RANDOM, Pooled, TooFewStudies, pool
from remit.inference.pooling.proportions import Events, logits
from tests.unit.inference.reference import reference

CASES = reference("pooling")["inverse"]
PLAIN = Scale("effect", "effect", none=0.0)
EXACT = {"rel": 1e-6, "abs": 1e-9}


def effects(case: dict[str, Any]) -> Effects:
    names = [f"study {at}" for at in range(1, len(case["yi"]) + 1)]
    return generic(names, case["yi"], [variance**0.5 for variance in case["vi"]], PLAIN)


def agrees(found: Pooled, wanted: dict[str, Any]) -> None:
    linear = found.linear
    assert [linear.value, linear.error, linear.lower, linear.upper, linear.p] == pytest.approx(
        [wanted[key] for key in ("value", "error", "lower", "upper", "p")], **EXACT
    )
    assert [study.weight for study in found.studies] == pytest.approx(wanted["weights"], **EXACT)
    between = found.heterogeneity
    assert [between.i2.value, between.h2.value] == pytest.approx([wanted["i2"], wanted["h2"]], **EXACT)


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["name"]))
def test_random_effects_as_in_metafor(case: dict[str, Any]) -> None:
    for wanted in case["random"]:
        found = pool(effects(case), RANDOM, wanted["estimator"], wanted["interval"])
        agrees(found, wanted)
        assert found.heterogeneity.tau2.value == pytest.approx(wanted["tau2"], **EXACT)
        assert [found.prediction.lower, found.prediction.upper] == pytest.approx(wanted["prediction"], **EXACT)


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["name"]))
def test_heterogeneity_as_in_metafor(case: dict[str, Any]) -> None:
    found = pool(effects(case)).heterogeneity
    assert [found.q.statistic, found.q.p] == pytest.approx([case["q"], case["qp"]], **EXACT)
    for estimate, key in ((found.tau2, "tau2"), (found.i2, "i2"), (found.h2, "h2")):
        assert [estimate.lower, estimate.upper] == pytest.approx(case["profile"][key], **EXACT)


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["name"]))
def test_a_common_effect_as_in_metafor(case: dict[str, Any]) -> None:
    found = pool(effects(case), COMMON)
    agrees(found, case["common"])
    assert found.prediction.value is None


def test_one_study_is_refused_by_name() -> None:
    with pytest.raises(TooFewStudies, match="Friedberg 2023 is the only study"):
        pool(logits([Events("Friedberg 2023", 12, 17)]))
