"""Tables and the flow diagram without what may not be shared."""

from __future__ import annotations

import re
from dataclasses import replace

from remit.report.document import Box, Cell, Flow, Interval, Number, Row, Table, Words, plain, words
from remit.report.edition.told import HIDDEN, Told

_UNNAMED = "Kinds of events in few patients are not listed."
_DIGIT = re.compile(r"\d")


def table(block: Table, told: Told) -> Table | None:
    """None if nothing in it may be shared."""
    kept = [row for row in block.rows if not _is_unnamed(row, told)]
    rows = [_row(row, told) for row in kept]
    if _is_empty(rows) and not _is_empty(list(block.rows)):
        return None
    notes = [note for note in block.notes if not told.spoiled(note)]
    if len(kept) < len(block.rows):
        notes.append((_UNNAMED,))
    said = _without_nothing(rows)
    if number := sum(map(_says_nothing, rows)) - sum(map(_says_nothing, said)):
        notes.append((_left_out(number),))
    return replace(
        block,
        title=told.in_place(block.title),
        columns=tuple(
            replace(column, title=told.in_place(column.title), detail=told.in_place(column.detail))
            for column in block.columns
        ),
        rows=tuple(_without_empty_headings(said)),
        notes=tuple(notes),
    )


def _numbers(row: Row) -> list[Number]:
    lines = [row.label, row.detail, *(line for cell in row.cells for line in cell.lines)]
    return [part for line in lines for part in line if isinstance(part, Number)]


def _is_unnamed(row: Row, told: Told) -> bool:
    """A row named by a text of the charts, in which a number is hidden: its name may be of one patient."""
    return any(told.hidden.unnamed(number.result) and told.hides(number) for number in _numbers(row))


def _is_empty(rows: list[Row]) -> bool:
    return not any(_numbers(row) for row in rows)


def _left_out(number: int) -> str:
    rows, numbers = ("row is", "its") if number == 1 else ("rows are", "their")
    return f"{number} {rows} left out: all {numbers} numbers are hidden."


def _says_nothing(row: Row) -> bool:
    """Whether all numbers of a row are hidden."""
    lines = [plain(line) for cell in row.cells for line in cell.lines]
    return HIDDEN in lines and not _numbers(row) and not any(_DIGIT.search(line) for line in lines)


def _without_nothing(rows: list[Row]) -> list[Row]:
    """The rows that say something, and those above them that they belong to."""
    kept: list[Row] = []
    for row, below in zip(reversed(rows), [None, *reversed(rows)], strict=False):
        has_parts = bool(kept) and kept[-1].level > row.level
        had_parts = below is not None and below.level > row.level
        is_bare = had_parts and not row.heading and not any(plain(line) for cell in row.cells for line in cell.lines)
        if has_parts or not (_says_nothing(row) or is_bare):
            kept.append(row)
    return kept[::-1]


def _without_empty_headings(rows: list[Row]) -> list[Row]:
    """A heading stands where rows follow it."""
    return [
        row
        for row, after in zip(rows, [*rows[1:], None], strict=True)
        if not (row.heading and not _numbers(row) and (after is None or after.heading))
    ]


def _row(row: Row, told: Told) -> Row:
    any_hidden = any(told.hides(number) for number in _numbers(row))
    drawn = not any_hidden and bool(_numbers(row))
    return replace(
        row,
        label=told.in_place(row.label),
        detail=told.in_place(row.detail),
        cells=tuple(_cell(cell, told, drawn) for cell in row.cells),
        notes=tuple(note for note in row.notes if not told.spoiled(note)),
    )


def _cell(cell: Cell, told: Told, drawn: bool) -> Cell:
    """Its lines without hidden numbers; if the first has one, "hidden" stands for it. `drawn`: intervals may be."""
    interval = cell.interval
    if interval is not None and not drawn:
        interval = Interval(None, interval.reference)
    notes = tuple(note for note in cell.notes if not told.spoiled(note))
    if not any(told.spoiled(line) for line in cell.lines):
        return replace(cell, interval=interval, notes=notes)
    lines: list[Words] = [line for line in cell.lines if not told.spoiled(line)]
    if told.spoiled(cell.lines[0]):
        lines, notes = [(HIDDEN,)], ()
    return replace(cell, lines=tuple(lines), interval=interval, notes=notes, muted=lines == [(HIDDEN,)])


def flow(block: Flow, told: Told) -> Flow:
    return replace(
        block,
        start=_box(block.start, told),
        excluded=tuple(_box(box, told) for box in block.excluded),
        included=_box(block.included, told),
    )


def _box(box: Box, told: Told) -> Box:
    count = words(HIDDEN) if told.spoiled(box.count) else box.count
    note = () if told.spoiled(box.note) else box.note
    return replace(box, count=count, note=note, boxes=tuple(_box(inner, told) for inner in box.boxes))
