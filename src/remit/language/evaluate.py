"""Query → frame expression, for any engine that narwhals speaks to.

A patient's values stand in one row of a wide frame, a form's rows in a frame of their own; `column_of` and the
functions beside it say how columns are called. Numbers and dates are held as `Bounds`: two integer expressions that are
one and the same when the value is exact. A null bound is "unbounded"; both null is "unknown", so that an unknown is
just the widest interval. Comparisons, and, or, not are Kleene's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from typing import cast

import narwhals.stable.v2 as nw

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
    Operator,
    Or,
    Query,
    RowValue,
    Same,
    Shift,
    Value,
    digest,
    plain,
)
from remit.language.types import Date, Number, Text, Type

Expr = nw.Expr

LOW, HIGH, LOW_OPEN, HIGH_OPEN = "__low", "__high", "__low_open", "__high_open"


@dataclass(frozen=True)
class Bounds:
    """An interval of scaled integers: `low` and `high` divided by `scale`. Exact values have no openness."""

    low: Expr
    high: Expr
    scale: int = 1
    low_open: Expr | None = None
    high_open: Expr | None = None

    @property
    def exact(self) -> bool:
        return self.low is self.high


@dataclass(frozen=True)
class Quotient:
    """Two exact numbers over each other; unknown where the lower is zero."""

    top: Expr
    bottom: Expr
    top_scale: int
    bottom_scale: int


Held = Expr | Bounds | Quotient


def column_of(value: Value | RowValue | Aggregate) -> str:
    """The column in which a value stands: form__field, form__field__visit, row__field, or the aggregate's digest."""
    if isinstance(value, RowValue):
        return f"row__{value.field}"
    if isinstance(value, Aggregate):
        return f"{value.kind}__{digest(value)}"
    return patient_column(value.form, value.field, value.visit)


def patient_column(form: str, field: str, visit: str | None) -> str:
    return f"{form}__{field}" if visit is None else f"{form}__{field}__{visit}"


def is_interval(kind: Type) -> bool:
    """Does a value of this type need more than one column?"""
    return bool(getattr(kind, "censored", False))


def evaluate(query: Query) -> Held:
    """The frame expression of a query: an expression for yes/no, levels and texts, Bounds for numbers and dates."""
    return _EVALUATE[type(query)](query)


def truth(query: Query) -> Expr:
    """The expression of a yes/no query: true, false or null."""
    return cast("Expr", evaluate(query))


def bounds(query: Query) -> Bounds:
    return cast("Bounds", evaluate(query))


def columns(name: str, query: Query) -> dict[str, Expr]:
    """The columns that hold a query's value, by name.

    One column for most; for an interval `name` where it is exact, and its bounds behind `__low`, `__high`; a quotient
    stands as `name__top` and `name__bottom`.
    """
    held = evaluate(query)
    if isinstance(held, Quotient):
        return {f"{name}__top": held.top, f"{name}__bottom": held.bottom}
    if isinstance(held, Expr):
        return {name: held}
    if held.exact:
        return {name: held.low}
    return interval_columns(name, held)


def interval_columns(name: str, held: Bounds) -> dict[str, Expr]:
    """The five columns of an interval."""
    return {
        name: nw.when(held.low == held.high).then(held.low).otherwise(_null()),
        name + LOW: held.low,
        name + HIGH: held.high,
        name + LOW_OPEN: _open(held.low_open),
        name + HIGH_OPEN: _open(held.high_open),
    }


def _open(flag: Expr | None) -> Expr:
    return _false() if flag is None else flag


def _null() -> Expr:
    return nw.lit(None, dtype=nw.Int64)


def _unknown() -> Expr:
    return nw.lit(None, dtype=nw.Boolean)


def _true() -> Expr:
    return nw.lit(True, dtype=nw.Boolean)


def _false() -> Expr:
    return nw.lit(False, dtype=nw.Boolean)


def _integer(value: int) -> Expr:
    return nw.lit(value, dtype=nw.Int64)


# Leaves


def _constant(query: Constant) -> Held:
    value = query.value
    if isinstance(value, bool):
        return _true() if value else _false()
    if isinstance(value, str):
        return nw.lit(value, dtype=nw.String)
    if isinstance(query.type, Date):
        return _exactly(_integer(int(value)))
    fraction = cast("Fraction", value)
    decimals = 10 ** cast("Number", query.type).decimals
    scale = max(fraction.denominator, decimals)
    return _exactly(_integer(int(fraction * scale)), scale)


def _exactly(value: Expr, scale: int = 1) -> Bounds:
    return Bounds(value, value, scale)


def _stored(query: Value | RowValue | Aggregate) -> Held:
    name = column_of(query)
    if not isinstance(query.type, Number | Date):
        return nw.col(name)
    scale = 10**query.type.decimals if isinstance(query.type, Number) else 1
    if not is_interval(query.type):
        return _exactly(nw.col(name), scale)
    low, high = nw.col(name + LOW), nw.col(name + HIGH)
    return Bounds(low, high, scale, nw.col(name + LOW_OPEN), nw.col(name + HIGH_OPEN))


# Logic


def _named(query: Named) -> Held:
    return evaluate(query.inner)


def _known(query: Known) -> Held:
    held = evaluate(query.operand)
    if isinstance(held, Quotient):
        return ~held.top.is_null() & ~held.bottom.is_null() & _filled(held.bottom != 0)
    if isinstance(held, Bounds):
        return ~held.low.is_null() if held.exact else ~(held.low.is_null() & held.high.is_null())
    return ~held.is_null()


def _filled(condition: Expr) -> Expr:
    """A condition whose unknown counts as no."""
    return nw.when(condition).then(_true()).otherwise(_false())


def _not(query: Not) -> Held:
    return ~truth(query.operand)


def _and(query: And) -> Held:
    return truth(query.left) & truth(query.right)


def _or(query: Or) -> Held:
    return truth(query.left) | truth(query.right)


def _one_of(query: OneOf) -> Held:
    operand, options = truth(query.operand), query.options
    if isinstance(query.operand.type, Text):
        operand, options = operand.str.to_lowercase(), tuple(option.lower() for option in options)
    return reduce(lambda a, b: a | b, (operand == nw.lit(option) for option in options))


def _same(query: Same) -> Held:
    return truth(query.left) == truth(query.right)


# Comparisons


def _compare(query: Compare) -> Held:
    left, right = evaluate(query.left), evaluate(query.right)
    if isinstance(left, Quotient):
        return _compare_exact(query.operator, *_crossed(left, cast("Bounds", right)))
    right_type = query.right.type
    if isinstance(right_type, Number) and right_type.unit == "mo":
        return _compare_months(query)
    return _compare_bounds(query.operator, *_aligned(cast("Bounds", left), cast("Bounds", right)))


def _crossed(left: Quotient, right: Bounds) -> tuple[Expr, Expr]:
    """a/b against c/d as a·d against c·b, with b made positive; unknown where b is zero."""
    sign = nw.when(left.bottom < 0).then(_integer(-1)).otherwise(_integer(1))
    top = left.top * sign * (right.scale * left.bottom_scale)
    bottom = right.low * left.bottom * sign * left.top_scale
    known = left.bottom != 0
    return nw.when(known).then(top).otherwise(_null()), nw.when(known).then(bottom).otherwise(_null())


_EXACT: dict[Operator, Callable[[Expr, Expr], Expr]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
}


def _compare_exact(operator: Operator, left: Expr, right: Expr) -> Expr:
    return _EXACT[operator](left, right)


def _compare_bounds(operator: Operator, left: Bounds, right: Bounds) -> Expr:
    """True where it holds for every value of the intervals, false where for none, else unknown."""
    if left.exact and right.exact:
        return _compare_exact(operator, left.low, right.low)
    match operator:
        case "<":
            return _decided(_surely_less(left, right), _surely_at_most(right, left))
        case "<=":
            return _decided(_surely_at_most(left, right), _surely_less(right, left))
        case ">":
            return _compare_bounds("<", right, left)
        case ">=":
            return _compare_bounds("<=", right, left)
        case "==":
            equal = (left.low == left.high) & (right.low == right.high) & (left.low == right.low)
            return _decided(equal, _filled(_surely_less(left, right)) | _filled(_surely_less(right, left)))
        case "!=":
            return ~_compare_bounds("==", left, right)


def _surely_less(left: Bounds, right: Bounds) -> Expr:
    touching = (left.high == right.low) & (_open(left.high_open) | _open(right.low_open))
    return _filled(left.high < right.low) | _filled(touching)


def _surely_at_most(left: Bounds, right: Bounds) -> Expr:
    return left.high <= right.low


def _decided(yes: Expr, no: Expr) -> Expr:
    return nw.when(yes).then(_true()).otherwise(nw.when(no).then(_false()).otherwise(_unknown()))


def _aligned(left: Bounds, right: Bounds) -> tuple[Bounds, Bounds]:
    """Both at one scale."""
    if left.scale == right.scale:
        return left, right
    return _times(left, right.scale), _times(right, left.scale)


def _times(value: Bounds, factor: int) -> Bounds:
    return value if factor == 1 else _mapped(value, lambda bound: bound * factor, value.scale * factor)


def _mapped(value: Bounds, change: Callable[[Expr], Expr], scale: int | None = None) -> Bounds:
    """Change both bounds by a function that keeps their order."""
    scale = value.scale if scale is None else scale
    if value.exact:
        return _exactly(change(value.low), scale)
    return Bounds(change(value.low), change(value.high), scale, value.low_open, value.high_open)


def _compare_months(query: Compare) -> Expr:
    """Months and years of the calendar: `end` against `start` moved by whole months.

    A day is ordered by (month, day of month); the anniversary of 31 January in a shorter month, and of 29 February in
    a common year, is reached on the next day.
    """
    span = cast("Between", plain(query.left))
    months = int(cast("Fraction", cast("Constant", plain(query.right)).value))
    start = _mapped(bounds(span.start), lambda day: month_key(day) + 32 * months)
    return _compare_bounds(query.operator, _mapped(bounds(span.end), month_key), start)


def month_key(day: Expr) -> Expr:
    """Days since 1970-01-01 → 32 · (months since March of the year 0) + day of the month.

    Integers only, for all engines alike. After Hinnant, "chrono-compatible low-level date algorithms":
    years begin in March, so that the leap day is the last.
    """
    shifted = day + 719_468
    era = shifted // 146_097
    day_of_era = shifted - era * 146_097
    leap = day_of_era - day_of_era // 1_460 + day_of_era // 36_524 - day_of_era // 146_096
    year_of_era = leap // 365
    day_of_year = day_of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    month = (5 * day_of_year + 2) // 153
    day_of_month = day_of_year - (153 * month + 2) // 5 + 1
    return ((era * 400 + year_of_era) * 12 + month) * 32 + day_of_month


# Arithmetic


def _arithmetic(query: Arithmetic) -> Held:
    left, right = bounds(query.left), bounds(query.right)
    if query.operator == "+":
        return _sum(*_aligned_decimals(left, right))
    if query.operator == "-":
        return _difference(left, right)
    return _product(left, right)


def _aligned_decimals(left: Bounds, right: Bounds) -> tuple[Bounds, Bounds]:
    """For sums: the finer of two decimal scales, which the other divides."""
    scale = max(left.scale, right.scale)
    return _times(left, scale // left.scale), _times(right, scale // right.scale)


def _sum(left: Bounds, right: Bounds) -> Bounds:
    if left.exact and right.exact:
        return _exactly(left.low + right.low, left.scale)
    return Bounds(
        left.low + right.low,
        left.high + right.high,
        left.scale,
        _open(left.low_open) | _open(right.low_open),
        _open(left.high_open) | _open(right.high_open),
    )


def _negated(value: Bounds) -> Bounds:
    if value.exact:
        return _exactly(0 - value.low, value.scale)
    return Bounds(0 - value.high, 0 - value.low, value.scale, value.high_open, value.low_open)


def _difference(left: Bounds, right: Bounds) -> Bounds:
    left, right = _aligned_decimals(left, right)
    return _sum(left, _negated(right))


def _product(left: Bounds, right: Bounds) -> Bounds:
    """Of exact numbers; a censored factor makes the product unknown, unless the other is a constant."""
    scale = left.scale * right.scale
    return _exactly(_point(left) * _point(right), scale)


def _point(value: Bounds) -> Expr:
    """The number where it is exact, else unknown."""
    return value.low if value.exact else nw.when(value.low == value.high).then(value.low).otherwise(_null())


def _change(query: Change) -> Held:
    now, before = bounds(query.now), bounds(query.before)
    return _difference(now, before) if query.direction == "change" else _difference(before, now)


def _divide(query: Divide) -> Held:
    top, bottom = bounds(query.top), bounds(query.bottom)
    return Quotient(_point(top), _point(bottom), top.scale, bottom.scale)


def _extreme(query: Extreme) -> Held:
    """Unknown if one of them is."""
    values = [bounds(operand) for operand in query.operands]
    result = reduce(_greater if query.kind == "max" else _lesser, values)
    known = reduce(lambda a, b: a & b, (_is_known(value) for value in values))
    return _mapped(result, lambda bound: nw.when(known).then(bound).otherwise(_null()))


def _greater(left: Bounds, right: Bounds) -> Bounds:
    """The greater of two intervals: its low is the greater low, its high the greater high."""
    left, right = _aligned_decimals(left, right)
    if left.exact and right.exact:
        return _exactly(nw.when(left.low >= right.low).then(left.low).otherwise(right.low), left.scale)
    left_low_open, left_high_open = _open(left.low_open), _open(left.high_open)
    right_low_open, right_high_open = _open(right.low_open), _open(right.high_open)
    unbounded = left.high.is_null() | right.high.is_null()
    low = nw.when(right.low.is_null() | _filled(left.low >= right.low)).then(left.low).otherwise(right.low)
    high = nw.when(left.high >= right.high).then(left.high).otherwise(right.high)
    # Of two equal low ends an open one lies above; of two equal high ends a closed one does.
    low_open = _by_order(left.low, right.low, left_low_open, right_low_open, left_low_open | right_low_open)
    high_open = _by_order(left.high, right.high, left_high_open, right_high_open, left_high_open & right_high_open)
    return Bounds(low, nw.when(unbounded).then(_null()).otherwise(high), left.scale, low_open, high_open)


def _by_order(left: Expr, right: Expr, if_left: Expr, if_right: Expr, if_equal: Expr) -> Expr:
    """Which of two flags goes with the greater of two ends; a missing end is the lesser."""
    return (
        nw.when(right.is_null() | _filled(left > right))
        .then(if_left)
        .otherwise(nw.when(left == right).then(if_equal).otherwise(if_right))
    )


def _lesser(left: Bounds, right: Bounds) -> Bounds:
    return _negated(_greater(_negated(left), _negated(right)))


def _max_measured(query: MaxMeasured) -> Held:
    """Unmeasured segments are stepped over; the whole is unknown where a segment measured before is unmeasured now."""
    now = [bounds(operand) for operand in query.operands]
    before = [bounds(operand) for operand in query.reference]
    lost = reduce(
        lambda a, b: a | b, (_is_known(then) & ~_is_known(here) for here, then in zip(now, before, strict=True))
    )
    greatest = reduce(_greater_measured, now)
    return _mapped(greatest, lambda bound: nw.when(lost).then(_null()).otherwise(bound))


def _greater_measured(left: Bounds, right: Bounds) -> Bounds:
    left, right = _aligned_decimals(left, right)
    greater = _greater(left, right)
    if greater.exact:
        value = (
            nw.when(left.low.is_null())
            .then(right.low)
            .otherwise(nw.when(right.low.is_null()).then(left.low).otherwise(greater.low))
        )
        return _exactly(value, greater.scale)

    def choose(here: Expr, there: Expr, both: Expr) -> Expr:
        return nw.when(_is_known(left)).then(nw.when(_is_known(right)).then(both).otherwise(here)).otherwise(there)

    return Bounds(
        choose(left.low, right.low, greater.low),
        choose(left.high, right.high, greater.high),
        greater.scale,
        choose(_open(left.low_open), _open(right.low_open), _open(greater.low_open)),
        choose(_open(left.high_open), _open(right.high_open), _open(greater.high_open)),
    )


def _how_many(query: HowMany) -> Held:
    verdicts = [truth(operand) for operand in query.operands]
    sure = reduce(lambda a, b: a + b, (_one_if(verdict) for verdict in verdicts))
    possible = reduce(lambda a, b: a + b, (_one_if(verdict | verdict.is_null()) for verdict in verdicts))
    return Bounds(sure, possible)


def _one_if(condition: Expr) -> Expr:
    return nw.when(condition).then(_integer(1)).otherwise(_integer(0))


def _is_known(value: Bounds) -> Expr:
    return ~value.low.is_null() if value.exact else ~(value.low.is_null() & value.high.is_null())


# Dates


def _between(query: Between) -> Held:
    return _difference(bounds(query.end), bounds(query.start))


def _in_days(query: InDays) -> Held:
    return evaluate(query.operand)


def _shift(query: Shift) -> Held:
    return _sum(bounds(query.date), bounds(query.days))


# Levels


def _band_of(query: BandOf) -> Held:
    """The band that surely contains the value; between bands, or with a censored value across two, unknown."""
    value = bounds(query.operand)
    result: Expr = nw.lit(None, dtype=nw.String)
    for band in reversed(query.bands):
        above = _true() if band.low is None else _compare_bounds(">=", *_with_edge(value, band.low))
        below = _true() if band.high is None else _compare_bounds("<=", *_with_edge(value, band.high))
        result = nw.when(above & below).then(nw.lit(band.name)).otherwise(result)
    return result


def _with_edge(value: Bounds, edge: Fraction) -> tuple[Bounds, Bounds]:
    return _aligned(value, _exactly(_integer(edge.numerator), edge.denominator))


_EVALUATE: dict[type, Callable[..., Held]] = {
    Constant: _constant,
    Value: _stored,
    RowValue: _stored,
    Aggregate: _stored,
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
}
