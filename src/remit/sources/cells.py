"""Reading one cell: what is written → the value of its field's type, or why there is none."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from remit.language.types import Date, Level, Number, Text, YesNo
from remit.sources import dates, faults
from remit.sources.faults import Fault
from remit.sources.numbers import DecimalSign
from remit.sources.partial_dates import read_partial
from remit.sources.quantities import NumberReader
from remit.sources.readings import EMPTY, NOT_DONE, Reader, Reading, Value, converted, refused
from remit.sources.sheets import ERROR, Cell, Corrected, fold, is_blank, is_nan, show
from remit.study.forms import Charts, DateOrder, Field, PartialDates


def reader(field: Field, unit: str | None, charts: Charts, dates_in: DateOrder, decimal: DecimalSign) -> Reader:
    """The reader of a column. unit: the one it is written in; dates_in, decimal: its habit."""
    markers = {key(marker) for marker in charts.not_done}
    match field.type:
        case Number():
            read: Reader = NumberReader(field, field.type, unit, decimal)
        case Date():
            read = DateReader(dates_in, field.partial)
        case YesNo():
            read = CodeReader(yes_no_words(charts))
        case Level(levels=levels):
            read = CodeReader(level_words(field, levels))
        case Text():
            read = read_text
        case _:
            raise TypeError(f"{field.name}: a chart cannot hold {field.type}")
    if isinstance(read, CodeReader):
        markers -= read.words.keys()

    def read_cell(cell: Cell) -> Reading:
        if is_blank(cell):
            return EMPTY
        if isinstance(cell, Fault):
            return refused(cell.code, cell.reason)
        if is_nan(cell):
            return refused("not-a-number", "this is not a finite number; write the value, or nothing")
        if isinstance(cell, str) and ERROR.fullmatch(cell.strip()):
            fault = faults.error(cell)
            return refused(fault.code, fault.reason)
        if key(show(cell)) in markers:
            return NOT_DONE
        return read(cell)

    return read_cell


def key(text: str) -> str:
    """How codes and markers are compared: without regard to case and spaces."""
    return unicodedata.normalize("NFKC", fold(text)).casefold()


def read_text(cell: Cell) -> Reading:
    """Text as written, without needless spaces; a number or date as the spreadsheet shows it."""
    return Reading(fold(show(cell)))


Words = Mapping[str, tuple[Value, str]]  # what may be written → the value and its name


def yes_no_words(charts: Charts) -> Words:
    """The study's words, and TRUE and FALSE as a spreadsheet writes them."""
    yes, no = charts.words
    words: Words = {key(word): (True, yes) for word in (*charts.yes, "true")}
    return {**words, **{key(word): (False, no) for word in (*charts.no, "false")}}


def level_words(field: Field, levels: tuple[str, ...]) -> Words:
    codes = {key(code): (level, level) for code, level in field.codes.items()}
    return codes | {key(level): (level, level) for level in levels}


@dataclass(frozen=True)
class CodeReader:
    """Yes/no and levels."""

    words: Words

    def __call__(self, cell: Cell) -> Reading:
        written = key(show(cell))
        if written not in self.words:
            names = dict.fromkeys(name for _, name in self.words.values())
            told = "; ".join(f"{name}: {', '.join(self.spellings(name))}" for name in names)
            return refused("unknown-code", f"this is no code of the field; write one of ({told})")
        value, name = self.words[written]
        if written == key(name):
            return Reading(value)
        return converted(value, "code", name, f"the code of {name}")

    def spellings(self, name: str) -> list[str]:
        return [word for word, (_, known) in self.words.items() if known == name]


@dataclass(frozen=True)
class DateReader:
    order: DateOrder
    partial: PartialDates

    def __call__(self, cell: Cell) -> Reading:
        if isinstance(cell, dt.datetime):
            return with_time(cell.date(), cell.time().isoformat() if cell.time() != dt.time() else "")
        if isinstance(cell, dt.date):
            return Reading(cell)
        if isinstance(cell, bool | dt.time | dt.timedelta):
            return refused("not-a-date", "this is a time or true/false, not a date; write the date as yyyy-mm-dd")
        if not isinstance(cell, str):
            year = self.year(cell)
            if year is not None:
                return year
            reason = "this is a number, not a date; write the date as yyyy-mm-dd, or format the cell as a date"
            return refused("number-for-date", reason)
        order = "year-month-day" if isinstance(cell, Corrected) else self.order
        text, time = dates.split_time(fold(cell))
        value = dates.parse(text, order)
        if value is None:
            part = read_partial(text, self.partial)
            return part if part is not None else refused(*dates.why_not(text, order))
        if time or text == value.isoformat():
            return with_time(value, time)
        named, year_first = dates.NAMED.fullmatch(text), dates.YEAR_FIRST.fullmatch(text)
        way = "the name of its month" if named else "year-month-day" if year_first else self.order
        return converted(value, "text-date", value.isoformat(), f"text read as a date by {way}")

    def year(self, cell: Cell) -> Reading | None:
        """A spreadsheet keeps a year that is written alone as a number."""
        written = show(cell)
        alone = self.partial.without_month is not None and len(written) == 4 and written.isdecimal()
        return read_partial(written, self.partial) if alone else None


def with_time(day: dt.date, time: str) -> Reading:
    """time: "" at midnight, which is how a date without a time of day is kept."""
    if not time:
        return Reading(day)
    return converted(day, "time-dropped", day.isoformat(), f"the time of day, {time}, is not used")
