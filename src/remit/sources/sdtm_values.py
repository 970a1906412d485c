"""Values of SDTM as cells of a chart: days of --DTC, and numbers in the unit that is written beside them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction

import polars as pl

from remit.language.units import spelled
from remit.sources.cells import DateReader
from remit.sources.headings import normal
from remit.sources.numbers import show
from remit.sources.readings import EMPTY, Reading
from remit.study.forms import Field

WHOLE_DAY = r"^\d{4}-\d{2}-\d{2}([T ].*)?$"


def whole_days(cells: pl.Series) -> tuple[pl.Series, int]:
    """Days without their time of day, and how many told one. Dates if each cell writes a whole day; else texts, in
    which those that do are yyyy-mm-dd."""
    if isinstance(cells.dtype, pl.Datetime):
        return cells.dt.date(), int((cells.dt.time() != dt.time()).sum())
    if cells.dtype != pl.String:
        return cells, 0
    first = pl.when(cells.str.contains(WHOLE_DAY)).then(cells.str.slice(0, 10))
    found = pl.select(first.str.to_date("%Y-%m-%d", strict=False)).to_series()
    timed = int((found.is_not_null() & (cells.str.len_chars() > 10)).sum())
    if found.is_null().sum() == cells.is_null().sum():
        return found, timed
    return found.dt.to_string("%Y-%m-%d").zip_with(found.is_not_null(), cells), timed


def the_day_after(cells: pl.Series, field: Field) -> tuple[pl.Series, dict[int, Reading]]:
    """The days after these, also of a date of which the study file says what it counts as without its day; and by its
    place the reading of each that was converted. What cannot be read stays as it is, as does the last day there is."""
    if cells.dtype == pl.Date:
        return cells.dt.offset_by("1d").zip_with((cells < dt.date.max).fill_null(False), cells), {}
    read = DateReader("year-month-day", field.partial)
    readings = [EMPTY if cell is None else read(cell) for cell in cells]
    texts = [
        (reading.value + dt.timedelta(1)).isoformat()
        if isinstance(reading.value, dt.date) and reading.value < dt.date.max
        else cell
        for reading, cell in zip(readings, cells.cast(pl.String), strict=True)
    ]
    converted = {place: reading for place, reading in enumerate(readings) if reading.action == "converted"}
    return pl.Series(cells.name, texts, dtype=pl.String), converted


def as_texts(values: pl.Series) -> pl.Series:
    """Values as people write them: 701, not 701.0."""
    texts = values.cast(pl.String)
    return texts.str.replace(r"\.0$", "") if values.dtype.is_float() else texts


@dataclass(frozen=True, eq=False)
class Amounts:
    """Numbers in one unit, None if the field has none. `converted`: whether each was written in another that the field
    lists; `refused`: whether it is in one that the field does not."""

    cells: pl.Series
    unit: str | None
    converted: pl.Series
    refused: pl.Series


def in_one_unit(cells: pl.Series, units: pl.Series | None, field: Field) -> Amounts:
    """The cells in the unit that they have, if it is one that the field lists; if they are in several, in the field's.

    A cell without a unit is taken to be in the field's own if the field has no other.
    """
    nothing = pl.Series([False]).new_from_index(0, cells.len())
    if units is None:
        return Amounts(cells, None, nothing, nothing)
    listed = {comparable(unit): unit for unit in field.units}
    told = units.unique().drop_nulls().to_list()
    names = {each: each if each in field.units else listed.get(comparable(each)) for each in told}
    found = units.replace_strict(names, default=None, return_dtype=pl.String)
    there = cells.is_not_null()
    used = found.filter(there).drop_nulls().unique()
    own, bare_is_own = next(iter(field.units), None), len(set(field.units.values())) <= 1
    if bare_is_own and own is not None:
        found = found.zip_with(units.is_not_null(), pl.Series([own]).new_from_index(0, units.len()))
    unit = used[0] if used.len() == 1 else own
    refused = there & found.is_null() & (units.is_not_null() | (not bare_is_own))
    other = nothing if unit is None else (there & (found != unit)).fill_null(False)
    if unit is not None and other.any():
        here = other.arg_true()
        written = zip(cells.cast(pl.String).gather(here), found.gather(here), strict=True)
        texts = [in_unit(cell, field.units[name] / field.units[unit]) for cell, name in written]
        cells = cells.cast(pl.String).scatter(here, pl.Series(texts, dtype=pl.String))
    return Amounts(cells.set(refused, None), unit, other, refused)


def comparable(unit: str) -> str:
    """How units are compared: YEARS is years, and mg/dl is mg/dL, but GI/L is not 10^9/L."""
    return normal(spelled(unit.lower()))


def in_unit(cell: str, factor: Fraction) -> str:
    """A number as text times a factor, exactly; what is no number stays as it is."""
    sign = cell[0] if cell[:1] in "<>" else ""
    try:
        value = Fraction(cell.removeprefix(sign).strip()) * factor
    except ValueError:
        return cell
    return f"{sign}{show(value)}"
