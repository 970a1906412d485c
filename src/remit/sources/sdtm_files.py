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
from remit.sources.parquet_files import Table, plain
from remit.sources.sdtm_values import as_texts
from remit.sources.sheets import Cell

DIGITS = 15  # significant, of a number of SAS


@dataclass(frozen=True, eq=False)
class DataSet:
    """A data set of a folder. `variables`: as the file spells them, by their names in capitals.

    `domain`: what DOMAIN says in its first record, of a supplement RDOMAIN, else the file's name.
    `supplied`: of a supplement, how many values (`len`) it has of each RDOMAIN, IDVAR and QNAM.
    """

    path: Path
    domain: str
    variables: Mapping[str, str]
    supplied: pl.DataFrame | None = None

    @property
    def file(self) -> str:
        return self.path.name

    @property
    def is_supplement(self) -> bool:
        """Whether it is a SUPP--: values beside those of a domain."""
        return self.supplied is not None

    @property
    def domains(self) -> set[str]:
        """Its domain; a supplement may be of several."""
        return {self.domain} if self.supplied is None else {self.domain, *self.supplied["RDOMAIN"].drop_nulls()}

    @property
    def keys(self) -> set[str]:
        """The variables by which a supplement names its records."""
        return set() if self.supplied is None else {*self.supplied["IDVAR"].drop_nulls()}

    def read(self, wanted: Collection[str]) -> Table:
        """Those of its variables that are wanted, in the order of the file. Raises WrongInput if it is corrupt."""
        spelled = [name for variable, name in self.variables.items() if variable in wanted]
        frame = frame_of(self.path, spelled)
        if self.is_supplement:
            frame = in_capitals(frame)
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
    refuse_twice(found)
    return found, [name for name in others if name != synthetic.FILE]


def refuse_twice(found: Sequence[DataSet]) -> None:
    """Raises WrongInput for a data set that stands there as files of two kinds: its records would count twice."""
    first: dict[str, DataSet] = {}
    for each in found:
        other = first.setdefault(each.path.stem.upper(), each)
        if other is not each:
            what = f"{other.file} and {each.file} are the same data set."
            raise WrongInput(each.file, what, "Keep one of them in the folder.")


def data_set(path: Path) -> DataSet | None:
    """None for a file that holds something else."""
    head = FORMATS[path.suffix.lower()].head(path)
    if head is None:
        return None
    variables: dict[str, str] = {}
    for name in head.columns:
        if variables.setdefault(name.upper(), name) != name:
            what = f"the variables {variables[name.upper()]} and {name} have the same name."
            raise WrongInput(path.name, what, "Rename or remove one of the two.")
    telling = "RDOMAIN" if "QNAM" in variables else "DOMAIN"
    first = [*head[variables[telling]].drop_nulls()] if telling in variables else []
    domain = str(first[0]).strip().upper() if first else path.stem.upper()
    return DataSet(path, domain, variables, supplied_by(path, variables) if "QNAM" in variables else None)


NAMES = ("RDOMAIN", "IDVAR", "QNAM")  # of a supplement: those of a domain and of variables
SUPPLEMENT = ("USUBJID", "IDVARVAL", "QVAL", *NAMES)


def supplied_by(path: Path, variables: Mapping[str, str]) -> pl.DataFrame:
    """See DataSet.supplied. Raises WrongInput for a supplement that lacks a variable."""
    if lost := [name for name in SUPPLEMENT if name not in variables]:
        raise WrongInput(path.name, f"the supplement has no variable {lost[0]}.", f"It needs {', '.join(SUPPLEMENT)}.")
    return in_capitals(frame_of(path, [variables[name] for name in NAMES])).group_by(NAMES).len()


def in_capitals(supplement: pl.DataFrame) -> pl.DataFrame:
    """Texts, of which names of domains and variables are in capitals."""
    texts = supplement.with_columns(as_texts(supplement[name]) for name in supplement.columns)
    return texts.with_columns(pl.col(NAMES).str.to_uppercase())


def frame_of(path: Path, spelled: Sequence[str]) -> pl.DataFrame:
    """These variables of a data set, their names in capitals."""
    frame = FORMATS[path.suffix.lower()].read(path, spelled)
    if nested := [name for name, kind in frame.schema.items() if kind.is_nested()]:
        raise WrongInput(path.name, f"the variable {nested[0]} holds lists.", "Write one value a record.")
    return tidy(frame.rename({name: name.upper() for name in frame.columns}))


def unreadable(path: Path, error: BaseException) -> WrongInput:
    return WrongInput(path.name, f"it cannot be read: {str(error).splitlines()[0]}.", "Write the file again.")


def tidy(frame: pl.DataFrame) -> pl.DataFrame:
    texts = pl.col(pl.String).str.strip_chars()
    frame = plain(frame).with_columns(pl.when(texts != "").then(texts))
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
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
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
    except UnicodeDecodeError as error:
        what = "its texts are not in UTF-8, and a transport file does not say in which encoding they are."
        raise WrongInput(path.name, what, "Write the file again in UTF-8.") from error
    except (PyreadstatError, ReadstatError, TypeError, ValueError, OverflowError) as error:
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
    try:
        kinds = {str(column["name"]): NUMBERS.get(column.get("dataType", ""), pl.String) for column in told["columns"]}
        rows = [[*row] for row in told.get("rows", [])]
    except (TypeError, KeyError, AttributeError) as error:
        raise unreadable(path, ValueError("its `columns` or `rows` are not those of Dataset-JSON 1.1")) from error
    refuse_uneven(path, told, kinds, rows)
    texts = {name: [as_text(row[place]) for row in rows[:count]] for place, name in enumerate(kinds)}
    return pl.DataFrame([as_told(pl.Series(name, texts[name], pl.String), kind) for name, kind in kinds.items()])


def as_told(texts: pl.Series, kind: type[pl.DataType]) -> pl.Series:
    """Values as their variable is told to be; texts if one of them is not, which is then told of its record."""
    found = texts.cast(kind, strict=False)
    return found if found.null_count() == texts.null_count() else texts


def refuse_uneven(path: Path, told: Mapping[str, Any], names: Collection[str], rows: Sequence[Sequence[Any]]) -> None:
    """Raises WrongInput for records that do not hold a value for each variable, and if some are lost."""
    if len(names) < len(told["columns"]):
        raise WrongInput(path.name, "two of its variables have the same name.", "Rename or remove one of the two.")
    for number, row in enumerate(rows, start=1):
        if len(row) != len(names):
            what = f"record {number} has {len(row)} values, and there are {len(names)} variables."
            raise WrongInput(path.name, what, "Write the file again.")
    if isinstance(said := told.get("records"), int) and said != len(rows):
        what = f"it says that it has {said} records, and has {len(rows)}: a part of it is lost."
        raise WrongInput(path.name, what, "Write the file again.")


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
