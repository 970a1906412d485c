"""Definitions → their steps: each line in English, with its value for each traced patient, down to the charts.

Values are those of derivation: the steps are columns of the cohort's patients, made by the expressions that made the
endpoints. A step that stands in several definitions is one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import polars as pl

from remit.derive.engines import collect
from remit.derive.frames import Expr
from remit.derive.steps import is_stored, reading_parts
from remit.language.columns import column_of, patient_column
from remit.language.describe import is_day, mention
from remit.language.evaluate import Held, evaluate, held_columns
from remit.language.fields import aggregates
from remit.language.query import Aggregate, Not, Query, Value, walk
from remit.language.types import YesNo
from remit.schema.records import ROW, Records
from remit.schema.trace import CountedRows, Leaf, Step, Traced
from remit.study.study import Study
from remit.trace.derived import is_derived, read_by, rows_read_by
from remit.trace.inside import chained_by, steps_inside
from remit.trace.printed import texts, truths
from remit.trace.rows import ENGINE, Asked, RowsOf, asked_of


@dataclass(frozen=True)
class Steps:
    """The parts of a Trace that are about definitions, in the order in which these were given."""

    definitions: tuple[Traced, ...]
    steps: tuple[Step, ...]
    leaves: tuple[Leaf, ...]
    counted_rows: tuple[CountedRows, ...]


def steps_of(study: Study, records: Records, patients: pl.DataFrame, definitions: Sequence[tuple[str, Query]]) -> Steps:
    """patients: those of the cohort who are traced, in the order of the trace; definitions: each with its label."""
    lines: dict[Query, _Line] = {}
    for _, query in definitions:
        _add_line(study, lines, query)
    number = {query: place for place, query in enumerate(lines)}
    rows = RowsOf(study, records, patients)
    frame = rows.with_aggregates([*dict.fromkeys(each for query in lines for each in aggregates(query))])
    values = _values(study, frame, lines)
    ends = _Ends(study, rows, frame)
    steps = tuple(
        Step(
            _text(study, query),
            isinstance(query.type, YesNo),
            values[query],
            tuple(number[part] for part in line.parts),
            ends.leaf(line.leaf),
            ends.counted(line.rows),
        )
        for query, line in lines.items()
    )
    traced = tuple(Traced(label, number[query]) for label, query in definitions)
    return Steps(traced, steps, tuple(ends.leaves), tuple(ends.counted_rows))


def _text(study: Study, query: Query) -> str:
    """In English; of a long chain, whose members are told one by one, only what joins them."""
    words = chained_by(query)
    return words if words and len(steps_inside(query)) > 2 else mention(query, study.scope)


@dataclass(frozen=True)
class _Line:
    """What a step is made of: the steps inside, and where it ends in the charts."""

    parts: tuple[Query, ...]
    leaf: Value | None = None
    rows: Asked | None = None


def _add_line(study: Study, lines: dict[Query, _Line], query: Query) -> None:
    """The step and those inside, which come before it."""
    if query not in lines:
        line = _line(study, query)
        for part in line.parts:
            _add_line(study, lines, part)
        lines[query] = line


def _line(study: Study, query: Query) -> _Line:
    if isinstance(query, Value):
        if is_derived(study, query):
            return _Line(tuple(read_by(study, query)), rows=rows_read_by(study, query))
        return _Line((), leaf=query)
    if isinstance(query, Aggregate):
        return _Line(tuple(steps_inside(query)), rows=asked_of(query))
    if isinstance(query, Not) and isinstance(query.operand, Aggregate):  # it speaks of the same rows
        return _line(study, query.operand)
    return _Line(tuple(steps_inside(query)))


def _values(study: Study, frame: pl.DataFrame, lines: Iterable[Query]) -> dict[Query, tuple[str, ...]]:
    """Of each step, as printed. A step reads those inside it, which are computed in an earlier round."""
    stored: dict[Query, Value] = {}
    rounds: list[dict[str, Expr]] = []
    round_of: dict[Value, int] = {}
    held: dict[Query, tuple[str, Held]] = {}
    for number, query in enumerate(lines):
        here = query if isinstance(query, Value | Aggregate) else reading_parts(query, stored)
        place = max((round_of[part] + 1 for part in walk(here) if part in round_of), default=0)
        rounds += [{}] if place == len(rounds) else []
        name, value = f"step__{number}", evaluate(here)
        rounds[place] |= held_columns(name, value)
        held[query] = name, value
        if is_stored(query):
            stored[query] = Value("step", str(number), None, query.type)
            round_of[stored[query]] = place
    wide = ENGINE.load(frame)
    for columns in rounds:
        wide = wide.with_columns(expr.alias(name) for name, expr in columns.items())
    computed = collect(wide)
    return {query: _printed(study, computed, query, *found) for query, found in held.items()}


def _printed(study: Study, frame: pl.DataFrame, query: Query, name: str, held: Held) -> tuple[str, ...]:
    if isinstance(query.type, YesNo):
        return truths(frame[name])
    return texts(frame, name, held, query.type, is_day(query, study.scope))


class _Ends:
    """Where steps end in the charts, each place once."""

    def __init__(self, study: Study, rows: RowsOf, frame: pl.DataFrame) -> None:
        self._study, self._rows, self._frame = study, rows, frame
        self._leaves: dict[Value, int] = {}
        self._counted: dict[Asked, int] = {}
        self.leaves: list[Leaf] = []
        self.counted_rows: list[CountedRows] = []

    def leaf(self, value: Value | None) -> int | None:
        if value is None:
            return None
        if value not in self._leaves:
            self._leaves[value] = len(self.leaves)
            self.leaves.append(self._leaf(value))
        return self._leaves[value]

    def counted(self, asked: Asked | None) -> int | None:
        if asked is None:
            return None
        if asked not in self._counted:
            self._counted[asked] = len(self.counted_rows)
            self.counted_rows.append(self._rows.counted(asked, self._frame))
        return self._counted[asked]

    def _leaf(self, value: Value) -> Leaf:
        field = self._study.scope.forms[value.form].fields[value.field]
        row = patient_column(value.form, ROW, value.visit)
        told = texts(self._frame, column_of(value), evaluate(value), value.type, is_day(value, self._study.scope))
        return Leaf(value.form, value.field, field.label, value.visit, told, tuple(self._frame[row]))
