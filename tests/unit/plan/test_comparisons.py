"""A comparison is planned with what it is compared with: other evidence is another plan."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from remit.finished import read_finished
from remit.plan.diff import diff_runs
from remit.plan.items import differences, items_of
from remit.plan.lock import lock_study
from remit.run import Run, run_study
from remit.study.build import read_study
from tests.unit.plan.small import STUDY, changed, written

EVIDENCE = """\
evidence: trial
title: The Trial
design: randomised trial
disease: pain
population: {words: adults with pain}
citation: {text: "A paper. 2020."}
arms: {drug: {drug: x, n: 40 V}, placebo: {drug: placebo, n: 40 V}}
outcomes:
  relief:
    label: relief
    concept: other
    week: 4
    definition: {words: pain of at most 3}
    missing: {handling: non-response}
    results:
      drug: {percent: 50 V, n: 20 V}
      placebo: {percent: 25 V, n: 10 V}
  another:
    label: another
    concept: other
    definition: {words: something else}
    missing: {handling: non-response}
    results:
      drug: {percent: 10 V, n: 4 V}
"""
ASKED = """
comparisons:
  beside:
    title: Beside the trial
    evidence: [trial.relief]
    rules: [{name: half, label: half of it, is: pain <= 5}]
"""


@pytest.fixture(autouse=True)
def _time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")


def small(folder: Path) -> Path:
    home = written(folder, STUDY + ASKED)
    (home / "evidence").mkdir(exist_ok=True)
    (home / "evidence" / "trial.yaml").write_text(EVIDENCE, "utf-8")
    return home


def read_anew(home: Path, old: str, new: str) -> None:
    assert old in EVIDENCE
    (home / "evidence" / "trial.yaml").write_text(EVIDENCE.replace(old, new), "utf-8")


def late(done: Run) -> set[str]:
    """The names of what is not planned, without the statistic."""
    return {name.rpartition(".")[0] for name in done.results.table.filter(~pl.col("planned"))["result"]}


DRUG = "beside.evidence.trial:-drug.week 4.relief"
AGAINST = "beside.eligible.evidence.trial:-drug.week4.week 4.relief.ours-%2D-published.simple"


def test_all_of_it_is_planned(tmp_path: Path) -> None:
    home = small(tmp_path / "study")
    lock_study(home)
    assert (home / "study.lock" / "1" / "evidence" / "trial.yaml").is_file()
    assert late(run_study(home, tmp_path / "out")) == set()


def test_another_number_of_the_evidence_is_another_plan(tmp_path: Path) -> None:
    home = small(tmp_path / "study")
    lock_study(home)
    read_anew(home, "{percent: 50 V, n: 20 V}", "{percent: 55 V, n: 22 V}")
    done = run_study(home, tmp_path / "out")
    assert late(done) == {DRUG, AGAINST}
    assert done.note.plan is not None
    assert [each.said for each in done.note.plan.differences] == ["analysis “Beside the trial” is changed"]


def test_what_is_not_compared_is_no_part_of_the_plan(tmp_path: Path) -> None:
    home = small(tmp_path / "study")
    before = [*items_of(read_study(home))]
    read_anew(home, "{percent: 10 V, n: 4 V}", "{percent: 15 V, n: 6 V}")
    assert differences(before, items_of(read_study(home))) == ()
    read_anew(home, "title: The Trial", "title: That Trial")
    assert differences(before, items_of(read_study(home))) == ()
    read_anew(home, "words: adults with pain", "words: children with pain")
    assert len(differences(before, items_of(read_study(home)))) == 1


@pytest.mark.parametrize(
    ("change", "found"),
    [
        (("pain <= 5", "pain <= 6"), "half"),
        (("rules: [", "rules: [{name: none, is: pain == 0}, "), "none"),
    ],
)
def test_a_rule_that_is_new_or_another_is_post_hoc(tmp_path: Path, change: tuple[str, str], found: str) -> None:
    lock_study(small(tmp_path / "study"))
    done = run_study(changed(tmp_path / "study", change), tmp_path / "out")
    assert late(done)
    assert all(f".{found}." in name for name in late(done))


def test_a_benchmark_that_was_not_planned(tmp_path: Path) -> None:
    lock_study(small(tmp_path / "study"))
    home = changed(tmp_path / "study", ("[trial.relief]\n", "[trial.relief]\n    benchmark: yes\n"))
    found = run_study(home, tmp_path / "out").results.table.filter(~pl.col("planned"))["statistic"]
    assert {*found} == {"benchmark_p", "benchmark_probability"}


def test_an_endpoint_that_is_another_moves_the_whole_comparison(tmp_path: Path) -> None:
    lock_study(small(tmp_path / "study"))
    done = run_study(changed(tmp_path / "study", ("is: pain <= 3", "is: pain <= 4")), tmp_path / "out")
    of_comparison = done.results.table.filter(pl.col("analysis") == "beside")
    assert not of_comparison["planned"].any()


def test_what_a_plan_says_of_it(tmp_path: Path) -> None:
    (item,) = [each for each in items_of(read_study(small(tmp_path / "study"))) if each.name == "beside"]
    assert "beside: trial.relief (drug, placebo)" in item.lines
    assert "rules: half of it (pain is at most 5)" in item.lines


def test_two_runs_tell_which_published_number_moved(tmp_path: Path) -> None:
    home = small(tmp_path / "study")
    run_study(home, tmp_path / "one")
    read_anew(home, "{percent: 50 V, n: 20 V}", "{percent: 55 V, n: 22 V}")
    run_study(home, tmp_path / "two")
    diff = diff_runs(tmp_path / "one", tmp_path / "two")
    moved = {each.result: each for each in diff.numbers}
    assert moved[f"{DRUG}.percent"].because == ("what is published",)
    assert moved[f"{DRUG}.percent"].by == 5
    assert moved[f"{AGAINST}.difference"].by == pytest.approx(-5)


def test_a_finished_run_stands_for_itself(tmp_path: Path) -> None:
    home = small(tmp_path / "study")
    run_study(home, tmp_path / "out")
    (home / "evidence" / "trial.yaml").unlink()
    finished = read_finished(tmp_path / "out")
    assert [each.name for each in finished.study.analyses] == ["who", "control", "beside"]
