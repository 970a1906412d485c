"""What a cell became."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from remit.schema.records import Action
from remit.sources.sheets import Cell

Value = int | bool | str | dt.date | None


@dataclass(frozen=True, slots=True)
class Reading:
    """`action` is None where the cell was used as written, or is empty.

    value: scaled by the field's decimals if it is a number.
    censored: -1, 0 or 1 for a number, else None.
    doubt: why somebody should look at a value that is used, whatever else was done to it.
    shown: the value with its unit, as the ledger gives it; None where it is the cell's own text or there is none.
    """

    value: Value = None
    censored: Literal[-1, 0, 1] | None = None
    action: Action | None = None
    code: str = ""
    shown: str | None = None
    reason: str = ""
    doubt: str = ""


Reader = Callable[[Cell], Reading]

EMPTY = Reading()
NOT_DONE = Reading(action="missing", code="not-done", reason="the chart says that this was not done")


def converted(value: Value, code: str, shown: str, reason: str) -> Reading:
    return Reading(value, None, "converted", code, shown, reason)


def refused(code: str, reason: str) -> Reading:
    return Reading(action="refused", code=code, reason=reason)
