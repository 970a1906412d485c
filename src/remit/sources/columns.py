"""Columns: the habit each is written in, and its cells read in that habit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import TypeVar, cast

from remit.language.types import Date, Number
from remit.sources import dates, numbers
from remit.sources.cells import reader
from remit.sources.habits import Answer, Question, decide, weigh
from remit.sources.layouts import Column
from remit.sources.ledger import Entry, Ledger
from remit.sources.numbers import DecimalSign
from remit.sources.readings import Reader, Reading, refused
from remit.sources.rows import Line, Part
from remit.sources.sheets import Cell, Corrected, fold, show
from remit.study.forms import Charts, DateOrder, Field, Form, Habits


@dataclass(frozen=True, eq=False)
class Chunk:
    """The usable rows of one centre in one part: what is written by one hand."""

    part: Part
    centre: str
    lines: Sequence[Line]

    def cells(self, column: Column) -> list[Cell]:
        return [line.cells[column.index] for line in self.lines]


MANY = 5  # dates that are all the first of a month are no longer chance

Answers = Mapping[tuple[Chunk, str], Answer]
NO_ANSWER = Answer(None)


def settle(chunks: Sequence[Chunk], charts: Charts) -> Answers:
    """The habit of each date and number column, by chunk and field.

    Raises WrongInput where it cannot be decided.
    """
    questions = {
        (chunk, name): asked
        for chunk in chunks
        for name, column in chunk.part.layout.fields.items()
        if (asked := ask(chunk, name, column)) is not None
    }
    return answer(questions, charts)


K = TypeVar("K")


def answer(questions: Mapping[K, Question], charts: Charts) -> dict[K, Answer]:
    """Raises WrongInput where a question cannot be decided."""
    of_centre: dict[tuple[str, str], list[Question]] = {}
    for question in questions.values():
        of_centre.setdefault((question.centre, question.setting), []).append(question)
    return {
        place: decide(question, told(charts, question), of_centre[question.centre, question.setting])
        for place, question in questions.items()
    }


def ask(chunk: Chunk, field: str, column: Column) -> Question | None:
    """The question which habit a column is written in; None if its type knows no habits."""
    if not isinstance(chunk.part.form.fields[field].type, Date | Number):
        return None
    first: dict[str, int] = {}
    for line in chunk.lines:
        cell = line.cells[column.index]
        if isinstance(cell, str) and not isinstance(cell, Corrected):
            first.setdefault(cell, line.row)
    return question(chunk.part, chunk.centre, field, column, first)


def question(part: Part, centre: str, field: str, column: Column, first: Mapping[str, int]) -> Question:
    """The question of a column of dates or numbers. first: each text that it holds, with the first row of it."""
    sheet = part.sheet
    texts = ((fold(text), sheet.address(row, column.index)) for text, row in first.items())
    where = f"{sheet.where}, column {column.letter} ({column.heading})"
    if isinstance(part.form.fields[field].type, Date):
        days = ((dates.split_time(text)[0], cell) for text, cell in texts)
        return Question(where, centre, "dates", weigh(days, dates.READINGS))
    amounts = ((numbers.split(text)[1], cell) for text, cell in texts)
    return Question(where, centre, "decimal", weigh(amounts, numbers.READINGS))


def told(charts: Charts, question: Question) -> str | None:
    habits = charts.habits.get(question.centre, Habits())
    return habits.dates if question.setting == "dates" else habits.decimal


def read(chunk: Chunk, answers: Answers, charts: Charts, ledger: Ledger) -> dict[str, list[Reading]]:
    """Each field's readings, one for each line of the chunk."""
    form, columns = chunk.part.form, chunk.part.layout.fields
    readings = {}
    for name, column in columns.items():
        habit = answers.get((chunk, name), NO_ANSWER).habit
        readings[name] = read_column(chunk.cells(column), reader_in(habit, form.fields[name], column, charts))
    if form.rows == "period":
        check_periods(chunk, form, readings, ledger)
    for name, column in columns.items():
        days = [cell for cell in chunk.cells(column) if isinstance(cell, dt.date)]
        found = Days(len(days), {day.day for day in days})
        report_habit(chunk.part, chunk.centre, name, answers.get((chunk, name), NO_ANSWER), found, ledger)
        report_cells(chunk, name, column, readings[name], ledger)
    return readings


def reader_in(habit: str | None, field: Field, column: Column, charts: Charts) -> Reader:
    """The reader of a column. Without a habit no cell needs one: both read it alike, and either will do."""
    order = cast(DateOrder, habit or "day/month/year")
    decimal = cast(DecimalSign, habit or "point")
    return reader(field, column.unit, charts, order, decimal)


def read_column(cells: Sequence[Cell], read_cell: Reader) -> list[Reading]:
    """One reading a cell; cells that are written alike are read once, and share theirs."""
    known: dict[tuple[type, Cell], Reading] = {}
    readings = []
    for cell in cells:
        key = (cell.__class__, cell)  # True is 1.0, but they are not written alike
        reading = known.get(key)
        if reading is None:
            reading = known[key] = read_cell(cell)
        readings.append(reading)
    return readings


def check_periods(chunk: Chunk, form: Form, readings: Mapping[str, list[Reading]], ledger: Ledger) -> None:
    """Refuses each stop that is before its start, and names each period of no day."""
    starts, stops = readings.get(form.start or "", []), readings.get(form.stop or "", [])
    for index, (start, stop) in enumerate(zip(starts, stops, strict=False)):
        if not isinstance(start.value, dt.date) or not isinstance(stop.value, dt.date):
            continue
        if stop.value < start.value:
            stops[index] = stop_before(start.value)
        elif stop.value == start.value:
            line = chunk.lines[index]
            ledger.add(empty_period(chunk.part, chunk.centre), line.row, line.patient)


def stop_before(start: dt.date) -> Reading:
    """The reading of a stop that lies before its start."""
    reason = f"the period ends before it starts, on {start}; one of the two is wrong, so its end is unknown"
    return refused("stop-before-start", reason)


def empty_period(part: Part, centre: str) -> Entry:
    reason = "the period ends on the day it starts; the end is the first day without, so it holds no day"
    return part.entry("queried", "empty-period", reason, centre=centre)


def report_cells(chunk: Chunk, field: str, column: Column, readings: Sequence[Reading], ledger: Ledger) -> None:
    """An entry for each cell that was not simply used as written."""
    entries: dict[tuple[int, Cell], list[Entry]] = {}
    for line, reading in zip(chunk.lines, readings, strict=True):
        if reading.action is None and not reading.doubt:
            continue
        cell = line.cells[column.index]
        found = entries.get((id(reading), cell))
        if found is None:
            found = entries[id(reading), cell] = cell_entries(chunk.part, chunk.centre, field, column, cell, reading)
        for entry in found:
            ledger.add(entry, line.row, line.patient)


def cell_entries(part: Part, centre: str, field: str, column: Column, cell: Cell, reading: Reading) -> list[Entry]:
    """The entries of a cell: that it was not simply used as written, and that somebody should look at it."""
    where = {"centre": centre, "field": field, "column": column.letter}
    what = {"written": show(cell), "value": reading.shown}
    entries = []
    if reading.action is not None:
        entries.append(part.entry(reading.action, reading.code, reading.reason, **where, **what))
    if reading.doubt:
        entries.append(part.entry("queried", "implausible", reading.doubt, **where, **what))
    return entries


@dataclass(frozen=True)
class Days:
    """The cells of a column that are dates, not text: how many, and which days of the month."""

    count: int
    of_month: Set[int]


def report_habit(part: Part, centre: str, field: str, answer: Answer, days: Days, ledger: Ledger) -> None:
    """An entry for a habit that was not told but recognised; and for days that a spreadsheet may have made up."""
    is_date = isinstance(part.form.fields[field].type, Date)
    where = {"centre": centre, "field": field, "column": part.layout.fields[field].letter}
    if answer.because is not None:
        code = "date-order" if is_date else "decimal-sign"
        ledger.add(part.entry("recognised", code, answer.because, value=answer.habit, **where))
    if not is_date or not days.count:
        return
    if answer.evidence.one_sided and max(days.of_month) <= 12:
        # A spreadsheet that expects the other order makes dates of 03/04/2023, and leaves 25/03/2023 as text.
        reason = f"{days.count} dates, all of a day up to 12, beside text of days above 12: are day and month swapped?"
        ledger.add(part.entry("queried", "mixed-dates", reason, **where))
    if days.count >= MANY and days.of_month == {1}:
        reason = f"all {days.count} dates are the first of a month: was the month entered without the day?"
        ledger.add(part.entry("queried", "first-of-month", reason, **where))
