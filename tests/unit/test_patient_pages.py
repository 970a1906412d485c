"""`remit report --as profiles,narratives`: of the internal edition alone, written all or none."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from remit.errors import WrongInput
from remit.publish import publish
from remit.run import run_study

CROHN = Path(__file__).parents[2] / "examples" / "upadacitinib-crohn"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return run_study(CROHN, tmp_path_factory.mktemp("run")).report.parent


def test_the_pages_of_two_patients(run: Path, tmp_path: Path) -> None:
    (path,) = publish(run, "profiles", None, tmp_path, ["S01-009", "S05-006"])
    assert path == tmp_path / "profiles-internal.html"
    html = path.read_text("utf-8")
    assert "Internal edition: it shows single patients." in html
    assert "Synthetic data" in html
    assert 'id="patient-2"' in html
    assert 'id="patient-3"' not in html
    assert "2 of 71; name others with --patient" in html


def test_narratives_are_of_all_who_had_a_serious_event(run: Path, tmp_path: Path) -> None:
    text, word = publish(run, "narratives,narratives-docx", "internal", tmp_path)
    said = text.read_text("utf-8")
    assert "6 serious adverse events of 6 patients" in said
    assert "A 20-year-old man with Crohn's disease (patient S01-009, centre S01) was eligible" in said
    with zipfile.ZipFile(word) as made:
        assert "acute kidney injury" in made.read("word/document.xml").decode()


def test_the_same_input_gives_the_same_bytes(run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    for folder in ("a", "b"):
        publish(run, "profiles,narratives,narratives-docx", None, tmp_path / folder, ["S01-009"])
    for path in (tmp_path / "a").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes()


def test_no_edition_of_them_may_be_shared(run: Path, tmp_path: Path) -> None:
    with pytest.raises(WrongInput, match="no edition of them may be shared"):
        publish(run, "profiles", "shareable", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_patients_are_chosen_only_for_pages_of_patients(run: Path, tmp_path: Path) -> None:
    with pytest.raises(WrongInput, match="pages that show them one by one"):
        publish(run, "tables", "internal", tmp_path, ["S01-009"])


def test_a_patient_who_is_not_there_is_named(run: Path, tmp_path: Path) -> None:
    with pytest.raises(WrongInput, match="there is no patient 'S99' in this run"):
        publish(run, "profiles", None, tmp_path / "out", ["S99"])
    assert not (tmp_path / "out").exists()
