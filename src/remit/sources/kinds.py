"""Which source reads a folder of charts, if the study file does not tell."""

from __future__ import annotations

from pathlib import Path

from remit.errors import WrongInput
from remit.sources.files import EXCEL, csv_files, visible
from remit.sources.parquet_files import is_parquet

PATIENTS = ("dm.parquet", "dm.xpt", "dm.json")  # the domain that each trial has


def source_of(folder: Path) -> str:
    """Raises WrongInput for a folder that holds charts of both kinds. Others are told by the source what they lack."""
    paths = visible(folder) if folder.is_dir() else []
    if any(path.name.lower() in PATIENTS for path in paths):
        return "sdtm"
    parquet = [path.name for path in paths if is_parquet(path)]
    books = [path.name for path in paths if is_book(path)]
    if parquet and books:
        what = f"it holds Parquet files ({parquet[0]}, …) and workbooks or .csv files ({books[0]}, …)."
        raise WrongInput(str(folder), what, "Leave one kind there, or tell `source: parquet` or `source: workbooks`.")
    return "parquet" if parquet else "workbooks"


def is_book(path: Path) -> bool:
    return path.suffix.lower() in (*EXCEL, ".csv") or (path.is_dir() and bool(csv_files(path)))
