"""Intervals of scaled integers as frame expressions: what is known of a number or a date.

A null bound is "unbounded"; both null is "unknown", so that an unknown is just the widest interval. An exact value has
one expression for both ends. Every statement about intervals holds for all values in them, or is not made.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import TypeVar

import narwhals.stable.v2 as nw

from remit.language.query import Operator

Expr = nw.Expr
Part = TypeVar("Part")


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
    """Two numbers over each other, the lower one positive; both unknown where it may be zero."""

    top: Bounds
    bottom: Bounds


# Constants


def exactly(value: Expr, scale: int = 1) -> Bounds:
    return Bounds(value, value, scale)


def integer(value: int) -> Expr:
    return nw.lit(value, dtype=nw.Int64)


def yes() -> Expr:
    return nw.lit(True)


def no() -> Expr:
    return nw.lit(False)


def filled(condition: Expr) -> Expr:
    """A condition whose unknown counts as no."""
    return nw.when(condition).then(yes()).otherwise(no())


def one_if(condition: Expr) -> Expr:
    """1 where the condition holds, else 0; unknown counts as 0."""
    return nw.when(condition).then(integer(1)).otherwise(integer(0))


def where(condition: Expr, value: Expr) -> Expr:
    """The value where the condition holds, else unknown."""
    return nw.when(condition).then(value)


def decided(holds: Expr, fails: Expr) -> Expr:
    """Yes where it surely holds, no where it surely fails, else unknown."""
    return nw.when(holds).then(yes()).otherwise(nw.when(fails).then(no()))


def opened(flag: Expr | None) -> Expr:
    return no() if flag is None else flag


def all_of(conditions: Sequence[Expr]) -> Expr:
    return reduce(lambda a, b: a & b, conditions)


def any_of(conditions: Sequence[Expr]) -> Expr:
    return reduce(lambda a, b: a | b, conditions)


# Asking


def is_known(value: Bounds) -> Expr:
    """Something is known of it."""
    return ~value.low.is_null() if value.exact else ~(value.low.is_null() & value.high.is_null())


def point(value: Bounds) -> Expr:
    """The number where it is exact, else unknown."""
    return value.low if value.exact else where(value.low == value.high, value.low)


_EXACT: dict[Operator, Callable[[Expr, Expr], Expr]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
}


def compare(operator: Operator, left: Bounds, right: Bounds) -> Expr:
    """True where it holds for every value of the intervals, false where for none, else unknown."""
    left, right = aligned(left, right)
    if left.exact and right.exact:
        return _EXACT[operator](left.low, right.low)
    match operator:
        case "<":
            return decided(_surely_less(left, right), _surely_at_most(right, left))
        case "<=":
            return decided(_surely_at_most(left, right), _surely_less(right, left))
        case ">":
            return compare("<", right, left)
        case ">=":
            return compare("<=", right, left)
        case "==":
            equal = (left.low == left.high) & (right.low == right.high) & (left.low == right.low)
            return decided(equal, _surely_less(left, right) | _surely_less(right, left))
        case "!=":
            return ~compare("==", left, right)


def _surely_less(left: Bounds, right: Bounds) -> Expr:
    below = left.high < right.low
    flags = [flag for flag in (left.high_open, right.low_open) if flag is not None]
    return below | ((left.high == right.low) & any_of(flags)) if flags else below


def _surely_at_most(left: Bounds, right: Bounds) -> Expr:
    return left.high <= right.low


# Scales


def aligned(left: Bounds, right: Bounds) -> tuple[Bounds, Bounds]:
    """Both at one scale."""
    if left.scale == right.scale:
        return left, right
    if max(left.scale, right.scale) % min(left.scale, right.scale) == 0:
        left, right = at_one_scale([left, right])
        return left, right
    return _finer(left, right.scale), _finer(right, left.scale)


def at_one_scale(values: Sequence[Bounds]) -> list[Bounds]:
    """Decimal numbers at the finest of their scales, which the others divide."""
    scale = max(value.scale for value in values)
    return [_finer(value, scale // value.scale) for value in values]


def _finer(value: Bounds, factor: int) -> Bounds:
    return value if factor == 1 else mapped(value, lambda bound: bound * factor, value.scale * factor)


def mapped(value: Bounds, change: Callable[[Expr], Expr], scale: int | None = None) -> Bounds:
    """Change both ends by a function that keeps their order."""
    scale = value.scale if scale is None else scale
    if value.exact:
        return exactly(change(value.low), scale)
    return Bounds(change(value.low), change(value.high), scale, value.low_open, value.high_open)


# Calculating


def plus(left: Bounds, right: Bounds) -> Bounds:
    left, right = at_one_scale([left, right])
    if left.exact and right.exact:
        return exactly(left.low + right.low, left.scale)
    return Bounds(
        left.low + right.low,
        left.high + right.high,
        left.scale,
        _either(left.low_open, right.low_open),
        _either(left.high_open, right.high_open),
    )


def _either(one: Expr | None, other: Expr | None) -> Expr | None:
    return one if other is None else other if one is None else one | other


def minus(left: Bounds, right: Bounds) -> Bounds:
    return plus(left, negated(right))


def negated(value: Bounds) -> Bounds:
    if value.exact:
        return exactly(0 - value.low, value.scale)
    return Bounds(0 - value.high, 0 - value.low, value.scale, value.high_open, value.low_open)


def times_constant(value: Bounds, factor: int, scale: int) -> Bounds:
    """Times factor/scale. Times zero is known only of an exact number."""
    if factor == 0:
        value = exactly(point(value), value.scale)
    flipped = negated(value) if factor < 0 else value
    return mapped(flipped, lambda bound: bound * abs(factor), value.scale * scale)


def times(left: Bounds, right: Bounds) -> Bounds:
    """Of exact numbers; of a censored one it is unknown."""
    return exactly(point(left) * point(right), left.scale * right.scale)


def quotient(top: Bounds, bottom: Bounds) -> Quotient:
    """Both with the sign of the lower one, so that it is positive."""
    above, below = bottom.low > 0, bottom.high < 0
    if bottom.low_open is not None:
        above = above | ((bottom.low == 0) & bottom.low_open)
    if bottom.high_open is not None:
        below = below | ((bottom.high == 0) & bottom.high_open)
    return Quotient(_signed(top, above, below), _signed(bottom, above, below))


def _signed(value: Bounds, above: Expr, below: Expr) -> Bounds:
    """The value, or its negative; unknown where neither is asked for."""

    def choose(here: Expr, there: Expr) -> Expr:
        return nw.when(above).then(here).otherwise(nw.when(below).then(there))

    other = negated(value)
    low = choose(value.low, other.low)
    if value.exact:
        return exactly(low, value.scale)
    low_open = choose(opened(value.low_open), opened(other.low_open))
    high_open = choose(opened(value.high_open), opened(other.high_open))
    return Bounds(low, choose(value.high, other.high), value.scale, low_open, high_open)


def compare_quotient(operator: Operator, left: Quotient, right: Bounds) -> Expr:
    """a/b against c: a against c·b, for b is positive."""
    return compare(operator, left.top, _times_positive(right, left.bottom))


def _times_positive(value: Bounds, factor: Bounds) -> Bounds:
    """Times a positive number: the low end with the factor's low or high end, by the sign of the low end."""
    scale = value.scale * factor.scale
    if factor.exact:
        return mapped(value, lambda end: end * factor.low, scale)

    def end(of: Expr, up: Expr, down: Expr) -> Expr:
        product = nw.when(of > 0).then(of * up).otherwise(nw.when(of < 0).then(of * down).otherwise(of))
        return where(is_known(factor), product)

    def flag(of: Expr, own: Expr | None, up: Expr | None, down: Expr | None) -> Expr:
        return opened(own) | nw.when(of > 0).then(opened(up)).otherwise((of < 0) & opened(down))

    return Bounds(
        end(value.low, factor.low, factor.high),
        end(value.high, factor.high, factor.low),
        scale,
        flag(value.low, value.low_open, factor.low_open, factor.high_open),
        flag(value.high, value.high_open, factor.high_open, factor.low_open),
    )


def quotient_and_number(operator: str, left: Quotient | Bounds, right: Quotient | Bounds) -> Quotient:
    """n + a/b is (n·b + a)/b, of exact numbers."""
    bottom = next(side.bottom for side in (left, right) if isinstance(side, Quotient))
    if operator == "*":
        one, two = (side.top if isinstance(side, Quotient) else side for side in (left, right))
        return Quotient(times(one, two), bottom)

    def over(side: Quotient | Bounds) -> Bounds:
        whole = side.top if isinstance(side, Quotient) else times(side, bottom)
        return exactly(point(whole), whole.scale)

    return Quotient((plus if operator == "+" else minus)(over(left), over(right)), bottom)


# Choosing


def chosen(conditions: Sequence[Expr], values: Sequence[Bounds]) -> Bounds:
    """The value of the first condition that holds, the last value if none does; where conditions are unknown, the hull
    of all that may be it. (Written so that no value stands in it more often than a few times.)"""
    values = at_one_scale(values)
    possible = [_possible(conditions, number) for number in range(len(values))]
    low, high = (
        where(~any_of(_endless(possible, ends)), extreme(*(where(may, end) for may, end in _both(possible, ends))))
        for ends, extreme in (
            ([value.low for value in values], nw.min_horizontal),
            ([value.high for value in values], nw.max_horizontal),
        )
    )
    if all(value.low_open is None for value in values):
        return Bounds(low, high, values[0].scale)
    low_closed = [filled(may & (value.low == low)) & ~opened(value.low_open) for may, value in _both(possible, values)]
    high_closed = [
        filled(may & (value.high == high)) & ~opened(value.high_open) for may, value in _both(possible, values)
    ]
    low_open, high_open = ~any_of(low_closed) & ~low.is_null(), ~any_of(high_closed) & ~high.is_null()
    return Bounds(low, high, values[0].scale, low_open, high_open)


def _possible(conditions: Sequence[Expr], number: int) -> Expr:
    """May the value of this condition be the one: it may hold, and none before it surely does?"""
    before = [~filled(condition) for condition in conditions[:number]]
    here = [filled(conditions[number] | conditions[number].is_null())] if number < len(conditions) else []
    return all_of([*before, *here])


def _endless(possible: Sequence[Expr], ends: Sequence[Expr]) -> list[Expr]:
    return [may & end.is_null() for may, end in _both(possible, ends)]


def _both(one: Sequence[Expr], other: Sequence[Part]) -> list[tuple[Expr, Part]]:
    return list(zip(one, other, strict=True))


def chosen_exactly(condition: Expr, then: Bounds, otherwise: Bounds) -> Bounds:
    """As `chosen`, of exact numbers by a condition that is never unknown."""
    then, otherwise = aligned(then, otherwise)
    return exactly(nw.when(condition).then(then.low).otherwise(otherwise.low), then.scale)


# Rounding


def rounded(value: Bounds, scale: int) -> Bounds:
    """With fewer decimals, halves up."""
    step = value.scale // scale

    def end(of: Expr) -> Expr:
        return floor_divided(of * 2 + step, 2 * integer(step))

    return _closed(value, end, scale)


def rounded_quotient(value: Quotient, scale: int, finer: int, coarser: int) -> Bounds:
    """An exact quotient at a scale, halves up: the floor of a/b + 1/2. `finer`, `coarser`: what brings the integers of
    a and b to that scale."""
    top, bottom = point(value.top) * finer, point(value.bottom) * coarser
    return exactly(floor_divided(top * 2 + bottom, bottom * 2), scale)


def floor_divided(top: Expr, bottom: Expr) -> Expr:
    """The floor of top/bottom, exactly; bottom is positive. (Engines divide integers each in their own way.)

    Doubles give it within 2 + q/2**52 of the quotient q; so large is the rest in units of bottom. Divided once more it
    is exact, while that times bottom is below 2**53: then a rest that is short of a whole number is seen to be.
    `calculated.rounded` refuses what could be larger.
    """

    def floor(number: Expr) -> Expr:
        return (number.cast(nw.Float64) / bottom.cast(nw.Float64)).floor().cast(nw.Int64)

    found = floor(top)
    return found + floor(top - found * bottom)


def square_root(value: Bounds, scale: int) -> Bounds:
    """In doubles, whose root is the nearest double to the true one on every engine (IEEE 754), as is each other step:
    so all engines give one number."""

    def end(of: Expr) -> Expr:
        inside = where(of >= 0, of).cast(nw.Float64) / float(value.scale)
        return (inside.sqrt() * float(scale) + 0.5).floor().cast(nw.Int64)

    return _closed(value, end, scale)


def logarithm(value: Bounds, scale: int) -> Bounds:
    """In doubles. Mathematical libraries differ in a logarithm's last binary digits, some 1e-15. The logarithm of a
    rational number other than 1 is irrational, hence never half a step; engines would differ only for one that lies
    within some 1e-15 of that, of which there is perhaps one in 10**8."""

    def end(of: Expr) -> Expr:
        inside = where(of > 0, of).cast(nw.Float64) / float(value.scale)
        return (inside.log() * float(scale) + 0.5).floor().cast(nw.Int64)

    return _closed(value, end, scale)


def _closed(value: Bounds, change: Callable[[Expr], Expr], scale: int) -> Bounds:
    """Ends that are rounded belong to it."""
    if value.exact:
        return exactly(change(value.low), scale)
    return Bounds(change(value.low), change(value.high), scale)


# The greatest and the least of several


def greatest(values: Sequence[Bounds]) -> Bounds:
    """Unknown if one of them is. Its low end is the highest low end, its high end the highest high end, if all have
    one; of equal low ends an open one counts, for it lies above; of equal high ends a closed one."""
    known = all_of([is_known(value) for value in values])
    return mapped(greatest_known(values), lambda end: where(known, end))


def least(values: Sequence[Bounds]) -> Bounds:
    return negated(greatest([negated(value) for value in values]))


def greatest_known(values: Sequence[Bounds]) -> Bounds:
    """The greatest of those of which something is known."""
    values = at_one_scale(values)
    if len(values) == 1:
        return values[0]
    low = nw.max_horizontal(*(value.low for value in values))
    if all(value.exact for value in values):
        return exactly(low, values[0].scale)
    endless = [is_known(value) & value.high.is_null() for value in values if not value.exact]
    high = where(~any_of(endless), nw.max_horizontal(*(value.high for value in values)))
    low_open = [filled((value.low == low) & value.low_open) for value in values if value.low_open is not None]
    # The high end is open if no value that ends there is closed.
    closed = [filled(value.high == high) & ~opened(value.high_open) for value in values]
    return Bounds(low, high, values[0].scale, any_of([no(), *low_open]), ~any_of(closed) & ~high.is_null())
