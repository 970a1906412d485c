"""The same input and SOURCE_DATE_EPOCH give the same bytes, in each file of a run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from remit.plan.lock import lock_study
from remit.run import run_study
from tests.unit.plan.small import written

EXAMPLES = Path(__file__).parents[2] / "examples"


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("name", ["rheumatoid-arthritis", "upadacitinib-crohn"])
def test_two_runs_into_two_folders_have_the_same_bytes(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    run_study(EXAMPLES / name, tmp_path / "one")
    run_study(EXAMPLES / name, tmp_path / "elsewhere" / "two")
    one, two = contents(tmp_path / "one"), contents(tmp_path / "elsewhere" / "two")
    assert one.keys() == two.keys()
    assert [file for file in one if one[file] != two[file]] == []
    assert "report.html" in one


def test_two_locks_have_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    for name in ("one", "two"):
        lock_study(written(tmp_path / name))
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def test_a_run_names_all_that_it_read(tmp_path: Path) -> None:
    run_study(written(tmp_path / "study"), tmp_path / "out")
    note = json.loads((tmp_path / "out" / "run.json").read_text("utf-8"))
    assert [*note["inputs"]] == ["S01/people.csv", "S01/visits.csv"]
    assert all(len(digest) == 64 for digest in note["inputs"].values())
    assert note["command"] == "remit run study.yaml --out FOLDER"
    assert note["plan"] is None
