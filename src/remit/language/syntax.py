"""The syntax tree: what was written, with the place of each word. It knows no fields, types or units."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True)
class Place:
    """Characters start (included) to end (excluded) of the expression."""

    start: int
    end: int

    def to(self, other: Place) -> Place:
        return Place(self.start, other.end)


@dataclass(frozen=True)
class Quantity:
    """A number with the unit written behind it, or None."""

    value: Decimal
    unit: str | None
    place: Place = field(compare=False)


@dataclass(frozen=True)
class Truth:
    value: bool
    place: Place = field(compare=False)


@dataclass(frozen=True)
class String:
    value: str
    place: Place = field(compare=False)


@dataclass(frozen=True)
class DateLiteral:
    year: int
    month: int
    day: int
    place: Place = field(compare=False)


@dataclass(frozen=True)
class Name:
    """`smoker`, or qualified, `visits.steroids`."""

    parts: tuple[str, ...]
    place: Place = field(compare=False)

    @property
    def text(self) -> str:
        return ".".join(self.parts)


@dataclass(frozen=True)
class At:
    """`score@baseline`."""

    inner: Node
    visit: str
    place: Place = field(compare=False)


@dataclass(frozen=True)
class Call:
    """`any(adverse_events, where serious)`."""

    function: str
    arguments: tuple[Node, ...]
    named: tuple[tuple[str, Node], ...]
    place: Place = field(compare=False)


@dataclass(frozen=True)
class Unary:
    operator: str  # "not" or "-"
    operand: Node
    place: Place = field(compare=False)


@dataclass(frozen=True)
class Binary:
    operator: str  # and or + - * / < <= > >= == !=
    left: Node
    right: Node
    place: Place = field(compare=False)


@dataclass(frozen=True)
class Membership:
    """`outcome in ("primary failure", "loss of response")`, or, with the name of a list, `drug in anti_tnf`."""

    operand: Node
    options: tuple[Node, ...] | Name
    negated: bool
    place: Place = field(compare=False)


Node = Quantity | Truth | String | DateLiteral | Name | At | Call | Unary | Binary | Membership


def names(node: Node) -> Iterator[str]:
    """The names in an expression, from left to right."""
    match node:
        case Name():
            yield node.text
        case At(inner=inner) | Unary(operand=inner):
            yield from names(inner)
        case Binary(left=left, right=right):
            yield from names(left)
            yield from names(right)
        case Membership(operand=operand, options=options):
            yield from names(operand)
            for option in options if isinstance(options, tuple) else ():
                yield from names(option)
        case Call(arguments=arguments, named=named):
            for argument in (*arguments, *(value for _, value in named)):
                yield from names(argument)
