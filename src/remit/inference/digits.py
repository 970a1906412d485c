"""Which numbers of patients give a printed percentage: a test of what was published, in whole numbers.

A percentage with d decimals is exact to its last digit, so that of all n/N only a few can have been printed so, and
often none. It is not known how a publication rounds: half up, half to even, or by cutting digits off are all tried.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

Rounding = Literal["half up", "half even", "truncation"]
ROUNDINGS: tuple[Rounding, ...] = ("half up", "half even", "truncation")
_PERCENT = re.compile(r"([0-9]{1,3})(?:\.([0-9]{1,6}))?")


def printed(n: int, of: int, decimals: int, rounding: Rounding) -> str:
    """n of `of` in percent with that many decimals, as somebody prints it who rounds so."""
    units = _units(n, of, decimals, rounding)
    whole, part = divmod(units, _ten_to(decimals))
    return f"{whole}.{part:0{decimals}}" if decimals else str(whole)


def counts_giving(text: str, of: int, roundings: Iterable[Rounding] = ROUNDINGS) -> tuple[int, ...]:
    """The n of 0 to `of` that give the percentage `text`, as printed, under one of the roundings; often one, or none.

    Raises ValueError if `text` is no percentage of 0 to 100, or `of` is below 1.
    """
    units, decimals = _read(text)
    if of < 1:
        raise ValueError("nobody in the denominator")
    scale = 100 * _ten_to(decimals)
    first, last = max(0, (2 * units - 1) * of // (2 * scale)), min(of, (units + 1) * of // scale)
    asked = set(roundings)
    return tuple(n for n in range(first, last + 1) if asked & set(roundings_giving(text, n, of)))


def roundings_giving(text: str, n: int, of: int) -> tuple[Rounding, ...]:
    """The roundings under which n of `of` is printed as `text`. Raises ValueError if `text` is no percentage."""
    units, decimals = _read(text)
    return tuple(rounding for rounding in ROUNDINGS if _units(n, of, decimals, rounding) == units)


def denominators_giving(texts: Iterable[str], maximum: int) -> tuple[int, ...]:
    """The N of 1 to `maximum` for which each of the percentages is that of some whole number of patients.

    Percentages that were printed of one set of patients must share a denominator; the fewer fit, the more is known.
    """
    asked = tuple(texts)
    return tuple(of for of in range(1, maximum + 1) if all(counts_giving(text, of) for text in asked))


def _ten_to(decimals: int) -> int:
    return int(10**decimals)


def _read(text: str) -> tuple[int, int]:
    """A percentage in units of its last digit, and its decimals."""
    match = _PERCENT.fullmatch(text)
    decimals = len(match[2] or "") if match else 0
    units = int(match[1] + (match[2] or "")) if match else -1
    if not 0 <= units <= 100 * _ten_to(decimals):
        raise ValueError(f"no percentage: {text}")
    return units, decimals


def _units(n: int, of: int, decimals: int, rounding: Rounding) -> int:
    """100 n / of, in units of the last decimal."""
    units, rest = divmod(n * 100 * _ten_to(decimals), of)
    if rounding == "truncation" or 2 * rest < of:
        return units
    if 2 * rest == of and rounding == "half even":
        return units + units % 2
    return units + 1
