"""A folder is written whole or not at all, whatever happens on the way."""

from __future__ import annotations

import errno
import os
import resource
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from remit.errors import WrongInput
from remit.output import check_out, now, whole_folder

SECOND_STUDY = Path(__file__).parents[1] / "acceptance" / "second_study"


def tree(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): path.read_text() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_a_new_folder_gets_all_files(tmp_path: Path) -> None:
    with whole_folder(tmp_path / "a" / "out") as made:
        (made / "one").write_text("1")
        (made / "figures").mkdir()
        (made / "figures" / "two").write_text("2")
        assert not (tmp_path / "a" / "out").exists()
    assert tree(tmp_path) == {"a/out/one": "1", "a/out/figures/two": "2"}
    assert (tmp_path / "a" / "out").stat().st_mode == (tmp_path / "a").stat().st_mode


def test_a_folder_that_is_there_keeps_what_is_not_written_anew(tmp_path: Path) -> None:
    for name in ("one", "mine", "figures/old"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("before")
    with whole_folder(tmp_path) as made:
        (made / "one").write_text("1")
        (made / "figures").mkdir()
        (made / "figures" / "new").write_text("2")
        assert tree(tmp_path)["one"] == "before"
    assert tree(tmp_path) == {"one": "1", "mine": "before", "figures/new": "2"}


def test_a_link_to_a_folder_stays_one(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with whole_folder(tmp_path / "link") as made:
        (made / "one").write_text("1")
    assert (tmp_path / "link").is_symlink()
    assert tree(tmp_path / "real") == {"one": "1"}


@pytest.mark.parametrize("error", [ValueError("a bug"), KeyboardInterrupt(), SystemExit(1), FileNotFoundError(2, "x")])
@pytest.mark.parametrize("exists", [True, False])
def test_nothing_is_left_when_it_does_not_end_well(error: BaseException, exists: bool, tmp_path: Path) -> None:
    out = tmp_path / "out"
    if exists:
        out.mkdir()
        (out / "one").write_text("before")
    with pytest.raises(type(error)), whole_folder(out) as made:  # noqa: PT012
        (made / "one").write_text("half")
        raise error
    assert tree(tmp_path) == ({"out/one": "before"} if exists else {})
    assert sorted(path.name for path in tmp_path.rglob("*")) == (["one", "out"] if exists else [])


FULL = [
    OSError(errno.ENOSPC, "No space left on device"),
    PermissionError(errno.EACCES, "Permission denied"),
    pl.exceptions.ComputeError("parquet: underlying IO error: No space left on device (os error 28)"),
]


@pytest.mark.parametrize("error", FULL, ids=lambda error: type(error).__name__)
def test_a_full_or_protected_disk_is_one_message(error: Exception, tmp_path: Path) -> None:
    with pytest.raises(WrongInput) as raised, whole_folder(tmp_path / "out"):
        raise error
    assert raised.value.where == "--out"
    assert raised.value.what.startswith(f"{tmp_path / 'out'} cannot be written: ")
    assert tree(tmp_path) == {}


def test_the_message_of_a_run_stays_what_it_is(tmp_path: Path) -> None:
    with pytest.raises(WrongInput) as raised, whole_folder(tmp_path / "out"):
        raise WrongInput("here", "what", "remedy")
    assert raised.value.where == "here"


def test_what_cannot_be_a_folder_is_known_before(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    check_out(tmp_path)
    check_out(tmp_path / "new" / "deeper")
    for out in (tmp_path / "file", tmp_path / "file" / "out"):
        with pytest.raises(WrongInput):
            check_out(out)
    with pytest.raises(WrongInput):
        check_out(tmp_path / "charts" / "out", charts=tmp_path / "charts")


# The whole command, in a process of its own that writes slowly

SLOWLY = """
import sys, time, remit.run
def slow(study, results, intake, folder, *_):
    (folder / "report.html").write_text("half a report")
    print("writing", flush=True)
    time.sleep(60)
remit.run.write_report = slow
from remit.cli import main
main()
"""


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGKILL])
def test_killed_while_it_writes_it_leaves_the_folder_as_it_was(sign: signal.Signals, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "report.html").write_text("of yesterday")
    command = [sys.executable, "-c", SLOWLY, "run", str(SECOND_STUDY), "--out", str(out)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "writing\n"
        process.send_signal(sign)
        _, err = process.communicate(timeout=30)
    assert process.returncode != 0
    assert "Traceback" not in err
    seen = [path for path in out.iterdir() if not path.name.startswith(".remit-")]
    assert [path.name for path in seen] == ["report.html"]
    assert (out / "report.html").read_text() == "of yesterday"
    if sign == signal.SIGINT:
        assert len(list(out.iterdir())) == 1


def test_a_disk_without_room_is_one_message_and_exit_code_2(tmp_path: Path) -> None:
    def small() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000))

    command = [sys.executable, "-c", "from remit.cli import main; main()", "run", str(SECOND_STUDY)]
    command += ["--out", str(tmp_path / "out")]
    # Coverage would want to write more than there is room for.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
    environment["PYTHONDONTWRITEBYTECODE"] = "1"
    done = subprocess.run(command, capture_output=True, text=True, preexec_fn=small, env=environment, check=False)
    assert done.returncode == 2, done.stderr
    assert done.stderr.startswith(f"remit: --out: {tmp_path / 'out'} cannot be written: file too large")
    assert len(done.stderr.splitlines()) == 2
    assert not (tmp_path / "out").exists()


def test_the_time_is_that_of_the_clock_to_the_second(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    assert abs(datetime.now(UTC) - now()) < timedelta(seconds=5)
    assert now().microsecond == 0


def test_the_time_is_what_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    assert now().isoformat() == "2023-11-14T22:13:20+00:00"


@pytest.mark.parametrize("told", ["", "soon", "-1", "1.5", " 1", "1e9", "٣", "9" * 30])
def test_a_time_that_is_none_is_refused(told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", told)
    with pytest.raises(WrongInput, match="SOURCE_DATE_EPOCH"):
        now()
