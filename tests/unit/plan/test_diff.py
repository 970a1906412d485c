"""Two runs of a study: what changed, which numbers moved, and because of what."""

from __future__ import annotations

from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook
from typer.testing import CliRunner

from remit.cli import app
from remit.errors import WrongInput
from remit.plan.diff import Diff, diff_runs
from remit.plan.told import lines_of
from remit.run import run_study
from tests.unit.plan.small import CHARTS, changed, written


@pytest.fixture(autouse=True)
def _time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")


def runs(folder: Path, *changes: tuple[str, str], **charts: str) -> Diff:
    """What changed between a run and that of the study with these changes, or with these charts."""
    run_study(written(folder / "study"), folder / "one")
    written(folder / "study", charts={name: CHARTS[name] + more for name, more in charts.items()})
    run_study(changed(folder / "study", *changes), folder / "two")
    return diff_runs(folder / "one", folder / "two")


def test_a_run_and_itself_are_the_same(tmp_path: Path) -> None:
    run_study(written(tmp_path / "study"), tmp_path / "one")
    diff = diff_runs(tmp_path / "one", tmp_path / "one")
    assert diff.same
    assert [*lines_of(diff)][-1] == "The two runs are the same: definitions, charts, versions and numbers."


def test_a_definition_that_changed(tmp_path: Path) -> None:
    diff = runs(tmp_path, ("pain <= 3", "pain <= 5"))
    (definition,) = diff.definitions
    assert (definition.planned, definition.now) == (
        "at week4, week8: pain is at most 3",
        "at week4, week8: pain is at most 5",
    )
    n = next(each for each in diff.primary if each.statistic == "n")
    assert (n.before, n.now, n.by) == ((1.0, 1, 3, 1), (2.0, 2, 3, 1), 1.0)
    assert n.because == ("the definition",)
    assert n.patients == {"B": "not counted → counted"}
    assert not diff.cells
    told = "\n".join(lines_of(diff))
    assert "1/3, 1 not known → 2/3, 1 not known" in told
    assert told.index("Primary result") < told.index("Definitions") < told.index("Charts: the same")


def test_a_patient_and_a_row_that_are_new(tmp_path: Path) -> None:
    diff = runs(tmp_path, people="D,2024-01-01,m,no\n", visits="C,2024-01-29,7\nD,2024-01-29,1\n")
    assert (diff.added, diff.gone, diff.definitions) == ({"D": "S01"}, {}, ())
    (row,) = [cell for cell in diff.cells if cell.patient == "C"]
    assert (row.field, row.before, row.now) == (None, None, "seen 2024-01-29, pain 7")
    n = next(each for each in diff.primary if each.statistic == "n")
    assert n.patients == {"C": "not known → not counted", "D": "not in the population → counted"}
    assert "because of the charts of C, D" in "\n".join(lines_of(diff))


def test_a_cell_that_changed_is_named_with_its_place(tmp_path: Path) -> None:
    run_study(written(tmp_path / "study"), tmp_path / "one")
    visits = CHARTS["visits"].replace("B,2024-01-29,5", "B,2024-01-29,2").replace("A,2024-01-29,2", "A,2024-01-29,")
    run_study(written(tmp_path / "study", charts={"visits": visits}), tmp_path / "two")
    diff = diff_runs(tmp_path / "one", tmp_path / "two")
    assert [(c.patient, c.field, c.date, c.before, c.now, c.place) for c in diff.cells] == [
        ("A", "pain", "2024-01-29", "2", "empty", "S01/visits.csv/C2"),
        ("B", "pain", "2024-01-29", "5", "2", "S01/visits.csv/C3"),
    ]
    assert diff.inputs == ("S01/visits.csv",)
    n = next(each for each in diff.numbers if each.result == "control.eligible.week4.relief.decided.n")
    assert n.by == 0 or n.patients == {"A": "counted → not known", "B": "not counted → counted"}


def test_rows_in_another_order_are_the_same(tmp_path: Path) -> None:
    run_study(written(tmp_path / "study"), tmp_path / "one")
    head, *rows = CHARTS["visits"].splitlines(keepends=True)
    run_study(written(tmp_path / "study", charts={"visits": head + "".join(reversed(rows))}), tmp_path / "two")
    diff = diff_runs(tmp_path / "one", tmp_path / "two")
    assert (diff.cells, diff.numbers) == ((), ())
    assert "files that are not the same byte for byte, and say the same: S01/visits.csv" in "\n".join(lines_of(diff))


def test_an_analysis_that_is_new_and_one_that_is_gone(tmp_path: Path) -> None:
    diff = runs(tmp_path, ("  who: {kind: summary, title: People,", "  others: {kind: summary, title: Others,"))
    assert {each.address.analysis for each in diff.numbers if each.before is None} == {"others"}
    assert {each.address.analysis for each in diff.numbers if each.now is None} == {"who"}


def test_runs_of_different_studies_are_refused(tmp_path: Path) -> None:
    run_study(written(tmp_path / "study"), tmp_path / "one")
    run_study(changed(tmp_path / "study", ("id: pain", "id: itch")), tmp_path / "two")
    with pytest.raises(WrongInput, match=r"one is a run of 'pain' \(A drug against pain\), .*two of 'itch'"):
        diff_runs(tmp_path / "one", tmp_path / "two")


def test_the_command_writes_all_of_it_into_a_workbook(tmp_path: Path) -> None:
    runs(tmp_path, ("pain <= 3", "pain <= 5"), visits="C,2024-01-29,7\n")
    file = tmp_path / "changes.xlsx"
    said = CliRunner().invoke(app, ["diff", str(tmp_path / "one"), str(tmp_path / "two"), "--out", str(file)])
    assert (said.exit_code, said.output.splitlines()[-1]) == (0, f"All of it is in {file}.")
    book = CalamineWorkbook.from_path(file)
    assert book.sheet_names == ["numbers", "definitions", "cells", "patients", "versions"]
    assert book.get_sheet_by_name("cells").to_python()[1:] == [
        ["C", "visits", "2024-01-29", "", "", "seen 2024-01-29, pain 7", "S01/visits.csv/row 6"]
    ]


@pytest.mark.parametrize("name", ["changes.csv", "changes"])
def test_a_file_that_is_no_workbook(tmp_path: Path, name: str) -> None:
    said = CliRunner().invoke(app, ["diff", str(tmp_path), str(tmp_path), "--out", str(tmp_path / name)])
    assert isinstance(said.exception, WrongInput)
    assert "is not the name of a workbook" in said.exception.what
