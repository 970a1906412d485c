"""What a method gives, and what it warns of."""

from __future__ import annotations

from dataclasses import dataclass

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Estimate:
    """An estimate with the ends of its confidence interval and its p-value, as the method gives them.

    None: it cannot be given, and `note` says why; it is never NaN. `method` is what a table's footnote says. An end
    that does not exist is infinite.
    """

    value: float | None
    method: str
    lower: float | None = None
    upper: float | None = None
    p: float | None = None
    note: str | None = None


@dataclass(frozen=True)
class Guard:
    """A warning that belongs to an estimate: `name` is stable, `told` a sentence for the reader."""

    name: str
    told: str
