"""A pool is planned with all that is pooled: another number, another study or another model is another plan."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from remit.plan.items import differences, items_of
from remit.plan.lock import lock_study
from remit.run import Run, run_study
from remit.study.build import read_study
from tests.unit.plan.small import STUDY, written
from tests.unit.plan.test_comparisons import ASKED, EVIDENCE

POOL = (
    ASKED
    + """\
    pool:
      all:
        of: [{of: trial.relief, arms: [drug, placebo]}, {of: cohort.relief, arms: [drug]}]
        ours: yes
"""
)


@pytest.fixture(autouse=True)
def _time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")


def asked(home: Path, text: str = STUDY + POOL, drug: str = "n: 20 V") -> None:
    (home / "study.yaml").write_text(text, "utf-8")
    (home / "evidence").mkdir(exist_ok=True)
    (home / "evidence" / "trial.yaml").write_text(EVIDENCE, "utf-8")
    cohort = EVIDENCE.replace("evidence: trial", "evidence: cohort").replace("percent: 50 V, n: 20 V", drug)
    (home / "evidence" / "cohort.yaml").write_text(cohort, "utf-8")


def small(folder: Path) -> Path:
    home = written(folder, STUDY + POOL)
    asked(home)
    return home


def late(done: Run) -> set[str]:
    """The analyses with something that is not planned."""
    return {*done.results.table.filter(~pl.col("planned"))["analysis"]}


def test_all_of_it_is_planned(tmp_path: Path) -> None:
    home = small(tmp_path / "study")
    lock_study(home)
    assert (home / "study.lock" / "1" / "evidence" / "cohort.yaml").is_file()
    assert late(run_study(home, tmp_path / "out")) == set()


def test_another_number_of_a_study_is_another_pool_and_says_which(tmp_path: Path) -> None:
    home = small(tmp_path / "study")
    lock_study(home)
    before = items_of(read_study(home))
    asked(home, drug="n: 21 V")
    assert late(run_study(home, tmp_path / "out")) == {"beside_all"}
    (found,) = differences(before, items_of(read_study(home)))
    assert found.kind == "analysis"


def test_another_model_is_another_pool(tmp_path: Path) -> None:
    home = small(tmp_path / "study")
    lock_study(home)
    asked(home, STUDY + POOL + "        model: inverse variance\n")
    assert late(run_study(home, tmp_path / "out")) == {"beside_all"}


def test_what_is_asked_more_is_not_planned_and_the_rest_is(tmp_path: Path) -> None:
    home = small(tmp_path / "study")
    lock_study(home)
    asked(home, STUDY + POOL + "        leave_one_out: yes\n        subgroups: certainty\n        moderators: [week]\n")
    done = run_study(home, tmp_path / "out")
    table = done.results.table.filter(~pl.col("planned"))
    assert {*table["analysis"]} == {"beside_all"}
    assert {*table["group"]} == {"without_study", "certainty", None}
    assert {*table.filter(pl.col("group").is_null())["handling"]} == {"meta_regression"}


def test_another_label_is_the_same_pool(tmp_path: Path) -> None:
    home = small(tmp_path / "study")
    lock_study(home)
    asked(home, STUDY + POOL + "        label: Everything\n")
    assert late(run_study(home, tmp_path / "out")) == set()
