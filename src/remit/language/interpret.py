"""Query → value, for one patient, in plain Python.

The reference that the engines are tested against, written to be read: one function a kind of query, exact fractions,
unknown is None. Also what the trace uses to show the values that decided.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, cast

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
from remit.language.types import Date, Number, Span, Text, folded


@dataclass(frozen=True)
class Interval:
    """What is known of a number or a date (in days since 1970-01-01). None: unbounded; both None: unknown."""

    low: Fraction | None
    high: Fraction | None
    low_open: bool = False
    high_open: bool = False

    @property
    def known(self) -> bool:
        return self.low is not None or self.high is not None

    @property
    def point(self) -> Fraction | None:
        return self.low if self.low == self.high else None


def exactly(value: Fraction | int) -> Interval:
    return Interval(Fraction(value), Fraction(value))


UNKNOWN = Interval(None, None)

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
    return UNKNOWN if isinstance(query.type, Number | Date | Span) else None


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
    if isinstance(inner, Divide):
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
    ratio = plain(query.left)
    if isinstance(ratio, Divide):
        top, bottom = _ratio(ratio, patient, row)
        return _holds(query.operator, top, _times(_interval(query.right, patient, row), bottom))
    if isinstance(query.right.type, Number) and query.right.type.unit == "mo":
        return _compare_months(query, patient, row)
    return _holds(query.operator, _interval(query.left, patient, row), _interval(query.right, patient, row))


def _holds(operator: str, left: Interval, right: Interval) -> bool | None:
    """True if it holds for all values in the intervals, False if for none, else None."""
    match operator:
        case "<":
            return _verdict(_less(left, right), _at_most(right, left))
        case "<=":
            return _verdict(_at_most(left, right), _less(right, left))
        case ">":
            return _holds("<", right, left)
        case ">=":
            return _holds("<=", right, left)
        case "==":
            same = left.point is not None and left.point == right.point
            return _verdict(same, _less(left, right) or _less(right, left))
        case _:
            equal = _holds("==", left, right)
            return None if equal is None else not equal


def _verdict(yes: bool, no: bool) -> bool | None:
    return True if yes else False if no else None


def _less(left: Interval, right: Interval) -> bool:
    """Every value of `left` is below every value of `right`."""
    if left.high is None or right.low is None:
        return False
    return left.high < right.low or (left.high == right.low and (left.high_open or right.low_open))


def _at_most(left: Interval, right: Interval) -> bool:
    return left.high is not None and right.low is not None and left.high <= right.low


def _compare_months(query: Compare, patient: Patient, row: Row | None) -> bool | None:
    span = cast("Between", plain(query.left))
    months = int(cast("Fraction", cast("Constant", plain(query.right)).value))
    start = _mapped(_interval(span.start, patient, row), lambda day: _month_order(day, months))
    end = _mapped(_interval(span.end, patient, row), lambda day: _month_order(day, 0))
    return _holds(query.operator, end, start)


def _month_order(day: Fraction, months: int) -> Fraction:
    """Orders days by month, then day of the month, the month moved on; so 31 January and a month is after February."""
    centuries, within = divmod(int(day), 146_097)  # the days of 400 years, after which the calendar repeats
    date = datetime.date(1970, 1, 1) + datetime.timedelta(days=within)
    return Fraction(((date.year + 400 * centuries) * 12 + date.month + months) * 32 + date.day)


def _mapped(value: Interval, change: Callable[[Fraction], Fraction]) -> Interval:
    low = None if value.low is None else change(value.low)
    high = None if value.high is None else change(value.high)
    return Interval(low, high, value.low_open, value.high_open)


# Arithmetic


def _plus(left: Interval, right: Interval) -> Interval:
    low = None if left.low is None or right.low is None else left.low + right.low
    high = None if left.high is None or right.high is None else left.high + right.high
    return Interval(low, high, left.low_open or right.low_open, left.high_open or right.high_open)


def _negative(value: Interval) -> Interval:
    low = None if value.high is None else -value.high
    high = None if value.low is None else -value.low
    return Interval(low, high, value.high_open, value.low_open)


def _arithmetic(query: Arithmetic, patient: Patient, row: Row | None) -> Result:
    left, right = _interval(query.left, patient, row), _interval(query.right, patient, row)
    if query.operator == "+":
        return _plus(left, right)
    if query.operator == "-":
        return _plus(left, _negative(right))
    if isinstance(plain(query.left), Constant):
        left, right = right, left
    if isinstance(plain(query.right), Constant) or isinstance(plain(query.left), Constant):
        return _scaled(left, cast("Fraction", right.point))
    if left.point is None or right.point is None:
        return UNKNOWN
    return exactly(left.point * right.point)


def _scaled(value: Interval, factor: Fraction) -> Interval:
    """Times a constant. Times zero is known only of an exact number."""
    if factor == 0:
        return UNKNOWN if value.point is None else exactly(0)
    turned = _negative(value) if factor < 0 else value
    return _mapped(turned, lambda end: end * abs(factor))


def _change(query: Change, patient: Patient, row: Row | None) -> Result:
    now, before = _interval(query.now, patient, row), _interval(query.before, patient, row)
    return _plus(now, _negative(before)) if query.direction == "change" else _plus(before, _negative(now))


def _ratio(query: Divide, patient: Patient, row: Row | None) -> tuple[Interval, Interval]:
    """What stands above and below the line, both with the sign that makes the lower one positive; both unknown where it
    may be zero."""
    top, bottom = _interval(query.top, patient, row), _interval(query.bottom, patient, row)
    zero = exactly(0)
    if _less(zero, bottom):
        return top, bottom
    return (_negative(top), _negative(bottom)) if _less(bottom, zero) else (UNKNOWN, UNKNOWN)


def _divide(query: Divide, patient: Patient, row: Row | None) -> Result:
    """The number itself, where both parts are exact."""
    top, bottom = _ratio(query, patient, row)
    return UNKNOWN if top.point is None or bottom.point is None else exactly(top.point / bottom.point)


def _times(value: Interval, factor: Interval) -> Interval:
    """Times something positive: each end with the end of the factor that takes it farthest."""
    if not factor.known:
        return UNKNOWN

    def end(of: Fraction | None, is_open: bool, up: Fraction | None, up_open: bool) -> tuple[Fraction | None, bool]:
        if of is None or of == 0:
            return of, is_open
        return (None if up is None else of * up), is_open or up_open

    ends = {False: (factor.low, factor.low_open), True: (factor.high, factor.high_open)}
    low, low_open = end(value.low, value.low_open, *ends[value.low is not None and value.low < 0])
    high, high_open = end(value.high, value.high_open, *ends[value.high is None or value.high > 0])
    return Interval(low, high, low_open, high_open)


def _extreme(query: Extreme, patient: Patient, row: Row | None) -> Result:
    return _over([_interval(operand, patient, row) for operand in query.operands], query.kind)


def _greatest(values: Sequence[Interval]) -> Interval:
    """Its low end is the highest of the low ends (open if one of those is open: that one lies above it); its high end
    the highest of the high ends (closed if one of those is closed), if all have one."""
    lows = [(value.low, value.low_open) for value in values if value.low is not None]
    highs = [(value.high, not value.high_open) for value in values if value.high is not None]
    low, low_open = max(lows) if lows else (None, False)
    high, high_closed = max(highs) if len(highs) == len(values) else (None, True)
    return Interval(low, high, low_open, not high_closed)


def _max_measured(query: MaxMeasured, patient: Patient, row: Row | None) -> Result:
    now = [_interval(operand, patient, row) for operand in query.operands]
    before = [_interval(operand, patient, row) for operand in query.reference]
    if any(then.known and not here.known for here, then in zip(now, before, strict=True)):
        return UNKNOWN
    measured = [value for value in now if value.known]
    return _greatest(measured) if measured else UNKNOWN


def _how_many(query: HowMany, patient: Patient, row: Row | None) -> Result:
    verdicts = [interpret(operand, patient, row) for operand in query.operands]
    sure = verdicts.count(True)
    return Interval(Fraction(sure), Fraction(sure + verdicts.count(None)))


# Dates


def _between(query: Between, patient: Patient, row: Row | None) -> Result:
    return _plus(_interval(query.end, patient, row), _negative(_interval(query.start, patient, row)))


def _in_days(query: InDays, patient: Patient, row: Row | None) -> Result:
    return interpret(query.operand, patient, row)


def _shift(query: Shift, patient: Patient, row: Row | None) -> Result:
    return _plus(_interval(query.date, patient, row), _interval(query.days, patient, row))


# Levels


def _band_of(query: BandOf, patient: Patient, row: Row | None) -> Result:
    value = _interval(query.operand, patient, row)
    for band in query.bands:
        above = band.low is None or _holds(">=", value, exactly(band.low))
        below = band.high is None or _holds("<=", value, exactly(band.high))
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
            total = _plus(total, value)
        return total
    if not values or not all(value.known for value in values):
        return UNKNOWN
    return _greatest(values) if kind == "max" else _negative(_greatest([_negative(value) for value in values]))


_INTERPRET: dict[type, Callable[..., Result]] = {
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
