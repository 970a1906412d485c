"""Numbers as written: text or an Excel number → an exact value. No step is binary floating point."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import Literal

DecimalSign = Literal["point", "comma"]

LONGEST = 40  # characters; what is longer is no measurement
SIGN = re.compile(r"(<=|>=|=<|=>|[<>≤≥])\s*")


def pattern(decimal: str, thousands: str) -> re.Pattern[str]:
    """Whole groups of three between thousands marks, of one kind in a number; a space or ' groups in either habit."""
    grouped = "|".join(rf"[1-9][0-9]{{0,2}}(?:{mark}[0-9]{{3}})+" for mark in (thousands, " ", "'"))
    return re.compile(rf"[+-]?(?:(?:{grouped}|[0-9]+)(?:{decimal}[0-9]+)?|{decimal}[0-9]+)")


PATTERNS: Mapping[DecimalSign, re.Pattern[str]] = {"point": pattern(r"\.", ","), "comma": pattern(",", r"\.")}


def split(text: str) -> tuple[str, str]:
    """The sign of a censored value ("" if there is none) and the rest: "< 50" → ("<", "50")."""
    sign = SIGN.match(text)
    return (sign[1], text[sign.end() :]) if sign else ("", text)


def parse(text: str, decimal: DecimalSign) -> Decimal | None:
    """The number that a text writes under one decimal sign; None if it writes none."""
    text = text.replace("−", "-").replace("’", "'")
    if len(text) > LONGEST or not PATTERNS[decimal].fullmatch(text):
        return None
    thousands = "," if decimal == "point" else "."
    plain = text.replace(thousands, "").replace(" ", "").replace("'", "")
    return Decimal(plain.replace(",", "."))


def parse_either(text: str, decimal: DecimalSign) -> Decimal | None:
    """As `parse`, of a text with or without the sign of a censored value."""
    return parse(split(text)[1], decimal)


READINGS: Mapping[str, Callable[[str], object]] = {
    "point": partial(parse_either, decimal="point"),
    "comma": partial(parse_either, decimal="comma"),
}


def from_excel(number: float) -> Decimal:
    """An Excel number at 15 significant digits, which is what Excel itself keeps and shows: 0.1 + 0.2 is 0.3."""
    return Decimal(format(number, ".15g"))


def decimals_of(value: Fraction) -> int | None:
    """How many decimals write the value exactly; None if no number of them does."""
    denominator, twos, fives = value.denominator, 0, 0
    while denominator % 2 == 0:
        denominator, twos = denominator // 2, twos + 1
    while denominator % 5 == 0:
        denominator, fives = denominator // 5, fives + 1
    return max(twos, fives) if denominator == 1 else None


def show(value: Fraction) -> str:
    """The value in decimal writing without trailing zeros; as a quotient if decimals cannot write it."""
    decimals = decimals_of(value)
    if decimals is None:
        return f"{value.numerator}/{value.denominator}"
    digits = str(abs(value.numerator) * 10**decimals // value.denominator).rjust(decimals + 1, "0")
    sign = "-" if value < 0 else ""
    return sign + (f"{digits[:-decimals]}.{digits[-decimals:]}" if decimals else digits)


def is_plain(text: str, decimal: DecimalSign) -> bool:
    """Whether every reader reads the digits alike under this sign: no thousands, no decimal comma."""
    return not any(mark in text for mark in (" ", "'", "’", ",", *("." if decimal == "comma" else "")))
