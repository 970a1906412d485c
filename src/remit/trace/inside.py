"""Query → the queries that its steps are: what one looks at to see why it holds, or is what it is."""

from __future__ import annotations

from collections.abc import Iterator

from remit.language.query import (
    Aggregate,
    And,
    Arithmetic,
    BandOf,
    Compare,
    Constant,
    HowMany,
    InDays,
    Named,
    Not,
    Or,
    Per,
    Query,
    Rounded,
    RowValue,
    Value,
    children,
    plain,
)


def steps_inside(query: Query) -> list[Query]:
    """The steps directly inside, each once, in the order of the words. A chain of and, or, plus is one step with its
    members; what a negation denies is its own. Constants are in the words already. The rows of an aggregate are no
    steps: what its condition asks of the patient is."""
    return [*dict.fromkeys(part for part in _inside(query) if not isinstance(plain(part), Constant))]


def chained_by(query: Query) -> str | None:
    """What joins the members of a chain, in words; None if it is no chain."""
    match query:
        case And():
            return "all of these"
        case Or():
            return "at least one of these"
        case Arithmetic("+"):
            return "the sum of these" if _all_added(query) else None
    return None


def _all_added(query: Query) -> bool:
    """Whether nothing but values is summed: no constant, product or difference is among them."""
    if isinstance(query, Arithmetic):
        return query.operator == "+" and all(_all_added(side) for side in children(query))
    return not isinstance(query, Constant)


def _inside(query: Query) -> Iterator[Query]:
    match query:
        case Aggregate():
            yield from _of_patient(query)
        case Not(operand):
            yield from _denied(operand)
        case And() | Or():
            yield from _members(query)
        case Compare(left=left, right=right):
            yield from (*_compared(left), *_compared(right))
        case Arithmetic():
            yield from _terms(query)
        case InDays(operand):
            yield from _inside(operand)
        case BandOf(operand) | Rounded(operand) | Per(operand):
            yield operand
        case _:
            yield from children(query)


def _members(query: Query) -> Iterator[Query]:
    """Of a chain of one connective; not (a or b) inside a chain of "and" is two of its members."""
    for side in children(query):
        if type(side) is type(query):
            yield from _members(side)
        elif isinstance(side, Not) and isinstance(side.operand, And | Or) and type(side.operand) is not type(query):
            yield from _denied(side.operand)
        else:
            yield side


def _denied(query: Query) -> Iterator[Query]:
    """Not (a or b) is said as not a and not b."""
    match query:
        case And() | Or():
            yield from (part.operand if isinstance(part, Not) else Not(part) for part in _members(query))
        case Value() | Named() | Aggregate():
            yield query
        case _:
            yield from _inside(query)


def _compared(query: Query) -> Iterator[Query]:
    if isinstance(query, HowMany | InDays):
        yield from _inside(query)
    else:
        yield query


def _terms(query: Query) -> Iterator[Query]:
    """Of a sum or product without brackets."""
    for side in children(query):
        if isinstance(side, Arithmetic):
            yield from _terms(side)
        else:
            yield side


def _of_patient(query: Query) -> Iterator[Query]:
    """What the condition on rows, or the value that is read there, asks of the patient."""
    for part in children(query):
        if isinstance(part, Value | Aggregate):
            yield part
        elif not isinstance(part, RowValue):
            yield from _of_patient(part)
