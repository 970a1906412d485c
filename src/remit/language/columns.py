"""How the columns of a frame are called that hold values of the language.

A value stands in one column, an interval in five: `name` where it is exact, and its bounds behind `__low`, `__high`; a
quotient as `name__top` and `name__bottom`, of which each may be an interval.
"""

from __future__ import annotations

from remit.language.query import Aggregate, RowValue, Value, digest
from remit.language.types import Type

LOW, HIGH, LOW_OPEN, HIGH_OPEN = "__low", "__high", "__low_open", "__high_open"
TOP, BOTTOM = "__top", "__bottom"


def column_of(value: Value | RowValue | Aggregate) -> str:
    """The column in which a value stands: form__field, form__field__visit, row__field, or the aggregate's digest."""
    if isinstance(value, RowValue):
        return f"row__{value.field}"
    if isinstance(value, Aggregate):
        return f"{value.kind}__{digest(value)}"
    return patient_column(value.form, value.field, value.visit)


def patient_column(form: str, field: str, visit: str | None) -> str:
    return f"{form}__{field}" if visit is None else f"{form}__{field}__{visit}"


def is_interval(kind: Type) -> bool:
    """Does a value of this type need more than one column?"""
    return bool(getattr(kind, "censored", False))


def columns_of(name: str, interval: bool) -> list[str]:
    """The columns of a value, not a quotient, that stands under `name`."""
    return [name, name + LOW, name + HIGH, name + LOW_OPEN, name + HIGH_OPEN] if interval else [name]
