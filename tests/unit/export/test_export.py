"""What `remit export` refuses, before anything is written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import remit.export.export
from remit.errors import WrongInput
from remit.export.export import export_adam
from remit.export.finished import read_finished


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
    note = {"remit": "0.1.0", "synthetic": None, "study": {"study.yaml": "0"}}
    (tmp_path / "run.json").write_text(json.dumps(note), "utf-8")
    with pytest.raises(WrongInput, match=r"study\.yaml: the run wrote this file, and it is gone"):
        read_finished(tmp_path)
