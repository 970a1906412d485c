"""Values of SDTM as cells of a chart: days of --DTC, and numbers in the unit that is written beside them."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import polars as pl

from remit.language.units import spelled
from remit.sources.headings import normal
from remit.sources.numbers import show
from remit.study.forms import Field

WHOLE_DAY = r"^\d{4}-\d{2}-\d{2}(T.*)?$"


def days(texts: pl.Series, later: int = 0) -> pl.Series:
    """Dates, if each cell writes a whole day; else texts, in which those that do are yyyy-mm-dd. later: days to add."""
    if texts.dtype != pl.String:
        return texts.dt.offset_by(f"{later}d") if texts.dtype == pl.Date and later else texts
    first = pl.when(texts.str.contains(WHOLE_DAY)).then(texts.str.slice(0, 10))
    found = pl.select(first.str.to_date("%Y-%m-%d", strict=False).dt.offset_by(f"{later}d")).to_series()
    if found.is_null().sum() == texts.is_null().sum():
        return found
    return found.dt.to_string("%Y-%m-%d").zip_with(found.is_not_null(), texts)


def with_times(texts: pl.Series) -> int:
    """How many cells tell a time of day beside a whole day."""
    return int(texts.str.contains(r"^\d{4}-\d{2}-\d{2}T").sum()) if texts.dtype == pl.String else 0


@dataclass(frozen=True, eq=False)
class Amounts:
    """Numbers in one unit, None if the field has none. `converted`: whether each was written in another that the field
    lists; `refused`: whether it is in one that the field does not."""

    cells: pl.Series
    unit: str | None
    converted: pl.Series
    refused: pl.Series


def in_one_unit(cells: pl.Series, units: pl.Series | None, field: Field) -> Amounts:
    """The cells in the unit that most of them have, of those that the field lists.

    A cell without a unit is taken to be in the field's own if the field has no other.
    """
    nothing = pl.Series([False]).new_from_index(0, cells.len())
    if units is None:
        return Amounts(cells, None, nothing, nothing)
    listed = {comparable(unit): unit for unit in field.units}
    told = units.unique().drop_nulls().to_list()
    names = {each: listed.get(comparable(each)) for each in told}
    found = units.replace_strict(names, default=None, return_dtype=pl.String)
    there = cells.is_not_null()
    counts = found.filter(there).drop_nulls().value_counts(sort=True)
    unit = counts[found.name][0] if counts.height else next(iter(field.units), None)
    own, bare_is_own = next(iter(field.units), None), len(set(field.units.values())) <= 1
    if bare_is_own and own is not None:
        found = found.zip_with(units.is_not_null(), pl.Series([own]).new_from_index(0, units.len()))
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
