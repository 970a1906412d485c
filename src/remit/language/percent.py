"""A percentage is of something: beside a number without a unit that is no quotient, it would be read as a hundredth."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import cast

from remit.language.constants import is_constant, printed_number
from remit.language.errors import LanguageError
from remit.language.query import Arithmetic, Constant, Per, Query, Rounded, plain
from remit.language.syntax import At, Binary, Call, Name, Node, Quantity
from remit.language.types import Number, Ratio

PERCENT = "%"


def check_percent(operands: Sequence[Query], node: Node) -> None:
    """Raises LanguageError where a percentage that is written out stands beside a number that it cannot be of."""
    written = next((each for each in operands if is_constant(each) and _unit(each) == PERCENT), None)
    others = [each for each in operands if not is_constant(each) and _unit(each) == ""]
    if written is None or all(_is_quotient(each) for each in others):
        return
    value = printed_number(cast("Constant", plain(written)))
    what = f"{value} % of what? Beside it stands a number without a unit, which is no quotient"
    example = next(_as_quotient(node), f"a / b >= {value} %")
    remedy = f"Divide by what it is a percentage of, as in {example}; of a fraction of 1 write it without %."
    raise LanguageError(what, remedy, node.place)


def _unit(query: Query) -> str | None:
    return query.type.unit if isinstance(query.type, Number) else None


def _is_quotient(query: Query) -> bool:
    """A quotient that became a number: rounded, or divided by a number where it is compared. A score may be a mean, so
    what a definition divides by a number is none."""
    if isinstance(query, Per):
        return True
    match plain(query):
        case Rounded(operand=operand):
            return isinstance(operand.type, Ratio) or _is_quotient(operand)
        case Arithmetic(left=left, right=right):
            return all(is_constant(side) or _is_quotient(side) for side in (left, right))
    return False


def _as_quotient(node: Node) -> Iterator[str]:
    """`fall(x) >= 50 %` as it must be written."""
    match node:
        case Binary(operator=operator, left=Call() as call, right=Quantity() as share):
            yield from (f"{quotient} {operator} {share.value} %" for quotient in _of_baseline(call))
        case Binary(operator=operator, left=Quantity() as share, right=Call() as call):
            yield from (f"{share.value} % {operator} {quotient}" for quotient in _of_baseline(call))


def _of_baseline(call: Call) -> Iterator[str]:
    match call:
        case Call(function="fall" | "change" as function, arguments=(Name() | At(inner=Name()) as operand,)):
            name = operand if isinstance(operand, Name) else cast("Name", operand.inner)
            yield f"{function}({name.text}) / before({name.text})"
