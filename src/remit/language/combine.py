"""What two values may do with each other: comparing and calculating, with units aligned and sizes bounded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Literal, cast

from remit.language.alignment import align, bounded, needs_unit, to_unit, within
from remit.language.constants import exact, is_constant, is_decimal, limit_of, number, scale_of
from remit.language.errors import LanguageError, nearest
from remit.language.query import (
    FLIPPED,
    Arithmetic,
    Between,
    Compare,
    Constant,
    Divide,
    InDays,
    Not,
    OneOf,
    Operator,
    Per,
    Query,
    Same,
    Shift,
    plain,
)
from remit.language.scope import Scope
from remit.language.syntax import Binary, Node
from remit.language.types import (
    DAYS,
    LARGEST_DAY,
    Date,
    Level,
    Number,
    Ratio,
    Span,
    Text,
    YesNo,
    name_of,
)

_OPERATIONS: dict[str, Callable[[int, int], bool]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


# Comparing


def compare(operator: str, left: Query, right: Query, scope: Scope, node: Binary) -> Query:
    """A comparison, or a message why these two cannot be compared."""
    sign = cast("Operator", operator)
    if is_constant(left) and not is_constant(right):
        return compare(FLIPPED[sign], right, left, scope, node)
    match left.type, right.type:
        case YesNo(), YesNo():
            return _compare_truths(operator, left, right, node)
        case Level() | Text(), Level() | Text():
            return _compare_levels(operator, left, right, node)
        case Date(), Date():
            return Compare(sign, left, right)
        case Span(), Number(unit="mo"):
            _whole_months(right, node)
            return Compare(sign, left, right)
        case (Span(), Number() | Span()) | (Number(), Span()):
            needs_unit([left, right], node)
            return compare(operator, in_days(left), in_days(right), scope, node)
        case Ratio(), Number():
            return _compare_ratio(sign, left, right, scope, node)
        case Number(), Ratio():
            return _compare_ratio(FLIPPED[sign], right, left, scope, node)
        case Number(), Number():
            left, right = align(left, right, scope, node)
            bounded(node, left, right)
            return Compare(sign, left, right)
    raise LanguageError(
        f"{name_of(left.type)} cannot be compared with {name_of(right.type)}", _compare_remedy(left, right), node.place
    )


def _compare_remedy(left: Query, right: Query) -> str:
    for side in (left, right):
        match side.type:
            case Level(levels=levels):
                return f"Compare it with == and one of: {', '.join(f'{chr(34)}{level}{chr(34)}' for level in levels)}."
            case Text():
                return 'Texts are compared with == or in (…), as in drug == "prednisone".'
            case YesNo():
                return "What is yes or no stands by itself: smoker, not smoker."
            case Date():
                return (
                    "Compare a date with a date, written 2024-06-30, or the time between two with days: "
                    "visit_date - index_date > 30 days."
                )
    return "A quotient is compared with a number: a / b >= 50 %."


def _compare_truths(operator: str, left: Query, right: Query, node: Binary) -> Query:
    constant = plain(right)
    if operator not in ("==", "!="):
        raise LanguageError("yes and no have no order", "What is yes or no stands by itself: smoker.", node.place)
    if not isinstance(constant, Constant):
        raise LanguageError(
            "two yes/no values are not compared with each other",
            "Write (a and b) or (not a and not b).",
            node.place,
        )
    return left if constant.value == (operator == "==") else Not(left)


def _compare_levels(operator: str, left: Query, right: Query, node: Binary) -> Query:
    if operator not in ("==", "!="):
        return _compare_order(operator, left, right, node)
    if is_constant(right):
        query: Query = one_of(left, [right], node)
    else:
        if isinstance(left.type, Level) and isinstance(right.type, Level):
            _share_levels(left.type, right.type, node)
        query = Same(left, right)
    return query if operator == "==" else Not(query)


def _share_levels(left: Level, right: Level, node: Binary) -> None:
    if not set(left.levels) & set(right.levels):
        raise LanguageError(
            f"{name_of(left)} and {name_of(right)} have no level in common",
            "Compare levels of one list.",
            node.place,
        )


def _compare_order(operator: str, left: Query, right: Query, node: Binary) -> Query:
    """Ordered levels: `band(score) < "severe"` is "one of those below"."""
    constant = plain(right)
    if not isinstance(left.type, Level) or not left.type.ordered:
        what = "texts have no order" if isinstance(left.type, Text) else "these levels have no order"
        raise LanguageError(what, "Compare them with == or in (…).", node.place)
    if not isinstance(constant, Constant):
        raise LanguageError(
            "by order a level is compared only with one that is written out",
            f'As in … {operator} "{left.type.levels[-1]}".',
            node.place,
        )
    one_of(left, [right], node)
    at = left.type.levels.index(str(constant.value))
    options = tuple(level for i, level in enumerate(left.type.levels) if _OPERATIONS[operator](i, at))
    if not options:
        end = "below" if operator == "<" else "above"
        raise LanguageError(
            f'no level lies {end} "{constant.value}"',
            f"The order is: {', '.join(left.type.levels)}.",
            node.place,
        )
    return OneOf(left, options)


def one_of(operand: Query, options: Sequence[Query], node: Node) -> Query:
    """`operand in (options)`, for levels and texts."""
    if not isinstance(operand.type, Level | Text):
        raise LanguageError(
            f"`in` asks whether a level or text is one of several, and this is {name_of(operand.type)}",
            "Numbers and dates are compared with <, >= and the like, or 5 <= x <= 7.",
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


def _compare_ratio(operator: Operator, left: Query, right: Query, scope: Scope, node: Binary) -> Query:
    ratio = cast("Ratio", left.type)
    top, bottom = ratio.top, ratio.bottom
    several = bool(ratio.unit) and (top.several_units or bottom.several_units)
    wanted = Number(ratio.unit, test="" if bottom.unit else top.test, several_units=several)
    right = to_unit(right, wanted, scope, node)
    within(top.limit * scale_of(right) * 10**bottom.decimals, node)
    within(bottom.limit * limit_of(right) * 10**top.decimals, node)
    return Compare(operator, left, right)


# Calculating


def arithmetic(operator: str, left: Query, right: Query, scope: Scope, node: Node) -> Query:
    """A sum, difference, product or quotient, or a message why there is none."""
    match operator, left.type, right.type:
        case "-", Date(), Date():
            return between(right, left)
        case "+" | "-", Date(), Number(unit="d") | Span():
            return _shift(left, in_days(right if operator == "+" else negative(right, scope, node)), node)
        case "+", Number() | Span(), Date():
            return arithmetic("+", right, left, scope, node)
        case "+" | "-", Date(), Number():
            raise LanguageError(
                f"a date cannot be moved by {name_of(right.type)}",
                "Move it by days or weeks: visit_date + 30 days. For months and years compare the time between: "
                "a - b >= 3 months.",
                node.place,
            )
        case _, (Number() | Span()), (Number() | Span()):
            if operator in ("+", "-"):
                needs_unit([left, right], node)
            return _calculate(operator, in_days(left), in_days(right), scope, node)
        case "*", Ratio(), Number(unit=""):
            return _times_ratio(left, right, scope, node)
        case "*", Number(unit=""), Ratio():
            return arithmetic("*", right, left, scope, node)
        case "+" | "-", Ratio(), Number():
            return _ratio_and_number(operator, left, right, left.type, scope, node)
        case "+" | "-", Number(), Ratio():
            return _ratio_and_number(operator, left, right, right.type, scope, node)
    raise LanguageError(
        f"{name_of(left.type)} {operator} {name_of(right.type)} has no meaning",
        _arithmetic_remedy(left, right),
        node.place,
    )


def _arithmetic_remedy(left: Query, right: Query) -> str:
    for side in (left, right):
        match side.type:
            case YesNo():
                return "Yes/no values are counted: how_many(a, b, c) >= 2."
            case Ratio():
                return "A quotient is compared with a number, or calculated with one; of two take round(a / b, 6)."
    return "Only numbers, and dates with days, are calculated with."


def _shift(date: Query, days: Query, node: Node) -> Shift:
    kind = cast("Number", days.type)
    if kind.decimals:
        raise LanguageError("a date is moved by whole days only", "Write a whole number of days.", node.place)
    within(kind.limit * LARGEST_DAY, node)
    return Shift(date, days, Date(cast("Date", date.type).censored or kind.censored))


def _calculate(operator: str, left: Query, right: Query, scope: Scope, node: Node) -> Query:
    if operator == "/":
        return _divide(left, right, scope, node)
    if operator in ("+", "-"):
        left, right = align(left, right, scope, node)
    left, right = exact(left, node), exact(right, node)
    if isinstance(left, Constant) and isinstance(right, Constant):
        return _folded(operator, left, right)
    one, two = cast("Number", left.type), cast("Number", right.type)
    several = one.several_units or two.several_units
    if operator == "*":
        unit = "*".join(sorted((one.unit, two.unit))) if one.unit and two.unit else one.unit or two.unit
        test = (one.test or two.test) if not (one.unit and two.unit) else ""
        censored = (one.censored and _scales(right)) or (two.censored and _scales(left))
        kind = Number(unit, one.decimals + two.decimals, one.limit * two.limit, censored, test, several)
    else:
        decimals = max(one.decimals, two.decimals)
        limit = one.limit * 10 ** (decimals - one.decimals) + two.limit * 10 ** (decimals - two.decimals)
        kind = Number(one.unit, decimals, limit, one.censored or two.censored, one.test or two.test, several)
    within(kind.limit, node)
    return Arithmetic(cast("Literal['+', '-', '*']", operator), left, right, kind)


def _times_ratio(left: Query, right: Query, scope: Scope, node: Node) -> Query:
    ratio, kind = plain(left), cast("Ratio", left.type)
    if isinstance(ratio, Divide):
        top = _calculate("*", ratio.top, right, scope, node)
        return Divide(top, ratio.bottom, replace(kind, top=cast("Number", top.type)))
    factor = cast("Number", exact(right, node).type)
    held = Number(kind.top.unit, kind.top.decimals + factor.decimals, kind.top.limit * factor.limit)
    within(held.limit, node)
    return Arithmetic("*", left, right, replace(kind, top=held))


def _ratio_and_number(operator: str, left: Query, right: Query, ratio: Ratio, scope: Scope, node: Node) -> Query:
    """n + a/b, the quotient (n·b + a)/b."""
    wanted = Number(ratio.unit, test="" if ratio.bottom.unit else ratio.top.test)
    left, right = (
        side if isinstance(side.type, Ratio) else exact(to_unit(side, wanted, scope, node), node)
        for side in (left, right)
    )
    number = cast("Number", left.type if isinstance(right.type, Ratio) else right.type)
    decimals = max(ratio.top.decimals, ratio.bottom.decimals + number.decimals)
    limit = ratio.top.limit * 10 ** (decimals - ratio.top.decimals)
    limit += number.limit * ratio.bottom.limit * 10 ** (decimals - ratio.bottom.decimals - number.decimals)
    within(limit, node)
    kind = replace(ratio, top=Number(ratio.top.unit, decimals, limit))
    return Arithmetic(cast("Literal['+', '-']", operator), left, right, kind)


def _scales(query: Query) -> bool:
    """A constant but zero: times it, an interval is an interval."""
    constant = plain(query)
    return isinstance(constant, Constant) and constant.value != 0


def _folded(operator: str, left: Constant, right: Constant) -> Constant:
    """Of two numbers that are written out: one."""
    one, two = cast("Fraction", left.value), cast("Fraction", right.value)
    value = {"+": one + two, "-": one - two, "*": one * two}[operator]
    units = (cast("Number", left.type).unit, cast("Number", right.type).unit)
    return number(value, units[0] or units[1] if operator == "*" else units[0])


def _divide(left: Query, right: Query, scope: Scope, node: Node) -> Query:
    one, two = cast("Number", left.type), cast("Number", right.type)
    constant = plain(right)
    if isinstance(constant, Constant) and constant.value == 0:
        raise LanguageError("this divides by zero", "Divide by something else.", node.place)
    if one.unit != two.unit and one.unit and two.unit and (factor := scope.factor(one.unit, two.unit, one.test)):
        if isinstance(constant, Constant) and is_decimal(factor):
            left = to_unit(left, replace(two, test=one.test), scope, node)
        else:
            left, right = align(left, right, scope, node)
        one, two = cast("Number", left.type), cast("Number", right.type)
    unit = one.unit if not two.unit else "" if one.unit == two.unit else f"{one.unit or '1'} per {two.unit}"
    if isinstance(left, Constant) and isinstance(right, Constant):
        return number(cast("Fraction", left.value) / cast("Fraction", right.value), unit)
    if isinstance(constant, Constant) and unit in ("", one.unit) and (per := _per(left, right, scope, node)):
        return per
    left, right = exact(left, node), exact(right, node)
    bounded(node, left, right)
    return Divide(left, right, Ratio(unit, cast("Number", left.type), cast("Number", right.type)))


def _per(left: Query, right: Query, scope: Scope, node: Node) -> Per | None:
    """Divided by a number that is written out: a number again, where the reciprocal has finite decimals."""
    kind, amount = cast("Number", left.type), cast("Constant", plain(right))
    reciprocal = 1 / cast("Fraction", amount.value)
    if not is_decimal(reciprocal):
        return None
    times = cast("Number", number(reciprocal, "").type)
    limit = kind.limit * times.limit
    within(limit, node)
    left = exact(left, node)
    held = replace(kind, decimals=kind.decimals + times.decimals, limit=limit)
    if cast("Number", amount.type).unit:
        held = replace(held, unit="", test="", several_units=False)
    return Per(left, amount, held)


def negative(query: Query, scope: Scope, node: Node) -> Query:
    """`-x`."""
    if isinstance(query, Constant) and isinstance(query.type, Number):
        return number(-cast("Fraction", query.value), query.type.unit)
    if not isinstance(query.type, Number | Span):
        raise LanguageError(f"{name_of(query.type)} has no negative", "Only numbers have one.", node.place)
    query = in_days(query)
    return _calculate("-", number(Fraction(0), cast("Number", query.type).unit), query, scope, node)


def between(start: Query, end: Query) -> Between:
    censored = cast("Date", start.type).censored or cast("Date", end.type).censored
    return Between(start, end, Span(censored))


def in_days(query: Query) -> Query:
    """A span as a number of days; anything else as it is."""
    if isinstance(query.type, Span):
        return InDays(query, replace(DAYS, censored=query.type.censored))
    return query


def _whole_months(months: Query, node: Node) -> None:
    constant = plain(months)
    if not isinstance(constant, Constant) or cast("Fraction", constant.value).denominator != 1:
        raise LanguageError(
            "months and years follow the calendar, and only whole months do",
            "Write whole months (18 months for 1.5 years), or days.",
            node.place,
        )
    within(limit_of(months) * LARGEST_DAY, node)
