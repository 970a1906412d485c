"""Query → frame expression, for any engine that narwhals speaks to.

A patient's values stand in one row of a wide frame, a form's rows in a frame of their own; `language.columns` says how
the columns are called. Numbers, dates and times are held as `Bounds`, a quotient as two of
them, all else as an expression. And, or, not are Kleene's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from functools import reduce
from typing import cast

import narwhals.stable.v2 as nw

from remit.language.calculated import quotient_scales
from remit.language.columns import BOTTOM, HIGH, HIGH_OPEN, LOW, LOW_OPEN, TOP, column_of, is_interval
from remit.language.constants import scale_of
from remit.language.intervals import Bounds as Bounds
from remit.language.intervals import (
    Expr,
    Quotient,
    all_of,
    any_of,
    at_one_scale,
    chosen,
    chosen_exactly,
    compare,
    compare_quotient,
    exactly,
    filled,
    greatest,
    greatest_known,
    integer,
    is_known,
    least,
    logarithm,
    mapped,
    minus,
    no,
    one_if,
    opened,
    plus,
    point,
    quotient,
    quotient_and_number,
    rounded,
    rounded_quotient,
    square_root,
    times,
    times_constant,
    where,
    yes,
)
from remit.language.months import month_key
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
    branches,
    plain,
)
from remit.language.types import Date, Number, Ratio, Text, folded

Held = Expr | Bounds | Quotient


# Columns


def columns(name: str, query: Query) -> dict[str, Expr]:
    """The columns that hold a query's value, by name: one for most, more for an interval or a quotient."""
    return held_columns(name, evaluate(query))


def held_columns(name: str, held: Held) -> dict[str, Expr]:
    """The columns of what was evaluated."""
    if isinstance(held, Quotient):
        return {**_number_columns(name + TOP, held.top), **_number_columns(name + BOTTOM, held.bottom)}
    return {name: held} if isinstance(held, Expr) else _number_columns(name, held)


def _number_columns(name: str, held: Bounds) -> dict[str, Expr]:
    return {name: held.low} if held.exact else interval_columns(name, held)


def interval_columns(name: str, held: Bounds) -> dict[str, Expr]:
    """The five columns of an interval."""
    return {
        name: point(held),
        name + LOW: held.low,
        name + HIGH: held.high,
        name + LOW_OPEN: opened(held.low_open),
        name + HIGH_OPEN: opened(held.high_open),
    }


# Evaluating


def evaluate(query: Query) -> Held:
    """The frame expression of a query: an expression for yes/no, levels and texts, Bounds for numbers and dates."""
    return _EVALUATE[type(query)](query)


def truth(query: Query) -> Expr:
    """The expression of a yes/no query: true, false or null."""
    return cast("Expr", evaluate(query))


def bounds(query: Query) -> Bounds:
    """The interval of a number, date or time."""
    return cast("Bounds", evaluate(query))


def _constant(query: Constant) -> Held:
    value = query.value
    if isinstance(value, bool):
        return yes() if value else no()
    if isinstance(value, str):
        return nw.lit(value, dtype=nw.String)
    if isinstance(query.type, Date):
        return exactly(integer(int(value)))
    scale = scale_of(query)
    return exactly(integer(int(value * scale)), scale)


def _stored(query: Value | RowValue | Aggregate) -> Held:
    name = column_of(query)
    if not isinstance(query.type, Number | Date):
        return nw.col(name)
    scale = 10**query.type.decimals if isinstance(query.type, Number) else 1
    if not is_interval(query.type):
        return exactly(nw.col(name), scale)
    low, high = nw.col(name + LOW), nw.col(name + HIGH)
    low_open, high_open = nw.col(name + LOW_OPEN), nw.col(name + HIGH_OPEN)
    if isinstance(query.type, Date):  # whole days: after 30 June is on or after 1 July
        return Bounds(low + one_if(low_open), high - one_if(high_open))
    return Bounds(low, high, scale, low_open, high_open)


# Logic


def _named(query: Named) -> Held:
    return evaluate(query.inner)


def _known(query: Known) -> Held:
    held = evaluate(query.operand)
    if isinstance(held, Quotient):
        return is_known(held.top) & is_known(held.bottom)
    return is_known(held) if isinstance(held, Bounds) else ~held.is_null()


def _not(query: Not) -> Held:
    return ~truth(query.operand)


def _and(query: And) -> Held:
    return truth(query.left) & truth(query.right)


def _or(query: Or) -> Held:
    return truth(query.left) | truth(query.right)


def _if(query: If) -> Held:
    if query.otherwise is None:
        return _only_where(truth(query.condition), evaluate(query.then))
    if is_interval(query.type):
        conditions, values = branches(query)
        return chosen([truth(condition) for condition in conditions], [bounds(value) for value in values])
    condition, one, other = truth(query.condition), evaluate(query.then), evaluate(query.otherwise)
    if isinstance(one, Bounds):
        return chosen_exactly(condition, one, cast("Bounds", other))
    one, other = cast("Expr", one), cast("Expr", other)
    in_common = nw.when(one == other).then(one)
    return nw.when(condition).then(one).otherwise(nw.when(~condition).then(other).otherwise(in_common))


def _only_where(condition: Expr, value: Held) -> Held:
    """The value where the condition surely holds."""
    if isinstance(value, Quotient):
        return Quotient(*(cast("Bounds", _only_where(condition, part)) for part in (value.top, value.bottom)))
    if isinstance(value, Bounds):
        return mapped(value, lambda end: where(condition, end))
    return where(condition, value)


def _one_of(query: OneOf) -> Held:
    operand, options = truth(query.operand), query.options
    if isinstance(query.operand.type, Text):
        operand, options = _folded(operand), tuple(dict.fromkeys(folded(option) for option in options))
    return any_of([operand == nw.lit(option) for option in options])


def _same(query: Same) -> Held:
    left, right = truth(query.left), truth(query.right)
    if isinstance(query.left.type, Text) or isinstance(query.right.type, Text):
        left, right = _folded(left), _folded(right)
    return left == right


def _folded(text: Expr) -> Expr:
    """As `types.folded`."""
    plainer = text.str.replace_all("İ", "i", literal=True).str.to_lowercase()
    return plainer.str.replace_all("ς", "σ", literal=True)


def _how_many(query: HowMany) -> Held:
    verdicts = [truth(operand) for operand in query.operands]
    sure = reduce(lambda a, b: a + b, (one_if(verdict) for verdict in verdicts))
    if not query.type.censored:
        return exactly(sure)
    possible = reduce(lambda a, b: a + b, (one_if(verdict | verdict.is_null()) for verdict in verdicts))
    return Bounds(sure, possible)


# Comparisons


def _compare(query: Compare) -> Held:
    left, right = evaluate(query.left), bounds(query.right)
    if isinstance(left, Quotient):
        return compare_quotient(query.operator, left, right)
    right_type = query.right.type
    if isinstance(right_type, Number) and right_type.unit == "mo":
        return _compare_months(query)
    return compare(query.operator, cast("Bounds", left), right)


def _compare_months(query: Compare) -> Expr:
    """Months and years of the calendar: `end` against `start` moved by whole months.

    A day is ordered by (month, day of month); the anniversary of 31 January in a shorter month, and of 29 February in
    a common year, is reached on the next day.
    """
    span = cast("Between", plain(query.left))
    months = int(cast("Fraction", cast("Constant", plain(query.right)).value))
    start = mapped(bounds(span.start), lambda day: month_key(day) + 32 * months)
    return compare(query.operator, mapped(bounds(span.end), month_key), start)


# Arithmetic


def _arithmetic(query: Arithmetic) -> Held:
    if isinstance(query.type, Ratio):
        left, right = (cast("Quotient | Bounds", evaluate(side)) for side in (query.left, query.right))
        return quotient_and_number(query.operator, left, right)
    if query.operator == "*":
        return _product(query)
    return (plus if query.operator == "+" else minus)(bounds(query.left), bounds(query.right))


def _product(query: Arithmetic) -> Bounds:
    for one, other in ((query.left, query.right), (query.right, query.left)):
        constant = plain(one)
        if isinstance(constant, Constant):
            scale = scale_of(constant)
            return times_constant(bounds(other), int(cast("Fraction", constant.value) * scale), scale)
    return times(bounds(query.left), bounds(query.right))


def _change(query: Change) -> Held:
    now, before = bounds(query.now), bounds(query.before)
    return minus(now, before) if query.direction == "change" else minus(before, now)


def _divide(query: Divide) -> Held:
    return quotient(bounds(query.top), bounds(query.bottom))


def _per(query: Per) -> Held:
    reciprocal = 1 / cast("Fraction", query.amount.value)
    scale = 10 ** (query.type.decimals - cast("Number", query.operand.type).decimals)
    return times_constant(bounds(query.operand), int(reciprocal * scale), scale)


def _rounded(query: Rounded) -> Held:
    held, scale = evaluate(query.operand), 10**query.type.decimals
    if isinstance(query.operand.type, Ratio):
        finer, coarser = quotient_scales(query.operand.type, query.type.decimals)
        return rounded_quotient(cast("Quotient", held), scale, finer, coarser)
    return rounded(cast("Bounds", held), scale)


def _irrational(query: Irrational) -> Held:
    function = square_root if query.kind == "sqrt" else logarithm
    return function(bounds(query.operand), 10**query.type.decimals)


def _extreme(query: Extreme) -> Held:
    return (greatest if query.kind == "max" else least)([bounds(operand) for operand in query.operands])


def _max_measured(query: MaxMeasured) -> Held:
    """What was not measured is stepped over; the whole is unknown where one measured before is not measured now."""
    now = [bounds(operand) for operand in query.operands]
    kept = [is_known(here) | ~is_known(bounds(then)) for here, then in zip(now, query.reference, strict=True)]
    return mapped(greatest_known(now), lambda end: where(all_of(kept), end))


def _sum_known(query: SumKnown) -> Held:
    """What is not known counts as nothing; the whole is unknown where none is known."""
    operands = [bounds(operand) for operand in query.operands]
    known = [is_known(operand) for operand in operands]
    counted = [_or_nothing(here, each) for here, each in zip(known, operands, strict=True)]
    return mapped(reduce(plus, counted), lambda end: where(any_of(known), end))


def _or_nothing(known: Expr, value: Bounds) -> Bounds:
    """Zero where it is not known; both ends of zero belong to it."""
    found = mapped(value, lambda end: nw.when(known).then(end).otherwise(integer(0)))
    if value.low_open is None or value.high_open is None:
        return found
    return replace(found, low_open=filled(known & value.low_open), high_open=filled(known & value.high_open))


def _last_observed(query: LastObserved) -> Held:
    if not isinstance(query.type, Number | Date):
        return nw.coalesce(*(truth(operand) for operand in query.operands))
    operands = at_one_scale([bounds(operand) for operand in query.operands])
    if all(operand.exact for operand in operands):
        return exactly(nw.coalesce(*(operand.low for operand in operands)), operands[0].scale)
    if len(operands) == 1:
        return operands[0]
    return chosen([is_known(operand) for operand in operands[:-1]], operands)


def _between(query: Between) -> Held:
    return minus(bounds(query.end), bounds(query.start))


def _in_days(query: InDays) -> Held:
    return evaluate(query.operand)


def _shift(query: Shift) -> Held:
    return plus(bounds(query.date), bounds(query.days))


# Levels


def _band_of(query: BandOf) -> Held:
    """The band that surely contains the value; between bands, or with a censored value across two, unknown."""
    value = bounds(query.operand)
    result: Expr = nw.lit(None, dtype=nw.String)
    for band in reversed(query.bands):
        above = yes() if band.low is None else compare(">=", value, _edge(band.low))
        below = yes() if band.high is None else compare("<=", value, _edge(band.high))
        result = nw.when(is_known(value) & above & below).then(nw.lit(band.name)).otherwise(result)
    return result


def _edge(edge: Fraction) -> Bounds:
    return exactly(integer(edge.numerator), edge.denominator)


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
    If: _if,
    OneOf: _one_of,
    Same: _same,
    Arithmetic: _arithmetic,
    Change: _change,
    Divide: _divide,
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
}
