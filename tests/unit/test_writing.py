"""`remit write`: a template and a finished run → the author's text."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from remit.cli import app
from remit.errors import WrongInput
from remit.run import run_study
from remit.writing import results_like, write_text

EXAMPLE = Path(__file__).parents[2] / "examples" / "rheumatoid-arthritis"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run") / "results"
    run_study(EXAMPLE, folder)
    return folder


def test_a_text_is_written_with_its_numbers(run: Path, tmp_path: Path) -> None:
    (tmp_path / "paper.md").write_text("Of {{ flow.screened.n }} patients; 987654 typed.\n", "utf-8")
    done = write_text(tmp_path / "paper.md", run, tmp_path / "out" / "paper.md")
    assert (tmp_path / "out" / "paper.md").read_text("utf-8").endswith(" patients; 987654 typed.\n")
    assert done.bound == 1
    *told, counted = done.lines()
    assert told == [f"{tmp_path}/paper.md:1:36: warning: 987654 was typed by hand, and equals no result"]
    assert counted == "Numbers: 1 called; typed by hand 0 that equal a result, 1 that equal none."


def test_nothing_is_written_where_a_name_is_wrong(run: Path, tmp_path: Path) -> None:
    (tmp_path / "paper.md").write_text("{{ flow.screned.n }}", "utf-8")
    with pytest.raises(WrongInput, match=r"Nearest are flow\.screened\.n"):
        write_text(tmp_path / "paper.md", run, tmp_path / "out.md")
    assert not (tmp_path / "out.md").exists()


@pytest.mark.parametrize(
    ("template", "out", "language", "message"),
    [
        ("none.md", "out.md", "en", "there is no such file"),
        ("paper.md", "paper.md", "en", "is the template itself"),
        ("paper.md", ".", "en", "is a folder"),
        ("paper.md", "out.md", "fr", "'fr' is no language of remit"),
        ("bytes.md", "out.md", "en", "it cannot be read as text in UTF-8"),
    ],
)
def test_what_is_wrong(run: Path, tmp_path: Path, template: str, out: str, language: str, message: str) -> None:
    (tmp_path / "paper.md").write_text("text", "utf-8")
    (tmp_path / "bytes.md").write_bytes(b"\xff\xfe\xff")
    with pytest.raises(WrongInput) as wrong:
        write_text(tmp_path / template, run, tmp_path / out, language)
    assert message in str(wrong.value)


def test_results_are_found_by_words(run: Path) -> None:
    assert results_like(run, "flow screened")[0].startswith("flow.screened.n")
    with pytest.raises(WrongInput, match="no result has this in its name"):
        results_like(run, "no such thing")


def test_the_mark_at_the_start_of_a_file_of_windows_is_no_text(run: Path, tmp_path: Path) -> None:
    (tmp_path / "paper.md").write_bytes(b"\xef\xbb\xbf---\ntitle: 987654\n---\nText.\n")
    assert write_text(tmp_path / "paper.md", run, tmp_path / "out.md").typed == ()
    assert (tmp_path / "out.md").read_bytes().startswith(b"---\n")


def test_formats_may_be_asked_for_one_by_one(run: Path, tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["report", str(run), "--as", "strobe", "--as", "text", "--out", str(tmp_path)])
    assert done.exit_code == 0
    assert {path.name for path in tmp_path.iterdir()} == {"strobe-shareable.md", "results-shareable.md"}
