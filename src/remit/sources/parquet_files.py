"""Charts as Parquet: a folder with one file a form, `visits.parquet`, or a folder of parts, `visits/`.

A column stands under the heading of its field. Two companions may stand beside it: `crp__censored` (-1 for "<", 0, 1
for ">") of a number, and `stop_date__unknown` (true where an empty stop does not mean that the period goes on).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Self

import polars as pl

from remit.errors import WrongInput
from remit.schema.records import CENSORED, UNKNOWN
from remit.sources import dates, numbers, synthetic
from remit.sources.faults import Fault
from remit.sources.files import visible
from remit.sources.headings import normal
from remit.sources.layouts import Column
from remit.sources.sheets import Cell, Change, Corrected, Sheet, show

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

    def place_of(self, cell: str, where: str) -> tuple[int, int]:
        """pain/12 → row 12 and the place of the column; row 0 is the heading."""
        name, _, row = cell.rpartition("/")
        names = [normal(str(heading)) for heading in self.rows[0]]
        if normal(name) not in names or not row.strip().isdecimal() or int(row) > self.frame.height:
            what = f"there is no cell {cell} in {self.file}, which has {self.frame.height} rows."
            raise WrongInput(where, what, "Write file, column and row as in visits.parquet/pain/12.")
        return int(row), names.index(normal(name))

    def cell(self, row: int, column: int) -> Cell:
        name = self.rows[0][column]
        return self.cells(str(name), pl.Series([row]))[0] if row else name

    def is_empty(self, column: int, heading_row: int) -> bool:
        return bool(is_blank(self.frame[self.letter(column)]).all())

    def changed(self, changes: Sequence[Change]) -> Self:
        frame = self.frame
        for column in {column for _, column, _, _ in changes}:
            of_column = [(row, new, where) for row, place, new, where in changes if place == column and row]
            frame = written(frame, str(self.rows[0][column]), of_column) if of_column else frame
        headings = {str(self.rows[0][column]): str(new) for row, column, new, _ in changes if row == 0}
        renamed: list[Cell] = [headings.get(str(name), name) for name in self.rows[0]]
        companions = {f"{name}{kind}": f"{new}{kind}" for name, new in headings.items() for kind in (CENSORED, UNKNOWN)}
        return replace(self, rows=[renamed], frame=frame.rename(headings | companions, strict=False))

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


def is_blank(column: pl.Series) -> pl.Series:
    return column.fill_null("").str.strip_chars() == "" if column.dtype == pl.String else column.is_null()


def check_cells(table: Table, name: str) -> None:
    """Raises WrongInput for a column that holds no cells."""
    kind = table.frame.schema[name]
    if isinstance(kind, NESTED):
        what = f"the column {name} holds {kind}, which is no cell of a chart."
        raise WrongInput(table.where, what, "Write a date, yes/no, text or number in each row.")


def cells_of(series: pl.Series) -> list[Cell]:
    """As a chart's cells: null is empty; a float is the shortest decimal that means it."""
    if series.dtype.is_float():
        finite = pl.select(pl.when(series.is_finite()).then(series.cast(pl.String))).to_series()
        pairs = zip(series.to_list(), finite.to_list(), strict=True)
        return ["" if value is None else value if text is None else Decimal(text) for value, text in pairs]
    if series.dtype.is_integer():
        return ["" if value is None else Decimal(value) for value in series.to_list()]
    if series.dtype in (pl.Date, pl.Datetime):
        return days_of(series)
    return ["" if value is None else value for value in series.to_list()]


def days_of(series: pl.Series) -> list[Cell]:
    """Dates and times; one outside of the years 1 to 9999, such as a wrong unit makes, is no day of the calendar."""
    inside = series.dt.year().is_between(1, 9999).fill_null(value=True)
    held = series.set(~inside, None).to_list()
    texts = series.cast(pl.String).to_list()
    reason = "there is no such day in the calendar; correct it against the chart"
    return [
        ("" if value is None else value) if within else Fault(text, "impossible-date", reason)
        for value, text, within in zip(held, texts, inside, strict=True)
    ]


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


def written(frame: pl.DataFrame, name: str, changes: Sequence[tuple[int, Corrected, str]]) -> pl.DataFrame:
    """The frame with other cells in a column; each must be of the column's type. Raises WrongInput, of its line."""
    column, rows = frame[name], [row - 1 for row, _, _ in changes]
    if column.dtype.is_numeric():
        return numbers_written(frame, name, changes)
    values = [value_of(column.dtype, new, where) for _, new, where in changes]
    return frame.with_columns(column.scatter(rows, pl.Series(values, dtype=column.dtype)))


def value_of(kind: pl.DataType, new: str, where: str) -> str | bool | dt.date | None:
    """Raises WrongInput for a value that a column of this type cannot hold."""
    if not new:
        return None
    if kind == pl.String:
        return new
    if kind == pl.Boolean and new.casefold() in ("true", "false", "yes", "no"):
        return new.casefold() in ("true", "yes")
    if kind in (pl.Date, pl.Datetime) and (day := dates.parse(new, "year-month-day")) is not None:
        return day if kind == pl.Date else dt.datetime.combine(day, dt.time())
    raise WrongInput(where, f"{new!r} does not fit the column, which holds {kind}.", "Write a date as 2024-05-02.")


def numbers_written(frame: pl.DataFrame, name: str, changes: Sequence[tuple[int, Corrected, str]]) -> pl.DataFrame:
    """A column that cannot hold the decimals of a new value becomes one of decimals."""
    column, rows = frame[name], [row - 1 for row, _, _ in changes]
    found = [number_of(new, where) for _, new, where in changes]
    values = [value for _, value in found]
    kind = column.dtype if column.dtype.is_float() else roomy(column.dtype, values)
    told: list[float | Decimal | None] = [*values]
    if kind.is_float():
        told = [None if value is None else float(value) for value in values]
    frame = frame.with_columns(column.cast(kind).scatter(rows, pl.Series(told, dtype=kind)))
    signs = [sign for sign, _ in found]
    if f"{name}{CENSORED}" in frame.columns or any(signs):
        said = frame[f"{name}{CENSORED}"] if f"{name}{CENSORED}" in frame.columns else exact_signs(column)
        changed = said.scatter(rows, pl.Series(signs, dtype=said.dtype))
        frame = frame.with_columns(changed.alias(f"{name}{CENSORED}"))
    return frame


def exact_signs(values: pl.Series) -> pl.Series:
    """What a companion says of values none of which is censored: 0 where there is one."""
    return pl.select(pl.when(values.is_not_null()).then(pl.lit(0, pl.Int8))).to_series()


def number_of(new: str, where: str) -> tuple[int, Decimal | None]:
    """The sign of a censored value, as its companion says it, and the number. Raises WrongInput for what is none."""
    sign, digits = numbers.split(new)
    value = numbers.parse(digits, "point")
    codes = {text: code for code, text in SIGNS.items()}
    if new and (value is None or sign not in codes):
        raise WrongInput(where, f"{new!r} does not fit the column, which holds numbers.", "Write a number, or <50.")
    return codes.get(sign) or 0, value


def roomy(kind: pl.DataType, values: Sequence[Decimal | None]) -> pl.Decimal:
    """A type of decimals for the column's and the new values."""
    needed = [-int(value.as_tuple().exponent) for value in values if value is not None]
    return pl.Decimal(38, max([0, *needed, kind.scale if isinstance(kind, pl.Decimal) else 0]))


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
        inside = [each for path in self._paths if path.is_dir() for each in visible(path) if each not in parts_in(path)]
        beside = [path for path in visible(self._folder) if path not in self._paths and path.name != synthetic.FILE]
        return [path.relative_to(self._folder).as_posix() for path in (*beside, *inside)]

    @property
    def names(self) -> list[str]:
        return [path.name.removesuffix(SUFFIX) for path in self._paths]

    def file_of(self, name: str) -> str:
        return self._paths[self.names.index(name)].name

    def place_of(self, name: str) -> str:
        return self.file_of(name)

    def sheet(self, name: str) -> Table:
        """Raises WrongInput if a file is corrupt, or its parts do not fit each other."""
        path = self._paths[self.names.index(name)]
        frame = plain(read_file(path) if path.is_file() else read_parts(path))
        companions = companions_in(frame.columns)
        headings: list[Cell] = [column for column in frame.columns if column not in companions]
        return Table(path.name, None, [headings], frame=frame.rename(companions))

    def synthetic(self) -> Mapping[str, str | None]:
        """By file, how its patients were made if they are not real."""
        files = [each for path in self._paths for each in ([path] if path.is_file() else parts_in(path))]
        return {path.relative_to(self._folder).as_posix(): synthetic.of_parquet(path) for path in files}


def plain(frame: pl.DataFrame) -> pl.DataFrame:
    """With categories, and columns in which all is null, as texts."""
    return frame.with_columns(pl.col(pl.Categorical, pl.Enum, pl.Null).cast(pl.String))


def companions_in(columns: Sequence[str]) -> dict[str, str]:
    """Each companion with its name as the column beside it is spelled: headings are compared without capitals."""
    spelled = {normal(column): column for column in columns}
    found = {
        column: f"{spelled[normal(stem)]}{kind}"
        for column in columns
        for kind in (CENSORED, UNKNOWN)
        if (stem := stem_of(column, kind)) is not None and normal(stem) in spelled
    }
    return {column: name for column, name in found.items() if column == name or name not in columns}


def stem_of(column: str, kind: str) -> str | None:
    """The column that a companion of this kind is named for; None if it is called like none."""
    folded = column.strip()
    return folded[: -len(kind)] if folded.casefold().endswith(kind) else None


def parts_in(folder: Path) -> list[Path]:
    return [path for path in visible(folder) if path.suffix == SUFFIX and path.is_file()]


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
