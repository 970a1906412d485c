"""The parts of `make bench` that are programs of their own, at a small size: they run, and check their own numbers."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from remit.study.build import read_study

ROOT = Path(__file__).parents[2]
EXAMPLE = "examples/upadacitinib-crohn"


def benchmark(name: str, *given: str | Path) -> str:
    program = [sys.executable, ROOT / "benchmarks" / f"{name}.py", *given]
    return subprocess.run(program, cwd=ROOT, capture_output=True, text=True, check=True, timeout=300).stdout


@pytest.fixture(scope="module")
def cohort(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("benchmarks")
    benchmark("steps", EXAMPLE, out / "run", out / "steps.json")
    return out


def test_each_step_of_a_run_is_timed(cohort: Path) -> None:
    steps = json.loads((cohort / "steps.json").read_text("utf-8"))
    assert len(steps) == 6
    assert all(seconds >= 0 for _, seconds, _ in steps)


def test_the_table_of_characteristics_is_timed(cohort: Path) -> None:
    assert float(benchmark("table_one", cohort / "run", EXAMPLE, "remit")) > 0


def test_counts_and_intervals_of_many_cohorts_are_those_of_a_run(tmp_path: Path) -> None:
    benchmark("cohorts", "5", tmp_path / "made.json")
    made = json.loads((tmp_path / "made.json").read_text("utf-8"))
    assert made == {"handlings": 28, "intervals": 28 * 5 * (3 * 5 + 2), "checked": 5}


def test_the_study_without_imputation_is_a_study(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(ROOT / "benchmarks")
    from measuring import without_imputation

    assert not read_study(without_imputation(tmp_path)).imputes
