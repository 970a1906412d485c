"""Whether one definition implies another, told by their form: remission off corticosteroids implies remission."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import cast

from remit.language.query import And, Arithmetic, Compare, Constant, Or, Query, digest, plain
from remit.language.types import Number


def implies(one: Query, other: Query) -> bool:
    """Whether every patient for whom `one` is yes is yes by `other`: sufficient, for there are implications that cannot
    be seen in the form alone. Both are yes or no."""
    one, other = plain(one), plain(other)
    if digest(one) == digest(other):
        return True
    if isinstance(other, And):
        return implies(one, other.left) and implies(one, other.right)
    if isinstance(one, Or):
        return implies(one.left, other) and implies(one.right, other)
    if isinstance(one, And) and (implies(one.left, other) or implies(one.right, other)):
        return True
    if isinstance(other, Or):
        return implies(one, other.left) or implies(one, other.right)
    return isinstance(one, Compare) and isinstance(other, Compare) and _narrower(one, other)


def _narrower(one: Compare, other: Compare) -> bool:
    """Of the same number: at most 3 implies below 5, and below 0.5 mg/dL at most 5 mg/L."""
    first, second = _limit(one), _limit(other)
    if first is None or second is None or digest(first.of) != digest(second.of) or first.upper != second.upper:
        return False
    within = first.at < second.at if first.upper else first.at > second.at
    return within or (first.at == second.at and (first.strict or not second.strict))


@dataclass(frozen=True)
class _Limit:
    """`of`: the number as the charts have it, and where its limit lies. `strict`: the limit itself is outside."""

    of: Query
    at: Fraction
    strict: bool
    upper: bool


def _limit(query: Compare) -> _Limit | None:
    """Of a number that is known exactly, in its decimals: below 5 is at most 4."""
    of, right = plain(query.left), query.right
    if query.operator in ("==", "!=") or not isinstance(of.type, Number) or not isinstance(right, Constant):
        return None
    at, upper = Fraction(cast("Fraction", right.value)), query.operator in ("<", "<=")
    while isinstance(of, Arithmetic) and of.operator == "*" and isinstance(of.right, Constant):
        factor = Fraction(cast("Fraction", of.right.value))
        if factor <= 0:
            return None
        of, at = plain(of.left), at / factor
    strict = query.operator in ("<", ">")
    if not isinstance(of.type, Number) or of.type.censored:
        return _Limit(of, at, strict, upper)
    scale = 10**of.type.decimals
    steps = at * scale
    inside = (ceil(steps) - 1, floor(steps) + 1) if strict else (floor(steps), ceil(steps))
    return _Limit(of, Fraction(inside[0 if upper else 1], scale), False, upper)
