"""Which definitions of a visit can be asked at the reference visit too: does somebody fulfil an endpoint already?"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from remit.language.query import (
    Aggregate,
    Between,
    Change,
    Compare,
    LastObserved,
    MaxMeasured,
    Named,
    Query,
    Value,
    children,
    walk,
)
from remit.language.types import Date
from remit.study.selection import Timeline, is_before, is_index


def can_move(timeline: Timeline, query: Query, visits: Collection[str]) -> bool:
    """Whether a definition, asked at one of these visits, says the same when it is asked at another one.

    It does not where it compares with the reference visit, reads another visit that it names or the visit's target day,
    counts the days since the index date, or asks what happened since then.
    """
    return not any(_is_bound(timeline, part, visits) for part in _parts(query))


def _is_bound(timeline: Timeline, part: Query, visits: Collection[str]) -> bool:
    match part:
        case Change() | Named(name="visit.day"):
            return True
        case Value(visit=str(visit)):
            return visit not in visits
        case Aggregate():
            return _reads_index(part) and not is_before(timeline, part)
        case Compare() | Between():
            return _reads_index(part) and _reads_date_of_visit(part)
    return False


def _parts(query: Query) -> Iterator[Query]:
    """All that it says of the visit itself: not what a greatest measured value was measured before, nor what is carried
    forward from earlier visits."""
    waiting = [query]
    while waiting:
        part = waiting.pop()
        yield part
        waiting += _inside(part)


def _inside(part: Query) -> Iterable[Query]:
    match part:
        case MaxMeasured(operands=operands):
            return operands
        case LastObserved(operands=operands):
            return operands[:1]
    return children(part)


def _reads_index(query: Query) -> bool:
    return any(is_index(part) for part in walk(query))


def _reads_date_of_visit(query: Query) -> bool:
    return any(isinstance(part, Value) and part.visit and isinstance(part.type, Date) for part in walk(query))
