"""The query tree: what an expression means in a study, with every name, unit and visit resolved.

Frozen and hashable; labels and places are not part of it, so that two ways of writing one definition have one digest.
Queries about a patient are made of Value; inside a condition on rows of a form, RowValue stands for the row's own
fields.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from fractions import Fraction
from functools import cache
from typing import Literal

from remit.language.types import DAYS, Date, Level, Number, Ratio, Span, Type, YesNo

YES_NO = YesNo()


@dataclass(frozen=True)
class Constant:
    """A number (Fraction, in the unit of its type), yes or no, a text, or a date (days since 1970-01-01)."""

    value: Fraction | bool | str | int
    type: Type


@dataclass(frozen=True)
class Value:
    """A patient's field: of a form filled once (visit None), or as picked for a visit.

    The forms "index" and "dosing" hold what is derived for each patient before any definition.
    """

    form: str
    field: str
    visit: str | None
    type: Type


@dataclass(frozen=True)
class RowValue:
    """A field of the row in question, inside a condition on a form's rows."""

    form: str
    field: str
    type: Type


@dataclass(frozen=True)
class Named:
    """A definition of the study file, used by name: transparent for the value, kept for words and steps."""

    name: str
    visit: str | None
    inner: Query

    @property
    def type(self) -> Type:
        return self.inner.type


@dataclass(frozen=True)
class Known:
    operand: Query
    type: YesNo = YES_NO


@dataclass(frozen=True)
class Not:
    operand: Query
    type: YesNo = YES_NO


@dataclass(frozen=True)
class And:
    left: Query
    right: Query
    type: YesNo = YES_NO


@dataclass(frozen=True)
class Or:
    left: Query
    right: Query
    type: YesNo = YES_NO


Operator = Literal["<", "<=", ">", ">=", "==", "!="]
FLIPPED: Mapping[Operator, Operator] = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}


@dataclass(frozen=True)
class Compare:
    """Two numbers of one unit, two dates, a span with days or with months, a ratio with a number."""

    operator: Operator
    left: Query
    right: Query
    type: YesNo = YES_NO


@dataclass(frozen=True)
class OneOf:
    """A level or a text is one of those listed; for a text, case does not matter."""

    operand: Query
    options: tuple[str, ...]
    type: YesNo = YES_NO


@dataclass(frozen=True)
class Same:
    """Two levels or two texts are the same."""

    left: Query
    right: Query
    type: YesNo = YES_NO


@dataclass(frozen=True)
class Arithmetic:
    """Two numbers; or a number and a quotient, which give a quotient."""

    operator: Literal["+", "-", "*"]
    left: Query
    right: Query
    type: Number | Ratio


@dataclass(frozen=True)
class Change:
    """`now` minus `before` (a fall: `before` minus `now`): one quantity at two visits."""

    direction: Literal["change", "fall"]
    now: Query
    before: Query
    type: Number


@dataclass(frozen=True)
class Divide:
    top: Query
    bottom: Query
    type: Ratio


@dataclass(frozen=True)
class Per:
    """A number divided by one that is written out and has an exact reciprocal: crp / 1 mg/L is the number of mg/L."""

    operand: Query
    amount: Constant
    type: Number


@dataclass(frozen=True)
class Rounded:
    """A number or quotient, rounded to the decimals of the type; halves go up."""

    operand: Query
    type: Number


@dataclass(frozen=True)
class Irrational:
    """A square root or natural logarithm, rounded to the decimals of the type; unknown outside its domain."""

    kind: Literal["sqrt", "ln"]
    operand: Query
    type: Number


@dataclass(frozen=True)
class If:
    """`then` where the condition holds, `otherwise` (None: unknown) where it does not; where the condition is unknown,
    what is true of both."""

    condition: Query
    then: Query
    otherwise: Query | None
    type: Type


@dataclass(frozen=True)
class Extreme:
    """The greatest or least of several numbers; unknown if one is (a part of it is known: see the interval)."""

    kind: Literal["max", "min"]
    operands: tuple[Query, ...]
    type: Number


@dataclass(frozen=True)
class MaxMeasured:
    """The greatest of those measured; unknown when one measured at the reference visit is not measured now."""

    operands: tuple[Query, ...]
    reference: tuple[Query, ...]
    type: Number


@dataclass(frozen=True)
class SumKnown:
    """The sum of those that are known; unknown where none is."""

    operands: tuple[Query, ...]
    type: Number


@dataclass(frozen=True)
class LastObserved:
    """The first of these that is known: a value at a visit, then at those before it and after the reference visit, the
    nearest first."""

    operands: tuple[Query, ...]
    type: Type


@dataclass(frozen=True)
class HowMany:
    """How many of these hold; where some are unknown, an interval."""

    operands: tuple[Query, ...]
    type: Number


@dataclass(frozen=True)
class Between:
    """The time from `start` to `end`, two dates."""

    start: Query
    end: Query
    type: Span


@dataclass(frozen=True)
class InDays:
    """A span as a number of days."""

    operand: Query
    type: Number = DAYS


@dataclass(frozen=True)
class Shift:
    """A date some days later."""

    date: Query
    days: Query
    type: Date


@dataclass(frozen=True)
class Band:
    name: str
    low: Fraction | None
    high: Fraction | None


@dataclass(frozen=True)
class BandOf:
    """The named band that a score lies in."""

    operand: Query
    bands: tuple[Band, ...]
    type: Level


AggregateKind = Literal["any", "all", "count", "sum", "min", "max", "first", "last"]


@dataclass(frozen=True)
class Aggregate:
    """What a patient's rows of a form, those for which `where` holds, say together.

    any, all, count look at `where` alone (all: does it hold for each row); the others at `field`, a value of the row;
    first and last go by `order`, a date of the row. A patient without rows: any no, all yes, count and sum 0, the
    others unknown.
    """

    kind: AggregateKind
    form: str
    where: Query
    field: Query | None
    order: RowValue | None
    type: Type


Query = (
    Constant
    | Value
    | RowValue
    | Named
    | Known
    | Not
    | And
    | Or
    | Compare
    | OneOf
    | Same
    | Arithmetic
    | Change
    | Divide
    | Per
    | Rounded
    | Irrational
    | If
    | Extreme
    | MaxMeasured
    | SumKnown
    | LastObserved
    | HowMany
    | Between
    | InDays
    | Shift
    | BandOf
    | Aggregate
)


EVERY_ROW = Constant(True, YES_NO)  # the condition that all rows of a form meet


def children(query: Query) -> Iterator[Query]:
    """The queries directly inside."""
    kind: type = type(query)
    for name in _parts_of(kind):
        value = getattr(query, name)
        if isinstance(value, Query):
            yield value
        elif isinstance(value, tuple):
            yield from (item for item in value if isinstance(item, Query))


@cache
def _parts_of(kind: type) -> tuple[str, ...]:
    return tuple(part.name for part in fields(kind))


def walk(query: Query, into: Callable[[Query], bool] = lambda _: True) -> Iterator[Query]:
    """The query and all inside it, outermost first; `into` says which to enter."""
    waiting = [query]
    while waiting:
        part = waiting.pop()
        yield part
        if into(part):
            waiting += reversed([*children(part)])


def outside_rows(query: Query) -> bool:
    """For `walk`: do not enter conditions on rows."""
    return not isinstance(query, Aggregate)


def branches(query: If) -> tuple[list[Query], list[Query]]:
    """The conditions and values of an if whose other value is an if again, and so on: one value more than conditions.
    The value of the first condition that holds counts."""
    if query.otherwise is None:
        raise ValueError("it has one value only")
    conditions, values = [query.condition], [query.then]
    if isinstance(query.otherwise, If) and query.otherwise.otherwise is not None:
        more, others = branches(query.otherwise)
        return conditions + more, values + others
    return conditions, [*values, query.otherwise]


def plain(query: Query) -> Query:
    """Without the names of definitions on top."""
    return plain(query.inner) if isinstance(query, Named) else query


def digest(query: Query) -> str:
    """The definition's fingerprint: the same for the same meaning, however named, labelled or written."""
    return hashlib.sha256(_canonical(query).encode()).hexdigest()[:16]


def _canonical(query: Query) -> str:
    if isinstance(query, Named):
        return _canonical(query.inner)
    parts = (_canonical_part(getattr(query, part.name)) for part in fields(query))
    return f"{type(query).__name__}({','.join(parts)})"


def _canonical_part(value: object) -> str:
    if isinstance(value, Query):
        return _canonical(value)
    if isinstance(value, tuple):
        return f"({','.join(_canonical_part(item) for item in value)})"
    return repr(value)
