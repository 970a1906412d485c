"""The funnel plot and Egger's test, as metafor's regtest has it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from remit.inference.pooling.effects import Effects, generic
from remit.inference.pooling.funnel import EGGER, ERROR, MIXED, SIZE, asymmetry, funnel
from remit.inference.pooling.pool import COMMON, TooFewStudies, pool
from remit.inference.pooling.proportions import Events, logits
from remit.inference.pooling.two_arms import ODDS_RATIO
from tests.unit.inference.pooling.metafor import METAFOR, PLAIN, effects, named, near

MODELS = {"lm": EGGER, "rma": MIXED}
PREDICTORS = {"sei": ERROR, "ninv": SIZE}


def sized(case: dict[str, Any]) -> Effects:
    return replace(effects(case), sizes=tuple(map(float, case["ni"])))


@pytest.mark.parametrize("case", METAFOR["funnel"], ids=named)
def test_as_in_metafor(case: dict[str, Any]) -> None:
    for wanted in case["tests"]:
        found = asymmetry(sized(case), MODELS[wanted["model"]], PREDICTORS[wanted["predictor"]])
        assert [found.statistic, found.p] == near([wanted["statistic"], wanted["p"]])
        limit = found.limit
        assert [limit.value, limit.lower, limit.upper] == near(wanted["limit"])


def test_fewer_than_ten_studies_are_refused() -> None:
    nine = generic("abcdefghi", range(9), range(1, 10), PLAIN)
    with pytest.raises(
        TooFewStudies, match="9 studies are too few to tell whether a funnel is lopsided; 10 are needed"
    ):
        asymmetry(nine)


def test_the_funnel_stands_at_the_common_effect() -> None:
    made = generic("abc", [0, 1, 3], [1, 1, 0.5], PLAIN)
    found = funnel(made)
    assert found.centre == pool(made, COMMON).linear.value
    assert [(point.name, point.value, point.error) for point in found.points] == [
        ("a", 0, 1),
        ("b", 1, 1),
        ("c", 3, 0.5),
    ]
    assert found.reach == pytest.approx(1.96, abs=1e-4)


def test_a_funnel_of_proportions_is_lopsided_of_itself() -> None:
    made = logits([Events(f"{at}", 2 + at, 20 + at**2) for at in range(12)])
    assert [note.name for note in asymmetry(made).notes] == ["lopsided_of_itself"]
    assert asymmetry(made, predictor=SIZE).notes == ()
    odds = replace(made, scale=ODDS_RATIO)
    assert asymmetry(odds).notes[0].told.startswith("The standard error of an odds ratio hangs on the number itself")
    assert asymmetry(replace(made, scale=PLAIN)).notes == ()


def test_what_is_no_test() -> None:
    names = "abcdefghijkl"
    ten = generic(names, range(12), range(1, 13), PLAIN)
    with pytest.raises(ValueError, match="'Begg' is none of"):
        asymmetry(ten, "Begg")
    with pytest.raises(ValueError, match="'year' is none of"):
        asymmetry(ten, predictor="year")
    with pytest.raises(ValueError, match="sizes of the studies are not known"):
        asymmetry(ten, predictor=SIZE)
    with pytest.raises(ValueError, match="equally exact"):
        asymmetry(generic(names, range(12), [1.0] * 12, PLAIN))
    with pytest.raises(ValueError, match="on one line"):
        asymmetry(generic(names, [0.0] * 12, range(1, 13), PLAIN))
    with pytest.raises(ValueError, match="on one line"):
        asymmetry(generic(names, [0.3] * 12, [0.1 + at / 7 for at in range(12)], PLAIN))
