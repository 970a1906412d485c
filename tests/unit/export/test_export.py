"""What `remit export` refuses, before anything is written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

import remit.export.export
from remit.cli import app
from remit.errors import WrongInput
from remit.export.export import Exported, export_adam
from remit.finished import read_finished


def test_what_writes_the_files_is_not_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remit.export.export, "find_spec", lambda name: None)
    with pytest.raises(WrongInput, match=r'odmlib and pyreadstat are not installed\n.*pip install "remit\[adam\]"'):
        export_adam(tmp_path, tmp_path / "out")


def test_the_folder_of_the_run_itself(tmp_path: Path) -> None:
    with pytest.raises(WrongInput, match="holds the run itself"):
        export_adam(tmp_path, tmp_path / "." / "")


def test_no_such_folder(tmp_path: Path) -> None:
    with pytest.raises(WrongInput, match="there is no such folder"):
        read_finished(tmp_path / "none")


@pytest.mark.parametrize("text", ["", "[]", '{"remit": "1"}', '{"other": 1}'])
def test_a_note_that_no_run_writes(tmp_path: Path, text: str) -> None:
    (tmp_path / "run.json").write_text(text, "utf-8")
    with pytest.raises(WrongInput, match="it cannot be read as what a run writes"):
        read_finished(tmp_path)


def test_a_file_of_the_study_that_is_gone(tmp_path: Path) -> None:
    made = {
        "made": "2026-01-01T00:00:00+00:00",
        "python": "3",
        "libraries": {},
        "inputs": {},
        "command": "",
        "plan": None,
    }
    note = {"remit": "0.1.0", "synthetic": None, "study": {"study.yaml": "0"}, **made}
    (tmp_path / "run.json").write_text(json.dumps(note), "utf-8")
    with pytest.raises(WrongInput, match=r"study\.yaml: the run wrote this file, and it is gone"):
        read_finished(tmp_path)


def test_the_command_says_what_it_wrote_and_what_was_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done = Exported({"ADSL": 1200, "ADAE": 3}, {"ADAE.COMMENT": 2}, {"ADLB.AVALU": 7, "ADSL.SITEID": 1})
    monkeypatch.setattr(remit.export.export, "export_adam", lambda folder, out: done)
    said = CliRunner().invoke(app, ["export", str(tmp_path), "--as", "adam", "--out", "out"])
    assert said.exit_code == 0
    assert said.output.splitlines() == [
        "Data sets are in out: ADSL (1,200 rows), ADAE (3 rows).",
        "ADAE.COMMENT: texts longer than 200 characters are cut in the XPT file (2); the other files have them whole.",
        "Spelled in ASCII in the XPT files (µ as u); the other files have them whole: ADLB.AVALU (7), ADSL.SITEID (1).",
    ]


def test_a_form_that_there_is_not(tmp_path: Path) -> None:
    said = CliRunner().invoke(app, ["export", str(tmp_path), "--as", "sdtm", "--out", "out"])
    assert isinstance(said.exception, WrongInput)
    assert "'sdtm' is no form that remit can export" in str(said.exception)
