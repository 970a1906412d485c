"""The fingerprints of the files of charts, taken while they are read."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from remit.errors import WrongInput
from remit.sources.files import visible

CHARTS = (".csv", ".json", ".parquet", ".txt", ".xlsm", ".xlsx", ".xpt")


class Digests:
    """SHA-256 of each file, by its path in the folder of the charts; corrections by the name of their file."""

    def __init__(self) -> None:
        self.found: Mapping[str, str] = {}


@contextmanager
def taken(folder: Path, corrections: Path | None) -> Iterator[Digests]:
    """While the block reads the charts, other threads take their fingerprints, which are there when it ends.

    Raises WrongInput if a file changed meanwhile: nobody could say what was read.
    """
    paths = dict(_files(folder, ""))
    if corrections is not None:
        paths[corrections.name] = corrections
    before = {path: _state(path) for path in paths.values()}
    digests = Digests()
    with ThreadPoolExecutor(max_workers=2) as pool:
        running: dict[str, Future[str | None]] = {name: pool.submit(_digest, path) for name, path in paths.items()}
        yield digests
        made = {name: future.result() for name, future in sorted(running.items())}
    digests.found = {name: digest for name, digest in made.items() if digest is not None}
    for path, state in before.items():
        if _state(path) != state:
            raise WrongInput(str(path), "it was changed while it was read", "Run the study again.")


def _files(folder: Path, before: str) -> Iterator[tuple[str, Path]]:
    """Files that may be charts. Where the folder is none, or may not be read, reading says so."""
    try:
        paths = visible(folder)
    except OSError:
        return
    for path in paths:
        if path.is_dir():
            yield from _files(path, f"{before}{path.name}/")
        elif path.suffix.lower() in CHARTS:
            yield f"{before}{path.name}", path


def _state(path: Path) -> tuple[int, int] | None:
    try:
        told = path.stat()
    except OSError:
        return None
    return told.st_size, told.st_mtime_ns


def _digest(path: Path) -> str | None:
    """None of a file that cannot be read: were it a chart, reading would have said so."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None
