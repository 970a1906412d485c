"""Tables → one .xlsx: a sheet a table, a number a number."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

from remit.report.document import Cell, Document, Row, Table, blocks_of, plain
from remit.report.formats.fit import fit, shown
from remit.report.formats.values import value_of
from remit.study.style import Style

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

_LETTERS = 0.55  # of a column of Excel, in a millimetre of paper
_BASE = {"font_name": "Arial", "font_size": 9, "valign": "top"}
_LOOKS: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 11},
    "warning": {"bold": True, "font_color": "#7A3200"},
    "soft": {"font_color": "#54585D"},
    "note": {"font_color": "#54585D", "text_wrap": True},
    "head": {"bold": True, "text_wrap": True, "valign": "bottom", "bottom": 1},
    "group": {"bold": True, "text_wrap": True, "top": 2, "bottom": 1},
    "heading": {"bold": True},
    "label": {"text_wrap": True},
    "inner": {"text_wrap": True, "indent": 1},
    "text": {"text_wrap": True},
    "link": {"font_color": "#0B4A66", "underline": 1},
}


def xlsx(document: Document, edition: str, style: Style, made: datetime) -> bytes:
    """edition: which one this is, in words. style: how the report prints numbers."""
    from xlsxwriter import Workbook

    tables = [block for block in blocks_of(document.sections) if isinstance(block, Table)]
    buffer = BytesIO()
    with Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as workbook:
        created = made.replace(tzinfo=None)
        workbook.set_properties({"title": document.title, "subject": edition, "created": created})
        looks = _Looks(workbook)
        _contents(workbook.add_worksheet("Contents"), tables, document, edition, looks)
        for table in tables:
            _Sheet(workbook.add_worksheet(table.number), document, edition, looks, style).write(table)
    return buffer.getvalue()


class _Looks:
    """The formats of a workbook, each made once."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._made: dict[tuple[str, str], Format] = {}

    def __call__(self, name: str, number: str = "") -> Format:
        if (name, number) not in self._made:
            more = {"num_format": number, "align": "right"} if number else {}
            self._made[name, number] = self._workbook.add_format({**_BASE, **_LOOKS[name], **more})
        return self._made[name, number]


def _head(sheet: Worksheet, title: str, document: Document, edition: str, looks: _Looks) -> int:
    """The first lines of a sheet, and what stands on each of its printed pages. The next row."""
    sheet.write_string(0, 0, title, looks("title"))
    sheet.write_string(1, 0, f"{document.title}. {edition}", looks("soft"))
    if document.synthetic:
        sheet.write_string(2, 0, f"Synthetic data. {document.synthetic}", looks("warning"))
    synthetic = "Synthetic data. " if document.synthetic else ""
    sheet.set_header(f"&L&8{synthetic}{edition}".replace("\n", " ")[:200])
    sheet.set_footer("&R&8&P of &N")
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    return 4


def _contents(sheet: Worksheet, tables: list[Table], document: Document, edition: str, looks: _Looks) -> None:
    row = _head(sheet, "Tables", document, edition, looks)
    sheet.set_column(0, 0, 12)
    sheet.set_column(1, 1, 100)
    for number, table in enumerate(tables, start=row):
        sheet.write_url(number, 0, f"internal:'{table.number}'!A1", looks("link"), table.number)
        sheet.write_string(number, 1, plain(table.title), looks("text"))


class _Sheet:
    """One table, from the top down."""

    def __init__(self, sheet: Worksheet, document: Document, edition: str, looks: _Looks, style: Style) -> None:
        self._sheet, self._looks, self._style = sheet, looks, style
        self._document, self._edition = document, edition

    def write(self, table: Table) -> None:
        columns, how = shown(table), fit(table)
        first = _head(self._sheet, f"{table.number}. {plain(table.title)}", self._document, self._edition, self._looks)
        for at, width in enumerate(how.widths):
            self._sheet.set_column(at, at, max(8, width * _LETTERS))
        if how.landscape:
            self._sheet.set_landscape()
        below = self._heads(table, columns, first)
        self._sheet.freeze_panes(below, 1)
        self._sheet.repeat_rows(first, below - 1)
        for row in table.rows:
            self._row(row, table, columns, below)
            below += 1
        self._notes(table, len(columns), below + 1)

    def _heads(self, table: Table, columns: list[int], row: int) -> int:
        """One row, or two where groups stand above the columns; the row below."""
        looks, at = self._looks, 1
        if table.grouped:
            for group, span in table.groups_of(columns):
                if span > 1:
                    self._sheet.merge_range(row, at, row, at + span - 1, plain(group), looks("group"))
                else:
                    self._sheet.write_string(row, at, plain(group), looks("group"))
                at += span
            row += 1
        self._sheet.write_string(row, 0, table.stub, looks("head"))
        for at, number in enumerate(columns, start=1):
            column = table.columns[number]
            said = [plain(column.title), plain(column.detail)]
            self._sheet.write_string(row, at, "\n".join(part for part in said if part), looks("head"))
        return row + 1

    def _row(self, row: Row, table: Table, columns: list[int], at: int) -> None:
        look = "heading" if row.heading else "inner" if row.level else "label"
        said = plain(row.label) + _marks(table.marks(row.notes))
        detail = plain(row.detail)
        self._sheet.write_string(at, 0, said + (f"\n{detail}" if detail else ""), self._looks(look))
        for place, number in enumerate([] if row.heading else columns, start=1):
            if number < len(row.cells):
                self._cell(row.cells[number], table, at, place)

    def _cell(self, cell: Cell, table: Table, row: int, column: int) -> None:
        """The marks of notes stand beside a number without changing it."""
        value, marks = value_of(cell, self._style), _marks(table.marks(cell.notes))
        if value.number is None:
            self._sheet.write_string(row, column, value.text + marks, self._looks("text"))
        else:
            decimals = f".{'0' * value.decimals}" if value.decimals else ""
            behind = f'"{value.unit}{marks}"' if value.unit or marks else ""
            number = f"#,##0{decimals}{behind}" if abs(float(value.number)) >= 10_000 else f"0{decimals}{behind}"
            self._sheet.write_number(row, column, float(value.number), self._looks("text", number))

    def _notes(self, table: Table, columns: int, row: int) -> None:
        marked = [f"{mark}  {plain(note)}" for note, mark in table.marked.items()]
        for number, said in enumerate([*marked, *(plain(note) for note in table.notes)], start=row):
            self._sheet.merge_range(number, 0, number, columns, said, self._looks("note"))
            self._sheet.set_row(number, 12.5 * (1 + len(said) // 110))


def _marks(marks: list[str]) -> str:
    return f" [{', '.join(marks)}]" if marks else ""
