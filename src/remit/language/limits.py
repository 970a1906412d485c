"""How large a definition may be: what is longer is refused when the study is read, and never hangs later."""

from __future__ import annotations

from remit.language.errors import LanguageError
from remit.language.query import (
    Aggregate,
    Arithmetic,
    BandOf,
    Compare,
    Divide,
    Extreme,
    HowMany,
    If,
    Irrational,
    LastObserved,
    MaxMeasured,
    OneOf,
    Query,
    Rounded,
    SumKnown,
    branches,
    children,
    walk,
)
from remit.language.syntax import Place
from remit.language.types import Date, Number, Ratio

DEEPEST = 100
MOST_DEFINITIONS = 30  # that rest on each other, one inside the other
MOST_PARTS = 5_000
HEAVIEST = 50_000


def too_deep(place: Place) -> LanguageError:
    return LanguageError(
        "this is too long, or too deeply nested",
        "Give its parts names of their own under `derived`, or use any, how_many or in (…).",
        place,
    )


def refuse_large(query: Query, place: Place) -> None:
    """Refuse what has too many parts, lies too deep, or would make too large an expression for an engine."""
    level, count = [query], 0
    for _ in range(DEEPEST):
        count += len(level)
        if not level or count > MOST_PARTS:
            break
        level = [child for part in level for child in children(part)]
    if level or any(_weight(part) > HEAVIEST for part in _expressions(query)):
        raise too_deep(place)


def _expressions(query: Query) -> list[Query]:
    """What is evaluated by itself: the query, and each condition on rows, whose verdict becomes a column."""
    rows = [part for part in walk(query) if isinstance(part, Aggregate)]
    return [query, *(child for part in rows for child in children(part))]


def _weight(query: Query) -> int:
    """About how many parts its frame expression has: an engine's expression is a tree, so that what is used twice
    stands in it twice."""
    if isinstance(query, Aggregate):
        return 1
    if isinstance(query, LastObserved | If) and getattr(query.type, "censored", False) and _is_choice(query):
        conditions, values = branches(query) if isinstance(query, If) else (query.operands[:-1], query.operands)
        ends = 1 if all(not getattr(value.type, "censored", False) for value in values) else 4
        return sum(2 * len(values) * ends * _weight(part) for part in conditions) + sum(
            4 * ends * _weight(part) for part in values
        )
    return 1 + sum(_uses(query) * _weight(child) for child in children(query))


def _is_choice(query: LastObserved | If) -> bool:
    return isinstance(query, LastObserved) or query.otherwise is not None


def _uses(query: Query) -> int:
    """How often the expression of an operand stands in that of the query."""
    ends = 4 if any(getattr(child.type, "censored", False) for child in children(query)) else 1
    match query:
        case Compare(_, _, right) if isinstance(right.type, Number) and right.type.unit == "mo":
            return 7 * ends
        case Compare():
            return ends
        case Extreme(_, operands) | MaxMeasured(operands):
            return 2 if ends == 1 else 4 + len(operands)
        case SumKnown():
            return 3 if ends == 1 else 10
        case Divide():
            return 3 * ends
        case BandOf(_, bands):
            return 2 * len(bands) * ends
        case OneOf(_, options):
            return len(options)
        case HowMany():
            return 3
        case If(_, _, otherwise) if otherwise is None or isinstance(query.type, Number | Date):
            return 1
        case If():
            return 2
        case Irrational():
            return ends
        case Rounded():
            return 8 * ends
        case Arithmetic("+" | "-") if isinstance(query.type, Ratio):
            return 2
    return 1
