"""The arms of a study file: by which an analysis is given, and what is wrong."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from remit.errors import WrongInput
from remit.report.methods import methods_text
from remit.study.build import read_study
from remit.study.study import Study
from tests.unit.arms import FOLDER

TEXT = (FOLDER / "study.yaml").read_text("utf-8")


def changed(folder: Path, *changes: tuple[str, str]) -> Study:
    text = TEXT
    for before, after in changes:
        assert text.count(before) == 1, before
        text = text.replace(before, after)
    (folder / "study.yaml").write_text(text, "utf-8")
    shutil.copytree(FOLDER / "packs", folder / "packs", dirs_exist_ok=True)
    return read_study(folder)


def kinds(study: Study) -> dict[str, str | None]:
    return {analysis.name: analysis.arms.kind if analysis.arms else None for analysis in study.analyses}


def test_events_go_by_the_actual_arm_and_all_else_by_the_planned_one(tmp_path: Path) -> None:
    planned = dict.fromkeys(("baseline", "effect", "scores", "change", "sensitivity"), "planned")
    assert kinds(changed(tmp_path)) == {**planned, "safety": "actual"}


def test_an_analysis_says_by_which(tmp_path: Path) -> None:
    study = changed(
        tmp_path, ("  safety:\n", "  safety:\n    arm: planned\n"), ("  effect:\n", "  effect:\n    arm: none\n")
    )
    assert kinds(study) | {"safety": "planned", "effect": None} == kinds(study)


def test_with_one_kind_all_go_by_it(tmp_path: Path) -> None:
    assert set(kinds(changed(tmp_path, ("  actual: treated\n", ""))).values()) == {"planned"}


def test_endpoints_and_courses_are_compared_and_summaries_that_say_so(tmp_path: Path) -> None:
    study = changed(tmp_path, ("  scores:\n", "  scores:\n    compare: no\n"))
    compared = {analysis.name for analysis in study.analyses if analysis.arms and analysis.arms.compared}
    assert compared == {"effect", "change", "sensitivity"}


def test_arms_are_the_levels_in_the_order_that_is_told(tmp_path: Path) -> None:
    levels = "levels: [placebo, low dose, high dose]\n  reference"
    study = changed(tmp_path, (levels, "levels: [high dose, placebo]\n  reference"))
    assert study.arms["planned"].names == ("high dose", "placebo")
    assert study.arms["planned"].compared == ("high dose",)


def test_chance_assigns_to_the_planned_arms_only(tmp_path: Path) -> None:
    study = changed(tmp_path, ("reference: placebo", "reference: placebo\n  randomised: yes"))
    assert {kind: arms.randomised for kind, arms in study.arms.items()} == {"planned": True, "actual": False}
    assert "assigned to the planned arms at random" in " ".join(methods_text(study).split())


LEVELS = "  levels: [placebo, low dose, high dose]\n"


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("planned: assigned", "planned: age", "this is a number"),
        ("planned: assigned", "planned: asigned", "asigned"),
        ("  planned: assigned\n  actual: treated\n", "", "nothing says in which arm a patient is"),
        (LEVELS, "", "not the same levels"),
        (LEVELS, "  levels: [placebo]\n", "this is one arm"),
        (LEVELS, "  levels: [placebo, placebo]\n", "stands twice"),
        (LEVELS, "  levels: [placebo, lowdose]\n", "there is no level of the planned arm 'lowdose'"),
        ("reference: placebo", "reference: nothing", "there is no level of the planned arm 'nothing'"),
        ("  safety:\n", "  safety:\n    arm: both\n", "both"),
        ("  actual: treated\n", "", ""),
    ],
)
def test_what_is_wrong_with_arms(tmp_path: Path, before: str, after: str, message: str) -> None:
    changes = [(before, after)]
    if not message:
        changes, message = (
            [*changes, ("  safety:\n", "  safety:\n    arm: actual\n")],
            "the arms are not told as actual",
        )
    with pytest.raises(WrongInput, match=message):
        changed(tmp_path, *changes)


def test_a_study_without_arms_is_given_by_none(tmp_path: Path) -> None:
    arms = TEXT[TEXT.index("arms:\n") : TEXT.index("eligibility:\n")]
    assert set(kinds(changed(tmp_path, (arms, ""))).values()) == {None}
    with pytest.raises(WrongInput, match="the study has no arms"):
        changed(tmp_path, (arms, ""), ("  safety:\n", "  safety:\n    arm: actual\n"))


@pytest.mark.parametrize(
    ("before", "after"),
    [("  effect:\n", "  arm:\n"), ("subgroups:\n  sex:", "subgroups:\n  arm:"), ("  response:\n", "  arm:\n")],
)
def test_nothing_else_is_called_arm(tmp_path: Path, before: str, after: str) -> None:
    with pytest.raises(WrongInput, match="what remit calls the arms"):
        changed(tmp_path, (before, after))
