"""Charts as Parquet: a folder with one file a form, `visits.parquet`, or a folder of parts, `visits/`.

A column stands under the heading of its field. Two companions may stand beside it: `crp__censored` (-1 for "<", 0, 1
for ">") of a number, and `stop_date__unknown` (true where an empty stop does not mean that the period goes on).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import polars as pl

from remit.errors import WrongInput
from remit.schema.records import CENSORED, UNKNOWN
from remit.sources import synthetic
from remit.sources.faults import Fault
from remit.sources.files import visible
from remit.sources.layouts import Column
from remit.sources.sheets import Cell, Sheet, show

SUFFIX = ".parquet"
NESTED = (pl.List, pl.Array, pl.Struct, pl.Binary, pl.Object)
SIGNS: Mapping[int | None, str] = {-1: "<", 0: "", 1: ">"}


@dataclass(frozen=True, eq=False)
class Table(Sheet):
    """One form's file. `rows` holds its headings alone, the companions' not among them; its cells are in `frame`.

    Rows are counted from 1, which is the first row of data.
    """

    frame: pl.DataFrame = field(default_factory=pl.DataFrame)

    def letter(self, column: int) -> str:
        return str(self.rows[0][column])

    def name_of(self, column: Column) -> str:
        return self.letter(column.index)

    def address(self, row: int, column: int) -> str:
        return f"row {row}"

    def companion(self, name: str, kind: str) -> pl.Series | None:
        return self.frame[f"{name}{kind}"] if f"{name}{kind}" in self.frame.columns else None

    def cells(self, name: str, rows: pl.Series) -> list[Cell]:
        """A column's cells in these rows (counted from 1), with the sign of those that are censored."""
        found = cells_of(self.frame[name].gather(rows - 1))
        signs = self.companion(name, CENSORED)
        return found if signs is None else signed(found, signs.gather(rows - 1))

    def lines(self, rows: pl.Series) -> list[tuple[int, list[Cell]]]:
        """Whole rows, one cell a heading."""
        columns = [self.cells(str(name), rows) for name in self.rows[0]]
        return [(row, list(cells)) for row, *cells in zip(rows.to_list(), *columns, strict=True)]


def cells_of(series: pl.Series) -> list[Cell]:
    """As a chart's cells: null is empty; a float is the shortest decimal that means it."""
    if series.dtype.is_float():
        finite = pl.select(pl.when(series.is_finite()).then(series.cast(pl.String))).to_series()
        pairs = zip(series.to_list(), finite.to_list(), strict=True)
        return ["" if value is None else value if text is None else Decimal(text) for value, text in pairs]
    if series.dtype.is_integer():
        return ["" if value is None else Decimal(value) for value in series.to_list()]
    return ["" if value is None else value for value in series.to_list()]


def signed(cells: Sequence[Cell], signs: pl.Series) -> list[Cell]:
    return [with_sign(cell, sign) for cell, sign in zip(cells, signs.to_list(), strict=True)]


def with_sign(cell: Cell, sign: int | None) -> Cell:
    """A value and its companion as one cell: "<50"."""
    if cell == "" and not sign:
        return cell
    if sign not in SIGNS or cell == "":
        reason = f"the column {CENSORED} says {sign} of it; write the value, and -1 (below), 0 (exact) or 1 (above)"
        return Fault(show(cell), "unknown-sign", reason)
    return f"{SIGNS[sign]}{show(cell)}" if sign else cell


class ParquetBook:
    """A folder of Parquet files, one a sheet."""

    def __init__(self, folder: Path) -> None:
        """Raises WrongInput if there is no such folder, or no Parquet file in it."""
        if not folder.is_dir():
            raise WrongInput(str(folder), "there is no such folder.", "Name the folder that holds the charts.")
        self.file = ""
        self._folder = folder
        self._paths = [path for path in visible(folder) if is_parquet(path)]
        if not self._paths:
            what = "the folder holds no Parquet files."
            raise WrongInput(str(folder), what, "Put one file a form into it, such as patients.parquet.")

    @property
    def others(self) -> list[str]:
        """Files and folders that are no charts."""
        inside = [each for path in self._paths if path.is_dir() for each in visible(path) if each.suffix != SUFFIX]
        beside = [path for path in visible(self._folder) if path not in self._paths and path.name != synthetic.FILE]
        return [path.relative_to(self._folder).as_posix() for path in (*beside, *inside)]

    @property
    def names(self) -> list[str]:
        return [path.stem if path.is_file() else path.name for path in self._paths]

    def file_of(self, name: str) -> str:
        return self._paths[self.names.index(name)].name

    def sheet(self, name: str) -> Table:
        """Raises WrongInput if a file is corrupt, or its parts do not fit each other."""
        path = self._paths[self.names.index(name)]
        frame = read_file(path) if path.is_file() else read_parts(path)
        frame = frame.with_columns(pl.col(pl.Categorical, pl.Enum, pl.Null).cast(pl.String))
        companions = {f"{column}{kind}" for column in frame.columns for kind in (CENSORED, UNKNOWN)}
        headings: list[Cell] = [column for column in frame.columns if column not in companions]
        return Table(path.name, None, [headings], frame=frame)

    def synthetic(self) -> Mapping[str, str | None]:
        """By file, how its patients were made if they are not real."""
        files = [each for path in self._paths for each in ([path] if path.is_file() else parts_in(path))]
        return {path.relative_to(self._folder).as_posix(): synthetic.of_parquet(path) for path in files}


def parts_in(folder: Path) -> list[Path]:
    return [path for path in visible(folder) if path.suffix == SUFFIX]


def is_parquet(path: Path) -> bool:
    """Whether it is a Parquet file, or a folder of them."""
    if path.is_dir():
        return bool(parts_in(path))
    return path.suffix == SUFFIX


def read_parts(folder: Path) -> pl.DataFrame:
    """The parts one after the other, in the order of their names.

    Raises WrongInput unless they have the same columns.
    """
    paths = parts_in(folder)
    parts = [read_file(path, f"{folder.name}/{path.name}") for path in paths]
    first = parts[0].schema
    for path, part in zip(paths, parts, strict=True):
        if part.schema != first:
            differs = sorted({name for name, _ in set(first.items()) ^ set(part.schema.items())})
            what = f"its columns are not those of {paths[0].name}: {', '.join(differs) or 'their order'} differ."
            raise WrongInput(f"{folder.name}/{path.name}", what, "Write all parts with the same columns and types.")
    return pl.concat(parts)


def read_file(path: Path, where: str | None = None) -> pl.DataFrame:
    try:
        return pl.read_parquet(path, hive_partitioning=False)
    except pl.exceptions.PolarsError as error:
        what = f"it cannot be read: {str(error).splitlines()[0]}."
        raise WrongInput(where or path.name, what, "Write the file again.") from error
