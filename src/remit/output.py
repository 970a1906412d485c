"""A folder that is written whole or not at all, and the time at which it is written."""

from __future__ import annotations

import errno
import os
import re
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from remit.errors import WrongInput

if TYPE_CHECKING:
    import polars as pl

# What a full or protected disk says; any other error is a bug, and is shown as one.
OF_THE_DISK = {
    errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.ENAMETOOLONG,
    errno.ENOTDIR, errno.EEXIST, errno.EISDIR,
}  # fmt: skip


def check_out(out: Path, charts: Path | None = None) -> None:
    """Raises WrongInput if results cannot be written to `out`, as far as can be known before."""
    if out.exists() and not out.is_dir():
        raise WrongInput("--out", f"{out} is a file", "Name a folder; it is made if need be.")
    existing = next(each for each in (out, *out.absolute().parents) if each.exists())
    if not existing.is_dir():
        raise WrongInput("--out", f"{existing} is a file", "Name a folder that can be made.")
    if not os.access(existing, os.W_OK | os.X_OK):
        raise WrongInput("--out", f"nothing may be written into {existing}", "Name a folder of your own.")
    if charts is not None and charts.resolve() in (out.resolve(), *out.resolve().parents):
        raise WrongInput("--out", f"{out} lies among the charts", "Name a folder outside of theirs.")


SYNTHETIC_KEY = "remit.synthetic"  # in the metadata of a Parquet file


TIME_KEY = "SOURCE_DATE_EPOCH"  # https://reproducible-builds.org/specs/source-date-epoch/


def written(path: Path, content: bytes) -> Path:
    """The path, now a file with this content."""
    path.write_bytes(content)
    return path


def now() -> datetime:
    """The time to write into files, in UTC, to the second: what SOURCE_DATE_EPOCH says, if it is set, else the clock.

    Raises WrongInput if it says no time.
    """
    told = os.environ.get(TIME_KEY)
    if told is None:
        return datetime.now(UTC).replace(microsecond=0)
    try:
        if not re.fullmatch(r"[0-9]+", told):
            raise ValueError(told)
        return datetime.fromtimestamp(int(told), UTC)
    except (ValueError, OverflowError, OSError):
        what = f"the variable of the environment is '{told}', and it is to be a time in whole seconds since 1970-01-01"
        raise WrongInput(TIME_KEY, what, "Set it to one, as `date +%s` prints it, or unset it.") from None


@contextmanager
def whole_folder(out: Path) -> Iterator[Path]:
    """An empty folder to write into. What it holds gets to `out` when the block ends; if it does not end well, nothing.

    Raises WrongInput if the disk is full or protected.
    """
    out = out.resolve()
    made: Path | None = None
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        # Inside `out` where there is one, for it may be a disk of its own, across which nothing can be moved at once.
        made = _temporary(out if out.exists() else out.parent)
        (made / "out").mkdir()
        yield made / "out"
        with _uninterrupted():
            _move(made / "out", out)
    except Exception as error:
        if (number := _number(error)) in OF_THE_DISK:
            raise WrongInput(
                "--out", f"{out} cannot be written: {os.strerror(number).lower()}", "Make room, or name another folder."
            ) from error
        raise
    finally:
        if made is not None:
            shutil.rmtree(made, ignore_errors=True)


def write_parquet(frame: pl.DataFrame, path: Path, synthetic: str | None = None) -> None:
    """By way of memory: what Polars says of a full disk when it writes by itself cannot be told from a bug.

    synthetic: how the patients were made, if they are not real; it stands in the file's metadata.
    """
    buffer = BytesIO()
    frame.write_parquet(buffer, metadata={SYNTHETIC_KEY: synthetic} if synthetic else None)
    path.write_bytes(buffer.getbuffer())


def _temporary(inside: Path) -> Path:
    try:
        return Path(tempfile.mkdtemp(prefix=".remit-", dir=inside))
    except FileNotFoundError as error:  # a folder of the system in which nothing can be made
        raise WrongInput("--out", f"nothing can be made in {inside}", "Name a folder of your own.") from error


def _move(made: Path, out: Path) -> None:
    if not out.exists():
        made.rename(out)
        return
    for each in made.iterdir():
        target = out / each.name
        if target.is_dir() and not target.is_symlink():
            shutil.rmtree(target)
        each.replace(target)


def _number(error: Exception) -> int:
    """The system's number of an error; 0 if it is none. Polars tells it in words."""
    if isinstance(error, OSError) and error.errno:
        return error.errno
    told = re.search(r"\(os error (\d+)\)", str(error))
    return int(told[1]) if told else 0


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Ctrl-C waits until this is done."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM, signal.SIGHUP})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
