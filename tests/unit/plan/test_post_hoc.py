"""What is not in the locked plan is known by its meaning, and marked wherever it is printed."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from remit.plan.items import differences, items_of
from remit.plan.lock import lock_study
from remit.plan.post_hoc import with_planned
from remit.run import Run, run_study
from remit.schema.plan import said_of_plan
from remit.study.build import read_study
from tests.unit.plan.small import STUDY, changed, written


def after(folder: Path, *changes: tuple[str, str]) -> Run:
    """A run of the study, changed after it was locked."""
    lock_study(written(folder / "study"))
    return run_study(changed(folder / "study", *changes), folder / "out")


def late(done: Run, *columns: str) -> set[tuple[str | None, ...]]:
    """What of the results is not planned."""
    return set(done.results.table.filter(~pl.col("planned")).select(columns).unique().iter_rows())


def test_without_a_lock_all_is_planned_and_the_run_says_that_there_was_none(tmp_path: Path) -> None:
    done = run_study(written(tmp_path / "study"), tmp_path / "out")
    assert done.results.table["planned"].all()
    assert done.note.plan is None
    assert "No plan was locked" in (tmp_path / "out" / "report.html").read_text("utf-8")


@pytest.mark.parametrize(
    "change",
    [
        ("title: A drug", "title: The drug"),
        ("label: Relief", "label: Less pain"),
        ("pain <= 3", "(pain) <= 3.0"),
        ("relief", "eased"),  # a name
        ("women", "female"),
        ("simple", "plain"),
        ("remit: 1", "# A comment.\nremit: 1"),
    ],
)
def test_other_words_for_the_same_follow_the_plan(tmp_path: Path, change: tuple[str, str]) -> None:
    done = after(tmp_path, change)
    assert done.note.plan is not None
    assert said_of_plan(done.note.plan).startswith("follows the plan locked on ")
    assert late(done, "result") == set()
    assert "post hoc" not in (tmp_path / "out" / "report.html").read_text("utf-8")


def test_a_changed_endpoint_marks_its_results_and_no_others(tmp_path: Path) -> None:
    done = after(tmp_path, ("pain == 0", "pain <= 1"))
    assert late(done, "analysis", "variable") == {("control", "free")}
    assert done.note.plan is not None
    assert [each.said for each in done.note.plan.differences] == ["endpoint “free” is changed"]
    assert done.note.plan.post_hoc == done.results.table.filter(~pl.col("planned")).height


def test_a_new_endpoint_a_new_population_a_new_analysis(tmp_path: Path) -> None:
    done = after(
        tmp_path,
        ("  free: {", "  better: {at: [week8], is: pain <= 2}\n  free: {"),
        ("endpoints: [relief,", "endpoints: [relief, better,"),
        ("  women:", '  men: sex == "m"\n  women:'),
        ("week8: [eligible]", "week8: [eligible, men]"),
        (
            "analyses:\n",
            "analyses:\n  again: {kind: summary, title: Again, populations: [eligible], rows: [known(sex)]}\n",
        ),
    )
    found = late(done, "analysis", "population", "variable")
    assert ("control", "eligible", "better") in found
    assert ("control", "men", "relief") in found
    assert ("control", "eligible", "relief") not in found
    assert ("control", "women", "relief") not in found
    assert {analysis for analysis, *_ in found} == {"control", "again", "flow"}


def test_a_window_marks_what_is_asked_at_that_visit(tmp_path: Path) -> None:
    done = after(tmp_path, ("window: [20, 40]", "window: [21, 40]"))
    assert late(done, "analysis", "visit") == {("control", "week4")}


def test_a_criterion_marks_all_that_is_of_the_eligible(tmp_path: Path) -> None:
    done = after(tmp_path, ("known(sex)", "known(old)"))
    kept = done.results.table.filter("planned")["result"]
    assert [*kept] == ["flow.screened.n"]


def test_an_estimand_and_a_subgroup(tmp_path: Path) -> None:
    done = after(tmp_path, ("young: treatment policy", "young: composite"), ("by_sex: sex", "by_sex: old"))
    assert late(done, "handling", "group") == {("simple", None)} | {
        (handling, "by_sex") for handling in ("simple", "decided")
    }


def test_what_is_left_out_is_told_and_marks_nothing(tmp_path: Path) -> None:
    done = after(
        tmp_path, ("endpoints: [relief, free]", "endpoints: [relief]"), ("  free: {at: [week8], is: pain == 0}", "")
    )
    assert late(done, "result") == set()
    assert done.note.plan is not None
    assert "endpoint “free” is left out" in [each.said for each in done.note.plan.differences]


@pytest.mark.parametrize(
    "change", [("range: [0, 10]", "range: [0, 9]"), ("registration:", "data_cutoff: 2024-12-31, registration:")]
)
def test_what_bounds_the_data_is_told_and_marks_nothing(tmp_path: Path, change: tuple[str, str]) -> None:
    done = after(tmp_path, change)
    assert done.note.plan is not None
    assert len(done.note.plan.differences) == 1
    assert late(done, "result") == set()


def test_where_it_is_printed(tmp_path: Path) -> None:
    after(tmp_path, ("pain == 0", "pain <= 1"), ("rows: [sex, old]", "rows: [sex, known(old)]"))
    page = (tmp_path / "out" / "report.html").read_text("utf-8")
    assert "Differs from the plan locked on" in page
    assert "Post hoc: not in the plan locked on" in page
    assert " (post hoc)" in page


def test_all_examples_follow_themselves() -> None:
    for name in ("upadacitinib-crohn", "rheumatoid-arthritis", "xanomeline-alzheimer"):
        study = read_study(Path(__file__).parents[3] / "examples" / name)
        assert differences(items_of(study), items_of(study)) == ()
        del study


def test_the_example_study_follows_itself_in_each_result(tmp_path: Path) -> None:
    study = Path(__file__).parents[3] / "examples" / "upadacitinib-crohn"
    done = run_study(study, tmp_path)
    assert with_planned(done.results, done.study, read_study(study)).table["planned"].all()


def test_rows_in_another_order_follow_the_plan(tmp_path: Path) -> None:
    done = after(tmp_path, ("rows: [sex, old]", "rows: [old, sex]"))
    assert done.note.plan is not None
    assert done.note.plan.differences == ()


def test_criteria_in_another_order_are_told_and_mark_what_each_excludes(tmp_path: Path) -> None:
    more = ("eligibility:\n", "eligibility:\n  not young: {include: old}\n")
    swapped = STUDY.replace(*more).replace("  not young: {include: old}\n", "")
    swapped = swapped.replace("{include: known(sex)}\n", "{include: known(sex)}\n  not young: {include: old}\n")
    written(tmp_path, STUDY.replace(*more))
    lock_study(tmp_path)
    (tmp_path / "study.yaml").write_text(swapped, "utf-8")
    done = run_study(tmp_path, tmp_path / "out")
    assert done.note.plan is not None
    assert [each.said for each in done.note.plan.differences] == ["order of the eligibility criteria is changed"]
    assert late(done, "analysis") == {("flow",)}


def test_intervals_that_were_not_planned(tmp_path: Path) -> None:
    course = "analyses:\n  pain: {kind: course, rows: [pain]}\n"
    written(tmp_path, STUDY.replace("analyses:\n", course))
    lock_study(tmp_path)
    changed(tmp_path, ("rows: [pain]}", "rows: [pain], intervals: yes}"))
    done = run_study(tmp_path, tmp_path / "out")
    assert late(done, "statistic") == {("mean_lower",), ("mean_upper",)}
