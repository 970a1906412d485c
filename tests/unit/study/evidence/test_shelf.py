"""The evidence at hand: of packs, and beside a study; a finished run keeps what it asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from remit.errors import WrongInput
from remit.study.as_read import files_of, read_kept
from remit.study.build import read_study
from remit.study.evidence.shelf import shelf_of
from tests.unit.study.evidence.files import file_of
from tests.unit.study.making import written


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    folder = tmp_path / "pack"
    file_of(folder)
    file_of(folder, ("evidence: trial-1", "evidence: a-2"), name="a-2")
    return folder


def test_a_file_beside_the_study_replaces_that_of_the_pack(pack: Path, tmp_path: Path) -> None:
    own = file_of(tmp_path, ("title: Trial 1", "title: Ours"))
    shelf = shelf_of({"p": pack}, tmp_path, {})
    assert list(shelf) == ["a-2", "trial-1"]
    assert shelf["trial-1"].title == "Ours"
    assert shelf.files["trial-1"] == own
    assert shelf.replaced == {"trial-1": pack / "evidence" / "trial-1.yaml"}


def test_what_nobody_asks_for_is_not_read(tmp_path: Path) -> None:
    file_of(tmp_path, ("title: Trial 1", "title: [not, a, text]"))
    shelf = shelf_of({}, tmp_path, {})
    assert "trial-1" in shelf
    assert "trial-2" not in shelf
    assert not shelf.opened
    with pytest.raises(WrongInput, match="title cannot be"):
        shelf["trial-1"]


def test_one_id_in_two_packs(pack: Path, tmp_path: Path) -> None:
    file_of(tmp_path / "other")
    with pytest.raises(WrongInput, match="the packs p and q both hold the evidence 'trial-1'"):
        shelf_of({"p": pack, "q": tmp_path / "other"}, None, {})


def test_a_file_of_another_ending(tmp_path: Path) -> None:
    file_of(tmp_path).rename(tmp_path / "evidence" / "trial-1.yml")
    with pytest.raises(WrongInput, match=r"a file of evidence ends in \.yaml"):
        shelf_of({}, tmp_path, {})


def test_a_run_keeps_the_evidence_that_was_asked_for(tmp_path: Path) -> None:
    path = written(tmp_path)
    file_of(tmp_path)
    file_of(tmp_path, ("evidence: trial-1", "evidence: other"), name="other")
    study = read_study(path)
    assert list(study.packs.evidence) == ["other", "trial-1"]
    assert not [name for name in files_of(study) if name.startswith("evidence")]
    study.packs.evidence["trial-1"]
    kept = files_of(study)
    assert [name for name in kept if name.startswith("evidence")] == ["evidence/trial-1.yaml"]
    copy = tmp_path / "kept"
    for name, content in kept.items():
        (copy / name).parent.mkdir(exist_ok=True, parents=True)
        (copy / name).write_bytes(content)
    again = read_kept(copy / "study.yaml").packs.evidence
    assert list(again) == ["trial-1"]
    assert again["trial-1"].title == "Trial 1"


def test_studies_with_the_same_patients_must_be_there(tmp_path: Path) -> None:
    """Else a name that is typed wrongly would let them be pooled as two."""
    file_of(tmp_path, ("design:", "overlaps: [trial-2]\ndesign:"))
    with pytest.raises(WrongInput, match="there is no evidence 'trial-2'"):
        _ = shelf_of({}, tmp_path, {})["trial-1"]
    file_of(tmp_path, ("evidence: trial-1", "evidence: trial-2"), name="trial-2")
    shelf = shelf_of({}, tmp_path, {})
    assert shelf["trial-1"].overlaps == ("trial-2",)
    assert shelf.opened == ("trial-1", "trial-2")  # a copy of the study needs both


def test_a_study_does_not_overlap_with_itself(tmp_path: Path) -> None:
    file_of(tmp_path, ("design:", "overlaps: [trial-1]\ndesign:"))
    with pytest.raises(WrongInput, match="overlaps with itself"):
        _ = shelf_of({}, tmp_path, {})["trial-1"]
