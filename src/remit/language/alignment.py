"""Bringing numbers to one unit, exactly, and keeping them within 64 bits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import cast

from remit.language.constants import exact, is_constant, is_decimal, limit_of, number, printed_number, scale_of
from remit.language.errors import LanguageError
from remit.language.percent import check_percent
from remit.language.query import Arithmetic, Constant, Query, plain
from remit.language.scope import Scope
from remit.language.syntax import Node
from remit.language.types import LARGEST_INTEGER, Number, Span
from remit.language.units import in_words


def align(left: Query, right: Query, scope: Scope, node: Node) -> tuple[Query, Query]:
    """Bring two numbers to one unit, by converting the one that is a constant, or else the right one; the left one,
    where only its factor has finite decimals."""
    check_percent((left, right), node)
    wanted, kind = cast("Number", left.type), cast("Number", right.type)
    if is_constant(right) or not (is_constant(left) or _only_leftwards(kind, wanted, scope)):
        return left, to_unit(right, wanted, scope, node)
    return to_unit(left, kind, scope, node), right


def _only_leftwards(kind: Number, wanted: Number, scope: Scope) -> bool:
    """A factor as of creatinine: 1 mg/dL is 88.4 µmol/L, but 1 µmol/L is 1/88.4 mg/dL."""
    there = scope.factor(kind.unit, wanted.unit, wanted.test)
    back = scope.factor(wanted.unit, kind.unit, kind.test)
    return there is not None and back is not None and not is_decimal(there) and is_decimal(back)


def in_one_unit(operands: Sequence[Query], scope: Scope, node: Node) -> tuple[tuple[Query, ...], Number]:
    """Several numbers in the unit of the first that is not a constant and that all can be brought to exactly, and the
    type that holds each of them."""
    check_percent(operands, node)
    units = [cast("Number", each.type) for each in operands if not is_constant(each)] or [
        cast("Number", operands[0].type)
    ]
    wanted = next((unit for unit in units if _all_exactly(operands, unit, scope)), units[0])
    aligned = tuple(exact(to_unit(each, wanted, scope, node), node) for each in operands)
    kinds = [cast("Number", each.type) for each in aligned]
    decimals = max(kind.decimals for kind in kinds)
    limit = max(kind.limit * 10 ** (decimals - kind.decimals) for kind in kinds)
    within(limit, node)
    censored = any(kind.censored for kind in kinds)
    return aligned, replace(wanted, decimals=decimals, limit=limit, censored=censored)


def _all_exactly(operands: Sequence[Query], wanted: Number, scope: Scope) -> bool:
    units = [cast("Number", each.type).unit for each in operands]
    factors = [scope.factor(unit, wanted.unit, wanted.test) for unit in units if unit]
    return all(factor is not None and is_decimal(factor) for factor in factors)


def to_unit(query: Query, wanted: Number, scope: Scope, node: Node) -> Query:
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


def bounded(node: Node, left: Query, right: Query) -> None:
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
