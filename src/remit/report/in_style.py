"""A document in the style of a journal: the same results and words, each number printed as the journal prints it.

A document is made in the plain style; here all its numbers change alike, wherever they stand. What was put in place of
a number meanwhile, as where a small count is hidden, stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar, cast

from remit.report.document import Inline, Number, Panel, Words
from remit.report.numbers import DASH, MINUS, NONE, SPACE, THIN, percentage, probability
from remit.study.style import PLAIN, Style

Part = TypeVar("Part")
_POINT = re.compile(r"(?<=\d)\.(?=\d)")
_PERCENT = f"{SPACE}%"
_SIGN = re.compile(rf"(?:(?<=\d)|^)[ {SPACE}]%")
_BETWEEN = (DASH, " to ", " a ")  # the ends of an interval, in any language
_EQUALS, _BELOW = f"p{SPACE}={SPACE}", f"p{SPACE}"


def in_style(part: Part, style: Style) -> Part:
    """A document, or any part of one."""
    return part if style == PLAIN else cast(Part, _styled(part, style))


def _styled(part: Any, style: Style) -> Any:
    if isinstance(part, tuple):
        if part and all(isinstance(each, str | Number) for each in part):
            return words_in_style(part, style)
        return tuple(_styled(each, style) for each in part)
    if isinstance(part, str):
        return _SIGN.sub(style.percent, part)
    if isinstance(part, Panel):
        return replace(part, title=_styled(part.title, style), spec=_drawn(part.spec, style))
    if is_dataclass(part) and not isinstance(part, type):
        return replace(part, **{field.name: _styled(getattr(part, field.name), style) for field in fields(part)})
    return part


def _drawn(spec: Any, style: Style, key: str = "") -> Any:
    """A drawing's specification, with its printed numbers: the texts of its data."""
    if isinstance(spec, Mapping):
        return {name: _drawn(value, style, name) for name, value in spec.items()}
    if isinstance(spec, list):
        return [_drawn(value, style, key) for value in spec]
    if isinstance(spec, str) and key.startswith("text") and spec[:1] in "<>\u2212(0123456789":
        return _SIGN.sub(style.percent, _POINT.sub(style.decimal, spec))
    return spec


def words_in_style(said: Words, style: Style) -> Words:
    found: list[Inline] = list(_without_percentages(_joined(said), style))
    for position, part in enumerate(found):
        if isinstance(part, str):
            before = found[position - 1] if position else ""
            after = found[position + 1] if position + 1 < len(found) else ""
            found[position] = _between(part, before, after, style)
    return tuple(_number(part, style) if isinstance(part, Number) else part for part in found if part != "")


def _joined(said: Words) -> Words:
    """With one text between two numbers."""
    found: list[Inline] = []
    for part in said:
        last = found[-1] if found else None
        if isinstance(part, str) and isinstance(last, str):
            found[-1] = last + part
        else:
            found.append(part)
    return tuple(found)


def _number(number: Number, style: Style) -> Number:
    return replace(number, text=_text(number, style))


def _text(number: Number, style: Style) -> str:
    match number.quantity:
        case None:
            text = _POINT.sub(style.decimal, number.text)
            return _SIGN.sub(style.percent, text.replace(THIN, style.thousands))
        case quantity if quantity.kind == "percent" and number.text == percentage(quantity.value):
            return percentage(quantity.value, style, quantity.of)
        case quantity if quantity.kind == "p" and number.text == probability(quantity.value):
            return probability(quantity.value, style)
    return number.text


def _between(text: str, before: Inline, after: Inline, style: Style) -> str:
    """The words between two numbers."""
    if isinstance(after, Number):
        if style.interval and text in _BETWEEN and isinstance(before, Number):
            word = " to " if text == DASH else text
            dash = style.interval == DASH and _stands_beside_a_dash(before) and _stands_beside_a_dash(after)
            return DASH if dash else word
        if text.endswith("CI ") and style.interval_comma:
            text = text.removesuffix(" ") + ", "
        if after.quantity and after.quantity.kind == "p" and text.endswith((_EQUALS, _BELOW)):
            sign = style.p_below if _text(after, style)[:1] in "<>" else style.p_equals
            text = text.removesuffix(_EQUALS).removesuffix(_BELOW) + style.p_letter + sign
    return _SIGN.sub(style.percent, text)


def _stands_beside_a_dash(number: Number) -> bool:
    """A dash is no minus, and no "between" of words."""
    return number.text[:1] not in (MINUS, "<", ">") and number.text[:1].isdigit()


# Percentages of a few


def _without_percentages(said: Words, style: Style) -> Words:
    """5/8 (62.5 %) is 5/8 where the denominator is below what the style asks for."""
    found = list(said)
    for position, part in enumerate(found):
        if isinstance(part, Number) and _is_of_few(part, style):
            before = found[position - 1] if position else ""
            after = found[position + 1] if position + 1 < len(found) else ""
            found[position - 1 if position else 0 : position + 2] = _without(part, before, after, bool(position))
            return _without_percentages(tuple(found), style)
    return said


def _is_of_few(number: Number, style: Style) -> bool:
    quantity = number.quantity
    is_share = quantity is not None and quantity.kind == "percent" and number.result.endswith(".percent")
    return bool(is_share and quantity and quantity.of is not None and quantity.of < style.no_percent_below)


def _without(number: Number, before: Inline, after: Inline, preceded: bool) -> list[Inline]:
    """The neighbours, without the percentage between them; where it stands alone, a dash."""
    if isinstance(before, str) and isinstance(after, str) and before.endswith("(") and after.startswith(_PERCENT):
        rest = after.removeprefix(_PERCENT)
        if rest.startswith(")"):
            return [before.removesuffix("(").removesuffix(" "), rest.removeprefix(")")]
        return [before, rest.lstrip(",; ")]
    gone = replace(number, text=NONE, quantity=None)
    after = after.removeprefix(_PERCENT) if isinstance(after, str) else after
    return [*([before] if preceded else []), gone, after]
