"""Values of the charts in words, with their units."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from remit.language.types import Date, Number, Type, YesNo
from remit.language.units import in_words
from remit.language.words import day_in_words
from remit.schema.records import censored_column
from remit.study.forms import Field

_SIGN = {-1: "<", 1: ">"}


def said(field: Field, row: Mapping[str, Any]) -> str | None:
    """What a row of Records says in a field; None if nothing is known."""
    value = row[field.name]
    if value is None:
        return None
    match field.type:
        case YesNo():
            return "yes" if value else "no"
        case Date():
            return day_in_words(value)
        case Number() as kind:
            return _SIGN.get(row.get(censored_column(field.name)) or 0, "") + amount(value, kind)
    return str(value)


def amount(value: int, kind: Number) -> str:
    """67 of one decimal and mm: 6.7 mm"""
    number = f"{Decimal(value).scaleb(-kind.decimals):f}"
    return f"{number} {in_words(kind.unit)}" if kind.unit else number


def as_number(value: int | None, kind: Type) -> float | None:
    """A scaled integer as the number that it stands for."""
    if value is None:
        return None
    return float(Decimal(value).scaleb(-kind.decimals)) if isinstance(kind, Number) else float(value)
