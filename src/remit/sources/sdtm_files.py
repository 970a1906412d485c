"""Data sets of SDTM in a folder: Parquet, SAS transport files (.xpt) or Dataset-JSON 1.1, all read alike.

Names of variables are in capitals, empty texts are null, and a float has the 15 significant digits that SAS keeps.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

from remit.errors import WrongInput
from remit.sources import synthetic
from remit.sources.files import visible
from remit.sources.parquet_files import Table
from remit.sources.sheets import Cell

DIGITS = 15  # significant, of a number of SAS


@dataclass(frozen=True)
class DataSet:
    """A data set of a folder. `variables`: as the file spells them, by their names in capitals.

    `domain`: what DOMAIN says in its first record, of a supplement RDOMAIN, else the file's name.
    """

    path: Path
    domain: str
    variables: Mapping[str, str]

    @property
    def file(self) -> str:
        return self.path.name

    @property
    def is_supplement(self) -> bool:
        """Whether it is a SUPP--: values beside those of a domain."""
        return "QNAM" in self.variables

    def read(self, wanted: Collection[str]) -> Table:
        """Those of its variables that are wanted, in the order of the file. Raises WrongInput if it is corrupt."""
        spelled = [name for variable, name in self.variables.items() if variable in wanted]
        frame = FORMATS[self.path.suffix.lower()].read(self.path, spelled)
        frame = tidy(frame.rename({name: name.upper() for name in frame.columns}))
        headings: list[Cell] = [*frame.columns]
        return Table(self.file, None, [headings], frame=frame)

    def synthetic(self) -> str | None:
        """How its patients were made, if it says that they are not real."""
        return synthetic.of_parquet(self.path) if self.path.suffix.lower() == ".parquet" else None


def data_sets(folder: Path) -> tuple[list[DataSet], list[str]]:
    """The data sets of a folder, by their files' names, and the files that are none.

    Raises WrongInput for a folder that holds none.
    """
    if not folder.is_dir():
        raise WrongInput(str(folder), "there is no such folder.", "Name the folder that holds the data sets.")
    found, others = [], []
    for path in visible(folder):
        if path.suffix.lower() not in FORMATS or not path.is_file():
            others.append(path.name)
        elif (made := data_set(path)) is not None:
            found.append(made)
        else:
            others.append(path.name)
    if not found:
        what = "the folder holds no data sets of SDTM."
        raise WrongInput(str(folder), what, "Put one a domain into it: dm.xpt, dm.json (Dataset-JSON) or dm.parquet.")
    return found, [name for name in others if name != synthetic.FILE]


def data_set(path: Path) -> DataSet | None:
    """None for a file that holds something else."""
    head = FORMATS[path.suffix.lower()].head(path)
    if head is None:
        return None
    variables = {name.upper(): name for name in head.columns}
    telling = "RDOMAIN" if "QNAM" in variables else "DOMAIN"
    first = [*head[variables[telling]].drop_nulls()] if telling in variables else []
    return DataSet(path, str(first[0]).strip().upper() if first else path.stem.upper(), variables)


def unreadable(path: Path, error: Exception) -> WrongInput:
    return WrongInput(path.name, f"it cannot be read: {str(error).splitlines()[0]}.", "Write the file again.")


def tidy(frame: pl.DataFrame) -> pl.DataFrame:
    frame = frame.with_columns(pl.col(pl.Categorical, pl.Enum, pl.Null).cast(pl.String))
    texts = pl.col(pl.String).str.strip_chars()
    frame = frame.with_columns(pl.when(texts != "").then(texts))
    return frame.with_columns(rounded(frame[name]) for name, kind in frame.schema.items() if kind.is_float())


def rounded(numbers: pl.Series) -> pl.Series:
    """Floats whose shortest text is longer than SAS keeps, at its digits: 9.299999999999999 is 9.3."""
    different = numbers.unique()
    digits = different.cast(pl.String).str.replace_all(r"e.*|[-.]", "").str.strip_chars_start("0")
    told = different.filter(digits.str.len_chars() >= DIGITS)
    if told.is_empty():
        return numbers
    shorter = pl.Series([float(format(value, f".{DIGITS}g")) for value in told], dtype=numbers.dtype)
    return numbers.replace(told, shorter)


def parquet_head(path: Path) -> pl.DataFrame:
    return read_parquet(path, None, 1)


def read_parquet(path: Path, columns: Sequence[str] | None, count: int | None = None) -> pl.DataFrame:
    try:
        return pl.read_parquet(
            path, columns=None if columns is None else [*columns], n_rows=count, hive_partitioning=False
        )
    except pl.exceptions.PolarsError as error:
        raise unreadable(path, error) from error


def xpt_head(path: Path) -> pl.DataFrame:
    return read_xpt(path, None, 1)


def read_xpt(path: Path, columns: Sequence[str] | None, count: int = 0) -> pl.DataFrame:
    try:
        from pyreadstat import PyreadstatError, ReadstatError, read_xport
    except ModuleNotFoundError as error:
        what = "SAS transport files are read by the package pyreadstat, which is not installed."
        raise WrongInput(path.name, what, "Install it: `pip install 'remit[sdtm]'`.") from error
    try:
        names = None if columns is None else [*columns]
        frame, _ = read_xport(path, usecols=names, row_limit=count, output_format="polars")
    except (PyreadstatError, ReadstatError, UnicodeDecodeError) as error:
        raise unreadable(path, error) from error
    return frame.with_columns(pl.col(pl.Float64).fill_nan(None))


def json_head(path: Path) -> pl.DataFrame | None:
    return json_rows(path, 1)


def read_json(path: Path, columns: Sequence[str]) -> pl.DataFrame:
    found = json_rows(path)
    return pl.DataFrame() if found is None else found.select(columns)


NUMBERS: Mapping[str, type[pl.DataType]] = {
    "integer": pl.Int64,
    "float": pl.Float64,
    "double": pl.Float64,
    "decimal": pl.Float64,
}


def json_rows(path: Path, count: int | None = None) -> pl.DataFrame | None:
    """Records of Dataset-JSON; None for a file of JSON that is no data set."""
    try:
        told: Any = json.loads(path.read_text("utf-8-sig"))
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise unreadable(path, error) from error
    if not isinstance(told, dict) or "datasetJSONVersion" not in told or "columns" not in told:
        return None
    rows = told.get("rows", [])[:count]
    kinds = {column["name"]: NUMBERS.get(column.get("dataType", ""), pl.String) for column in told["columns"]}
    texts = {name: [as_text(row[place]) for row in rows] for place, name in enumerate(kinds)}
    return pl.DataFrame(texts, schema=dict.fromkeys(kinds, pl.String)).cast(kinds)


def as_text(value: Any) -> str | None:
    return None if value is None or value == "" else str(value)


class Format(NamedTuple):
    """How a kind of file is read: its first record (None: it is no data set), and some of its columns."""

    head: Callable[[Path], pl.DataFrame | None]
    read: Callable[[Path, Sequence[str]], pl.DataFrame]


FORMATS: Mapping[str, Format] = {
    ".parquet": Format(parquet_head, read_parquet),
    ".xpt": Format(xpt_head, read_xpt),
    ".json": Format(json_head, read_json),
}
