"""Query → the fields that it reads: what must be collected, and what "every part is known" means."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import reduce

from remit.language.query import (
    Aggregate,
    And,
    Compare,
    Constant,
    Known,
    LastObserved,
    MaxMeasured,
    Query,
    RowValue,
    SumKnown,
    Value,
    outside_rows,
    walk,
)
from remit.language.types import YesNo

_WHOLE = MaxMeasured | SumKnown | LastObserved


def values(query: Query) -> list[Value]:
    """The patient's values that it reads, in order, each once; also those inside conditions on rows."""
    return list(dict.fromkeys(part for part in walk(query) if isinstance(part, Value)))


def aggregates(query: Query) -> list[Aggregate]:
    """The aggregates over rows that it needs, inner ones first, each once."""
    found = [part for part in walk(query) if isinstance(part, Aggregate)]
    return list(dict.fromkeys(reversed(found)))


def collected(query: Query) -> set[tuple[str, str]]:
    """(form, field) of all that must stand in the charts for it."""
    return {(part.form, part.field) for part in walk(query) if isinstance(part, Value | RowValue)}


def carries_forward(asked: Iterable[Query]) -> bool:
    """Whether any of the queries takes an earlier value for a later one."""
    return any(isinstance(part, LastObserved) for query in asked for part in walk(query))


def complete(query: Query) -> Query:
    """The query "every part is known": each value and aggregate that decides it.

    Of a greatest measured value, a sum of what is known and what is carried forward the whole is asked for, not each
    part: not all parts need have been measured. A count is known where it is one number, not where some rows may or may
    not belong to it.
    """
    parts = [_is_known(part) for part in dict.fromkeys(_parts(query))]
    return reduce(And, parts) if parts else Constant(True, YesNo())


def _is_known(part: Query) -> Query:
    if isinstance(part, Aggregate) and part.kind == "count":
        return Known(Compare("==", part, part))
    return Known(part)


def _parts(query: Query) -> Iterator[Query]:
    def enter(part: Query) -> bool:
        return outside_rows(part) and not isinstance(part, _WHOLE)

    for part in walk(query, enter):
        if isinstance(part, Value | Aggregate | _WHOLE):
            yield part
