"""Columns: the habit each is written in, and its cells read in that habit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from remit.language.types import Date, Number
from remit.sources import dates, numbers
from remit.sources.cells import reader
from remit.sources.habits import Answer, Question, decide, weigh
from remit.sources.layouts import Column
from remit.sources.ledger import Entry, Ledger
from remit.sources.numbers import DecimalSign
from remit.sources.places import address
from remit.sources.readings import Reader, Reading, refused
from remit.sources.rows import Line, Part
from remit.sources.sheets import Cell, fold, show
from remit.study.forms import Charts, DateOrder, Form, Habits


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


def settle(chunks: Sequence[Chunk], charts: Charts) -> Answers:
    """The habit of each date and number column, by chunk and field.

    Raises WrongInput where it cannot be decided.
    """
    questions = {
        (chunk, name): question
        for chunk in chunks
        for name, column in chunk.part.layout.fields.items()
        if (question := ask(chunk, name, column)) is not None
    }
    of_centre: dict[tuple[str, str], list[Question]] = {}
    for question in questions.values():
        of_centre.setdefault((question.centre, question.setting), []).append(question)
    return {
        place: decide(question, told(charts, question), of_centre[question.centre, question.setting])
        for place, question in questions.items()
    }


def ask(chunk: Chunk, field: str, column: Column) -> Question | None:
    """The question which habit a column is written in; None if its type knows no habits."""
    kind = chunk.part.form.fields[field].type
    if not isinstance(kind, Date | Number):
        return None
    first: dict[str, int] = {}
    for line in chunk.lines:
        cell = line.cells[column.index]
        if isinstance(cell, str):
            first.setdefault(cell, line.row)
    texts = ((fold(text), address(row - 1, column.index)) for text, row in first.items())
    where = f"{chunk.part.sheet.where}, column {column.letter} ({column.heading})"
    if isinstance(kind, Date):
        days = ((dates.split_time(text)[0], cell) for text, cell in texts)
        return Question(where, chunk.centre, "dates", weigh(days, dates.READINGS))
    amounts = ((numbers.split(text)[1], cell) for text, cell in texts)
    return Question(where, chunk.centre, "decimal", weigh(amounts, numbers.READINGS))


def told(charts: Charts, question: Question) -> str | None:
    habits = charts.habits.get(question.centre, Habits())
    return habits.dates if question.setting == "dates" else habits.decimal


def read(chunk: Chunk, answers: Answers, charts: Charts, ledger: Ledger) -> dict[str, list[Reading]]:
    """Each field's readings, one for each line of the chunk."""
    form, columns = chunk.part.form, chunk.part.layout.fields
    readings = {}
    for name, column in columns.items():
        habit = answers.get((chunk, name), Answer(None)).habit
        # Without a habit no cell of the column needs one: both read it alike, and either will do.
        order = cast(DateOrder, habit or "day/month/year")
        decimal = cast(DecimalSign, habit or "point")
        readings[name] = read_column(
            chunk.cells(column), reader(form.fields[name], column.unit, charts, order, decimal)
        )
    if form.rows == "period":
        check_periods(chunk, form, readings, ledger)
    for name, column in columns.items():
        report_habit(chunk, name, column, answers.get((chunk, name), Answer(None)), ledger)
        report_cells(chunk, name, column, readings[name], ledger)
    return readings


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
            reason = (
                f"the period ends before it starts, on {start.value}; one of the two is wrong, so its end is unknown"
            )
            stops[index] = refused("stop-before-start", reason)
        elif stop.value == start.value:
            line = chunk.lines[index]
            reason = "the period ends on the day it starts; the end is the first day without, so it holds no day"
            entry = chunk.part.entry("queried", "empty-period", reason, centre=chunk.centre)
            ledger.add(entry, line.row, line.patient)


def report_cells(chunk: Chunk, field: str, column: Column, readings: Sequence[Reading], ledger: Ledger) -> None:
    """An entry for each cell that was not simply used as written."""
    entries: dict[tuple[int, Cell], Entry] = {}
    for line, reading in zip(chunk.lines, readings, strict=True):
        if reading.action is None:
            continue
        cell = line.cells[column.index]
        entry = entries.get((id(reading), cell))
        if entry is None:
            where = {"centre": chunk.centre, "field": field, "column": column.letter}
            what = {"written": show(cell), "value": reading.shown}
            entry = chunk.part.entry(reading.action, reading.code, reading.reason, **where, **what)
            entries[id(reading), cell] = entry
        ledger.add(entry, line.row, line.patient)


def report_habit(chunk: Chunk, field: str, column: Column, answer: Answer, ledger: Ledger) -> None:
    """An entry for a habit that was not told but recognised; and for days that a spreadsheet may have made up."""
    is_date = isinstance(chunk.part.form.fields[field].type, Date)
    where = {"centre": chunk.centre, "field": field, "column": column.letter}
    if answer.because is not None:
        code = "date-order" if is_date else "decimal-sign"
        ledger.add(chunk.part.entry("recognised", code, answer.because, value=answer.habit, **where))
    days = [cell.day for cell in chunk.cells(column) if isinstance(cell, dt.date)] if is_date else []
    if answer.evidence.one_sided and days and max(days) <= 12:
        # A spreadsheet that expects the other order makes dates of 03/04/2023, and leaves 25/03/2023 as text.
        reason = f"{len(days)} dates, all of a day up to 12, beside text of days above 12: are day and month swapped?"
        ledger.add(chunk.part.entry("queried", "mixed-dates", reason, **where))
    if len(days) >= MANY and set(days) == {1}:
        reason = f"all {len(days)} dates are the first of a month: was the month entered without the day?"
        ledger.add(chunk.part.entry("queried", "first-of-month", reason, **where))
