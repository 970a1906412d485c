"""Numbers that are written out in an expression: held exactly, as a scaled integer."""

from __future__ import annotations

from fractions import Fraction
from typing import cast

from remit.language.errors import LanguageError
from remit.language.query import Constant, Query, plain
from remit.language.syntax import Node
from remit.language.types import Number

MOST_DECIMALS = 12


def number(value: Fraction, unit: str) -> Constant:
    """A constant whose type has as many decimals as it needs.

    A value without finite decimals (3 mg of something in moles) has none; it can be compared with, by its own
    denominator, but not calculated with: see `exact`.
    """
    decimals = _decimals(value) or 0
    held = abs((value * 10**decimals).numerator)
    return Constant(value, Number(unit, decimals, max(1, held)))


def _decimals(value: Fraction) -> int | None:
    return next((n for n in range(MOST_DECIMALS + 1) if (value * 10**n).denominator == 1), None)


def is_decimal(value: Fraction) -> bool:
    """Can it be written with a finite number of decimals?"""
    return _decimals(value) is not None


def is_constant(query: Query) -> bool:
    return isinstance(plain(query), Constant)


def exact(query: Query, node: Node) -> Query:
    """The query, unless it is a constant that has no finite decimals: that cannot be calculated with."""
    if isinstance(plain(query), Constant) and scale_of(query) != 10 ** cast("Number", query.type).decimals:
        constant = cast("Constant", plain(query))
        raise LanguageError(
            f"{printed_number(constant)} cannot be calculated with exactly",
            "Compare in the field's own unit, or multiply the other side.",
            node.place,
        )
    return query


def scale_of(query: Query) -> int:
    """The integer by which a number is multiplied to be held: 10 ** decimals, or a constant's own denominator."""
    scale = int(10 ** cast("Number", query.type).decimals)
    constant = plain(query)
    if isinstance(constant, Constant):
        denominator = cast("Fraction", constant.value).denominator
        return denominator if scale % denominator else scale
    return scale


def limit_of(query: Query) -> int:
    """The largest magnitude of the integer that holds it."""
    return cast("Number", query.type).limit


def printed_number(constant: Constant) -> str:
    value = cast("Fraction", constant.value)
    return str(value.numerator) if value.denominator == 1 else f"{float(value):.12g}"
