"""Text → syntax tree."""

from __future__ import annotations

import datetime
import re
from collections.abc import Collection
from decimal import Decimal
from functools import cache, lru_cache
from importlib import resources
from typing import Any, cast

import lark
from lark import Lark, Token, Transformer, Tree, v_args

from remit.language.errors import LanguageError
from remit.language.limits import DEEPEST, too_deep
from remit.language.syntax import (
    At,
    Binary,
    Call,
    DateLiteral,
    Membership,
    Name,
    Node,
    Place,
    Quantity,
    String,
    Truth,
    Unary,
)

_QUANTITY = re.compile(r"(\d+(?:\.\d+)?)\s*(.*)", re.DOTALL)


@lru_cache(maxsize=10_000)
def parse(text: str) -> Node:
    """Read an expression. Raises LanguageError with the place of the first word that does not fit."""
    try:
        tree = _parser().parse(text)
        if _depth(tree) > DEEPEST:
            raise too_deep(Place(0, len(text)))
        return cast("Node", _Builder().transform(tree))
    except lark.exceptions.VisitError as error:
        raise error.orig_exc from None
    except lark.exceptions.UnexpectedInput as error:
        raise _explained(error, text) from None


@cache
def _parser() -> Lark:
    grammar = resources.files("remit.language").joinpath("grammar.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", propagate_positions=True, maybe_placeholders=False)


def _depth(tree: Any) -> int:
    """How deep the syntax tree will be, without recursion; a chain of n parts is n deep."""
    deepest, waiting = 0, [(tree, 1)]
    while waiting:
        node, depth = waiting.pop()
        if isinstance(node, Tree):
            below = depth + len(node.children)
            deepest = max(deepest, below)
            waiting += [(child, below) for child in node.children]
    return deepest


def _place(meta: Any) -> Place:
    return Place(meta.start_pos, meta.end_pos)


@v_args(meta=True)
class _Builder(Transformer[Token, Any]):
    """One method a rule of the grammar."""

    def disjunction(self, meta: Any, parts: list[Node]) -> Node:
        return _chain("or", parts)

    def conjunction(self, meta: Any, parts: list[Node]) -> Node:
        return _chain("and", parts)

    def negated(self, meta: Any, parts: list[Node]) -> Node:
        return Unary("not", parts[0], _place(meta))

    def minus(self, meta: Any, parts: list[Node]) -> Node:
        return Unary("-", parts[0], _place(meta))

    def compared(self, meta: Any, parts: list[Any]) -> Node:
        """`5 <= x <= 7` is `5 <= x and x <= 7`."""
        pairs = [
            Binary(str(parts[i + 1]), parts[i], parts[i + 2], parts[i].place.to(parts[i + 2].place))
            for i in range(0, len(parts) - 2, 2)
        ]
        return _chain("and", list(pairs))

    def member(self, meta: Any, parts: list[Node]) -> Node:
        return Membership(parts[0], tuple(parts[1:]), False, _place(meta))

    def not_member(self, meta: Any, parts: list[Node]) -> Node:
        return Membership(parts[0], tuple(parts[1:]), True, _place(meta))

    def listed(self, meta: Any, parts: list[Any]) -> Node:
        return Membership(parts[0], _list_name(parts[1]), False, _place(meta))

    def not_listed(self, meta: Any, parts: list[Any]) -> Node:
        return Membership(parts[0], _list_name(parts[1]), True, _place(meta))

    def sum(self, meta: Any, parts: list[Any]) -> Node:
        return _left_to_right(parts)

    def product(self, meta: Any, parts: list[Any]) -> Node:
        return _left_to_right(parts)

    def at(self, meta: Any, parts: list[Any]) -> Node:
        return At(parts[0], str(parts[1]), _place(meta))

    def quantity(self, meta: Any, parts: list[Token]) -> Node:
        match = cast("re.Match[str]", _QUANTITY.fullmatch(parts[0]))
        return Quantity(Decimal(match[1]), match[2] or None, _place(meta))

    def date(self, meta: Any, parts: list[Token]) -> Node:
        place = _place(meta)
        try:
            day = datetime.date.fromisoformat(parts[0])
        except ValueError:
            raise LanguageError(f"{parts[0]} is not a day of the calendar", "Write year-month-day.", place) from None
        return DateLiteral(day.year, day.month, day.day, place)

    def string(self, meta: Any, parts: list[Token]) -> Node:
        return String(parts[0][1:-1], _place(meta))

    def yes(self, meta: Any, parts: list[Token]) -> Node:
        return Truth(True, _place(meta))

    def no(self, meta: Any, parts: list[Token]) -> Node:
        return Truth(False, _place(meta))

    def name(self, meta: Any, parts: list[Token]) -> Node:
        return Name(tuple(str(part) for part in parts), _place(meta))

    def call(self, meta: Any, parts: list[Any]) -> Node:
        arguments = [value for key, value in parts[1:] if key is None]
        named = [(key, value) for key, value in parts[1:] if key is not None]
        return Call(str(parts[0]), tuple(arguments), tuple(named), _place(meta))

    def positional(self, meta: Any, parts: list[Node]) -> tuple[None, Node]:
        return None, parts[0]

    def keyword(self, meta: Any, parts: list[Any]) -> tuple[str, Node]:
        return str(parts[0]), parts[1]

    def grouped(self, meta: Any, parts: list[Node]) -> Node:
        return parts[0]


def _list_name(token: Token) -> Name:
    return Name((str(token),), Place(token.start_pos or 0, token.end_pos or 0))


def _chain(operator: str, parts: list[Node]) -> Node:
    tree = parts[0]
    for part in parts[1:]:
        tree = Binary(operator, tree, part, tree.place.to(part.place))
    return tree


def _left_to_right(parts: list[Any]) -> Node:
    tree = cast("Node", parts[0])
    for operator, operand in zip(parts[1::2], parts[2::2], strict=True):
        tree = Binary(str(operator), tree, operand, tree.place.to(operand.place))
    return tree


def _explained(error: lark.exceptions.UnexpectedInput, text: str) -> LanguageError:
    if isinstance(error, lark.exceptions.UnexpectedToken):
        expected, start, word = error.expected, error.token.start_pos or 0, str(error.token)
        if error.token.type == "$END":
            what = "the expression ends too early" if text.strip() else "the expression is empty"
            return LanguageError(what, _remedy(text, len(text), expected), Place(len(text), len(text)))
    else:
        start = error.pos_in_stream or 0
        expected, word = getattr(error, "allowed", None) or set(), text[start]
    return LanguageError(f"'{word}' does not fit here", _remedy(text, start, expected), Place(start, start + len(word)))


_HINTS = (
    (re.compile(r"(?<![<>=!])=(?!=)"), "Equality is written with two signs: =="),
    (re.compile(r"\d,\d"), "Decimals are written with a point: 0.5"),
    (re.compile(r"\b(where|that):"), "`where` and `that` stand without a colon: any(form, where condition)."),
    (re.compile(r"\b(where|that)\b"), "`where` and `that` stand behind a comma: any(form, where condition)."),
    (re.compile(r"[≤≥≠]|=<|=>|<>"), "Write <=, >= or !="),
    (re.compile(r"&+|\|+|!(?!=)"), "Write the words and, or, not."),
    (re.compile(r"[“”„«»‘’]"), 'Texts stand between straight quotation marks: "…"'),
    (re.compile(r"\b(AND|OR|NOT|IN)\b"), "Write and, or, not, in with small letters."),
    (re.compile(r"[−–]"), "Write the minus of the keyboard: -"),
    (re.compile(r"[×·]"), "Write * for times."),
    (re.compile(r"\bis\b"), "Compare with ==, or ask known(…)."),
    (re.compile(r"[\"']"), "A text begins and ends with the same quotation mark, on one line."),
)


def _remedy(text: str, position: int, expected: Collection[str]) -> str:
    """What would do: a known slip at this place, a bracket that is missing, or what may stand here."""
    for pattern, remedy in _HINTS:
        if any(match.start() <= position < match.end() for match in pattern.finditer(text)):
            return remedy
    if text.count("(") > text.count(")"):
        return "Each ( needs its ). In a YAML flow mapping {…} a comma cuts an expression: write it in block style."
    if text.count("(") < text.count(")"):
        return "There is a ) without its (."
    if "NAME" in expected and "RPAR" not in expected and "COMPARATOR" not in expected:
        return "Here a value is missing: a field, a number with its unit, a text between quotation marks."
    return "After a value there may be a comparison (<=, ==, in), a calculation (+, -, *, /), and, or, or the end."
