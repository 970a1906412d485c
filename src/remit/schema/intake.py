"""The intake in brief: how the charts were read, from the ledger. What `intake.json` holds and the report shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import polars as pl


@dataclass(frozen=True)
class Counted:
    """How many entries of one kind a centre has; `example` is the reason of the first."""

    action: str
    code: str
    centre: str | None
    entries: int
    example: str


@dataclass(frozen=True)
class Doubt:
    """One cell or row that could not be used as written, or was doubtful: refused, unused or queried."""

    action: str
    code: str
    centre: str | None
    patient: str | None
    place: str  # "S03.xlsx, sheet visits, F12"
    written: str | None
    reason: str


@dataclass(frozen=True)
class Intake:
    """`rows`: chart rows read, by form. `counts`: by action, code and centre. `doubts`: the refused, unused and queried
    entries, of each action the first `LISTED`; the ledger has all. `left_out`: how many rows and cells of patients were
    not used: refused, or sound but of no use, such as a second visit in a window or a row after the data cut-off;
    columns, sheets and files of no field are not among them. `recognised`: what was not told in the study file but
    seen, one sentence a column."""

    rows: dict[str, int]
    centres: tuple[str, ...]
    counts: tuple[Counted, ...]
    doubts: tuple[Doubt, ...]
    left_out: int
    recognised: tuple[str, ...]

    @property
    def refused(self) -> int:
        return self.entries("refused")

    def entries(self, *actions: str) -> int:
        """How many entries of these actions there are, listed or not."""
        return sum(count.entries for count in self.counts if count.action in actions)

    def as_json(self) -> dict[str, Any]:
        not_listed = self.entries(*DOUBTFUL) - len(self.doubts)
        return asdict(self) | {"refused": self.refused, "doubts_not_listed": not_listed}


def intake_from(told: dict[str, Any]) -> Intake:
    """What `as_json` told. Raises KeyError, TypeError where it is something else."""
    return Intake(
        rows=told["rows"],
        centres=tuple(told["centres"]),
        counts=tuple(Counted(**count) for count in told["counts"]),
        doubts=tuple(Doubt(**doubt) for doubt in told["doubts"]),
        left_out=told["left_out"],
        recognised=tuple(told["recognised"]),
    )


DOUBTFUL = ("refused", "unused", "queried")
LISTED = 1000


def intake_of(forms: dict[str, int], centres: list[str], ledger: pl.DataFrame) -> Intake:
    """forms: rows read by form. ledger: the intake's and the derivation's entries together."""
    keys = ["action", "code", "centre"]
    counted = ledger.group_by(keys, maintain_order=True).agg(pl.len().alias("entries"), pl.col("reason").first())
    counts = [Counted(*row) for row in counted.sort(keys, nulls_last=True).iter_rows()]
    doubtful = ledger.filter(pl.col("action").is_in(DOUBTFUL))
    listed = doubtful.filter(pl.int_range(pl.len()).over("action") < LISTED)
    not_used = (pl.col("action") == "refused") | ((pl.col("action") == "unused") & pl.col("patient").is_not_null())
    recognised = ledger.filter(pl.col("action") == "recognised")
    return Intake(
        rows=forms,
        centres=tuple(centres),
        counts=tuple(counts),
        doubts=tuple(_doubt(row) for row in listed.iter_rows(named=True)),
        left_out=doubtful.filter(not_used).height,
        recognised=tuple(f"{placed_in_words(row)}: {row['reason']}" for row in recognised.iter_rows(named=True)),
    )


def _doubt(row: dict[str, Any]) -> Doubt:
    return Doubt(
        row["action"],
        row["code"],
        row["centre"],
        row["patient"],
        placed_in_words(row),
        row["written"],
        row["reason"] or "",
    )


def placed_in_words(row: Mapping[str, Any]) -> str:
    """Where an entry of the ledger stands: S03.xlsx, sheet visits, F12"""
    cell = f"{row['column'] or ''}{row['row'] or ''}"
    sheet = f"sheet {row['sheet']}" if row["sheet"] else None
    if row["column"] and row["row"] and not sheet:  # of a Parquet file, whose columns have names
        cell = f"{row['column']}, row {row['row']}"
    if row["column"] and not row["row"]:
        cell = f"column {row['column']}"
    elif row["row"] and not row["column"]:
        cell = f"row {row['row']}"
    return ", ".join(part for part in (row["file"], sheet, cell) if part)
