"""Building the ledger: one entry for each cell, row, column or file that was not simply used as written.

The codes, by action; those in the last line of each are of cells, before them of files, columns and rows:

- recognised: heading, hidden-sheet, date-order, decimal-sign; of SDTM unit-assumed (whole columns)
- unused: no-charts (a file), centre-without-charts (told in the study file), sheet-of-no-form, column-of-no-field,
  column-without-heading, above-headings, corrections-of-other-charts (the whole file), repeated-row (a copy in a form
  with one row a patient); of SDTM data-set-of-no-form, test-of-no-field, value-of-no-field (of a supplement),
  records-of-others (that `only` leaves out), did-not-occur (a record)
- queried: duplicate-patient (the row that is used), repeated-row (in other forms), empty-row, empty-period, no-row,
  mixed-dates, first-of-month; of SDTM repeated-sequence, unlike-results,
  open-before-next;
  implausible
- corrected:
  correction
- missing: no-column;
  not-done
- converted:
  unit, decimal-sign, code, text-date, time-dropped, partial-date, centre-spelling; of SDTM last-day and time-dropped
  (whole columns), and rounded (a result that was calculated)
- censored:
  censored
- refused: no-patient, not-an-id, unknown-patient, duplicate-patient, repeated-heading, no-centre, other-centre,
  too-many-cells;
  spreadsheet-error, formula-not-calculated, merged-cell (these three also of a row, by its patient cell), not-a-number,
  out-of-range, not-whole, too-many-decimals, not-decimal, too-large, against-habit, censored-not-declared,
  censored-or-equal, unknown-sign, unknown-code, not-a-date, number-for-date, two-digit-year, incomplete-date,
  impossible-date, stop-before-start, unknown-and-known, correction-refused; of SDTM unknown-unit, no-standard-result,
  not-done-with-result, no-test, value-of-no-record (of a supplement)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import polars as pl

from remit.schema.records import LEDGER_SCHEMA, Action


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the ledger without its `row` and `patient`, so that cells written alike share one."""

    action: Action
    code: str
    reason: str
    file: str | None = None
    sheet: str | None = None
    centre: str | None = None
    form: str | None = None
    field: str | None = None
    column: str | None = None
    written: str | None = None
    value: str | None = None


SHARED = tuple(field.name for field in fields(Entry))


class Ledger:
    """Collects entries; `frame` gives them sorted by file, sheet, row and column, whole columns and files first."""

    def __init__(self) -> None:
        self._entries: list[Entry] = []
        self._rows: list[int | None] = []
        self._patients: list[str | None] = []
        self._many: list[pl.DataFrame] = []

    def add(self, entry: Entry, row: int | None = None, patient: str | None = None) -> None:
        self._entries.append(entry)
        self._rows.append(row)
        self._patients.append(patient)

    def add_rows(self, entries: Sequence[Entry], rows: pl.DataFrame) -> None:
        """Many at once. rows: `entry` (UInt32), the place in `entries`; `row`; `patient`."""
        told = pl.Series("entry", range(len(entries)), pl.UInt32)
        found = rows.join(table(entries).with_columns(told), on="entry", maintain_order="left")
        self._many.append(found.with_columns(pl.col("row").cast(pl.Int64)).select(*LEDGER_SCHEMA))

    def add_all(self, other: Ledger) -> None:
        """The entries of another ledger, after those that are here."""
        self._entries += other._entries
        self._rows += other._rows
        self._patients += other._patients
        self._many += other._many

    def frame(self) -> pl.DataFrame:
        """One row an entry, with the columns of LEDGER_SCHEMA."""
        shared = {id(entry): entry for entry in self._entries}
        number = {key: index for index, key in enumerate(shared)}
        entries = list(shared.values())
        places = pl.Series([number[id(entry)] for entry in self._entries], dtype=pl.UInt32)
        single = table(entries)[places].with_columns(
            pl.Series("row", self._rows, dtype=pl.Int64),
            pl.Series("patient", self._patients, dtype=pl.String),
        )
        return in_order(pl.concat([single.select(*LEDGER_SCHEMA), *self._many]))


def in_order(entries: pl.DataFrame) -> pl.DataFrame:
    """Sorted by file, sheet, row and column, whole columns and files first."""
    column = pl.col("column")
    keys = ("file", "sheet", "row", column.str.len_chars(), column, "form", "code", "patient")
    return entries.sort(*keys, maintain_order=True).select(*LEDGER_SCHEMA)


def table(entries: Sequence[Entry]) -> pl.DataFrame:
    """One row an entry, without `row` and `patient`."""
    return pl.DataFrame(
        {name: [getattr(entry, name) for entry in entries] for name in SHARED},
        schema={name: LEDGER_SCHEMA[name] for name in SHARED},
    )
