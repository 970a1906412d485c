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
    steps: dict[Query, Value] = {
        part: Value("step", str(number), None, part.type) for number, part in enumerate(inside)
    }
    rounds = []
    waiting = {*inside}
    while waiting:
        ready = [part for part in inside if part in waiting and inside[part].isdisjoint(waiting)]
        rounds.append({column_of(steps[part]): reading(part.inner, steps) for part in ready})
        waiting -= {*ready}
    return rounds, {name: reading(query, steps) for name, query in queries.items()}


def _with(patients: Frame, queries: Mapping[str, Query]) -> Frame:
    found = {name: expr for key, query in queries.items() for name, expr in columns(key, query).items()}
    return patients.with_columns(*(expr.alias(name) for name, expr in found.items())) if found else patients


def _definitions(query: Query) -> Iterator[Named]:
    return (part for part in walk(query, outside_rows) if isinstance(part, Named) and is_stored(part))


def is_stored(query: Query) -> bool:
    """Whether others may read it from a column of its own. An open end of a date would be the day beside it; so such
    dates are not stored."""
    kind = query.type
    stored = not kind.censored if isinstance(kind, Date) else isinstance(kind, _STORED)
    return stored and not isinstance(plain(query), _AS_THEY_ARE)


def reading(query: Query, steps: Mapping[Query, Value]) -> Query:
    """The query with steps in place of what they hold. Aggregates stay: they are columns already."""
    if isinstance(query, Aggregate):
        return query
    return steps[query] if query in steps else reading_parts(query, steps)


def reading_parts(query: Query, steps: Mapping[Query, Value]) -> Query:
    """The same of what is inside the query, not of itself."""
    parts: dict[str, Any] = {part.name: _part(getattr(query, part.name), steps) for part in fields(query)}
    return replace(query, **parts)


def _part(value: object, steps: Mapping[Query, Value]) -> object:
    if isinstance(value, Query):
        return reading(value, steps)
    if isinstance(value, tuple):
        return tuple(_part(item, steps) for item in value)
    return value
