"""The values that decided a definition for a patient, as an indented tree, down to the cells of the charts."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator

from remit.language.words import day_in_words
from remit.schema.trace import Reading, Step, Trace
from remit.trace.charts import sheet_of

UNKNOWN = "not known"
_LETTERS = re.compile("[A-Z]{1,3}")


def step_lines(trace: Trace, steps: Iterable[int], position: int) -> Iterator[str]:
    """Steps with those inside, for the patient at this position. One that was told already is not opened again."""
    told = set[int]()
    for number in dict.fromkeys(steps):
        yield ""
        yield from _step_lines(trace, number, position, "", told)


def _step_lines(trace: Trace, number: int, position: int, indent: str, told: set[int]) -> Iterator[str]:
    step = trace.steps[number]
    again = number in told and bool(step.parts or step.rows is not None)
    told.add(number)
    yield f"{indent}{step.text}: {_value(step, position)}" + ("  (see above)" if again else "")
    if again:
        return
    if step.leaf is not None:
        yield f"{indent}    {_leaf_text(trace, step.leaf, position)}"
    if step.rows is not None:
        yield from (f"{indent}    {line}" for line in _rows_lines(trace, step.rows, position))
    for part in step.parts:
        yield from _step_lines(trace, part, position, f"{indent}  ", told)


def _value(step: Step, position: int) -> str:
    value = step.values[position]
    return UNKNOWN if value in ("", "—") else value


def _leaf_text(trace: Trace, number: int, position: int) -> str:
    leaf = trace.leaves[number]
    row = leaf.rows[position]
    if row is None:
        return "← no row of the charts was picked for it"
    reading = trace.readings.get((row, leaf.field))
    empty = " (the cell is empty)" if leaf.values[position] == "—" else ""
    return f"← {place(trace, row, leaf.field)}{dated(trace, row)}{reading_text(reading) if reading else empty}"


def _rows_lines(trace: Trace, number: int, position: int) -> Iterator[str]:
    rows = trace.counted_rows[number]
    own = rows.of_patients[position]
    if not own:
        yield f"← the patient has no row of {rows.form}"
    for row, holds, values in own:
        said = "; ".join(f"{label} {value}" for label, value in zip(rows.labels, values, strict=True))
        counts = "may count" if holds is None else "counts" if holds else "does not count"
        yield f"{counts}: {said}  ← {place(trace, row)}"
        for field in rows.fields:
            if reading := trace.readings.get((row, field)):
                yield f"    {field}: {place(trace, row, field)}{reading_text(reading)}"


def place(trace: Trace, row: int, field: str | None = None) -> str:
    """S03.xlsx, sheet visits, F12; without a field the whole row."""
    found = trace.rows[row]
    column = "" if field is None else trace.columns[found.columns].get(field, "")
    sheet = f", sheet {sheet_of(found)}" if sheet_of(found) else ""
    if _LETTERS.fullmatch(column):
        return f"{found.file}{sheet}, {column}{found.row}"
    return f"{found.file}{sheet}{f', column {column}' if column else ''}, row {found.row}"


def dated(trace: Trace, row: int) -> str:
    date = trace.rows[row].date
    return "" if date is None else f", {day_in_words(datetime.date.fromisoformat(date))}"


def reading_text(reading: Reading) -> str:
    """How the cell was read: (written “11”, converted to 1.1 mg/dL: from mg/L, exactly)."""
    written = "" if reading.written is None else f"written “{reading.written}”, "
    became = "" if reading.value is None else f" to {reading.value}"
    reason = "" if reading.reason is None else f": {reading.reason}"
    return f" ({written}{reading.action}{became}{reason})"
