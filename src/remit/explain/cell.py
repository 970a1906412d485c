"""A cell of the charts, told on the terminal: how it is read, and which numbers it moves."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from fractions import Fraction

import polars as pl

from remit.explain.numbers import Row, value_text
from remit.finished import Finished
from remit.language.types import Number
from remit.language.words import day_in_words
from remit.moves.cells import ChartCell, cells_at
from remit.moves.moved import Moved, Moves, moves_of
from remit.report.trace_words import Teller
from remit.schema.records import ONGOING, ROW, censored_column
from remit.trace.charts import readings_of
from remit.trace.printed import number_text

SHOWN = 20  # numbers on a terminal, unless all are asked for


def explain_cell(run: Finished, place: str, every: bool = False) -> Iterator[str]:
    """The lines that the terminal shows. every: list all numbers. Raises WrongInput."""
    cells = cells_at(run.records, place)
    return (line for cell in cells for line in _lines(run, moves_of(run, cell), every))


def _lines(run: Finished, moves: Moves, every: bool) -> Iterator[str]:
    cell = moves.cell
    label = run.study.forms[cell.form].fields[cell.field].label
    yield f"{cell.place}: {label} of {cell.patient}"
    yield f"  It is read as: {_now(run, cell)}"
    reading = readings_of(run.records, cell.row).get(cell.field)
    if reading is not None and reading.reason:
        written = "" if reading.written is None else f"written “{reading.written}”: "
        yield f"  {written}{reading.action}; {reading.reason}"
    yield from _tried(moves)
    yield from _moved(run, moves, every)
    if run.study.imputes:
        yield ""
        yield "  Numbers that are imputed many times were not tried; where the endpoint moves, so do they."


def _now(run: Finished, cell: ChartCell) -> str:
    row = run.records.forms[cell.form].row(by_predicate=pl.col(ROW) == cell.row, named=True)
    value, field = row[cell.field], run.study.forms[cell.form].fields[cell.field]
    if value is None:
        goes_on = field.name == run.study.forms[cell.form].stop and row.get(ONGOING)
        return "going on" if goes_on else "not known"
    if isinstance(field.type, Number):
        sign = {-1: "<", 1: ">"}.get(row.get(censored_column(cell.field)) or 0, "")
        return sign + number_text(Fraction(value, 10**field.type.decimals), field.type)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return day_in_words(value) if isinstance(value, datetime.date) else str(value)


def _tried(moves: Moves) -> Iterator[str]:
    """What it could read instead, and how many numbers that would move."""
    if not moves.tried:
        yield "  There is nothing else that it could read."
        return
    nothing = [other.said for other, count in moves.tried if not count]
    yield "  If it read otherwise:"
    yield from (f"    {other.said}: {count:,} numbers move" for other, count in moves.tried if count)
    if nothing:
        yield f"    {', '.join(nothing)}: nothing moves"


def _moved(run: Finished, moves: Moves, every: bool) -> Iterator[str]:
    """The numbers, an address after the other: of each its first statistic that moves."""
    teller, found = Teller(run.study), _by_address(moves.moved)
    primary = run.study.primary
    if primary is not None:
        found.sort(key=lambda each: not _is_primary(each[0].now, primary.endpoint, primary.visit, primary.estimand))
    for moved, *others in found if every else found[:SHOWN]:
        said = teller.told(moved.now)
        handling = moved.now["handling"]
        yield ""
        population = run.study.populations.get(moved.now["population"] or "")
        whom = population.label if population else "all patients"
        yield f"  {said.subject}, {whom}{f' ({handling})' if handling else ''}"
        yield f"    {moved.now['result']}"
        more = f"; so do {', '.join(each.now['statistic'] for each in others)}" if others else ""
        yield f"    now {_with_counts(moved.now)}{more}"
        yield from (f"    {'; '.join(said)}: {text}" for text, said in _outcomes(moved).items())
    if len(found) > SHOWN and not every:
        yield ""
        yield f"  and {len(found) - SHOWN} more: --all"


def _is_primary(row: Row, endpoint: str, visit: str, estimand: str) -> bool:
    return (row["variable"], row["visit"], row["handling"], row["group"]) == (endpoint, visit, estimand, None)


def _by_address(moved: tuple[Moved, ...]) -> list[list[Moved]]:
    """Together what stands at one address; of its statistics first the one that says most."""
    found: dict[str, list[Moved]] = {}
    for each in moved:
        found.setdefault(each.now["result"].removesuffix("." + each.now["statistic"]), []).append(each)
    for group in found.values():
        group.sort(key=lambda each: each.now["statistic"] not in ("percent", "mean", "estimate"))
    return [*found.values()]


def _outcomes(moved: Moved) -> dict[str, list[str]]:
    """What the number would be, with the readings that make it so."""
    found: dict[str, list[str]] = {}
    for other, row in moved.instead:
        text = "it would not be there" if row is None else _with_counts(row)
        found.setdefault(text, []).append(f"if {other.said}")
    return found


def _with_counts(row: Row) -> str:
    counts = []
    if row["numerator"] is not None and row["denominator"] is not None:
        counts.append(f"{row['numerator']:,} of {row['denominator']:,}")
    elif row["denominator"] is not None:
        counts.append(f"of {row['denominator']:,}")
    if row["missing"]:
        counts.append(f"{row['missing']:,} not known")
    return value_text(row) + (f" ({', '.join(counts)})" if counts else "")
