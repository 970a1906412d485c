"""Intervals of exact fractions: what is known of a number or a date, and how one calculates with it.

The counterpart of `intervals`, in plain Python, for the interpreter.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction


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

# Comparing


def holds(operator: str, left: Interval, right: Interval) -> bool | None:
    """True if it holds for all values in the intervals, False if for none, else None."""
    match operator:
        case "<":
            return _verdict(less(left, right), _at_most(right, left))
        case "<=":
            return _verdict(_at_most(left, right), less(right, left))
        case ">":
            return holds("<", right, left)
        case ">=":
            return holds("<=", right, left)
        case "==":
            same = left.point is not None and left.point == right.point
            return _verdict(same, less(left, right) or less(right, left))
        case _:
            equal = holds("==", left, right)
            return None if equal is None else not equal


def _verdict(yes: bool, no: bool) -> bool | None:
    return True if yes else False if no else None


def less(left: Interval, right: Interval) -> bool:
    """Every value of `left` is below every value of `right`."""
    if left.high is None or right.low is None:
        return False
    return left.high < right.low or (left.high == right.low and (left.high_open or right.low_open))


def _at_most(left: Interval, right: Interval) -> bool:
    return left.high is not None and right.low is not None and left.high <= right.low


# Calculating


def mapped(value: Interval, change: Callable[[Fraction], Fraction]) -> Interval:
    low = None if value.low is None else change(value.low)
    high = None if value.high is None else change(value.high)
    return Interval(low, high, value.low_open, value.high_open)


def plus(left: Interval, right: Interval) -> Interval:
    low = None if left.low is None or right.low is None else left.low + right.low
    high = None if left.high is None or right.high is None else left.high + right.high
    return Interval(low, high, left.low_open or right.low_open, left.high_open or right.high_open)


def negative(value: Interval) -> Interval:
    low = None if value.high is None else -value.high
    high = None if value.low is None else -value.low
    return Interval(low, high, value.high_open, value.low_open)


def scaled(value: Interval, factor: Fraction) -> Interval:
    """Times a constant. Times zero is known only of an exact number."""
    if factor == 0:
        return UNKNOWN if value.point is None else exactly(0)
    turned = negative(value) if factor < 0 else value
    return mapped(turned, lambda end: end * abs(factor))


def times(value: Interval, factor: Interval) -> Interval:
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


def hull(one: Interval, other: Interval) -> Interval:
    """The least interval that holds both."""
    low, low_open = None, False
    if one.low is not None and other.low is not None:
        low, low_open = min((one.low, one.low_open), (other.low, other.low_open))
    high, high_closed = None, True
    if one.high is not None and other.high is not None:
        high, high_closed = max((one.high, not one.high_open), (other.high, not other.high_open))
    return Interval(low, high, low_open, not high_closed)


def greatest(values: Sequence[Interval]) -> Interval:
    """Its low end is the highest of the low ends (open if one of those is open: that one lies above it); its high end
    the highest of the high ends (closed if one of those is closed), if all have one."""
    lows = [(value.low, value.low_open) for value in values if value.low is not None]
    highs = [(value.high, not value.high_open) for value in values if value.high is not None]
    low, low_open = max(lows) if lows else (None, False)
    high, high_closed = max(highs) if len(highs) == len(values) else (None, True)
    return Interval(low, high, low_open, not high_closed)
