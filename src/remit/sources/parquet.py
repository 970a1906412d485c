"""Parquet: a folder with a file a form, for all centres → Records. What the columns are tells `parquet_files`.

A registry of millions of rows is read in whole columns; the rules are those of workbooks, and stand with them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl

from remit.errors import WrongInput
from remit.schema.records import CENSORED, CENTRE, ROW, ROWS_SCHEMA, UNKNOWN, Records
from remit.sources import parquet_columns as columns
from remit.sources import synthetic
from remit.sources.cells import key
from remit.sources.corrections import corrected_books, load
from remit.sources.headings import meanings, normal
from remit.sources.ledger import Entry, Ledger
from remit.sources.parquet_files import ParquetBook, Table, stem_of
from remit.sources.parquet_rows import Rows, usable
from remit.sources.parts import columns_frame, parts_of, report_centres, require_patients
from remit.sources.rows import Part
from remit.sources.sheets import Book
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
    wanted = {key(form.sheet) for form in forms.values()}
    (corrected,) = corrected_books([book], load(charts, ledger), wanted)
    records = records_of(corrected, forms, told, ledger)
    return replace(records, synthetic=synthetic.of_all(folder, book.synthetic()))


def records_of(book: Book, forms: Mapping[str, Form], charts: Charts, ledger: Ledger) -> Records:
    """The Records of a book of Tables. charts: with a `centre_column`.

    Raises WrongInput where the structure is wrong.
    """
    parts = parts_of(book, None, forms, charts, ledger)
    for part in parts:
        report_companions(part, ledger)
    rows = usable([(part, table_of(part)) for part in parts], {key(marker) for marker in charts.not_done}, ledger)
    report_centres(charts, {centre for each in rows for centre in each.frame[CENTRE].unique()}, ledger)
    answers = columns.settle(rows, charts)
    blocks, frames = blocks_of(rows), {}
    for place, each in enumerate(rows):
        form, own = each.part.form, blocks.filter(part=place)
        found = columns.read(place, each, answers, charts, ledger)
        numbered = found.with_columns(numbers_of(own), runs(own[CENTRE].to_list(), own).alias(CENTRE))
        frames[form.name] = numbered.select(pl.col(name).cast(kind) for name, kind in schema_of(form).items())
    return Records(frames, rows_frame(rows, blocks), columns_frame(parts), ledger.frame())


def table_of(part: Part) -> Table:
    if not isinstance(part.sheet, Table):
        raise TypeError(f"{part.sheet.where} is no Parquet file")
    return part.sheet


def report_companions(part: Part, ledger: Ledger) -> None:
    """An entry for each companion column of nothing that could need it. Raises WrongInput for one of a field whose
    column is called otherwise: its values would count as exact."""
    table = table_of(part)
    refuse_lost_companions(part, table)
    of_fields = {table.name_of(column): name for name, column in part.layout.fields.items()}
    for kind in (CENSORED, UNKNOWN):
        for name in table.rows[0]:
            used = str(name) in of_fields and (kind == CENSORED or of_fields[str(name)] == part.form.stop)
            if table.companion(str(name), kind) is not None and not used:
                reason = f"nothing can be {kind.strip('_')} in the column {name}"
                heading = f"{name}{kind}"
                ledger.add(part.entry("unused", "column-of-no-field", reason, column=heading, written=heading))


def refuse_lost_companions(part: Part, table: Table) -> None:
    known = meanings(part.form, {})
    for heading in map(str, table.rows[0]):
        for kind in (CENSORED, UNKNOWN):
            named = [meaning.field for meaning in known.get(normal(stem_of(heading, kind) or ""), ())]
            if column := next((part.layout.fields[name] for name in named if name in part.layout.fields), None):
                what = f"the column {heading} stands beside none of that name; the field's is {column.heading}."
                raise WrongInput(table.where, what, f"Call it {column.heading}{kind}.")


def blocks_of(rows: Sequence[Rows]) -> pl.DataFrame:
    """The rows of a centre in a part are a block: `part`, `count`, its `first` number, and where it starts in its part.

    Numbers go by centre, then by part, then by row.
    """
    counts = [
        each.frame.group_by(CENTRE).len("count").with_columns(part=pl.lit(part, pl.UInt32))
        for part, each in enumerate(rows)
    ]
    before = pl.col("count").cast(pl.Int64).cum_sum() - pl.col("count")
    return pl.concat(counts).sort(CENTRE, "part").with_columns(first=before, start=before.over("part"))


def numbers_of(blocks: pl.DataFrame) -> pl.Series:
    """`_row` of the rows of these blocks."""
    return blocks.select(pl.int_ranges("first", pl.col("first") + pl.col("count")).explode().alias(ROW)).to_series()


def runs(texts: Sequence[str], blocks: pl.DataFrame) -> pl.Series:
    """A text for each block, in all its rows."""
    pairs = zip(texts, blocks["count"], strict=True)
    found = [pl.Series([text], dtype=pl.String).new_from_index(0, count) for text, count in pairs]
    return pl.concat([pl.Series([], dtype=pl.String), *found], rechunk=True)


def rows_frame(rows: Sequence[Rows], blocks: pl.DataFrame) -> pl.DataFrame:
    """Each number's form, file and row."""
    height, parts = sum(each.frame.height for each in rows), [rows[part] for part in blocks["part"]]
    told = blocks.select("part", "start", "count").iter_rows()
    places = [rows[part].frame["row"].slice(start, count) for part, start, count in told]
    columns = {
        ROW: pl.int_range(height, eager=True),
        "form": runs([each.part.form.name for each in parts], blocks),
        "file": runs([each.part.sheet.file for each in parts], blocks),
        "sheet": pl.Series([None], dtype=pl.String).new_from_index(0, height),
        "row": pl.concat([pl.Series([], dtype=pl.UInt32), *places], rechunk=True),
    }
    return pl.DataFrame(columns, schema_overrides=ROWS_SCHEMA)
