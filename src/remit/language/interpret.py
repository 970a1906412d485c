"""Query → value, for one patient, in plain Python.

The reference that the engines are tested against, written to be read: one function a kind of query, exact fractions,
unknown is None. Also what the trace uses to show the values that decided.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, cast

from remit.language.exact import UNKNOWN as UNKNOWN
from remit.language.exact import Interval as Interval
from remit.language.exact import exactly as exactly
from remit.language.exact import greatest, holds, hull, less, mapped, negative, plus, scaled, times
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
    If,
    InDays,
    Irrational,
    Known,
    LastObserved,
    MaxMeasured,
    Named,
    Not,
    OneOf,
    Or,
    Per,
    Query,
    Rounded,
    RowValue,
    Same,
    Shift,
    SumKnown,
    Value,
    plain,
)
from remit.language.types import Date, Number, Ratio, Span, Text, folded

Result = Interval | bool | str | None
Row = Mapping[str, Result]


@dataclass(frozen=True)
class Patient:
    """A patient's values by (form, field, visit), and the rows of each many-row form by field; `_row` orders them.

    What is not given is unknown.
    """

    values: Mapping[tuple[str, str, str | None], Result] = field(default_factory=dict)
    rows: Mapping[str, Sequence[Row]] = field(default_factory=dict)


def interpret(query: Query, patient: Patient, row: Row | None = None) -> Result:
    """The value of a query: an Interval for numbers, dates and times, else True, False, a text, or None for unknown."""
    return _INTERPRET[type(query)](query, patient, row)


def _unknown_of(query: Query) -> Result:
    return UNKNOWN if isinstance(query.type, Number | Date | Span | Ratio) else None


def _interval(query: Query, patient: Patient, row: Row | None) -> Interval:
    return cast("Interval", interpret(query, patient, row))


# Leaves


def _constant(query: Constant, patient: Patient, row: Row | None) -> Result:
    value = query.value
    if isinstance(value, bool | str):
        return value
    return exactly(value)


def _value(query: Value, patient: Patient, row: Row | None) -> Result:
    return _whole_days(query, patient.values.get((query.form, query.field, query.visit), _unknown_of(query)))


def _row_value(query: RowValue, patient: Patient, row: Row | None) -> Result:
    return _whole_days(query, (row or {}).get(query.field, _unknown_of(query)))


def _whole_days(query: Query, value: Result) -> Result:
    """Dates are whole days: after 30 June is on or after 1 July."""
    if not isinstance(query.type, Date) or not isinstance(value, Interval):
        return value
    low = value.low + 1 if value.low is not None and value.low_open else value.low
    high = value.high - 1 if value.high is not None and value.high_open else value.high
    return Interval(low, high)


def _named(query: Named, patient: Patient, row: Row | None) -> Result:
    return interpret(query.inner, patient, row)


# Logic


def _known(query: Known, patient: Patient, row: Row | None) -> Result:
    inner = plain(query.operand)
    if isinstance(inner.type, Ratio):
        return all(part.known for part in _ratio(inner, patient, row))
    value = interpret(inner, patient, row)
    return value.known if isinstance(value, Interval) else value is not None


def _not(query: Not, patient: Patient, row: Row | None) -> Result:
    value = interpret(query.operand, patient, row)
    return None if value is None else not value


def _and(query: And, patient: Patient, row: Row | None) -> Result:
    both = (interpret(query.left, patient, row), interpret(query.right, patient, row))
    if False in both:
        return False
    return None if None in both else True


def _or(query: Or, patient: Patient, row: Row | None) -> Result:
    both = (interpret(query.left, patient, row), interpret(query.right, patient, row))
    if True in both:
        return True
    return None if None in both else False


def _if(query: If, patient: Patient, row: Row | None) -> Result:
    verdict = interpret(query.condition, patient, row)
    then = interpret(query.then, patient, row)
    otherwise = _unknown_of(query) if query.otherwise is None else interpret(query.otherwise, patient, row)
    if verdict is not None:
        return then if verdict else otherwise
    if isinstance(then, Interval) and isinstance(otherwise, Interval):
        return hull(then, otherwise)
    return then if then == otherwise else None


def _one_of(query: OneOf, patient: Patient, row: Row | None) -> Result:
    value = interpret(query.operand, patient, row)
    if value is None:
        return None
    if isinstance(query.operand.type, Text):
        return folded(str(value)) in {folded(option) for option in query.options}
    return value in query.options


def _same(query: Same, patient: Patient, row: Row | None) -> Result:
    left, right = interpret(query.left, patient, row), interpret(query.right, patient, row)
    if left is None or right is None:
        return None
    if isinstance(query.left.type, Text) or isinstance(query.right.type, Text):
        return folded(str(left)) == folded(str(right))
    return left == right


# Comparisons


def _compare(query: Compare, patient: Patient, row: Row | None) -> Result:
    if isinstance(query.left.type, Ratio):
        top, bottom = _ratio(plain(query.left), patient, row)
        return holds(query.operator, top, times(_interval(query.right, patient, row), bottom))
    if isinstance(query.right.type, Number) and query.right.type.unit == "mo":
        return _compare_months(query, patient, row)
    return holds(query.operator, _interval(query.left, patient, row), _interval(query.right, patient, row))


def _compare_months(query: Compare, patient: Patient, row: Row | None) -> bool | None:
    span = cast("Between", plain(query.left))
    months = int(cast("Fraction", cast("Constant", plain(query.right)).value))
    start = mapped(_interval(span.start, patient, row), lambda day: _month_order(day, months))
    end = mapped(_interval(span.end, patient, row), lambda day: _month_order(day, 0))
    return holds(query.operator, end, start)


def _month_order(day: Fraction, months: int) -> Fraction:
    """Orders days by month, then day of the month, the month moved on; so 31 January and a month is after February."""
    centuries, within = divmod(int(day), 146_097)  # the days of 400 years, after which the calendar repeats
    date = datetime.date(1970, 1, 1) + datetime.timedelta(days=within)
    return Fraction(((date.year + 400 * centuries) * 12 + date.month + months) * 32 + date.day)


# Arithmetic


def _arithmetic(query: Arithmetic, patient: Patient, row: Row | None) -> Result:
    if isinstance(query.type, Ratio):
        return _quotient(query, patient, row)
    left, right = _interval(query.left, patient, row), _interval(query.right, patient, row)
    if query.operator == "+":
        return plus(left, right)
    if query.operator == "-":
        return plus(left, negative(right))
    if isinstance(plain(query.left), Constant):
        left, right = right, left
    if isinstance(plain(query.right), Constant) or isinstance(plain(query.left), Constant):
        return scaled(left, cast("Fraction", right.point))
    if left.point is None or right.point is None:
        return UNKNOWN
    return exactly(left.point * right.point)


def _change(query: Change, patient: Patient, row: Row | None) -> Result:
    now, before = _interval(query.now, patient, row), _interval(query.before, patient, row)
    return plus(now, negative(before)) if query.direction == "change" else plus(before, negative(now))


def _ratio(query: Query, patient: Patient, row: Row | None) -> tuple[Interval, Interval]:
    """What stands above and below the line of a quotient."""
    if isinstance(query, Arithmetic):
        return _ratio_and_number(query, patient, row)
    if isinstance(query, If):
        holds = interpret(query.condition, patient, row)
        return _ratio(plain(query.then), patient, row) if holds else (UNKNOWN, UNKNOWN)
    divide = cast("Divide", query)
    top, bottom = _interval(divide.top, patient, row), _interval(divide.bottom, patient, row)
    zero = exactly(0)
    if less(zero, bottom):
        return top, bottom
    return (negative(top), negative(bottom)) if less(bottom, zero) else (UNKNOWN, UNKNOWN)


def _ratio_and_number(query: Arithmetic, patient: Patient, row: Row | None) -> tuple[Interval, Interval]:
    """A quotient and a number: n + a/b is (n·b + a)/b, of exact numbers."""
    first = isinstance(query.left.type, Ratio)
    ratio, other = (query.left, query.right) if first else (query.right, query.left)
    top, bottom = _ratio(plain(ratio), patient, row)
    number = _interval(other, patient, row).point
    if top.point is None or bottom.point is None or number is None:
        return UNKNOWN, bottom
    if query.operator == "*":
        return exactly(top.point * number), bottom
    one, two = (top.point, number * bottom.point) if first else (number * bottom.point, top.point)
    return exactly(one + two if query.operator == "+" else one - two), bottom


def _quotient(query: Divide | Arithmetic, patient: Patient, row: Row | None) -> Result:
    """The number itself, where both parts are exact."""
    top, bottom = _ratio(query, patient, row)
    return UNKNOWN if top.point is None or bottom.point is None else exactly(top.point / bottom.point)


def _per(query: Per, patient: Patient, row: Row | None) -> Result:
    return scaled(_interval(query.operand, patient, row), 1 / cast("Fraction", query.amount.value))


def _rounded(query: Rounded, patient: Patient, row: Row | None) -> Result:
    """Halves go up; the order of numbers stays."""
    scale = 10**query.type.decimals
    value = _interval(plain(query.operand), patient, row)
    return _closed(mapped(value, lambda end: Fraction(math.floor(end * scale + Fraction(1, 2)), scale)))


def _irrational(query: Irrational, patient: Patient, row: Row | None) -> Result:
    """As the engines do it, in doubles; an end outside the domain is no end."""
    scale = 10**query.type.decimals
    calculate = math.sqrt if query.kind == "sqrt" else math.log

    def end(of: Fraction | None) -> Fraction | None:
        if of is None or of < 0 or (of == 0 and query.kind == "ln"):
            return None
        return Fraction(math.floor(calculate(of) * scale + 0.5), scale)

    value = _interval(query.operand, patient, row)
    return Interval(end(value.low), end(value.high))


def _closed(value: Interval) -> Interval:
    return Interval(value.low, value.high)


def _extreme(query: Extreme, patient: Patient, row: Row | None) -> Result:
    return _over([_interval(operand, patient, row) for operand in query.operands], query.kind)


def _max_measured(query: MaxMeasured, patient: Patient, row: Row | None) -> Result:
    now = [_interval(operand, patient, row) for operand in query.operands]
    before = [_interval(operand, patient, row) for operand in query.reference]
    if any(then.known and not here.known for here, then in zip(now, before, strict=True)):
        return UNKNOWN
    measured = [value for value in now if value.known]
    return greatest(measured) if measured else UNKNOWN


def _sum_known(query: SumKnown, patient: Patient, row: Row | None) -> Result:
    known = [value for operand in query.operands if (value := _interval(operand, patient, row)).known]
    return _over(known, "sum") if known else UNKNOWN


def _last_observed(query: LastObserved, patient: Patient, row: Row | None) -> Result:
    values = (interpret(operand, patient, row) for operand in query.operands)
    known = (value for value in values if (value.known if isinstance(value, Interval) else value is not None))
    return next(known, _unknown_of(query))


def _how_many(query: HowMany, patient: Patient, row: Row | None) -> Result:
    verdicts = [interpret(operand, patient, row) for operand in query.operands]
    sure = verdicts.count(True)
    return Interval(Fraction(sure), Fraction(sure + verdicts.count(None)))


# Dates


def _between(query: Between, patient: Patient, row: Row | None) -> Result:
    return plus(_interval(query.end, patient, row), negative(_interval(query.start, patient, row)))


def _in_days(query: InDays, patient: Patient, row: Row | None) -> Result:
    return interpret(query.operand, patient, row)


def _shift(query: Shift, patient: Patient, row: Row | None) -> Result:
    return plus(_interval(query.date, patient, row), _interval(query.days, patient, row))


# Levels


def _band_of(query: BandOf, patient: Patient, row: Row | None) -> Result:
    value = _interval(query.operand, patient, row)
    for band in query.bands:
        above = band.low is None or holds(">=", value, exactly(band.low))
        below = band.high is None or holds("<=", value, exactly(band.high))
        if value.known and above and below:
            return band.name
    return None


# Rows


def _aggregate(query: Aggregate, patient: Patient, row: Row | None) -> Result:
    rows = patient.rows.get(query.form, ())
    verdicts = [interpret(query.where, patient, each) for each in rows]
    if query.kind == "any":
        return True if True in verdicts else None if None in verdicts else False
    if query.kind == "all":
        return False if False in verdicts else None if None in verdicts else True
    if query.kind == "count":
        sure = verdicts.count(True)
        return Interval(Fraction(sure), Fraction(sure + verdicts.count(None)))
    candidates = [(each, verdict) for each, verdict in zip(rows, verdicts, strict=True) if verdict is not False]
    if query.kind in ("first", "last"):
        return _end(query, candidates, patient)
    if any(verdict is None for _, verdict in candidates):
        return UNKNOWN
    field = cast("Query", query.field)
    return _over([_interval(field, patient, each) for each, _ in candidates], query.kind)


def _end(query: Aggregate, candidates: Sequence[tuple[Row, Any]], patient: Patient) -> Result:
    """The first or last row by date, then `_row`; unknown if it is not sure which, or whether it counts."""
    field = cast("Query", query.field)
    order = cast("RowValue", query.order).field
    dates = [cast("Interval", row.get(order, UNKNOWN)).point for row, _ in candidates]
    if not candidates or None in dates:
        return _unknown_of(field)
    pick = min if query.kind == "first" else max
    row, verdict = pick(candidates, key=lambda item: (cast("Interval", item[0][order]).point, item[0]["_row"]))
    return interpret(field, patient, row) if verdict else _unknown_of(field)


def _over(values: Sequence[Interval], kind: str) -> Interval:
    if kind == "sum":
        total = exactly(0)
        for value in values:
            total = plus(total, value)
        return total
    if not values or not all(value.known for value in values):
        return UNKNOWN
    return greatest(values) if kind == "max" else negative(greatest([negative(value) for value in values]))


_INTERPRET: dict[type, Callable[..., Result]] = {
    Constant: _constant,
    Value: _value,
    RowValue: _row_value,
    Named: _named,
    Known: _known,
    Not: _not,
    And: _and,
    Or: _or,
    If: _if,
    Compare: _compare,
    OneOf: _one_of,
    Same: _same,
    Arithmetic: _arithmetic,
    Change: _change,
    Divide: _quotient,
    Per: _per,
    Rounded: _rounded,
    Irrational: _irrational,
    Extreme: _extreme,
    MaxMeasured: _max_measured,
    SumKnown: _sum_known,
    LastObserved: _last_observed,
    HowMany: _how_many,
    Between: _between,
    InDays: _in_days,
    Shift: _shift,
    BandOf: _band_of,
    Aggregate: _aggregate,
}
