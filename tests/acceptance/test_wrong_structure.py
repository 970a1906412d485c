"""A wrong study file or a wrong structure of the charts stops the run before anything is written: one message of where,
what and what would do, exit code 2, no traceback."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from remit import cli
from tests.unit.sources.making import DEFAULT, workbook
from tests.unit.study.making import changed, place_of

EXAMPLE = Path(__file__).parents[2] / "examples" / "upadacitinib-crohn"
TEXT = (EXAMPLE / "study.yaml").read_text("utf-8")


@dataclass(frozen=True)
class Said:
    code: int
    out: str
    err: str


@pytest.fixture
def remit(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    """The command as it is called, in this process."""

    def call(*arguments: object) -> Said:
        monkeypatch.setattr(sys, "argv", ["remit", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        caught = capsys.readouterr()
        return Said(int(ended.value.code or 0), caught.out, caught.err)

    return call


@pytest.fixture
def study(tmp_path: Path) -> Path:
    return shutil.copytree(EXAMPLE, tmp_path / "study")


def stopped(said: Said, folder: Path, where: str, what: str) -> None:
    """Exit code 2, one message of two lines on the error's stream, nothing written."""
    assert said.code == 2
    assert said.out == ""
    first, second, *more = said.err.splitlines()
    assert first.startswith(f"remit: {where}"), first
    assert what in first
    assert second.startswith("  ")
    assert not more
    assert sorted(path.name for path in folder.iterdir()) == ["study"]


# The study file, as the issue lists it: what is written → what is written instead, with ▶ at the place

FILES = [
    ("is: hbi <= 3 and not visits.steroids", "is: ▶hbl <= 3 and not visits.steroids", "there is no 'hbl'"),
    ("day: 84, window", "day: ▶week 12, window", "visits.week12.day cannot be 'week 12'"),
    ("    is: bwt < 3 mm", "    is: ▶bwt < 3 mg/L", "do not measure the same"),
    ("at: [week12, week24]\n    is: bwt < 3", "at: [week12, ▶week26]\n    is: bwt < 3", "there is no visit 'week26'"),
    ("window: [140, 196]", "window: ▶[100, 196]", "the windows of week12 and week24 overlap (days 100 to 105)"),
    ("day: 168, window: [140, 196]}", "day: 168, window: [140, 196▶}", "does not fit inside the ["),
    ("  drainage:\n", "  ▶\tdrainage:\n", "a tab stands here"),
    (
        "  hbi_band:\n    label: clinical activity (HBI)\n    is: band(hbi@baseline)",
        "  hbi_band: {is: ▶any(steroids, where dose > 0 mg)}",
        "the comma inside {…} or […] cuts the expression at 'any(steroids'",
    ),
    ("  female:\n", "  ▶sex:\n", "'sex' is also a field of patients"),
    ("endpoint: clinical_remission, visit", "endpoint: ▶clinical_remision, visit", "there is no endpoint"),
]
CIRCLE = (
    "is: clinical_remission and biochemical_remission and transmural_healing",
    "is: ▶deep_remission and continuation",
)


@pytest.mark.parametrize(("old", "new", "what"), FILES)
def test_a_wrong_study_file(
    old: str, new: str, what: str, study: Path, tmp_path: Path, remit: Callable[..., Said]
) -> None:
    text, place = place_of(changed(TEXT, old, new))
    (study / "study.yaml").write_text(text, "utf-8")
    stopped(remit("run", study, "--out", tmp_path / "out"), tmp_path, f"{study / 'study.yaml'}:{place}: ", what)
    assert remit("check", study).code == 2


def test_a_circle(study: Path, tmp_path: Path, remit: Callable[..., Said]) -> None:
    text, place = place_of(changed(TEXT, *CIRCLE))
    (study / "study.yaml").write_text(text, "utf-8")
    said = remit("run", study, "--out", tmp_path / "out")
    stopped(said, tmp_path, f"{study / 'study.yaml'}:{place}: ", "circular definition: deep_remission → deep_remission")


def test_a_second_definition_of_one_name(study: Path, tmp_path: Path, remit: Callable[..., Said]) -> None:
    text, place = place_of(
        changed(TEXT, "  drainage:\n", "  bwt: {is: bwt_ileum}\n  ▶bwt: {is: bwt_colon}\n  drainage:\n")
    )
    (study / "study.yaml").write_text(text.replace("  bwt:\n", "  bwt_max:\n"), "utf-8")
    said = remit("run", study, "--out", tmp_path / "out")
    stopped(said, tmp_path, f"{study / 'study.yaml'}:{place}: ", "'bwt' stands here twice")


# The charts


def garble(charts: Path) -> None:
    (charts / "S02.xlsx").write_bytes(b"this is no workbook")


def empty_file(charts: Path) -> None:
    (charts / "S02.xlsx").write_bytes(b"")


def cut_off(charts: Path) -> None:
    whole = (charts / "S02.xlsx").read_bytes()
    (charts / "S02.xlsx").write_bytes(whole[: len(whole) // 2])


def without_sheets(charts: Path) -> None:
    workbook(charts / "S02.xlsx", {"Sheet1": []})


def other_sheets(charts: Path) -> None:
    workbook(charts / "S02.xlsx", DEFAULT)


def old_format(charts: Path) -> None:
    (charts / "S02.xlsx").rename(charts / "S02.xls")


def no_folder(charts: Path) -> None:
    shutil.rmtree(charts)


def empty_folder(charts: Path) -> None:
    for path in charts.iterdir():
        path.unlink()


CHARTS = [
    (garble, "S02.xlsx: ", "it cannot be read"),
    (empty_file, "S02.xlsx: ", "it cannot be read"),
    (cut_off, "S02.xlsx: ", "it cannot be read"),
    (without_sheets, "S02.xlsx: ", "the sheet patients is missing"),
    (other_sheets, "S02.xlsx: ", "the sheet steroids is missing"),
    (old_format, "S02.xls: ", "workbooks of this format are not read"),
    (no_folder, "{charts}: ", "there is no such folder"),
    (empty_folder, "{charts}: ", "the folder holds no charts"),
]


@pytest.mark.parametrize(("spoil", "where", "what"), CHARTS, ids=lambda value: getattr(value, "__name__", None))
def test_a_wrong_structure_of_the_charts(
    spoil: Callable[[Path], None], where: str, what: str, study: Path, tmp_path: Path, remit: Callable[..., Said]
) -> None:
    spoil(study / "charts")
    said = remit("run", study, "--out", tmp_path / "out")
    stopped(said, tmp_path, where.format(charts=study / "charts"), what)
    assert remit("check", study).code == 2


def test_a_column_that_the_study_needs_is_missing(study: Path, tmp_path: Path, remit: Callable[..., Said]) -> None:
    text = changed(
        TEXT, "      diagnosis_date: date\n", "      diagnosis_date: {type: date, column: date of diagnosis}\n"
    )
    (study / "study.yaml").write_text(
        changed(
            text,
            "      last_contact_date: date\n  visits",
            "      last_contact_date: date\n      weight: {unit: kg}\n  visits",
        )
    )
    said = remit("run", study, "--out", tmp_path / "out")
    stopped(said, tmp_path, "S01.xlsx, sheet patients: ", "weight")


def test_charts_that_may_not_be_read(
    study: Path, tmp_path: Path, remit: Callable[..., Said], monkeypatch: pytest.MonkeyPatch
) -> None:
    look = Path.iterdir

    def refuse(path: Path) -> object:
        if path.name == "charts":
            raise PermissionError(13, "Permission denied", str(path))
        return look(path)

    monkeypatch.setattr(Path, "iterdir", refuse)
    said = remit("run", study, "--out", tmp_path / "out")
    stopped(said, tmp_path, f"{study / 'charts'}: ", "it cannot be read: Permission denied")


# The command


def test_an_engine_that_there_is_not(study: Path, tmp_path: Path, remit: Callable[..., Said]) -> None:
    said = remit("run", study, "--out", tmp_path / "out", "--engine", "nonsense")
    stopped(said, tmp_path, "--engine: ", "there is no engine 'nonsense'")


def test_a_source_that_there_is_not(study: Path, tmp_path: Path, remit: Callable[..., Said]) -> None:
    text, place = place_of(changed(TEXT, "charts:\n  yes", "charts:\n  source: ▶redcap\n  yes"))
    (study / "study.yaml").write_text(text, "utf-8")
    said = remit("run", study, "--out", tmp_path / "out")
    stopped(said, tmp_path, f"{study / 'study.yaml'}:{place}: ", "there is no source of charts 'redcap'")


def test_a_study_that_there_is_not(study: Path, tmp_path: Path, remit: Callable[..., Said]) -> None:
    said = remit("run", study / "none.yaml", "--out", tmp_path / "out")
    stopped(said, tmp_path, f"{study / 'none.yaml'}: ", "there is no such file")
    (study / "study.yaml").unlink()
    said = remit("run", study, "--out", tmp_path / "out")
    stopped(said, tmp_path, f"{study}: ", "the folder holds no study.yaml")


@pytest.mark.parametrize("inside", ["", "deeper", "deeper/still"])
def test_an_out_that_is_a_file(inside: str, study: Path, tmp_path: Path, remit: Callable[..., Said]) -> None:
    file = study / "notes.txt"
    file.write_text("mine")
    said = remit("run", study, "--out", file / inside)
    stopped(said, tmp_path, "--out: ", f"{file} is a file")
    assert file.read_text() == "mine"


def test_an_out_among_the_charts(study: Path, tmp_path: Path, remit: Callable[..., Said]) -> None:
    said = remit("run", study, "--out", study / "charts" / "out")
    stopped(said, tmp_path, "--out: ", "lies among the charts")


def test_an_out_that_may_not_be_written(
    study: Path, tmp_path: Path, remit: Callable[..., Said], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)
    said = remit("run", study, "--out", tmp_path / "out")
    stopped(said, tmp_path, "--out: ", "nothing may be written into")


def test_the_installed_command(study: Path, tmp_path: Path) -> None:
    """In a process of its own: also there no traceback, and the exit code of the process."""
    (study / "study.yaml").write_text(TEXT.replace("hbi <= 3", "hbl <= 3"), "utf-8")
    command = [
        sys.executable,
        "-c",
        "from remit.cli import main; main()",
        "run",
        str(study),
        "--out",
        str(tmp_path / "out"),
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    stopped(Said(done.returncode, done.stdout, done.stderr), tmp_path, f"{study / 'study.yaml'}:", "there is no 'hbl'")
