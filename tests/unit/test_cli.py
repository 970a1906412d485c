"""The command itself: its help, its version, and how long it takes to answer."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import version

import pytest
from typer.testing import CliRunner

from remit.cli import app
from remit.errors import WrongInput

HEAVY = ["polars", "narwhals", "pydantic", "lark", "yaml", "numpy", "python_calamine", "jinja2", "duckdb", "rich"]


def test_the_version() -> None:
    done = CliRunner().invoke(app, ["--version"])
    assert (done.exit_code, done.output) == (0, f"remit {version('remit')}\n")


def test_the_help_names_each_command_and_the_exit_codes() -> None:
    done = CliRunner().invoke(app, ["--help"])
    assert done.exit_code == 0
    for word in ("run", "check", "describe", "new", "schema", "template", "--version", "Exit codes"):
        assert word in done.output


@pytest.mark.parametrize("command", ["run", "check", "describe", "template"])
def test_each_command_has_help(command: str) -> None:
    done = CliRunner().invoke(app, [command, "--help"])
    assert done.exit_code == 0
    assert "STUDY" in done.output


def test_without_a_command_it_helps() -> None:
    done = CliRunner().invoke(app, [])
    assert "Commands:" in done.output


def test_help_loads_nothing_heavy() -> None:
    """So that it answers in a tenth of a second."""
    code = f"import sys, remit.cli; print([name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_a_bug_shows_its_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    import remit.run

    def bug(*_: object, **__: object) -> None:
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr(remit.run, "run_study", bug)
    done = CliRunner().invoke(app, ["run", ".", "--out", "out"])
    assert isinstance(done.exception, ZeroDivisionError)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [([], "it explains a result or a cell"), (["--cell", "S01.xlsx/visits/A2", "--patient", "x"], "of one patient")],
)
def test_explain_asks_for_one_thing(arguments: list[str], told: str) -> None:
    done = CliRunner().invoke(app, ["explain", "results", *arguments])
    assert isinstance(done.exception, WrongInput)
    assert told in str(done.exception)
