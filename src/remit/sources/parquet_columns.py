"""Columns of Parquet charts. Cells that are written alike are read once, by the readers of `cells`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil, floor

import polars as pl

from remit.errors import WrongInput
from remit.language.types import Date, Level, Number, Text, YesNo
from remit.schema.records import CENSORED, CENTRE, ONGOING, PATIENT, UNKNOWN, censored_column
from remit.sources.cells import key
from remit.sources.columns import (
    NO_ANSWER,
    Days,
    answer,
    cell_entries,
    empty_period,
    question,
    reader_in,
    report_habit,
    stop_before,
)
from remit.sources.habits import Answer
from remit.sources.layouts import Column
from remit.sources.ledger import Ledger
from remit.sources.parquet_files import Table, cells_of, check_cells, exact_signs, is_blank, signed
from remit.sources.parquet_rows import Rows, constant
from remit.sources.readings import NOT_DONE, Reading, refused
from remit.sources.rows import Part
from remit.sources.sheets import Cell
from remit.sources.tables import dtype_of, is_censored
from remit.study.forms import Charts, Field

AT_ONCE = 2  # columns: what Polars does to one takes one core
Answers = Mapping[tuple[int, str, str], Answer]  # by place of the part, centre and field


@dataclass(frozen=True, eq=False)
class Written:
    """The cells of a column in the rows that are used. `signs`: of censored values, if a companion tells them."""

    field: Field
    column: Column
    cells: pl.Series
    signs: pl.Series | None

    @property
    def frame(self) -> pl.DataFrame:
        return pl.DataFrame({"cell": self.cells} | ({} if self.signs is None else {"sign": self.signs}))

    @property
    def has_habit(self) -> bool:
        return is_habitual(self.field, self.cells.dtype)


def written(rows: Rows, field: Field) -> Written | None:
    """None where the file has no column for the field. Raises WrongInput for a column that holds no cells."""
    column = rows.part.layout.fields.get(field.name)
    if column is None:
        return None
    name, table = rows.table.name_of(column), rows.table
    check_types(table, name, field)
    signs = table.companion(name, CENSORED)
    return Written(field, column, rows.used(table.frame[name]), None if signs is None else rows.used(signs))


def check_types(table: Table, name: str, field: Field) -> None:
    kind, signs = table.frame.schema[name], table.companion(name, CENSORED)
    check_cells(table, name)
    if isinstance(field.type, Date) and isinstance(kind, pl.Datetime) and kind.time_zone is not None:
        check_midnight(table, name, kind.time_zone)
    unknown = table.companion(name, UNKNOWN)
    if unknown is not None and unknown.dtype != pl.Boolean:
        what = f"the column {name}{UNKNOWN} holds {unknown.dtype}, and must hold true or false."
        raise WrongInput(table.where, what, "Write true where an empty stop is one that nobody knows.")
    if signs is None:
        return
    if not kind.is_numeric() or not signs.dtype.is_integer():
        what = f"the column {name}{CENSORED} must hold -1, 0 or 1 beside numbers in {name}."
        raise WrongInput(table.where, what, f"Write both as numbers, or '<50' as text in {name} alone.")


def check_midnight(table: Table, name: str, zone: str) -> None:
    """Midnight in Rome is the day before in UTC: times of a zone do not tell the day."""
    times = table.frame[name].dt.time()
    if (times != dt.time()).any():
        what = f"the column {name} holds times in the zone {zone}; which day each is depends on where it was written."
        raise WrongInput(table.where, what, "Write dates, without a time and a zone.")


def settle(parts: Sequence[Rows], charts: Charts) -> Answers:
    """The habit of each text column of dates or numbers, by centre. Raises WrongInput where it cannot be decided."""
    questions = {
        (place, centre, field.name): question(rows.part, centre, field.name, found.column, first)
        for place, rows in enumerate(parts)
        for field in rows.part.form.fields.values()
        if may_have_habit(rows, field) and (found := written(rows, field)) is not None
        for centre, first in texts(rows, found)
    }
    return answer(questions, charts)


def may_have_habit(rows: Rows, field: Field) -> bool:
    column = rows.part.layout.fields.get(field.name)
    return column is not None and is_habitual(field, rows.table.frame.schema[rows.table.name_of(column)])


def is_habitual(field: Field, kind: pl.DataType) -> bool:
    """Text may write a date or a number in several ways."""
    return isinstance(field.type, Date | Number) and kind == pl.String


def texts(rows: Rows, found: Written) -> Iterator[tuple[str, dict[str, int]]]:
    """By centre, each text with the first row that holds it, in the order of the rows."""
    frame = rows.frame.select(CENTRE, "row").with_columns(text=found.cells)
    first = frame.drop_nulls("text").group_by(CENTRE, "text").agg(pl.col("row").min()).sort("row")
    for (centre,), of_centre in first.partition_by(CENTRE, as_dict=True, maintain_order=True).items():
        yield str(centre), dict(of_centre.select("text", "row").iter_rows())


@dataclass(frozen=True, eq=False)
class Read:
    """A column read: `values`, and `signs` of numbers that may be censored.

    `told`: one row for each cell that was not simply used as written, with `row`, `patient`, `centre`, and `reading`,
    the place of its cell and reading in `readings`. `days`: by centre, the cells that are dates.
    """

    field: Field
    column: Column
    values: pl.Series
    signs: pl.Series | None
    readings: Sequence[tuple[Cell, Reading]]
    told: pl.DataFrame
    days: Mapping[str, Days]

    def instead(self, here: pl.Series, readings: Sequence[tuple[Cell, Reading]], told: pl.DataFrame) -> Read:
        """With other readings of refused cells. here: whether a row's cell is one; told: as in Read, without cell."""
        kept = self.told.join(told, on="row", how="anti")
        fresh = told.select(*TOLD).with_columns(pl.col("reading") + len(self.readings))
        values = self.values.zip_with(~here, absent(self.values.dtype, self.values.len()))
        return replace(self, values=values, readings=[*self.readings, *readings], told=pl.concat([kept, fresh]))


TOLD = {"row": pl.UInt32, PATIENT: pl.String, CENTRE: pl.String, "reading": pl.UInt32}


def read(place: int, rows: Rows, answers: Answers, charts: Charts, ledger: Ledger) -> pl.DataFrame:
    """The form's frame, with `row` for `_row`."""
    form = rows.part.form

    def read_one(field: Field) -> Read | None:
        cells = written(rows, field)
        return None if cells is None else read_column(rows, cells, habits_of(answers, place, field.name), charts)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        found = {each.field.name: each for each in pool.map(read_one, form.fields.values()) if each is not None}
    for each in found.values():
        report_habits(place, rows, each, answers, ledger)
    ongoing = constant(False, rows.frame.height)
    if form.stop in found:
        found[form.stop], ongoing = read_stops(rows, found[form.stop], found.get(form.start or ""), ledger)
    for each in found.values():
        report_cells(rows.part, each, ledger)
    frame = rows.frame.select(PATIENT, CENTRE, "row")
    for field in form.fields.values():
        frame = frame.with_columns(columns_of(field, found.get(field.name), rows.frame.height))
    return frame.with_columns(ongoing.alias(ONGOING)) if form.rows == "period" else frame


def habits_of(answers: Answers, place: int, field: str) -> dict[str, str | None]:
    """By centre."""
    return {centre: each.habit for (part, centre, name), each in answers.items() if (part, name) == (place, field)}


def columns_of(field: Field, found: Read | None, height: int) -> list[pl.Series]:
    """The values, and the signs of those that may be censored; null where the file has no column for the field."""
    values = found.values if found is not None else absent(dtype_of(field.type), height)
    if not is_censored(field.type):
        return [values.alias(field.name)]
    signs = found.signs if found is not None and found.signs is not None else absent(pl.Int8(), height)
    return [values.alias(field.name), signs.alias(censored_column(field.name))]


def read_column(rows: Rows, cells: Written, habits: Mapping[str, str | None], charts: Charts) -> Read:
    """habits: by centre, where the column has one."""
    plain = plainly(cells, charts)
    odd = ~plain.here
    frame = cells.frame.with_columns(rows.frame[CENTRE]) if cells.has_habit else cells.frame
    different, places = alike(frame.filter(odd))
    found = [*zip(written_cells(different), read_each(different, cells, habits, charts), strict=True)]
    here, readings = odd.arg_true(), [reading for _, reading in found]
    read_values = pl.Series([each.value for each in readings], dtype=dtype_of(cells.field.type))
    values = plain.values.clone().scatter(here, read_values.gather(places))
    read_signs = pl.Series([each.censored for each in readings], dtype=pl.Int8)
    signs = exact_signs(values).scatter(here, read_signs.gather(places)) if is_censored(cells.field.type) else None
    noted = pl.Series([each.action is not None or bool(each.doubt) for each in readings], dtype=pl.Boolean)
    told = rows.frame.filter(odd).with_columns(reading=places).filter(noted.gather(places)).select(*TOLD)
    return Read(cells.field, cells.column, values, signs, found, told, days_of(rows, cells))


def alike(frame: pl.DataFrame) -> tuple[pl.DataFrame, pl.Series]:
    """The rows that differ, and for each row its place (UInt32) among them."""
    if frame.is_empty():
        return frame.with_row_index("place"), pl.Series("place", [], pl.UInt32)
    if frame["cell"].dtype.is_float():
        frame = frame.with_columns(beside=pl.lit(0))  # Polars 2.1 joins a NaN that is alone with nothing
    different = frame.unique().with_row_index("place")
    found = frame.join(different, on=frame.columns, how="left", nulls_equal=True, maintain_order="left")
    return different, found["place"]


def written_cells(different: pl.DataFrame) -> list[Cell]:
    cells = cells_of(different["cell"])
    return signed(cells, different["sign"]) if "sign" in different.columns else cells


def read_each(
    different: pl.DataFrame, cells: Written, habits: Mapping[str, str | None], charts: Charts
) -> Iterator[Reading]:
    """The reading of each cell, in its centre's habit if the column has one."""
    found = written_cells(different)
    if not cells.has_habit:
        read_cell = reader_in(None, cells.field, cells.column, charts)
        return map(read_cell, found)
    centres = different[CENTRE].to_list()
    readers = {centre: reader_in(habits.get(centre), cells.field, cells.column, charts) for centre in set(centres)}
    return (readers[centre](cell) for centre, cell in zip(centres, found, strict=True))


MOST_DIGITS = 18  # of a power of ten that 64 bits hold


@dataclass(frozen=True, eq=False)
class Plain:
    """Cells that are values as they stand, so that no reader need look at them: where they are, and their values.

    `values` may hold anything where there is none.
    """

    here: pl.Series
    values: pl.Series


def plainly(cells: Written, charts: Charts) -> Plain:
    markers = {key(marker) for marker in charts.not_done}
    match cells.field.type, cells.cells.dtype:
        case (YesNo(), pl.Boolean):
            return Plain(constant(True, cells.cells.len()), cells.cells)
        case (Date(), pl.Date):
            return Plain(cells.cells.is_between(dt.date.min, dt.date.max).fill_null(True), cells.cells)
        case (Text(), pl.String):
            odd = untidy(cells.cells.unique(), markers)
            return Plain(~cells.cells.is_in(odd.implode()).fill_null(False), cells.cells)
        case (Level(levels=levels), pl.String):
            read_cell = reader_in(None, cells.field, cells.column, charts)
            as_named = [level for level in levels if read_cell(level) == Reading(level)]
            return Plain(cells.cells.is_in(as_named).fill_null(True), cells.cells)
        case (Number() as kind, dtype) if is_exact(dtype) and not any(map(str.isdecimal, "".join(markers))):
            return plain_numbers(cells, kind)
    return nowhere(cells)


def nowhere(cells: Written) -> Plain:
    height = cells.cells.len()
    return Plain(constant(False, height), absent(dtype_of(cells.field.type), height))


def is_exact(kind: pl.DataType) -> bool:
    return kind.is_integer() or kind.is_decimal()


def plain_numbers(cells: Written, kind: Number) -> Plain:
    """Numbers in the field's own unit, with its decimals or fewer, within all bounds. None is one of another unit."""
    digits = kind.decimals - (cells.cells.dtype.scale if isinstance(cells.cells.dtype, pl.Decimal) else 0)
    if cells.field.units.get(cells.column.unit or "", Fraction(1)) != 1 or abs(digits) > MOST_DIGITS:
        return nowhere(cells)
    low, high = bounds(cells.field, kind)
    written, step = cells.cells.to_physical().cast(pl.Int64, strict=False), 10 ** abs(digits)
    if digits >= 0:
        here = written.is_between(-(-low // step), high // step)
        scaled = written * step
    else:
        scaled = written // step
        here = scaled.is_between(low, high) & (scaled * step == written)
    here = here.fill_null(False) | cells.cells.is_null()
    if cells.signs is not None:
        here &= (cells.signs == 0).fill_null(False) | (cells.signs.is_null() & cells.cells.is_null())
    return Plain(here, scaled)


def bounds(field: Field, kind: Number) -> tuple[int, int]:
    """Of the scaled integer: what is possible, plausible, and can be held."""
    scale = 10**kind.decimals
    lows = [low * scale for low in (field.low, field.plausible[0]) if low is not None]
    highs = [high * scale for high in (field.high, field.plausible[1]) if high is not None]
    return ceil(max([Fraction(-kind.limit), *lows])), floor(min([Fraction(kind.limit), *highs]))


def untidy(texts: pl.Series, markers: Collection[str]) -> pl.Series:
    """Those that have needless spaces, or may be an error of a spreadsheet or say that something was not done."""
    odd = texts.str.contains(r"^\s|\s$|\s\s|[^\S ]|[\x1c-\x1f]|^#") | texts.str.to_lowercase().is_in([*markers, ""])
    if markers:
        # What is not ASCII may be written in several ways, the longest of which has some four signs for one.
        longest = 4 * max(map(len, markers))
        short = texts.str.len_chars() <= longest
        odd |= short & (texts.str.len_bytes() != texts.str.len_chars())
    return texts.filter(odd)


def absent(kind: pl.DataType, height: int) -> pl.Series:
    return pl.Series([None], dtype=kind).new_from_index(0, height)


def read_stops(rows: Rows, stops: Read, starts: Read | None, ledger: Ledger) -> tuple[Read, pl.Series]:
    """The stops, without those that are before their start; and whether each period goes on."""
    name = rows.table.name_of(stops.column)
    cells = rows.used(rows.table.frame[name])
    ongoing = is_blank(cells)
    said = rows.table.companion(name, UNKNOWN)
    if said is not None:
        unknown = rows.used(said).fill_null(False)
        stops = not_known(rows, stops, cells, unknown)
        ongoing &= ~unknown
    if starts is None:
        return stops, ongoing
    people = rows.frame.with_columns(start=starts.values, stop=stops.values, cell=cells)
    empty = people.filter(pl.col("start") == pl.col("stop")).select("row", PATIENT, CENTRE)
    for row, patient, centre in empty.iter_rows():
        ledger.add(empty_period(rows.part, centre), row, patient)
    wrong = people.filter(pl.col("stop") < pl.col("start")).with_row_index("reading")
    readings = [(cell, stop_before(start)) for cell, start in zip(cells_of(wrong["cell"]), wrong["start"], strict=True)]
    return stops.instead((stops.values < starts.values).fill_null(False), readings, wrong), ongoing


def not_known(rows: Rows, stops: Read, cells: pl.Series, here: pl.Series) -> Read:
    """A stop that is said to be unknown is; if a date stands there all the same, the row contradicts itself."""
    blank = is_blank(cells)
    told = here & (blank | stops.values.is_not_null())
    found = rows.frame.with_columns(cell=cells, blank=blank).filter(told).with_row_index("reading")
    kinds = [NOT_DONE if blank else CONTRADICTION for blank in found["blank"]]
    return stops.instead(told, [*zip(cells_of(found["cell"]), kinds, strict=True)], found)


CONTRADICTION = refused("unknown-and-known", f"a date stands here, and {UNKNOWN} says that it is unknown; correct one")


def report_cells(part: Part, found: Read, ledger: Ledger) -> None:
    """An entry for each cell that was not simply used as written."""
    if found.told.is_empty():
        return
    alike = found.told.select("reading", CENTRE).unique(maintain_order=True).with_row_index("kind")
    of_each = [
        cell_entries(part, centre, found.field.name, found.column, *found.readings[reading])
        for reading, centre in alike.select("reading", CENTRE).iter_rows()
    ]
    owners = [place for place, entries in enumerate(of_each) for _ in entries]
    places = pl.DataFrame({"kind": pl.Series(owners, dtype=pl.UInt32)}).with_row_index("entry")
    told = found.told.join(alike, on=["reading", CENTRE]).join(places, on="kind")
    ledger.add_rows([entry for entries in of_each for entry in entries], told.select("entry", "row", PATIENT))


def report_habits(place: int, rows: Rows, found: Read, answers: Answers, ledger: Ledger) -> None:
    """By centre, the habit that was recognised, and days that a spreadsheet may have made up."""
    name = found.field.name
    for centre in rows.frame[CENTRE].unique().sort():
        days = found.days.get(centre, Days(0, frozenset()))
        report_habit(rows.part, centre, name, answers.get((place, centre, name), NO_ANSWER), days, ledger)


def days_of(rows: Rows, cells: Written) -> dict[str, Days]:
    """By centre, the cells that are dates."""
    if not isinstance(cells.field.type, Date) or cells.cells.dtype not in (pl.Date, pl.Datetime):
        return {}
    frame = rows.frame.select(CENTRE).with_columns(day=cells.cells.dt.day()).drop_nulls()
    counts = frame.group_by(CENTRE).agg(pl.len(), pl.col("day").unique())
    return {centre: Days(count, set(days)) for centre, count, days in counts.iter_rows()}
