"""What charts say of themselves if their patients are not real.

A workbook: its property "category" is "synthetic", and "comments" says how they were made. Parquet: `remit.synthetic`
among the metadata of the file. Files .csv: SYNTHETIC.txt beside them. SYNTHETIC.txt in the folder of the charts speaks
for all that it holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from xml.etree import ElementTree
from zipfile import ZipFile

import polars as pl

from remit.errors import WrongInput
from remit.output import SYNTHETIC_KEY
from remit.sources.faults import local

FILE = "SYNTHETIC.txt"
CORE = "docProps/core.xml"
UNTOLD = "The patients are synthetic."


def of_workbook(path: Path) -> str | None:
    with ZipFile(path) as archive:
        if CORE not in archive.namelist():
            return None
        told = {local(node): (node.text or "").strip() for node in ElementTree.fromstring(archive.read(CORE))}
    return (told.get("description") or UNTOLD) if told.get("category", "").casefold() == "synthetic" else None


def of_parquet(path: Path) -> str | None:
    return pl.read_parquet_metadata(path).get(SYNTHETIC_KEY)


def of_folder(folder: Path) -> str | None:
    """What SYNTHETIC.txt says. Raises WrongInput if it is not UTF-8."""
    path = folder / FILE
    if not path.is_file():
        return None
    try:
        return path.read_text("utf-8-sig").strip() or UNTOLD
    except UnicodeDecodeError as error:
        raise WrongInput(str(path), "the file is not UTF-8.", "Save it as UTF-8.") from error


def of_all(folder: Path, said: Mapping[str, str | None]) -> str | None:
    """What the charts of a folder say together. said: by file. Raises WrongInput if only some are synthetic."""
    if (of_these := of_folder(folder)) is not None:
        return of_these
    synthetic = {file: text for file, text in said.items() if text is not None}
    if synthetic and len(synthetic) < len(said):
        others = [file for file in said if file not in synthetic]
        what = f"{', '.join(synthetic)} hold synthetic patients, {', '.join(others)} do not say so."
        remedy = f"Real and synthetic patients must not be mixed: leave one kind, or say it of all in {FILE}."
        raise WrongInput(str(folder), what, remedy)
    return " ".join(dict.fromkeys(synthetic.values())) or None
