"""`remit report`: which files it writes, and that it writes all of them or none."""

from __future__ import annotations

import builtins
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from remit.errors import WrongInput
from remit.publish import formats_in, publish
from remit.run import run_study

CROHN = Path(__file__).parents[2] / "examples" / "upadacitinib-crohn"
EVERY = "figures,html,docx,pdf,tables"


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return run_study(CROHN, tmp_path_factory.mktemp("run")).report.parent


def files_in(folder: Path) -> Mapping[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_every_format_is_written_and_the_same_input_and_time_give_the_same_bytes(
    run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    told = publish(run, EVERY, "internal", tmp_path / "a")
    names = ["report-internal.html", "report-internal.docx", "report-internal.pdf", "tables-internal.xlsx"]
    assert told == [tmp_path / "a" / name for name in (*names, "tables-internal", "figures-internal")]
    publish(run, EVERY, "internal", tmp_path / "b")
    first, second = files_in(tmp_path / "a"), files_in(tmp_path / "b")
    assert first.keys() == second.keys()
    assert [name for name in first if first[name] != second[name]] == []
    for ending in ("svg", "png", "pdf", "csv"):
        assert f"figures-internal/figure-1.{ending}" in first
    assert "tables-internal/table-1.csv" in first


def test_without_a_folder_the_files_go_to_the_run(run: Path) -> None:
    assert publish(run, "tables", "internal") == [run / "tables-internal.xlsx", run / "tables-internal"]


def test_formats_are_taken_once_and_unknown_ones_are_named() -> None:
    assert formats_in("pdf, docx,pdf") == ["docx", "pdf"]
    with pytest.raises(WrongInput, match="'odt' is no format of a report"):
        formats_in("docx,odt")


def test_an_edition_that_is_none_is_named(run: Path, tmp_path: Path) -> None:
    with pytest.raises(WrongInput, match="'secret' is no edition"):
        publish(run, "pdf", "secret", tmp_path / "out")


@pytest.mark.parametrize(("kind", "package"), [("docx", "pypandoc"), ("pdf", "typst")])
def test_what_is_not_installed_is_told_before_anything_is_written(
    run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, package: str
) -> None:
    whole = builtins.__import__

    def without(name: str, *more: Any) -> Any:
        if name == package:
            raise ImportError(name)
        return whole(name, *more)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(WrongInput, match=r"(?s)not installed.*pip install .remit\[word\]."):
        publish(run, f"tables,{kind}", "internal", tmp_path / "out")
    assert not (tmp_path / "out").exists()
