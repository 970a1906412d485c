"""Parquet: a folder with a file a form, for all centres → Records. What the columns are tells `parquet_files`.

A registry of millions of rows is read in whole columns; the rules are those of workbooks, and stand with them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl

from remit.schema.records import CENSORED, CENTRE, ROW, ROWS_SCHEMA, UNKNOWN, Records
from remit.sources import parquet_columns as columns
from remit.sources.cells import key
from remit.sources.ledger import Entry, Ledger
from remit.sources.parquet_files import ParquetBook, Table
from remit.sources.parquet_rows import Rows, usable
from remit.sources.parts import columns_frame, parts_of, report_centres, require_patients
from remit.sources.rows import Part
from remit.sources.tables import schema_of
from remit.study.forms import Charts, Form


def read(folder: Path, forms: Mapping[str, Form], charts: Charts) -> Records:
    """The Records of the charts in a folder, which is not changed.

    The column of the centre is called `centre` if the study file tells no `centre_column`. Rows are numbered (`_row`)
    by centre, then in the order of the forms, then as they stand in their file.
    Raises WrongInput where the structure is wrong: `where` names the file.
    """
    require_patients(forms)
    ledger = Ledger()
    book = ParquetBook(folder)
    for name in book.others:
        ledger.add(Entry("unused", "no-charts", "not a Parquet file or a folder of them", file=name))
    told = replace(charts, centre_column=charts.centre_column or CENTRE)
    parts = parts_of(book, None, forms, told, ledger)
    for part in parts:
        report_companions(part, ledger)
    rows = usable([(part, table_of(part)) for part in parts], {key(marker) for marker in charts.not_done}, ledger)
    report_centres(charts, {centre for each in rows for centre in each.frame[CENTRE].unique()}, ledger)
    answers = columns.settle(rows, charts)
    numbers = numbered(rows)
    frames = {}
    for place, each in enumerate(rows):
        frame = columns.read(place, each, answers, charts, ledger)
        frames[each.part.form.name] = in_order(frame, numbers[place], each.part.form)
    return Records(frames, rows_frame(rows, numbers), columns_frame(parts), ledger.frame())


def table_of(part: Part) -> Table:
    if not isinstance(part.sheet, Table):
        raise TypeError(f"{part.sheet.where} is no Parquet file")
    return part.sheet


def report_companions(part: Part, ledger: Ledger) -> None:
    """An entry for each companion column of nothing that could need it."""
    table = table_of(part)
    of_fields = {table.name_of(column): name for name, column in part.layout.fields.items()}
    for kind in (CENSORED, UNKNOWN):
        for name in table.rows[0]:
            used = str(name) in of_fields and (kind == CENSORED or of_fields[str(name)] == part.form.stop)
            if table.companion(str(name), kind) is not None and not used:
                reason = f"nothing can be {kind.strip('_')} in the column {name}"
                heading = f"{name}{kind}"
                ledger.add(part.entry("unused", "column-of-no-field", reason, column=heading, written=heading))


def numbered(rows: Sequence[Rows]) -> list[pl.DataFrame]:
    """For each part the `row`s in the order of their numbers, with `_row`."""
    everything = pl.concat(
        [each.frame.select(CENTRE, pl.lit(place, pl.UInt16).alias("place"), "row") for place, each in enumerate(rows)]
    )
    ordered = everything.sort(CENTRE, "place", "row").with_row_index(ROW).with_columns(pl.col(ROW).cast(pl.Int64))
    return [ordered.filter(pl.col("place") == place).select(ROW, "row") for place in range(len(rows))]


def in_order(frame: pl.DataFrame, numbers: pl.DataFrame, form: Form) -> pl.DataFrame:
    found = numbers.join(frame, on="row", how="left", maintain_order="left")
    return found.select(pl.col(name).cast(dtype) for name, dtype in schema_of(form).items())


def rows_frame(rows: Sequence[Rows], numbers: Sequence[pl.DataFrame]) -> pl.DataFrame:
    frames = [
        of_part.select(
            ROW,
            pl.lit(each.part.form.name).alias("form"),
            pl.lit(each.part.sheet.file).alias("file"),
            pl.lit(None, pl.String).alias("sheet"),
            pl.col("row").cast(pl.Int64),
        )
        for each, of_part in zip(rows, numbers, strict=True)
    ]
    return pl.concat(frames).sort(ROW).select(*ROWS_SCHEMA)
