"""What a cell of a table is to a program: one number, or a text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from remit.report.document import Cell, Number, plain
from remit.report.numbers import MINUS
from remit.study.style import Style

_NUMBER = re.compile(r"-?(\d+(\.\d+)?|\.\d+)")
_COUNT = re.compile(r"0|[1-9]\d*")  # of rows and cells of charts, which is no result
_PERCENT = re.compile(r"\s?%")
_COMMANDS = "=+-@\t\r\n＝＋－＠"  # what a spreadsheet may take for the beginning of a formula (OWASP, CSV injection)


@dataclass(frozen=True)
class Value:
    """`number`: as it is printed, with a point; None where the cell holds anything else. `unit`: what stands behind."""

    text: str
    number: str | None = None
    unit: str = ""

    @property
    def decimals(self) -> int:
        return len((self.number or "").partition(".")[2])


def value_of(cell: Cell, style: Style) -> Value:
    """style: how the report prints numbers, which tells 1,234 from 1,234."""
    lines = [plain(line) for line in cell.lines if plain(line)]
    text = "\n".join(lines)
    if len(lines) != 1:
        return Value(text)
    (said,) = [line for line in cell.lines if plain(line)]
    numbers = [part for part in said if isinstance(part, Number)]
    unit = "".join(part for part in said if isinstance(part, str))
    if not numbers and not cell.wraps and _COUNT.fullmatch(whole := unit.replace(style.thousands, "")):
        return Value(text, whole)
    if len(numbers) != 1 or (unit and not _PERCENT.fullmatch(unit)):
        return Value(text)
    printed = numbers[0].text.replace(style.thousands, "").replace(style.decimal, ".").replace(MINUS, "-")
    return Value(text, printed, unit) if _NUMBER.fullmatch(printed) else Value(text)


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] and text[0] in _COMMANDS else text
