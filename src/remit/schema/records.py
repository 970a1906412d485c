"""Records: what the charts say, one frame a form, and the ledger of how each cell was read.

A form's frame has these columns, sorted by `_row`:

- `patient` (String), `centre` (String), `_row` (Int64: the key of its row in `rows`);
- for each field of the form, a column of its name:
  number → Int64, scaled by the field's decimals (6.7 mm with one decimal is 67);
  yes/no → Boolean; level → String (the level's name); date → Date; text → String.
  A cell that is missing, or was refused, is null. There is no NaN and no infinity;
- for a number field that may be censored, a second column `<field>__censored` (Int8): -1 for "<50" (the value column
  then holds 50), 1 for ">1800", 0 for an exact value, null where the value is null;
- for a form of periods, `ongoing` (Boolean): true where the stop cell is empty. A stop that was refused or marked
  "not done" is null with `ongoing` false: unknown, which is not the same as going on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import polars as pl

PATIENT = "patient"
CENTRE = "centre"
ROW = "_row"
ONGOING = "ongoing"
CENSORED = "__censored"
UNKNOWN = "__unknown"  # in charts only: a stop that is not known, though its cell is empty

Action = Literal["recognised", "converted", "censored", "missing", "refused", "unused", "queried", "corrected"]

# What a ledger's action means:
# recognised  a column or a habit (date order, decimal sign, unit) that was not told but seen, and how it is read
# converted   the cell was changed exactly: another unit, decimal comma, a code to its level
# censored    "<50", ">1800": the cell is an interval
# missing     the cell says that it was not done ("ND"); an empty cell has no entry
# refused     the cell (or the whole row) cannot be used; the value is unknown
# unused      the cell or row is sound but no rule uses it (second visit in a window, column of no field)
# corrected   the cell was read as a correction says, not as it is written
# queried     used as written, but doubtful: somebody should look
LEDGER_SCHEMA: Mapping[str, pl.DataType] = {
    "action": pl.String(),
    "code": pl.String(),  # kebab-case kind of the entry, e.g. "out-of-range", "unknown-code", "second-visit"
    "centre": pl.String(),
    "patient": pl.String(),
    "form": pl.String(),
    "field": pl.String(),
    "file": pl.String(),
    "sheet": pl.String(),
    "row": pl.Int64(),  # as the spreadsheet counts: the heading is row 1; null for a whole column or sheet
    "column": pl.String(),  # the spreadsheet's letter; null for a whole row
    "written": pl.String(),  # the cell as written
    "value": pl.String(),  # what it became, with unit; null when refused
    "reason": pl.String(),  # one sentence: what is wrong or was done, and what would do
}

ROWS_SCHEMA: Mapping[str, pl.DataType] = {
    ROW: pl.Int64(),
    "form": pl.String(),
    "file": pl.String(),
    "sheet": pl.String(),
    "row": pl.Int64(),
}

# Where each field of each form stands: one row a file, sheet and column.
COLUMNS_SCHEMA: Mapping[str, pl.DataType] = {
    "form": pl.String(),
    "field": pl.String(),  # null for a column that no field uses
    "file": pl.String(),
    "sheet": pl.String(),
    "column": pl.String(),
    "heading": pl.String(),
    "unit": pl.String(),
}


@dataclass(frozen=True)
class Records:
    """`synthetic`: what the charts say of themselves, if their patients are not real."""

    forms: Mapping[str, pl.DataFrame]
    rows: pl.DataFrame
    columns: pl.DataFrame
    ledger: pl.DataFrame
    synthetic: str | None = None


def censored_column(field: str) -> str:
    return f"{field}{CENSORED}"
