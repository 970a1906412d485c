"""Entries of derivation and where in the charts they stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl
from polars.testing import assert_frame_equal

from remit.derive.derive import derive_cohort
from remit.derive.engines import engine_named
from remit.derive.ledger import placed
from remit.schema.records import COLUMNS_SCHEMA, ROWS_SCHEMA, Records
from tests.unit.derive.small import day, records_of, study_of

TOLD = ["_row", "patient", "centre", "form", "field", "value", "action", "code", "reason"]
SCHEMA = {name: pl.Int64() if name == "_row" else pl.String() for name in TOLD}


def test_a_sheet_without_a_name_has_columns_too(tmp_path: Path) -> None:
    """As of Parquet and .csv. A column of no field is not taken for that of an entry about a whole row."""
    study = study_of(tmp_path)
    rows = [(1, "visits", "visits.parquet", None, 7)]
    columns = [
        ("visits", "visit_date", "visits.parquet", None, "Day", "Day", None),
        ("visits", None, "visits.parquet", None, "Nurse", "Nurse", None),
    ]
    records = replace(
        records_of(study),
        rows=pl.DataFrame(rows, schema=dict(ROWS_SCHEMA), orient="row"),
        columns=pl.DataFrame(columns, schema=dict(COLUMNS_SCHEMA), orient="row"),
    )
    assert ledger(records, (1, "visit_date", "a"), (1, None, "b"), (None, None, "c")) == [
        (None, None, None, "c"),
        ("visits.parquet", 7, None, "b"),
        ("visits.parquet", 7, "Day", "a"),
    ]


def ledger(records: Records, *told: tuple[int | None, str | None, str]) -> list[tuple[object, ...]]:
    """Of entries by row, field and reason: file, row, column and reason."""
    entries = [(row, "P1", "S01", "visits", field, None, "queried", "x", reason) for row, field, reason in told]
    found = placed(pl.DataFrame(entries, schema=SCHEMA, orient="row"), records)
    return found.select("file", "row", "column", "reason").rows()


def test_entries_of_one_row_stand_as_they_were_found_in_blocks_too(tmp_path: Path) -> None:
    study = study_of(tmp_path)
    people = [f"P{number:02}" for number in range(60)]
    records = records_of(
        study,
        patients=[{"patient": patient, "last_contact": day(10)} for patient in people],
        treatment=[
            {"patient": patient, "drug": "x", "start_date": day(20), "stop_date": day(30)} for patient in people
        ],
    )
    whole = derive_cohort(study, records, replace(engine_named("polars"), cells=None)).ledger
    assert dates(whole) == [str(day(20)), str(day(30))] * 60
    blocks = derive_cohort(study, records, replace(engine_named("polars"), cells=1)).ledger
    assert_frame_equal(blocks, whole)
    assert_frame_equal(derive_cohort(study, records, "duckdb").ledger, whole)


def dates(ledger: pl.DataFrame) -> Sequence[str | None]:
    return ledger.filter(code="after-last-contact")["value"].to_list()
