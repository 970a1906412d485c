"""Queries → columns of the patients. A definition that stands in others is computed once, as a column of its own: an
expression that holds another in several places would else hold it as often, and to build it costs more than to compute
it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from typing import Any

from remit.derive.frames import Frame
from remit.language.columns import column_of
from remit.language.evaluate import columns
from remit.language.query import Aggregate, Between, Constant, Named, Query, RowValue, Value, outside_rows, plain, walk
from remit.language.types import Date, Level, Number, Text, YesNo

_AS_THEY_ARE = Constant | Value | RowValue | Aggregate | Between  # to compare a span, its two dates are read
_STORED = Number | Level | Text | YesNo


def add_columns(patients: Frame, queries: Mapping[str, Query]) -> Frame:
    """Add the columns of these queries (see `language.evaluate.columns`) to the patients."""
    before = patients.columns
    rounds, last = steps_of(queries)
    for steps in rounds:
        patients = _with(patients, steps)
    held = [name for name in patients.columns if name not in before]
    return _with(patients, last).drop(held)


def steps_of(queries: Mapping[str, Query]) -> tuple[list[dict[str, Query]], dict[str, Query]]:
    """The definitions inside, by column, in rounds of which each reads those before; and the queries, reading these."""
    inside = {part: {*_definitions(part.inner)} for query in queries.values() for part in _definitions(query)}
    steps = {part: Value("step", str(number), None, part.type) for number, part in enumerate(inside)}
    rounds = []
    waiting = {*inside}
    while waiting:
        ready = [part for part in inside if part in waiting and inside[part].isdisjoint(waiting)]
        rounds.append({column_of(steps[part]): _reading(part.inner, steps) for part in ready})
        waiting -= {*ready}
    return rounds, {name: _reading(query, steps) for name, query in queries.items()}


def _with(patients: Frame, queries: Mapping[str, Query]) -> Frame:
    found = {name: expr for key, query in queries.items() for name, expr in columns(key, query).items()}
    return patients.with_columns(*(expr.alias(name) for name, expr in found.items())) if found else patients


def _definitions(query: Query) -> Iterator[Named]:
    return (part for part in walk(query, outside_rows) if isinstance(part, Named) and _is_step(part))


def _is_step(definition: Named) -> bool:
    """Read from a column, an open end of a date would be the day beside it; so such dates are not stored."""
    kind = definition.type
    stored = not kind.censored if isinstance(kind, Date) else isinstance(kind, _STORED)
    return stored and not isinstance(plain(definition), _AS_THEY_ARE)


def _reading(query: Query, steps: Mapping[Named, Value]) -> Query:
    """The query with steps in place of definitions. Aggregates stay: they are columns already."""
    if isinstance(query, Aggregate):
        return query
    if isinstance(query, Named) and query in steps:
        return steps[query]
    parts: dict[str, Any] = {part.name: _part(getattr(query, part.name), steps) for part in fields(query)}
    return replace(query, **parts)


def _part(value: object, steps: Mapping[Named, Value]) -> object:
    if isinstance(value, Query):
        return _reading(value, steps)
    if isinstance(value, tuple):
        return tuple(_part(item, steps) for item in value)
    return value
