"""Workbooks: a folder of .xlsx or .csv charts → Records. Where each file stands tells `files`.

In this order, so that a wrong structure stops the run before a cell is read: find the files, find each form's columns,
find the rows that belong to a patient, decide each column's habit, read the cells.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from remit.schema.records import Records
from remit.sources import columns, synthetic
from remit.sources.cells import key
from remit.sources.columns import Chunk
from remit.sources.corrections import corrected_books, load
from remit.sources.files import find
from remit.sources.ledger import Entry, Ledger
from remit.sources.parts import columns_frame, parts_of, report_centres, require_patients
from remit.sources.patients import usable
from remit.sources.rows import Line, Part
from remit.sources.tables import Tables
from remit.study.forms import Charts, Form


def read(folder: Path, forms: Mapping[str, Form], charts: Charts) -> Records:
    """The Records of the charts in a folder, which is not changed.

    Rows are numbered (`_row`) by centre, then in the order of the forms, then as they stand in their sheet.
    Raises WrongInput where the structure is wrong: `where` names file and sheet.
    """
    require_patients(forms)
    ledger = Ledger()
    found = find(folder, charts.centre_column)
    for name in found.others:
        ledger.add(Entry("unused", "no-charts", "not a workbook or a folder of .csv files", file=name))
    wanted = {key(form.sheet) for form in forms.values()}
    books = corrected_books([each.book for each in found.books], load(charts, ledger), wanted)
    centres = [each.centre for each in found.books]
    parts = [
        part
        for book, centre in zip(books, centres, strict=True)
        for part in parts_of(book, centre, forms, charts, ledger)
    ]
    told = {file: text for book in found.books for file, text in book.book.synthetic().items()}
    said = synthetic.of_all(folder, told)
    markers = {key(marker) for marker in charts.not_done}
    lines = usable(parts, lambda text: key(text) in markers, ledger)
    chunks = sorted(
        (chunk for part, kept in zip(parts, lines, strict=True) for chunk in by_centre(part, kept)),
        key=lambda chunk: chunk.centre,
    )
    report_centres(charts, {part.centre for part in parts} | {chunk.centre for chunk in chunks}, ledger)
    answers = columns.settle(chunks, charts)
    tables = Tables(forms)
    for chunk in chunks:
        tables.add(chunk.part, chunk.lines, columns.read(chunk, answers, charts, ledger))
    return Records(tables.frames(), tables.rows(), columns_frame(parts), ledger.frame(), said)


def by_centre(part: Part, lines: Sequence[Line]) -> list[Chunk]:
    centres: dict[str, list[Line]] = {}
    for line in lines:
        centres.setdefault(line.centre, []).append(line)
    return [Chunk(part, centre, of_centre) for centre, of_centre in centres.items()]
