"""Numbers that are calculated otherwise than by + - * /: `if`, `sqrt`, `ln`, `round`; their types and limits."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Literal, cast

from remit.language import combine
from remit.language.alignment import bounded, in_one_unit, within
from remit.language.constants import exact, is_constant, scale_of
from remit.language.errors import LanguageError
from remit.language.query import (
    And,
    Compare,
    Constant,
    HowMany,
    If,
    Irrational,
    Known,
    LastObserved,
    Named,
    Not,
    Or,
    Query,
    Rounded,
    plain,
)
from remit.language.scope import Scope
from remit.language.syntax import Node
from remit.language.types import LARGEST_INTEGER, Date, Level, Number, Ratio, Span, Text, YesNo, name_of

DECIMALS = 6  # of roots and logarithms
LARGEST_DOUBLE = 2**53  # up to here each whole number is a double


def choice(condition: Query, then: Query, otherwise: Query | None, scope: Scope, node: Node) -> If:
    """`if(condition, then, otherwise)`: both of one type, after units are aligned."""
    if otherwise is None:
        return If(condition, then, None, then.type)
    match then.type, otherwise.type:
        case ((Number() | Span()), (Number() | Span())):
            two = [combine.in_days(then), combine.in_days(otherwise)]
            (then, otherwise), kind = in_one_unit(two, scope, node)
            return If(condition, then, otherwise, replace(kind, censored=kind.censored or not decided(condition)))
        case Date(), Date():
            censored = then.type.censored or otherwise.type.censored or not decided(condition)
            return If(condition, then, otherwise, Date(censored))
        case YesNo(), YesNo():
            return If(condition, then, otherwise, YesNo())
        case ((Level() | Text()), (Level() | Text())):
            return If(condition, then, otherwise, _levels(then, otherwise, node))
    raise LanguageError(
        f"one is {name_of(then.type)}, the other {name_of(otherwise.type)}",
        "Both values of an if are of one type."
        if type(then.type) is not type(otherwise.type)
        else "Of quotients take round(a / b, 6).",
        node.place,
    )


RANGE_LEVELS = Level(("low", "normal", "high"), ordered=True)


def level_in_range(value: Query, low: Query, high: Query, node: Node) -> If:
    """`range_level` of numbers in one unit. Both ends belong to the range."""
    bounded(node, value, low)
    bounded(node, value, high)
    below, above = Compare("<", value, low), Compare(">", value, high)
    is_low, is_normal, is_high = (Constant(level, RANGE_LEVELS) for level in RANGE_LEVELS.levels)
    return If(below, is_low, If(above, is_high, is_normal, RANGE_LEVELS), RANGE_LEVELS)


def first_known(operands: Sequence[Query], scope: Scope, node: Node) -> LastObserved:
    """`last_observed`: one value at several visits, of one type after units are aligned."""
    kinds = [operand.type for operand in operands]
    if all(isinstance(kind, Number) for kind in kinds):
        aligned, kind = in_one_unit(operands, scope, node)
        return LastObserved(aligned, kind)
    censored = any(isinstance(kind, Date) and kind.censored for kind in kinds)
    return LastObserved(tuple(operands), Date(censored) if isinstance(kinds[0], Date) else kinds[0])


def decided(condition: Query) -> bool:
    """Is it never unknown?"""
    match condition:
        case Known() | Constant():
            return True
        case Named(inner=inner) | Not(operand=inner):
            return decided(inner)
        case And(left=left, right=right) | Or(left=left, right=right) | Compare(left=left, right=right):
            return decided(left) and decided(right)
        case HowMany(operands=operands):
            return all(decided(operand) for operand in operands)
    return False


def _levels(then: Query, otherwise: Query, node: Node) -> Level | Text:
    """Levels of one list, of which one may be written out."""
    for one, other in ((then, otherwise), (otherwise, then)):
        if isinstance(one.type, Level) and is_constant(other):
            combine.one_of(one, [other], node)
            return one.type
    if then.type != otherwise.type:
        raise LanguageError(
            f"one is {name_of(then.type)}, the other {name_of(otherwise.type)}",
            "Both values of an if are levels of one list.",
            node.place,
        )
    return cast("Level | Text", then.type)


def irrational(kind: Literal["sqrt", "ln"], operand: Query, node: Node) -> Irrational:
    """`sqrt(x)`, `ln(x)` of a plain number. What is calculated in doubles must be held by them exactly."""
    number = operand.type
    if not isinstance(number, Number) or number.unit:
        unit = number.unit if isinstance(number, Number) else ""
        remedy = f"Divide by the unit: {kind}(x / 1 {unit})." if unit else "Of a quotient take round(a / b, 6)."
        raise LanguageError(f"{kind} is of a plain number, and this is {name_of(operand.type)}", remedy, node.place)
    operand = exact(operand, node)
    within(number.limit * LARGEST_INTEGER // LARGEST_DOUBLE, node)
    largest = Fraction(number.limit, 10**number.decimals)
    ends = [math.sqrt(largest)] if kind == "sqrt" else [math.log(largest), number.decimals * math.log(10)]
    limit = math.ceil(max(1, *(abs(end) for end in ends)) * 10**DECIMALS) + 1
    return Irrational(kind, operand, Number("", DECIMALS, limit, number.censored))


def rounded(operand: Query, decimals: int, node: Node) -> Query:
    """The number with at most so many decimals, halves up. Of a censored quotient it is unknown."""
    kind = operand.type
    if isinstance(kind, Ratio):
        finer, coarser = quotient_scales(kind, decimals)
        top, bottom = kind.top.limit * finer, kind.bottom.limit * coarser
        held = Number(kind.unit, decimals, top // coarser + 1)
    elif not isinstance(kind, Number):
        raise LanguageError(f"round is for numbers, and this is {name_of(kind)}", "As in round(a / b, 2).", node.place)
    elif kind.decimals <= decimals and scale_of(operand) == 10**kind.decimals:
        return operand
    else:
        exact(operand, node)
        top, bottom = kind.limit, int(10 ** (kind.decimals - decimals))
        held = replace(kind, decimals=decimals, limit=top // bottom + 1)
    within(2 * top + bottom, node)
    within((2 + held.limit // 2**52) * 2 * bottom * LARGEST_INTEGER // LARGEST_DOUBLE, node)
    return Rounded(operand, held)


def quotient_scales(kind: Ratio, decimals: int) -> tuple[int, int]:
    """What the integers above and below the line are multiplied with, so that their quotient has so many decimals."""
    more = decimals + kind.bottom.decimals - kind.top.decimals
    return (10**more, 1) if more >= 0 else (1, int(10**-more))


def whole_number(query: Query, most: int) -> int | None:
    """A constant from 0 to `most`."""
    constant = plain(query)
    if not isinstance(constant, Constant) or not isinstance(constant.type, Number) or constant.type.unit:
        return None
    value = cast("Fraction", constant.value)
    return int(value) if value.denominator == 1 and 0 <= value <= most else None
