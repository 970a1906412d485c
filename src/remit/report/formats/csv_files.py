"""Each table, and what each figure draws, as a .csv for a program to read.

UTF-8 with a byte order mark, without which Excel reads "−" and "≥" as something else; programs skip it. Lines end as
RFC 4180 asks. Each row of synthetic data says so.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

from remit.report.document import Document, Row, Table, Words, blocks_of, plain
from remit.report.formats.fit import shown
from remit.report.formats.values import harmless, value_of
from remit.study.style import Style


def table_files(document: Document, style: Style) -> dict[str, bytes]:
    """By the name of the file; contents.csv tells the title and the notes of each."""
    tables = [block for block in blocks_of(document.sections) if isinstance(block, Table)]
    files = {file_name(table.number): table_csv(table, style, document.synthetic) for table in tables}
    lines = [[table.number, file_name(table.number), plain(table.title), _all(table.notes)] for table in tables]
    contents = csv_of(["table", "file", "title", "notes"], lines, document.synthetic)
    return {"contents.csv": contents, **files}


def file_name(number: str) -> str:
    return f"{number.lower().replace(' ', '-')}.csv"


def table_csv(table: Table, style: Style, synthetic: str | None) -> bytes:
    """A line a row: the heading above it, its label, its cells, the notes on it. A cell of several lines has them
    divided by "; "."""
    columns = shown(table)
    head = ["group", table.stub, *(_title(table, at) for at in columns), "notes"]
    lines, heading = [], ""
    for row in table.rows:
        if row.heading:
            heading = plain(row.label)
        else:
            lines.append([heading, _label(row), *(_cell(row, at, style) for at in columns), _notes(row)])
    return csv_of(head, lines, synthetic)


def csv_of(head: Sequence[str], lines: Iterable[Sequence[str]], synthetic: str | None) -> bytes:
    """The file. Texts that a spreadsheet would take for a formula begin with an apostrophe; a number never does."""
    more = [] if synthetic is None else [synthetic]
    buffer = StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow([harmless(text) for text in (*head, *(["synthetic"] if more else []))])
    writer.writerows([*line, *map(harmless, more)] for line in lines)
    return buffer.getvalue().encode("utf-8-sig")


def _title(table: Table, at: int) -> str:
    column = table.columns[at]
    said = [plain(column.group), plain(column.title)]
    detail = plain(column.detail)
    return ": ".join(part for part in said if part) + (f" ({detail})" if detail else "")


def _label(row: Row) -> str:
    detail = plain(row.detail)
    return harmless(plain(row.label) + (f" ({detail})" if detail else ""))


def _cell(row: Row, at: int, style: Style) -> str:
    if at >= len(row.cells):
        return ""
    value = value_of(row.cells[at], style)
    if value.number is not None:
        return value.number + value.unit.strip()
    return harmless(value.text.replace("\n", "; "))


def _notes(row: Row) -> str:
    return _all((*row.notes, *(note for cell in row.cells for note in cell.notes)))


def _all(notes: Iterable[Words]) -> str:
    """Each once."""
    return harmless(" ".join(dict.fromkeys(plain(note) for note in notes)))
