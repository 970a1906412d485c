"""The table that is completed: a column a field at a visit, a row a patient; and its cells as numbers."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]
Kind = Literal["number", "score", "ordered", "unordered", "yes/no"]

NOT_SAID = "not said"


@dataclass(frozen=True)
class Between:
    """A number that is only known to lie between two, one of which may be infinite: < 5 is (0, 5, high_open=True)."""

    low: float
    high: float
    low_open: bool = False
    high_open: bool = False


Cell = float | bool | str | Between | None


@dataclass(frozen=True)
class Column:
    """A field at a visit, of all patients in the table's order.

    `cells`: a number or Between, one of `levels` (ordered: from the least to the most), or true and false; None is
    empty. A score is a number of an instrument, with few values or steps between two ends that it may well reach; a
    number is what a laboratory or a scale gives, whose distribution may be skewed. `low`, `high`: what either may be;
    `decimals`: how it is written. For the choice of predictors: `measure`, what is measured (the same name at each
    visit); `visit`, where in the course (None: once a patient); `group`, the instrument or endpoint that it is a
    component of; `always`: it predicts every other column (arms, strata). `reasons`: why the cell of a row is empty.
    """

    name: str
    kind: Kind
    cells: Sequence[Cell]
    levels: tuple[str, ...] = ()
    low: float = -math.inf
    high: float = math.inf
    decimals: int | None = None
    measure: str | None = None
    visit: int | None = None
    group: str | None = None
    always: bool = False
    reasons: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Coded:
    """A column as numbers: of a level its place among the levels, of yes and no 1 and 0.

    `values`: n, of use where `known`; `between`: where only the ends `low` and `high` are known, which are possible
    values themselves, but for open ends of a column without `decimals`; `missing`: the rest.
    """

    column: Column
    values: Numbers
    known: Flags
    between: Flags
    low: Numbers
    high: Numbers

    @property
    def missing(self) -> Flags:
        return np.asarray(~(self.known | self.between))

    @property
    def donors(self) -> Flags:
        return np.asarray(self.known | self.between)

    def written(self, within: Numbers) -> Numbers:
        """Values drawn for the cells that lie between (m × cells), with the column's decimals."""
        if self.column.decimals is None:
            return within
        return np.clip(np.round(within, self.column.decimals), self.low[self.between], self.high[self.between])

    @property
    def bounded(self) -> bool:
        """A score, or levels with an order."""
        return self.column.kind in ("score", "ordered")

    def in_range(self, drawn: Numbers) -> Numbers:
        """Numbers, scores, or places among ordered levels as possible values of the column."""
        if self.column.kind == "ordered":
            return np.clip(np.round(drawn), 0, len(self.column.levels) - 1)
        kept = np.clip(drawn, self.column.low, self.column.high)
        return kept if self.column.decimals is None else np.round(kept, self.column.decimals)

    @property
    def constant(self) -> bool:
        """The known values are all the same, and no other can lie in an interval."""
        return not self.between.any() and len(np.unique(self.values[self.known])) < 2


def coded_table(columns: Sequence[Column]) -> tuple[Coded, ...]:
    """Raises ValueError where columns differ in length or share a name, or a cell does not fit its column."""
    names = [column.name for column in columns]
    if len(set(names)) < len(names):
        raise ValueError("two columns have the same name")
    if len({len(column.cells) for column in columns}) > 1:
        raise ValueError("the columns have different numbers of rows")
    return tuple(_coded(column) for column in columns)


def _coded(column: Column) -> Coded:
    if column.kind == "score" and not math.isfinite(column.high - column.low):
        raise ValueError(f"{column.name}: a score has two ends")
    n = len(column.cells)
    values, low, high = np.zeros(n), np.zeros(n), np.zeros(n)
    known, between = np.zeros(n, dtype=np.bool_), np.zeros(n, dtype=np.bool_)
    for row, cell in enumerate(column.cells):
        if isinstance(cell, Between):
            low[row], high[row] = _ends(column, row, cell)
            between[row] = True
        elif cell is not None:
            values[row] = _code(column, row, cell)
            known[row] = True
    return Coded(column, values, known, between, low, high)


def _code(column: Column, row: int, cell: float | bool | str) -> float:
    match column.kind:
        case "number" | "score":
            if not isinstance(cell, str | bool) and column.low <= cell <= column.high and math.isfinite(cell):
                return float(cell)
        case "yes/no":
            if isinstance(cell, bool):
                return float(cell)
        case "ordered" | "unordered":
            if isinstance(cell, str) and cell in column.levels:
                return float(column.levels.index(cell))
    raise ValueError(f"{column.name}, row {row}: {cell!r} is no value of this column")


def _ends(column: Column, row: int, cell: Between) -> tuple[float, float]:
    """The least and the largest value in the interval, as the column writes values."""
    low, high = max(cell.low, column.low), min(cell.high, column.high)
    if column.decimals is not None:
        step = 10.0**-column.decimals
        low, high = _whole(low, step, math.ceil), _whole(high, step, math.floor)
        low = _whole(low + step, step, round) if cell.low_open and low <= cell.low else low
        high = _whole(high - step, step, round) if cell.high_open and high >= cell.high else high
    if column.kind not in ("number", "score") or low > high:
        raise ValueError(f"{column.name}, row {row}: no value of this column lies in {cell!r}")
    if math.isinf(low) and math.isinf(high):
        raise ValueError(f"{column.name}, row {row}: an interval without ends is an empty cell")
    return low, high


def _whole(end: float, step: float, rounded: Callable[[float], int]) -> float:
    """A multiple of the step."""
    return end if math.isinf(end) else round(rounded(round(end / step, 6)) * step, 12)


def decoded(column: Column, codes: Numbers) -> list[float | bool | str]:
    match column.kind:
        case "number" | "score":
            return [float(code) for code in codes]
        case "yes/no":
            return [bool(code) for code in codes]
        case "ordered" | "unordered":
            return [column.levels[int(code)] for code in codes]
