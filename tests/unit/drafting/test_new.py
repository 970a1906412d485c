"""`remit new`, as it is used: by options, by answers on a terminal, and with mistakes."""

from __future__ import annotations

import json
import os
import pty
import shlex
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from remit import cli
from remit.errors import WrongInput
from remit.study.build import read_study
from remit.study.json_schema import study_schema
from tests.unit.study.making import PACK, written


def new(folder: Path, *options: str, answers: Sequence[str] | None = None) -> Result:
    given = "".join(f"{answer}\n" for answer in answers or ())
    return CliRunner().invoke(cli.app, ["new", str(folder), *options], input=given)


def refused(folder: Path, *options: str) -> WrongInput:
    """The message about options that will not do; nothing is written."""
    done = new(folder, "--yes", *options)
    assert isinstance(done.exception, WrongInput), done.output
    assert not (folder / "study.yaml").exists()
    assert not (folder / "study.schema.json").exists()
    return done.exception


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    """A folder with a pack of its own: Joints by item, Pain as a total, CRP."""
    written(tmp_path, pack={**PACK, "pack": PACK["pack"] + "diseases: [sore knees]\n"}).unlink()
    return tmp_path


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "_can_ask", lambda: True)


# By options


def test_options_are_enough(tmp_path: Path) -> None:
    done = new(
        tmp_path / "cohort", "--yes", "--title", "My cohort", "--disease", "crohn's  disease", "--drug", "upadacitinib",
        "--weeks", "0,12,24", "--instrument", "hbi", "--score", "ses-cd", "--lab", "crp", "--lab", "calprotectin",
        "--measure", "weight: kg", "--steroids", "--endpoint", "clinical remission: hbi <= 4", "--centre", "Rome",
    )  # fmt: skip
    assert done.exit_code == 0
    study = read_study(tmp_path / "cohort")
    assert (study.identity.id, study.identity.drug, dict(study.packs.names)) == (
        "my-cohort",
        "upadacitinib",
        {"ibd": "1.0"},
    )
    assert list(study.endpoints) == ["clinical_remission", "steroid_free_clinical_remission"]
    schema = json.loads((tmp_path / "cohort" / "study.schema.json").read_text("utf-8"))
    assert schema == study_schema()


def test_it_says_what_comes_next(tmp_path: Path) -> None:
    done = new(tmp_path / "a cohort", "--yes", "--centre", "Rome", "--centre", "Den Haag")
    folder = f"'{tmp_path}/a cohort'"
    lines = [line.strip() for line in done.output.splitlines()]
    assert [line for line in lines if line.startswith("remit")] == [
        f"remit template {folder} --out '{tmp_path}/a cohort/charts' --centre Rome --centre 'Den Haag'",
        f"remit check {folder}",
        f"remit run {folder} --out '{tmp_path}/a cohort/results'",
    ]


def test_a_disease_that_no_pack_names_has_none(tmp_path: Path) -> None:
    assert new(tmp_path, "--yes", "--disease", "gout", "--measure", "urate: mg/dL").exit_code == 0
    study = read_study(tmp_path)
    assert dict(study.packs.names) == {}
    assert "urate" in study.forms["visits"].fields


def test_a_pack_beside_the_study(tiny: Path) -> None:
    """Found by a disease that it names."""
    assert new(tiny, "--yes", "--disease", "Sore knees", "--instrument", "joints", "--score", "Pain").exit_code == 0
    assert {"joints_tender", "pain"} <= set(read_study(tiny).forms["visits"].fields)


def test_the_next_commands_can_be_given(tmp_path: Path) -> None:
    """The empty workbooks are charts without patients: they can be checked and run as they are."""
    output = new(tmp_path / "cohort", "--yes", "--pack", "ibd", "--score", "HBI").output
    commands = [shlex.split(line) for line in output.splitlines() if line.startswith("  remit ")]
    assert len(commands) == 3
    for _, *arguments in commands:
        done = CliRunner().invoke(cli.app, arguments)
        assert done.exit_code == 0, (done.output, done.exception)
    assert (tmp_path / "cohort" / "charts" / "S01.xlsx").exists()
    assert (tmp_path / "cohort" / "results" / "report.html").exists()


# On a terminal


def test_enter_takes_each_default(tmp_path: Path, terminal: None) -> None:
    done = new(tmp_path / "asked", answers=[""] * 15)
    assert done.exit_code == 0, done.output
    assert new(tmp_path / "told", "--yes").exit_code == 0
    asked, told = ((tmp_path / each / "study.yaml").read_text("utf-8") for each in ("asked", "told"))
    assert asked == told


def test_answers(tmp_path: Path, terminal: None) -> None:
    answers = [
        "My cohort", "ulcerative colitis", "", "upadacitinib", "8, 52", "none", "HBI", "calprotectin", "weight: kg",
        "yes", "response: fall(hbi) >= 3", "none", "Rome",
    ]  # fmt: skip
    assert new(tmp_path, answers=answers).exit_code == 0
    study = read_study(tmp_path)
    assert study.identity.disease == "ulcerative colitis"
    assert [visit.name for visit in study.visits] == ["baseline", "week8", "week52"]
    assert set(study.forms["visits"].fields) == {"visit_date", "hbi", "calprotectin", "weight"}
    assert list(study.endpoints) == ["response", "steroid_free_response"]


def test_what_is_told_is_not_asked(tmp_path: Path, terminal: None) -> None:
    done = new(tmp_path, "--disease", "gout", "--drug", "x", "--title", "A", "--steroids", answers=[""] * 6)
    assert done.exit_code == 0, done.output
    for question in ("Title", "Disease", "Drug", "corticosteroids"):
        assert question not in done.output
    assert "Visits, in weeks" in done.output


def test_a_wrong_answer_is_asked_again(tiny: Path, terminal: None) -> None:
    answers = [
        " ", "My cohort", "sore knees", "knees", "tiny", 'a "drug"', "x", "0, 12, 4", "0, 12", "Joints, Jonts", "Pain",
        "Joints", "Joints", "Pain", "CRX", "CRP", "weight: stones", "none", "perhaps", "no", "pain", "r: pains <= 4",
        "r: pain <= 4", "none", "",
    ]  # fmt: skip
    done = new(tiny, answers=answers)
    assert done.exit_code == 0, done.output
    for message in (
        "nothing is written here",
        "there is no pack 'knees'\n  There is ibd, tiny, none.",
        "holds a quotation mark",
        "week 4 comes after week 12",
        "there is no instrument 'Jonts'\n  Did you mean Joints? There is Pain, Joints.",
        "the pack has no items of Pain\n  Take its total, as one column: --score Pain.",
        "Joints is charted item by item already",
        "there is no laboratory test or measure 'CRX'\n  Did you mean CRP?",
        "'perhaps' is not yes or no",
        "'pain' is no endpoint",
        "there is no 'pains'\n  Did you mean pain?",
    ):
        assert message in done.output, message
    assert list(read_study(tiny).endpoints) == ["r"]


def test_whoever_stops_has_written_nothing(tmp_path: Path, terminal: None) -> None:
    done = new(tmp_path / "cohort", answers=["My cohort"])
    assert done.exit_code == 1
    assert not (tmp_path / "cohort").exists()


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-c", "from remit.cli import main; main()", "new", *arguments]


def test_on_a_real_terminal(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    with subprocess.Popen(command(str(tmp_path)), stdin=theirs, stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        os.write(ours, b"My cohort\n" + b"\n" * 14)
        seen, until = b"", time.monotonic() + 60
        while time.monotonic() < until:
            try:
                more = os.read(ours, 4096)
            except OSError:  # the other end is closed
                break
            seen += more
    os.close(ours)
    assert process.returncode == 0, seen
    assert b"Title of the study [A treatment-effectiveness cohort]" in seen
    assert read_study(tmp_path).identity.title == "My cohort"


def test_nobody_there_to_answer(tmp_path: Path) -> None:
    done = subprocess.run(command(str(tmp_path)), stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert done.stderr == (
        "remit: remit new: it asks questions, and nobody can answer here\n"
        "  Add --yes to take the default of what is not told, or run it in a terminal.\n"
    )
    assert list(tmp_path.iterdir()) == []


# What will not do


@pytest.mark.parametrize(
    ("options", "where", "what", "remedy"),
    [
        (["--centre", "../S01"], "--centre", "'../S01' cannot be the name of a file", "letters and digits"),
        (["--centre", "S01", "--centre", "s01"], "--centre", "S01 and s01 are one file's name", "once"),
        (["--weeks", "0,twelve"], "--weeks", "'twelve' is not a number of weeks", "0,12,24"),
        (["--weeks", "0,12,12"], "--weeks", "week 12 stands here twice", "0,12,24"),
        (["--weeks", "0,24,12"], "--weeks", "week 12 comes after week 24", "in order"),
        (["--weeks", "0"], "--weeks", "there is no visit after the baseline", "0,12"),
        (["--weeks", "-4,12"], "--weeks", "'-4' is not a number of weeks", "0,12,24"),
        (["--weeks", "0,9999"], "--weeks", "'9999' is not a number of weeks", "0,12,24"),
        (["--title", "  "], "--title", "nothing is written here", "Write a text."),
        (["--drug", 'the "drug"'], "--drug", "holds a quotation mark", "without marks"),
        (["--pack", "idb"], "--pack", "there is no pack 'idb'", "Did you mean ibd? There is ibd, tiny, none."),
        (["--instrument", "CDIA"], "--instrument", "there is no instrument 'CDIA'", "There is Pain, Joints."),
        (["--score", "jonts"], "--score", "there is no instrument 'jonts'", "Did you mean Joints?"),
        (["--instrument", "Pain"], "--instrument", "the pack has no items of Pain", "--score Pain"),
        (["--instrument", "joints", "--score", "joints"], "--score", "Joints is charted item by item already", "items"),
        (["--lab", "PCR"], "--lab", "there is no laboratory test or measure 'PCR'", "CRP"),
        (["--pack", "none", "--lab", "CRP"], "--lab", "there is no laboratory test or measure 'CRP'", "--measure"),
        (["--pack", "none", "--instrument", "HBI"], "--instrument", "there is no instrument 'HBI'", "--measure"),
        (["--pack", "none", "--score", "HBI"], "--score", "there is no instrument 'HBI'", "--measure"),
        (["--measure", "weight: kg 20"], "--measure", "'weight: kg 20' is no measure", "20 to 300"),
        (["--measure", "weight: kg 300 to 20"], "--measure 'weight: kg 300 to 20'", "ends before it begins", ""),
        (["--measure", "and"], "--measure 'and'", "'and' has a meaning of its own", ""),
        (["--lab", "CRP", "--measure", "crp: mg/L"], "--measure 'crp: mg/L'", "'crp' stands here twice", ""),
        (["--endpoint", "hbi <= 4"], "--endpoint", "'hbi <= 4' is no endpoint", "relief: pain <= 3"),
        (["--score", "Pain", "--endpoint", "r: pain <="], "--endpoint 'r: pain <='", "", ""),
        (["--score", "Pain", "--endpoint", "r: pian <= 4"], "--endpoint 'r: pian <= 4'", "there is no 'pian'", "pain"),
        (["--score", "Pain", "--endpoint", "r: pain"], "--endpoint 'r: pain'", "yes or no is asked", "Compare"),
        (["--score", "Pain", "--endpoint", "r: pain <= 4", "--endpoint", "r: pain <= 3"], "--endpoint 'r: pain <= 3'",
         "'r' stands here twice", ""),
        (["--score", "Pain", "--endpoint", "pain: pain <= 4"], "--endpoint 'pain: pain <= 4'", "'pain' is also", ""),
        (["--title", "a\u200bb"], "--title", "the character U+200B may not stand in a study file", ""),
    ],
)  # fmt: skip
def test_a_mistake_is_named(tiny: Path, options: list[str], where: str, what: str, remedy: str) -> None:
    error = refused(tiny, "--disease", "sore knees", *options)
    assert error.where == where
    assert what in error.what
    assert remedy in error.remedy


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "study.yaml").write_text("mine", "utf-8")
    done = new(tmp_path, "--yes")
    assert isinstance(done.exception, WrongInput)
    assert done.exception.where == str(tmp_path / "study.yaml")
    assert done.exception.what == "there is a study file already"
    assert [path.name for path in tmp_path.iterdir()] == ["study.yaml"]
    assert (tmp_path / "study.yaml").read_text("utf-8") == "mine"


def test_neither_is_another_schema(tmp_path: Path) -> None:
    (tmp_path / "study.schema.json").write_text("{}", "utf-8")
    done = new(tmp_path, "--yes")
    assert isinstance(done.exception, WrongInput)
    assert done.exception.what == "there is another schema already"


def test_the_schema_of_before_may_be_there(tmp_path: Path) -> None:
    assert CliRunner().invoke(cli.app, ["schema", "--out", str(tmp_path / "study.schema.json")]).exit_code == 0
    assert new(tmp_path, "--yes").exit_code == 0


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    done = new(tmp_path / "file", "--yes")
    assert isinstance(done.exception, WrongInput)
    assert done.exception.what == f"{tmp_path / 'file'} is a file"
