"""Parquet: a folder with a file a form, for all centres → Records. What the columns are tells `parquet_files`.

A registry of millions of rows is read in whole columns; the rules are those of workbooks, and stand with them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
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
    parts = parts_of(corrected, None, forms, told, ledger)
    for part in parts:
        report_companions(part, ledger)
    said = synthetic.of_all(folder, book.synthetic())
    rows = usable([(part, table_of(part)) for part in parts], {key(marker) for marker in charts.not_done}, ledger)
    report_centres(charts, {centre for each in rows for centre in each.frame[CENTRE].unique()}, ledger)
    answers = columns.settle(rows, charts)
    orders = ordered(rows)
    frames = {}
    for place, each in enumerate(rows):
        frame = columns.read(place, each, answers, charts, ledger)
        frames[each.part.form.name] = in_order(frame, orders[place], each.part.form)
    return Records(frames, rows_frame(rows, orders), columns_frame(parts), ledger.frame(), said)


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


@dataclass(frozen=True, eq=False)
class Order:
    """A part's rows by centre: their `places` in the frame, and their `numbers`, which go through all parts.

    `kept`: they stand so already.
    """

    places: pl.Series
    numbers: pl.Series
    kept: bool


def ordered(rows: Sequence[Rows]) -> list[Order]:
    """Numbers go by centre, then by part, then by row."""
    centres = sorted({centre for each in rows for centre in each.frame[CENTRE].unique()})
    ranks = [each.frame[CENTRE].cast(pl.Enum(centres)).to_physical().to_numpy() for each in rows]
    counts = np.stack([np.bincount(rank, minlength=len(centres)) for rank in ranks])  # part × centre
    first = (np.cumsum(counts.T.reshape(-1)).reshape(counts.T.shape) - counts.T).T  # the number of each block
    orders = []
    for part, rank in enumerate(ranks):
        places = np.argsort(rank, kind="stable")
        before = np.cumsum(counts[part]) - counts[part]
        numbers = np.arange(len(rank)) + np.repeat(first[part] - before, counts[part])
        kept = bool((rank[1:] >= rank[:-1]).all())
        orders.append(Order(pl.Series(places, dtype=pl.UInt32), pl.Series(numbers, dtype=pl.Int64), kept))
    return orders


def in_order(frame: pl.DataFrame, order: Order, form: Form) -> pl.DataFrame:
    found = (frame if order.kept else frame[order.places]).with_columns(order.numbers.alias(ROW))
    return found.select(pl.col(name).cast(dtype) for name, dtype in schema_of(form).items())


def rows_frame(rows: Sequence[Rows], orders: Sequence[Order]) -> pl.DataFrame:
    """Each number's form, file and row."""
    height = sum(each.frame.height for each in rows)
    parts, numbers = np.empty(height, np.uint32), np.empty(height, np.int64)
    for part, (each, order) in enumerate(zip(rows, orders, strict=True)):
        parts[order.numbers.to_numpy()] = part
        numbers[order.numbers.to_numpy()] = each.frame["row"].gather(order.places).to_numpy()
    place = pl.Series(parts)
    columns = {
        ROW: pl.int_range(height, dtype=pl.Int64, eager=True),
        "form": pl.Series([each.part.form.name for each in rows], dtype=pl.String).gather(place),
        "file": pl.Series([each.part.sheet.file for each in rows], dtype=pl.String).gather(place),
        "sheet": pl.Series([None], dtype=pl.String).new_from_index(0, height),
        "row": pl.Series(numbers),
    }
    return pl.DataFrame(columns, schema=ROWS_SCHEMA)
