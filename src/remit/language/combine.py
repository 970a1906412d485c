"""What two values may do with each other: comparing and calculating, with units aligned and sizes bounded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Literal, cast

from remit.language.errors import LanguageError, nearest
from remit.language.query import (
    Arithmetic,
    Between,
    Compare,
    Constant,
    Divide,
    InDays,
    Not,
    OneOf,
    Operator,
    Query,
    Same,
    Shift,
    plain,
)
from remit.language.scope import Scope
from remit.language.syntax import Binary, Membership, Node, Place
from remit.language.types import DAYS, LARGEST_INTEGER, Date, Level, Number, Ratio, Span, Text, YesNo, name_of
from remit.language.units import printed

_FLIPPED: dict[str, Operator] = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
_OPERATIONS: dict[str, Callable[[int, int], bool]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


def compare(operator: str, left: Query, right: Query, scope: Scope, node: Binary) -> Query:
    """A comparison, or a message why these two cannot be compared."""
    if isinstance(plain(left), Constant) and not isinstance(plain(right), Constant):
        return compare(_FLIPPED[operator], right, left, scope, node)
    match left.type, right.type:
        case YesNo(), YesNo():
            return _compare_truths(operator, left, right, node)
        case Level() | Text(), Level() | Text():
            return _compare_levels(operator, left, right, node)
        case Date(), Date():
            return Compare(cast("Operator", operator), left, right)
        case Span(), Number(unit="mo"):
            _whole_months(right, node)
            return Compare(cast("Operator", operator), left, right)
        case (Span(), Number() | Span()) | (Number(), Span()):
            return compare(operator, in_days(left), in_days(right), scope, node)
        case Ratio(), Number():
            right = _to_unit(right, left.type.unit, "", False, scope, node)
            _bounded_ratio(left.type, right, node)
            return Compare(cast("Operator", operator), left, right)
        case Number(), Number():
            left, right = align(left, right, scope, node)
            _bounded(node, left, right)
            return Compare(cast("Operator", operator), left, right)
    raise LanguageError(
        f"{name_of(left.type)} cannot be compared with {name_of(right.type)}", _compare_remedy(left, right), node.place
    )


def _compare_remedy(left: Query, right: Query) -> str:
    for side in (left, right):
        if isinstance(side.type, Level):
            return f"Compare it with == and one of: {', '.join(f'{chr(34)}{x}{chr(34)}' for x in side.type.levels)}."
        if isinstance(side.type, YesNo):
            return "What is yes or no stands by itself: smoker, not smoker."
        if isinstance(side.type, Date):
            return "Compare a date with a date, or the time between two with days: visit_date - index_date > 30 days."
    return "Compare like with like."


def _compare_truths(operator: str, left: Query, right: Query, node: Binary) -> Query:
    constant = plain(right)
    if operator not in ("==", "!=") or not isinstance(constant, Constant):
        raise LanguageError(
            "yes/no values are not compared with each other",
            "Write a == yes, or (a and b) or (not a and not b).",
            node.place,
        )
    return left if constant.value == (operator == "==") else Not(left)


def _compare_levels(operator: str, left: Query, right: Query, node: Binary) -> Query:
    if operator in ("==", "!="):
        constant = plain(right)
        if isinstance(constant, Constant):
            query: Query = one_of(left, [right], node)
        else:
            query = Same(left, right)
        return query if operator == "==" else Not(query)
    constant = plain(right)
    if isinstance(left.type, Level) and left.type.ordered and isinstance(constant, Constant):
        one_of(left, [right], node)
        at = left.type.levels.index(str(constant.value))
        holds = _OPERATIONS[operator]
        return OneOf(left, tuple(level for i, level in enumerate(left.type.levels) if holds(i, at)))
    raise LanguageError("these levels have no order", "Compare them with == or in (…).", node.place)


def one_of(operand: Query, options: Sequence[Query], node: Membership | Binary) -> Query:
    """`operand in (options)`, for levels and texts."""
    if not isinstance(operand.type, Level | Text):
        raise LanguageError(
            f"`in` asks whether a level or text is one of a list, and this is {name_of(operand.type)}",
            "Use <, >= and the like.",
            node.place,
        )
    texts: list[str] = []
    for option in options:
        constant = plain(option)
        if not isinstance(constant, Constant) or not isinstance(constant.type, Text):
            raise LanguageError("levels and texts are written between quotation marks", 'As in "female".', node.place)
        text = str(constant.value)
        if isinstance(operand.type, Level) and text not in operand.type.levels:
            raise LanguageError(f"there is no level '{text}'", nearest(text, operand.type.levels), node.place)
        texts.append(text)
    return OneOf(operand, tuple(texts))


def arithmetic(operator: str, left: Query, right: Query, scope: Scope, node: Node) -> Query:
    """A sum, difference, product or quotient, or a message why there is none."""
    match operator, left.type, right.type:
        case "-", Date(), Date():
            return between(right, left)
        case "+" | "-", Date(), Number(unit="d"):
            days = right if operator == "+" else _negative(right)
            return Shift(left, days, left.type)
        case "+" | "-", Date(), Number():
            raise LanguageError(
                f"a date cannot be moved by {name_of(right.type)}",
                "Move it by days or weeks; for months and years compare the time between: a - b >= 3 months.",
                node.place,
            )
        case _, (Number() | Span()), (Number() | Span()):
            return _calculate(operator, in_days(left), in_days(right), scope, node)
        case "*", Ratio(), Number(unit=""):
            top = _calculate("*", cast("Divide", plain(left)).top, right, scope, node)
            return Divide(top, cast("Divide", plain(left)).bottom, replace(left.type, top=cast("Number", top.type)))
    raise LanguageError(
        f"{name_of(left.type)} {operator} {name_of(right.type)} has no meaning",
        "Only numbers, and dates with days, are calculated with.",
        node.place,
    )


def _calculate(operator: str, left: Query, right: Query, scope: Scope, node: Node) -> Query:
    one, two = cast("Number", left.type), cast("Number", right.type)
    if operator in ("+", "-"):
        left, right = align(left, right, scope, node)
        one, two = cast("Number", left.type), cast("Number", right.type)
        decimals = max(one.decimals, two.decimals)
        limit = one.limit * 10 ** (decimals - one.decimals) + two.limit * 10 ** (decimals - two.decimals)
        unit, test = one.unit or two.unit, one.test or two.test
    elif operator == "*":
        unit = "*".join(sorted((one.unit, two.unit))) if one.unit and two.unit else one.unit or two.unit
        decimals, limit, test = one.decimals + two.decimals, one.limit * two.limit, ""
    else:
        unit = "" if one.unit == two.unit else f"{one.unit}/{two.unit}"
        _bounded(node, left, right)
        return Divide(_exact(left, node), _exact(right, node), Ratio(unit, one, two))
    left, right = _exact(left, node), _exact(right, node)
    within(limit, node)
    several = one.several_units or two.several_units
    kind = Number(unit, decimals, limit, one.censored or two.censored, test, several)
    return Arithmetic(cast("Literal['+', '-', '*']", operator), left, right, kind)


def align(left: Query, right: Query, scope: Scope, node: Node) -> tuple[Query, Query]:
    """Bring two numbers to one unit, by converting the one that is a constant (or else the right one)."""
    one, two = cast("Number", left.type), cast("Number", right.type)
    if isinstance(plain(left), Constant) and not isinstance(plain(right), Constant):
        return _to_unit(left, two.unit, two.test, two.several_units, scope, node), right
    return left, _to_unit(right, one.unit, one.test, one.several_units, scope, node)


def _to_unit(query: Query, unit: str, test: str, several: bool, scope: Scope, node: Node) -> Query:
    kind = cast("Number", query.type)
    constant = plain(query)
    if isinstance(constant, Constant) and not kind.unit:
        if several and constant.value != 0:
            raise LanguageError(
                f"the charts write {test or 'this'} in more than one unit, and this number has none",
                f"Write the unit behind it: {_printed_number(constant)} {unit}.",
                node.place,
            )
        return Constant(constant.value, replace(kind, unit=unit))
    if kind.unit == unit:
        return query
    factor = scope.factor(kind.unit, unit, test)
    if factor is None:
        raise LanguageError(
            f"{_unit_words(kind.unit)} and {_unit_words(unit)} do not measure the same",
            "Write a unit that can be converted into the other." if unit else "Leave the unit out.",
            node.place,
        )
    if isinstance(constant, Constant):
        return Constant(cast("Fraction", constant.value) * factor, replace(kind, unit=unit))
    scaled = Constant(factor, Number())
    return Arithmetic("*", query, _exact(scaled, node), _times(kind, scaled, unit, node))


def _times(kind: Number, factor: Constant, unit: str, node: Node) -> Number:
    exact = cast("Number", _exact(factor, node).type)
    within(kind.limit * exact.limit, node)
    return replace(kind, unit=unit, decimals=kind.decimals + exact.decimals, limit=kind.limit * exact.limit)


def _exact(query: Query, node: Node) -> Query:
    """A constant inside a calculation needs finitely many decimals; its type then tells them."""
    constant = plain(query)
    if not isinstance(constant, Constant) or not isinstance(constant.type, Number):
        return query
    value = cast("Fraction", constant.value)
    for decimals in range(13):
        if (value * 10**decimals).denominator == 1:
            limit = max(1, abs(int(value * 10**decimals)))
            return Constant(value, replace(constant.type, decimals=decimals, limit=limit))
    raise LanguageError(
        f"{_printed_number(constant)} cannot be calculated with exactly", "Compare in the field's own unit.", node.place
    )


def between(start: Query, end: Query) -> Between:
    censored = cast("Date", start.type).censored or cast("Date", end.type).censored
    return Between(start, end, Span(censored))


def in_days(query: Query) -> Query:
    if isinstance(query.type, Span):
        return InDays(query, replace(DAYS, censored=query.type.censored))
    return query


def _negative(days: Query) -> Query:
    constant = plain(days)
    if isinstance(constant, Constant):
        return Constant(-cast("Fraction", constant.value), constant.type)
    kind = cast("Number", days.type)
    return Arithmetic("-", Constant(Fraction(0), DAYS), days, kind)


def _whole_months(months: Query, node: Node) -> None:
    constant = plain(months)
    if not isinstance(constant, Constant) or cast("Fraction", constant.value).denominator != 1:
        raise LanguageError(
            "months and years follow the calendar, in whole months", "Write days, or whole months.", node.place
        )


def scale_of(query: Query) -> int:
    """The integer by which a number is multiplied to be held: 10 ** decimals; a constant has its own denominator."""
    constant = plain(query)
    if isinstance(constant, Constant):
        return cast("Fraction", constant.value).denominator
    return int(10 ** cast("Number", query.type).decimals)


def _limit_of(query: Query) -> int:
    constant = plain(query)
    if isinstance(constant, Constant):
        return abs(cast("Fraction", constant.value).numerator)
    return cast("Number", query.type).limit


def _bounded(node: Node, left: Query, right: Query) -> None:
    """Both sides are brought to one scale: neither may grow out of 64 bits."""
    within(_limit_of(left) * scale_of(right), node)
    within(_limit_of(right) * scale_of(left), node)


def _bounded_ratio(ratio: Ratio, right: Query, node: Node) -> None:
    within(ratio.top.limit * scale_of(right) * 10**ratio.bottom.decimals, node)
    within(ratio.bottom.limit * _limit_of(right) * 10**ratio.top.decimals, node)


def within(limit: int, node: Node | Place) -> None:
    if limit >= LARGEST_INTEGER:
        place = node if isinstance(node, Place) else node.place
        raise LanguageError(
            "this could grow too large to be calculated exactly",
            "Give its fields a range, or fewer decimals.",
            place,
        )


def _printed_number(constant: Constant) -> str:
    value = cast("Fraction", constant.value)
    return str(value.numerator) if value.denominator == 1 else f"{float(value):g}"


def _unit_words(unit: str) -> str:
    return printed(unit) if unit else "a plain number"
