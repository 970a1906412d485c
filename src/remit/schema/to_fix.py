"""What matters most to fix in the charts. Made by `queries`, shown by `report`, in its internal edition."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Fix:
    """A missing or doubtful cell, or a visit that is missing.

    `place`: as corrections name it, S03.xlsx/visits/F12. `conclusion`: whether the answer could turn the conclusion on
    the primary endpoint. `primary`: numerator and denominator of the primary result as they are and as they would be.
    """

    centre: str
    place: str
    patient: str
    visit: str
    field: str
    problem: str
    changes: str
    conclusion: bool
    primary: tuple[tuple[int, int], tuple[int, int]] | None = None


@dataclass(frozen=True)
class ToFix:
    """The first of `total`. `refused`: why nothing was tried."""

    fixes: tuple[Fix, ...]
    total: int
    refused: str | None = None
