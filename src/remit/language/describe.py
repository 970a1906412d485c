"""Query → English, as a methods section would say it."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import cast

from remit.language.query import (
    Aggregate,
    And,
    Arithmetic,
    BandOf,
    Between,
    Change,
    Compare,
    Constant,
    Divide,
    Extreme,
    HowMany,
    InDays,
    Known,
    MaxMeasured,
    Named,
    Not,
    OneOf,
    Or,
    Query,
    RowValue,
    Same,
    Shift,
    Value,
    plain,
)
from remit.language.scope import Scope
from remit.language.types import Date, Number
from remit.language.units import printed

_VERBS = {"<": "below", "<=": "at most", ">": "above", ">=": "at least", "==": "exactly", "!=": "not"}
_DATE_VERBS = {"<": "before", "<=": "on or before", ">": "after", ">=": "on or after", "==": "on", "!=": "not on"}
_AMOUNTS = {"<": "less than {}", "<=": "{} or less", ">": "more than {}", ">=": "{} or more", "==": "exactly {}"}


@dataclass(frozen=True)
class Words:
    """How to speak: the study's names, and the visit that need not be mentioned."""

    scope: Scope
    visit: str | None = None


def describe(query: Query, scope: Scope, visit: str | None = None) -> str:
    """The query in English; values at `visit` are not said to be at it. Names used inside it keep their labels."""
    inner = query.inner if isinstance(query, Named) else query
    return _say(inner, Words(scope, visit))


def _say(query: Query, words: Words) -> str:
    return _SAY[type(query)](query, words)


# Leaves


def number_in_words(constant: Constant) -> str:
    """A constant as printed: 150 µg/g, 18 years, 50 %."""
    value, unit = cast("Fraction", constant.value), cast("Number", constant.type).unit
    if unit == "mo" and value % 12 == 0:
        value, unit = value / 12, "years" if value != 12 else "year"
    elif unit in ("mo", "d"):
        unit = {"mo": "month", "d": "day"}[unit] + ("" if value == 1 else "s")
    shown = str(value.numerator) if value.denominator == 1 else f"{float(value):.12g}"
    return f"{shown} {printed(unit)}" if unit else shown


def _constant(query: Constant, words: Words) -> str:
    if isinstance(query.value, bool):
        return "yes" if query.value else "no"
    if isinstance(query.value, str):
        return query.value
    if isinstance(query.type, Date):
        day = datetime.date(1970, 1, 1) + datetime.timedelta(days=int(query.value))
        return f"{day.day} {day:%B %Y}"
    return number_in_words(query)


def _value(query: Value, words: Words) -> str:
    found = words.scope.form_of(query)
    label = found.label if found else _patient_label(query, words)
    return label + _at(query.visit, words)


def _patient_label(query: Value, words: Words) -> str:
    labels = (name.label for name in words.scope.patient.values() if name.value == query)
    return next(labels, query.field.replace("_", " "))


def _at(visit: str | None, words: Words) -> str:
    if visit is None or visit == words.visit:
        return ""
    return f" at {words.scope.visits[visit].label.lower()}"


def _row_value(query: RowValue, words: Words) -> str:
    return words.scope.forms[query.form].fields[query.field].label


def _named(query: Named, words: Words) -> str:
    if query.name == "visit.day":
        return _say(query.inner, words)
    if query.name == "day":
        return "study day"
    return words.scope.definitions[query.name].label + _at(query.visit, words)


# Logic


def _known(query: Known, words: Words) -> str:
    return f"{_say(query.operand, words)} is known"


def _and(query: And, words: Words) -> str:
    return " and ".join(_inside(part, words, Or) for part in (query.left, query.right))


def _or(query: Or, words: Words) -> str:
    return " or ".join(_inside(part, words, And) for part in (query.left, query.right))


def _inside(query: Query, words: Words, bracketed: type) -> str:
    said = _truth(query, words)
    return f"({said})" if isinstance(query, bracketed) else said


def _truth(query: Query, words: Words) -> str:
    """A yes/no query as a statement: a field's own words where it has them."""
    if isinstance(query, Not):
        return _not(query, words)
    phrases = _phrases(query, words)
    if phrases:
        return phrases[0] + _at(cast("Value | Named", query).visit, words)
    return _say(query, words)


def _phrases(query: Query, words: Words) -> tuple[str, str] | None:
    if isinstance(query, Value):
        found = words.scope.form_of(query)
        return found.phrases if found else None
    if isinstance(query, Named):
        definition = words.scope.definitions.get(query.name)
        return definition.phrases if definition else None
    return None


def _not(query: Not, words: Words) -> str:
    operand = query.operand
    phrases = _phrases(operand, words)
    if phrases:
        return phrases[1] + _at(cast("Value | Named", operand).visit, words)
    if isinstance(operand, Aggregate) and operand.kind == "any":
        return _rows(operand, words, "no ")
    if isinstance(operand, OneOf):
        return _one_of(operand, words, "is not", "is none of")
    if isinstance(operand, And | Or):
        return f"not ({_truth(operand, words)})"
    return (
        f"no {_say(operand, words)}" if isinstance(operand, Value | RowValue | Named) else f"not {_say(operand, words)}"
    )


def _one_of(query: OneOf, words: Words, one: str = "is", many: str = "is one of") -> str:
    operand = _say(query.operand, words)
    listed = [known.label for known in words.scope.lists.values() if known.members == query.options]
    if listed:
        return f"{operand} {many} the {listed[0]}"
    if len(query.options) == 1:
        return f"{operand} {one} {query.options[0]}"
    return f"{operand} {many} {_listed(query.options)}"


def _listed(items: tuple[str, ...]) -> str:
    return ", ".join(items[:-1]) + " or " + items[-1]


def _same(query: Same, words: Words) -> str:
    return f"{_say(query.left, words)} is the same as {_say(query.right, words)}"


# Comparisons


def _compare(query: Compare, words: Words) -> str:
    left, right = plain(query.left), _say(query.right, words)
    if isinstance(left, Change) and query.operator in _AMOUNTS:
        return _changed(left, query.operator, right, words)
    verbs = _DATE_VERBS if isinstance(query.left.type, Date) else _VERBS
    return f"{_say(query.left, words)} is {verbs[query.operator]} {right}"


def _changed(change: Change, operator: str, amount: str, words: Words) -> str:
    """fall(hbi) > 3: "the Harvey-Bradshaw index fell from baseline by more than 3"."""
    verb = "fell" if change.direction == "fall" else "changed"
    reference = words.scope.visits[words.scope.reference or ""].label.lower()
    return f"{_say(change.now, words)} {verb} from {reference} by {_AMOUNTS[operator].format(amount)}"


# Arithmetic


def _arithmetic(query: Arithmetic, words: Words) -> str:
    sign = {"+": "plus", "-": "minus", "*": "times"}[query.operator]
    return f"{_term(query.left, words)} {sign} {_term(query.right, words)}"


def _term(query: Query, words: Words) -> str:
    said = _say(query, words)
    return f"({said})" if isinstance(query, Arithmetic | Divide) else said


def _change(query: Change, words: Words) -> str:
    reference = words.scope.visits[words.scope.reference or ""].label.lower()
    return f"the {query.direction} of {_say(query.now, words)} from {reference}"


def _divide(query: Divide, words: Words) -> str:
    return f"{_term(query.top, words)} divided by {_term(query.bottom, words)}"


def _extreme(query: Extreme, words: Words) -> str:
    which = "greatest" if query.kind == "max" else "least"
    return f"the {which} of {_joined([_say(operand, words) for operand in query.operands])}"


def _max_measured(query: MaxMeasured, words: Words) -> str:
    operands = _joined([_say(operand, words) for operand in query.operands])
    reference = words.scope.visits[words.scope.reference or ""].label.lower()
    return (
        f"the greatest of {operands}, of those measured "
        f"(unknown unless each that was measured at {reference} is measured again)"
    )


def _how_many(query: HowMany, words: Words) -> str:
    return f"the number of these that hold: {_joined([_truth(operand, words) for operand in query.operands])}"


def _joined(items: list[str]) -> str:
    return ", ".join(items[:-1]) + " and " + items[-1] if len(items) > 1 else items[0]


# Dates


def _between(query: Between, words: Words) -> str:
    return f"the time from {_say(query.start, words)} to {_say(query.end, words)}"


def _in_days(query: InDays, words: Words) -> str:
    return _say(query.operand, words)


def _shift(query: Shift, words: Words) -> str:
    days = plain(query.days)
    if isinstance(days, Constant) and cast("Fraction", days.value) < 0:
        earlier = Constant(-cast("Fraction", days.value), days.type)
        return f"{number_in_words(earlier)} before {_say(query.date, words)}"
    return f"{_say(query.days, words)} after {_say(query.date, words)}"


# Levels and rows


def _band_of(query: BandOf, words: Words) -> str:
    return f"the band of {_say(query.operand, words)}"


def band_ranges(query: BandOf) -> str:
    """Bands with their edges: mild 5 to 7, moderate 8 to 16, severe 17 or more."""
    said = []
    for band in query.bands:
        low, high = (None if edge is None else f"{float(edge):g}" for edge in (band.low, band.high))
        edges = f"{high} or less" if low is None else f"{low} or more" if high is None else f"{low} to {high}"
        said.append(f"{band.name} {edges}")
    return ", ".join(said)


def _aggregate(query: Aggregate, words: Words) -> str:
    match query.kind:
        case "any":
            return _rows(query, words, "at least one ")
        case "all":
            return f"for each {_row_word(query, words)}, {_truth(query.where, words)}"
        case "count":
            return f"the number of rows: {_rows(query, words, '')}"
    field = _say(cast("RowValue", query.field), words)
    which = {"sum": "sum", "min": "least", "max": "greatest", "first": "first", "last": "last"}[query.kind]
    return f"the {which} {field} of {_rows(query, words, 'any ')}"


def _rows(query: Aggregate, words: Words, article: str) -> str:
    said = f"{article}{_row_word(query, words)}"
    if isinstance(query.where, Constant):
        return said
    return f"{said} for which {_truth(query.where, words)}"


def _row_word(query: Aggregate, words: Words) -> str:
    return words.scope.forms[query.form].label


_SAY: dict[type, Callable[..., str]] = {
    Constant: _constant,
    Value: _value,
    RowValue: _row_value,
    Named: _named,
    Known: _known,
    Not: _not,
    And: _and,
    Or: _or,
    Compare: _compare,
    OneOf: _one_of,
    Same: _same,
    Arithmetic: _arithmetic,
    Change: _change,
    Divide: _divide,
    Extreme: _extreme,
    MaxMeasured: _max_measured,
    HowMany: _how_many,
    Between: _between,
    InDays: _in_days,
    Shift: _shift,
    BandOf: _band_of,
    Aggregate: _aggregate,
}
