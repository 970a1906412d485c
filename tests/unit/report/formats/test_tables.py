"""Tables alone: a sheet each, a file each; a number is a number, and no text is a formula."""

from __future__ import annotations

import csv
import zipfile
from functools import cache
from io import BytesIO, StringIO

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from remit.report.document import Cell, Column, Document, Number, Panel, Row, Section, Table, numbered, plain
from remit.report.formats.csv_files import table_csv, table_files
from remit.report.formats.figure_data import marks_of
from remit.report.formats.values import Value, harmless, value_of
from remit.report.formats.xlsx import xlsx
from remit.study.style import PLAIN, STYLES, Style
from tests.unit.report.formats.published import MADE, published, tables_of


def number(text: str) -> Number:
    return Number(text, "r")


@pytest.mark.parametrize(
    ("said", "style", "value"),
    [
        ((number("12"),), PLAIN, Value("12", "12")),
        ((number("12345"),), PLAIN, Value("12345", "12345")),
        ((number("12\u202f345"),), PLAIN, Value("12\u202f345", "12345")),
        ((number("\u22121.50"),), PLAIN, Value("\u22121.50", "-1.50")),
        ((number("56.3"), "\xa0%"), PLAIN, Value("56.3\xa0%", "56.3", "\xa0%")),
        ((number("23\u00b74"), "%"), STYLES["lancet"], Value("23\u00b74%", "23.4", "%")),
        ((number("1,234"),), Style(thousands=","), Value("1,234", "1234")),
        ((number("1,234"),), Style(decimal=","), Value("1,234", "1.234")),
        ((number(".13"),), STYLES["jama"], Value(".13", ".13")),
        ((number("<0.001"),), PLAIN, Value("<0.001")),
        ((number("\u2014"),), PLAIN, Value("\u2014")),
        ((number("3"), "/", number("8")), PLAIN, Value("3/8")),
        ((number("3"), " events"), PLAIN, Value("3 events")),
        (("not assessed",), PLAIN, Value("not assessed")),
        (("72",), PLAIN, Value("72", "72")),
        (("1\u202f072",), PLAIN, Value("1\u202f072", "1072")),
        (("007",), PLAIN, Value("007")),
        (("1.5",), PLAIN, Value("1.5")),
    ],
)
def test_a_cell_is_a_number_where_it_holds_one_number(
    said: tuple[str | Number, ...], style: Style, value: Value
) -> None:
    assert value_of(Cell((said,)), style) == value


def test_what_was_written_in_a_chart_stays_a_text() -> None:
    assert value_of(Cell((("72",),), wraps=True), PLAIN) == Value("72")


def test_a_cell_of_several_lines_is_a_text() -> None:
    assert value_of(Cell(((number("3"),), (number("4"),))), PLAIN) == Value("3\n4")
    assert value_of(Cell(), PLAIN) == Value("")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1"])
def test_a_text_that_a_spreadsheet_would_take_for_a_formula_is_one_no_more(text: str) -> None:
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "a=1", "−1", "<5", "≥2 %", "'=1"])
def test_any_other_text_stays(text: str) -> None:
    assert harmless(text) == text


def small() -> Table:
    columns = (Column(("=A",), ("group",)), Column(("B",), ("group",), ("detail",)), Column(("drawn",), scale=True))
    note = ("a note",)
    rows = (
        Row(("-heading",), heading=True),
        Row(("=HYPERLINK(1)",), (Cell(((number("\u22121.5"),),), (note,)), Cell((("x",), ("y",))), Cell()), level=1),
    )
    return Table("t", ("title",), "Row", columns, rows, (("below",),))


def document(table: Table, synthetic: str | None = None) -> Document:
    return Document("A study", synthetic, (), (), numbered((Section("s", "S", (table,)),)), ())


def read(content: bytes) -> list[list[str]]:
    return list(csv.reader(StringIO(content.decode("utf-8-sig"), newline="")))


def test_a_file_has_a_line_a_row_with_its_heading_and_its_notes() -> None:
    assert read(table_csv(small(), PLAIN, "made up")) == [
        ["group", "Row", "group: =A", "group: B (detail)", "notes", "synthetic"],
        ["-heading", "'=HYPERLINK(1)", "-1.5", "x; y", "a note", "made up"],
    ]


def test_all_files_say_that_their_data_are_synthetic_and_begin_with_the_mark_of_utf_8() -> None:
    files = table_files(published().document, PLAIN)
    assert len(files) == len(tables_of(published().document)) + 1
    for content in files.values():
        assert content.startswith(b"\xef\xbb\xbf")
        head, *lines = read(content)
        assert head[-1] == "synthetic"
        assert lines
        assert all(line[-1] == published().document.synthetic and len(line) == len(head) for line in lines)


@cache
def book() -> openpyxl.Workbook:
    report = published()
    return openpyxl.load_workbook(BytesIO(xlsx(report.document, "The edition", PLAIN, MADE)))


def texts(sheet: Worksheet) -> set[str]:
    return {str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None}


def test_each_table_is_a_sheet_of_its_number_with_title_and_notes() -> None:
    tables = tables_of(published().document)
    assert book().sheetnames == ["Contents", *(table.number for table in tables)]
    for table in tables:
        found = texts(book()[table.number])
        assert f"{table.number}. {plain(table.title)}" in found
        assert {plain(note) for note in table.notes} <= found
        assert any(text.startswith("Synthetic data.") for text in found)
        assert any("The edition" in text for text in found)
        assert "The edition" in str(book()[table.number].oddHeader.left.text)


def test_numbers_are_numbers_with_their_decimals_and_formulas_are_texts() -> None:
    made = xlsx(document(small()), "The edition", PLAIN, MADE)
    (found,) = [sheet for sheet in openpyxl.load_workbook(BytesIO(made)) if sheet.title != "Contents"]
    by_value = {cell.value: cell for row in found.iter_rows() for cell in row}
    assert by_value[-1.5].number_format == '0.0" [a]"'
    assert by_value["=HYPERLINK(1)"].data_type in ("s", "f")
    with zipfile.ZipFile(BytesIO(made)) as packed:
        assert not any(b"<f>" in packed.read(name) for name in packed.namelist())


def test_the_same_tables_are_the_same_bytes() -> None:
    assert xlsx(document(small()), "e", PLAIN, MADE) == xlsx(document(small()), "e", PLAIN, MADE)


def test_patients_with_the_same_value_are_a_row_each() -> None:
    values = [{"patient": "A", "x": 1.0, "change": -7.0}, {"patient": "B", "x": 2.0, "change": -7.0}]
    mark = {"data": {"values": values}, "encoding": {"x": {"field": "x", "scale": None}}}
    panel = Panel("change", ("Change",), "", {"layer": [mark, mark]}, 100)
    assert marks_of(panel) == [("Change", "", {"patient": who, "change": -7.0}) for who in "AB"]
