"""The fingerprints of charts are taken while they are read; a file that changes meanwhile stops the run."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from remit.errors import WrongInput
from remit.sources.digests import taken


def test_each_file_that_may_hold_charts(tmp_path: Path) -> None:
    for name in ("S01.xlsx", "S02/visits.csv", "notes.pdf", ".hidden.csv", "~$S01.xlsx"):
        (tmp_path / "charts" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "charts" / name).write_text(name, "utf-8")
    (tmp_path / "corrections.csv").write_text("x", "utf-8")
    with taken(tmp_path / "charts", tmp_path / "corrections.csv") as digests:
        assert digests.found == {}
    assert [*digests.found] == ["S01.xlsx", "S02/visits.csv", "corrections.csv"]
    assert digests.found["S01.xlsx"] == hashlib.sha256(b"S01.xlsx").hexdigest()


def test_a_folder_and_corrections_that_are_not_there(tmp_path: Path) -> None:
    with taken(tmp_path / "none", tmp_path / "none.csv") as digests:
        pass
    assert digests.found == {}


def test_a_file_that_changes_while_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "S01.csv"
    path.write_text("before", "utf-8")
    with pytest.raises(WrongInput, match="it was changed while it was read"), taken(tmp_path, None):
        path.write_text("something else", "utf-8")
