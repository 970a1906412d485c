"""What two values may do with each other: comparing and calculating, with units aligned and sizes bounded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Literal, cast

from remit.language.constants import exact, is_constant, limit_of, number, printed_number, scale_of
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
from remit.language.syntax import Binary, Membership, Node
from remit.language.types import (
    DAYS,
    LARGEST_DAY,
    LARGEST_INTEGER,
    Date,
    Level,
    Number,
    Ratio,
    Span,
    Text,
    YesNo,
    name_of,
)
from remit.language.units import in_words

_FLIPPED: dict[str, Operator] = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
_OPERATIONS: dict[str, Callable[[int, int], bool]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


# Comparing


def compare(operator: str, left: Query, right: Query, scope: Scope, node: Binary) -> Query:
    """A comparison, or a message why these two cannot be compared."""
    if is_constant(left) and not is_constant(right):
        return compare(_FLIPPED[operator], right, left, scope, node)
    sign = cast("Operator", operator)
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
            return _compare_ratio(_FLIPPED[operator], right, left, scope, node)
        case Number(), Number():
            left, right = align(left, right, scope, node)
            _bounded(node, left, right)
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
            case Ratio():
                return "A quotient is compared with a number: a / b >= 50 %."
    return "Compare like with like."


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


def one_of(operand: Query, options: Sequence[Query], node: Membership | Binary) -> Query:
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
    right = _to_unit(right, wanted, scope, node)
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
            ratio = cast("Divide", plain(left))
            top = _calculate("*", ratio.top, right, scope, node)
            return Divide(top, ratio.bottom, replace(ratio.type, top=cast("Number", top.type)))
        case "*", Number(unit=""), Ratio():
            return arithmetic("*", right, left, scope, node)
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
                return "A quotient can be compared with a number, or multiplied with a plain one."
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
    if one.unit != two.unit and one.unit and two.unit and scope.factor(two.unit, one.unit, one.test):
        left, right = align(left, right, scope, node)
        one, two = cast("Number", left.type), cast("Number", right.type)
    unit = one.unit if not two.unit else "" if one.unit == two.unit else f"{one.unit or '1'} per {two.unit}"
    if isinstance(left, Constant) and isinstance(right, Constant):
        return number(cast("Fraction", left.value) / cast("Fraction", right.value), unit)
    left, right = exact(left, node), exact(right, node)
    _bounded(node, left, right)
    return Divide(left, right, Ratio(unit, cast("Number", left.type), cast("Number", right.type)))


def negative(query: Query, scope: Scope, node: Node) -> Query:
    """`-x`."""
    if isinstance(query, Constant) and isinstance(query.type, Number):
        return number(-cast("Fraction", query.value), query.type.unit)
    if not isinstance(query.type, Number | Span):
        raise LanguageError(f"{name_of(query.type)} has no negative", "Only numbers have one.", node.place)
    query = in_days(query)
    return _calculate("-", number(Fraction(0), cast("Number", query.type).unit), query, scope, node)


# Units


def align(left: Query, right: Query, scope: Scope, node: Node) -> tuple[Query, Query]:
    """Bring two numbers to one unit, by converting the one that is a constant (or else the right one)."""
    if is_constant(left) and not is_constant(right):
        return _to_unit(left, cast("Number", right.type), scope, node), right
    return left, _to_unit(right, cast("Number", left.type), scope, node)


def in_one_unit(operands: Sequence[Query], scope: Scope, node: Node) -> tuple[tuple[Query, ...], Number]:
    """Several numbers in the unit of the first that is not a constant, and the type that holds each of them."""
    wanted = cast("Number", next((each for each in operands if not is_constant(each)), operands[0]).type)
    aligned = tuple(exact(_to_unit(each, wanted, scope, node), node) for each in operands)
    kinds = [cast("Number", each.type) for each in aligned]
    decimals = max(kind.decimals for kind in kinds)
    limit = max(kind.limit * 10 ** (decimals - kind.decimals) for kind in kinds)
    within(limit, node)
    censored = any(kind.censored for kind in kinds)
    return aligned, replace(wanted, decimals=decimals, limit=limit, censored=censored)


def _to_unit(query: Query, wanted: Number, scope: Scope, node: Node) -> Query:
    kind = cast("Number", query.type)
    constant = plain(query)
    if isinstance(constant, Constant) and not kind.unit:
        if wanted.several_units and wanted.unit and constant.value != 0:
            raise LanguageError(
                f"the charts write {wanted.test or 'this'} in more than one unit, and this number has none",
                f"Write the unit behind it: {printed_number(constant)} {wanted.unit}.",
                node.place,
            )
        return number(cast("Fraction", constant.value), wanted.unit)
    if kind.unit == wanted.unit:
        return query
    factor = scope.factor(kind.unit, wanted.unit, wanted.test)
    if factor is None:
        raise _not_the_same(query, wanted.unit, node)
    if isinstance(constant, Constant):
        return number(cast("Fraction", constant.value) * factor, wanted.unit)
    scaled = cast("Constant", exact(number(factor, ""), node))
    times = cast("Number", scaled.type)
    limit = kind.limit * times.limit
    within(limit, node)
    kind = replace(kind, unit=wanted.unit, decimals=kind.decimals + times.decimals, limit=limit)
    return Arithmetic("*", query, scaled, kind)


def _not_the_same(query: Query, wanted: str, node: Node) -> LanguageError:
    unit = cast("Number", query.type).unit
    what = f"{in_words(unit)} and {in_words(wanted)} do not measure the same"
    remedy = f"Write a unit that can be converted to {in_words(wanted)}."
    if not unit or not wanted:
        what = f"one side is in {in_words(unit or wanted)}, the other is a number without a unit"
        remedy = "Compare and add only what is measured alike."
        if is_constant(query):
            remedy = "Leave the unit out."
    if "mo" in (unit, wanted):
        remedy = "Months and years are compared only with the time between two dates: a - b >= 18 years."
    return LanguageError(what, remedy, node.place)


def needs_unit(operands: Sequence[Query], node: Node) -> None:
    """A time between two dates has no unit of its own that a bare number beside it could take: 18 what?"""
    if not any(isinstance(each.type, Span) for each in operands):
        return
    for each in operands:
        constant = plain(each)
        if isinstance(constant, Constant) and constant.value != 0 and cast("Number", each.type).unit == "":
            shown = printed_number(constant)
            raise LanguageError(
                f"{shown} of what? The time between two dates has no unit of its own",
                f"Write {shown} days, {shown} months or {shown} years.",
                node.place,
            )


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


# Sizes


def _bounded(node: Node, left: Query, right: Query) -> None:
    """Both sides are brought to one scale: neither may grow out of 64 bits."""
    within(limit_of(left) * scale_of(right), node)
    within(limit_of(right) * scale_of(left), node)


def within(limit: int, node: Node) -> None:
    if limit >= LARGEST_INTEGER:
        raise LanguageError(
            "this could grow too large to be calculated exactly",
            "Give its fields a range in the study file, or fewer decimals.",
            node.place,
        )
