"""Meta-regression and subgroups, as metafor has them."""

from __future__ import annotations

from typing import Any

import pytest

from remit.inference.design import Covariate, CovariateError, Levels, Number
from remit.inference.pooling.effects import generic
from remit.inference.pooling.pool import (
    COMMON,
    HARTUNG_KNAPP,
    NEVER_NARROWER,
    NORMAL,
    RANDOM,
    CannotPool,
    TooFewStudies,
)
from remit.inference.pooling.regression import regress
from remit.inference.pooling.subgroups import between_groups, subgroups
from tests.unit.inference.pooling.metafor import METAFOR, PLAIN, effects, named, near

INTERVALS = {"z": NORMAL, "knha": HARTUNG_KNAPP, "adhoc": NEVER_NARROWER}
BCG = effects(METAFOR["inverse"][0])
ALLOCATION = METAFOR["bcg"]["alloc"]


def moderators(columns: dict[str, list[Any]]) -> list[Covariate]:
    return [
        Levels(name, values, sorted(set(values))) if isinstance(values[0], str) else Number(name, values)
        for name, values in columns.items()
    ]


@pytest.mark.parametrize("case", METAFOR["regression"], ids=named)
def test_as_in_metafor(case: dict[str, Any]) -> None:
    model, estimator = (COMMON, "REML") if case["method"] == "EE" else (RANDOM, case["method"])
    found = regress(effects(case), moderators(case["columns"]), model, estimator, INTERVALS[case["test"]])
    for key in ("value", "error", "lower", "upper", "p"):
        assert [getattr(each, key) for each in found.coefficients] == near(case[key])
    left = found.heterogeneity
    assert [left.q.statistic, left.q.p] == near([case["qe"], case["qep"]])
    assert [found.moderation.statistic, found.moderation.p] == near([case["qm"], case["qmp"]])
    assert [left.i2.value, left.h2.value] == near([case["i2"], case["h2"]])
    if model == COMMON:
        assert (left.tau2.value, found.explained) == (None, None)
    else:
        assert [left.tau2.value, found.explained] == near([case["tau2"], case["explained"]])


def test_coefficients_have_names_and_a_warning_of_few_studies() -> None:
    found = regress(BCG, [Levels("allocation", ALLOCATION, sorted(set(ALLOCATION)))])
    names = ["intercept", "allocation: random", "allocation: systematic"]
    assert [each.name for each in found.coefficients] == names
    assert found.moderation.method == "F test of moderators"
    assert [note.name for note in found.notes] == ["few_studies_a_moderator"]
    assert found.notes[0].told.startswith("13 studies are few for 2 coefficients")
    plain = regress(BCG, [Number("year", METAFOR["bcg"]["year"])], interval=NORMAL)
    assert plain.moderation.method == "chi-squared test of moderators"
    assert plain.notes == ()


def test_what_no_regression_takes() -> None:
    three = generic("abc", [0, 1, 3], [1, 1, 1], PLAIN)
    with pytest.raises(TooFewStudies, match="3 studies are too few for 3 coefficients"):
        regress(three, [Number("x", [1, 2, 4]), Number("y", [1, 5, 4])])
    with pytest.raises(CovariateError, match="x: is unknown for 1 of 3 studies"):
        regress(three, [Number("x", [1, 2, None])])
    with pytest.raises(CovariateError, match="x: is the same for all 3 studies"):
        regress(three, [Number("x", [2, 2, 2])])
    with pytest.raises(ValueError, match="no moderator is named"):
        regress(three, [])
    with pytest.raises(ValueError, match="'t' is none of the intervals"):
        regress(three, [Number("x", [1, 2, 4])], interval="t")


def test_a_level_of_one_study_is_told() -> None:
    four = generic("abcd", [0, 1, 3, 2], [1, 1, 1, 1], PLAIN)
    found = regress(four, [Levels("drug", ["x", "x", "x", "y"], ["x", "y"])])
    assert "drug: one study only has the level y." in [note.told for note in found.notes]


def test_no_variance_to_explain() -> None:
    alike = generic("abcd", [1.0, 1.01, 1.02, 1.0], [1, 1, 1, 1], PLAIN)
    assert regress(alike, [Number("x", [1, 2, 3, 5])]).explained == 0


def test_subgroups_each_with_its_own_variance_as_in_metafor() -> None:
    found, wanted = subgroups(BCG, ALLOCATION), METAFOR["subgroups"]
    assert [group.name for group in found.groups] == [group["name"] for group in wanted["groups"]]
    for group, its in zip(found.groups, wanted["groups"], strict=True):
        assert [group.linear.value, group.linear.error, group.linear.lower, group.linear.upper] == near(
            [its[key] for key in ("value", "error", "lower", "upper")]
        )
        assert group.pooled is not None
        assert group.pooled.heterogeneity.tau2.value == near(its["tau2"])
    assert [found.between.statistic, found.between.p] == near([wanted["q"], wanted["p"]])


def test_subgroups_with_one_variance_as_in_metafor() -> None:
    found, wanted = subgroups(BCG, ALLOCATION, common_tau2=True), METAFOR["subgroups"]["common"]
    by_name = {group.name: group for group in found.groups}
    for at, name in enumerate(wanted["names"]):
        linear = by_name[name].linear
        assert [linear.value, linear.error, linear.lower, linear.upper] == near(
            [wanted[key][at] for key in ("value", "error", "lower", "upper")]
        )
    assert [found.between.statistic, found.between.p] == near([wanted["f"], wanted["p"]])


def test_a_subgroup_of_one_study_is_that_study() -> None:
    made = generic("abc", [0, 1, 3], [1, 1, 0.5], PLAIN)
    found = subgroups(made, ["x", "x", "y"], interval=NORMAL)
    alone = found.groups[1]
    assert (alone.studies, alone.estimate.value, alone.pooled) == (1, 3, None)
    assert alone.linear.error == pytest.approx(0.5)
    assert [note.name for note in found.notes] == ["single_study"]


def test_a_common_effect_in_subgroups_adds_up() -> None:
    """Of a common effect Q within the groups and Q between them make up Q."""
    found = subgroups(BCG, ALLOCATION, COMMON)
    within = [group.pooled.heterogeneity.q.statistic for group in found.groups if group.pooled]
    assert sum(q or 0 for q in within) + found.between.statistic == pytest.approx(METAFOR["inverse"][0]["q"])


def test_what_are_no_subgroups() -> None:
    with pytest.raises(CannotPool, match="one subgroup"):
        subgroups(BCG, ["x"] * 13)
    with pytest.raises(ValueError, match="each study has a subgroup"):
        subgroups(BCG, ["x", "y"])
    same = generic("abcd", [0.0, 0.0, 1.0, 2.0], [1, 1, 1, 1], PLAIN)
    with pytest.raises(CannotPool, match="the studies of x show the same"):
        subgroups(same, ["x", "x", "y", "y"])
    assert (
        between_groups([(g.name, g.linear) for g in subgroups(same, list("xxyy"), interval=NORMAL).groups]).freedom == 1
    )


def test_where_moderators_explain_all_hartung_and_knapp_give_no_error() -> None:
    alike = generic("abcdef", [0.3] * 6, [0.1, 0.2, 0.3, 0.17, 0.4, 0.11], PLAIN)
    year = [Number("year", [1.0, 2.0, 4.0, 3.0, 7.0, 5.0])]
    with pytest.raises(CannotPool, match="leave nothing unexplained"):
        regress(alike, year)
    found = regress(alike, year, interval=NORMAL)
    assert found.moderation.p == pytest.approx(1)
    assert found.heterogeneity.q.statistic == 0
