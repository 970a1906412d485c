"""The Word file: each table is a table of Word, each figure a drawing, each caption is there and counts by itself."""

from __future__ import annotations

import zipfile
from functools import cache
from io import BytesIO
from xml.etree import ElementTree as ET

from remit.report.document import plain
from remit.report.formats.paper import on_paper
from remit.report.formats.word import docx
from tests.unit.report.formats.published import drawn_of, published, tables_of

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
A14 = "{http://schemas.microsoft.com/office/drawing/2016/SVG/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


def made() -> bytes:
    report = published()
    return docx(report.document, report.edition.words, report.drawings, report.made)


@cache
def parts() -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(made())) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


@cache
def body() -> ET.Element:
    return ET.fromstring(parts()["word/document.xml"])


def said(element: ET.Element) -> str:
    return "".join(each.text or "" for each in element.iter(f"{W}t"))


def in_style(style: str) -> list[str]:
    """The texts of the paragraphs in a style."""
    return [
        said(paragraph)
        for paragraph in body().iter(f"{W}p")
        if (named := paragraph.find(f"{W}pPr/{W}pStyle")) is not None and named.get(f"{W}val") == style
    ]


def test_each_table_is_a_table_of_word_with_a_head_that_is_repeated() -> None:
    found = [table for table in body().iter(f"{W}tbl") if table.find(f"{W}tblPr/{W}tblCaption") is not None]
    wanted = tables_of(on_paper(published().document))
    assert len(found) == len(wanted)
    for drawn, table in zip(found, wanted, strict=True):
        heads = [row for row in drawn.findall(f"{W}tr") if row.find(f"{W}trPr/{W}tblHeader") is not None]
        assert len(heads) == (2 if table.grouped else 1)
        assert len(drawn.findall(f"{W}tr")) == len(heads) + len(table.rows)
        assert all(row.find(f"{W}trPr/{W}cantSplit") is not None for row in drawn.findall(f"{W}tr"))


def test_a_cell_has_no_more_paragraphs_than_lines_also_where_it_is_empty() -> None:
    drawn = [table for table in body().iter(f"{W}tbl") if table.find(f"{W}tblPr/{W}tblCaption") is not None]
    (first, table) = next(zip(drawn, tables_of(on_paper(published().document)), strict=True))
    rows = first.findall(f"{W}tr")[1:]
    for found, row in zip(rows, table.rows, strict=True):
        cells = found.findall(f"{W}tc")[1:]
        for cell, wanted in zip(cells, row.cells, strict=not row.heading):
            assert len(cell.findall(f"{W}p")) == max(1, len(wanted.lines))
            assert all(each.find(f"{W}pPr/{W}pStyle") is not None for each in cell.findall(f"{W}p"))


def test_each_table_and_each_figure_has_its_caption() -> None:
    document = on_paper(published().document)
    assert in_style("TableCaption") == [f"{each.number}. {plain(each.title)}" for each in tables_of(document)]
    captions = in_style("ImageCaption")
    assert len(captions) == len(drawn_of(document))
    for caption, figure in zip(captions, drawn_of(document), strict=True):
        assert caption.startswith(f"{figure.number}. {plain(figure.title)}.")


def test_each_figure_is_there_as_a_vector_with_a_picture_for_older_readers_and_with_words() -> None:
    vectors = [each.get(f"{R}embed") for each in body().iter(f"{A14}svgBlip")]
    relations = parts()["word/_rels/document.xml.rels"].decode()
    assert len(vectors) == len(drawn_of(on_paper(published().document)))
    for number, identity in enumerate(vectors, start=1):
        assert f'Id="{identity}"' in relations
        assert parts()[f"word/media/figure-{number}.svg"].startswith(b"<svg")
    assert len([name for name in parts() if name.endswith(".png")]) == len(vectors)
    words = [each.get("descr") for each in body().iter() if each.tag.endswith("}docPr")]
    assert words == [drawing.alt for drawing in published().drawings.values()]


def test_which_edition_it_is_and_that_its_data_are_synthetic_stands_on_each_page() -> None:
    report = published()
    header = next(parts()[name] for name in parts() if name.startswith("word/header"))
    assert report.edition.words in header.decode()
    assert f"Synthetic data. {report.document.synthetic}" in said(ET.fromstring(header))
    sections = list(body().iter(f"{W}sectPr"))
    assert all(section.find(f"{W}headerReference") is not None for section in sections)
    assert report.edition.words in in_style("Edition")
    assert report.document.rule in in_style("EditionRule")


def test_numbers_of_tables_are_fields_that_word_can_refer_to() -> None:
    codes = [each.text for each in body().iter(f"{W}instrText")]
    for table in tables_of(on_paper(published().document)):
        series = "TableS" if table.number.startswith("Table S") else "Table"
        assert f" SEQ {series} \\* ARABIC " in codes
    bookmarks = {each.get(f"{W}name") for each in body().iter(f"{W}bookmarkStart")}
    assert {"table_1", "table_s1", "figure_1"} <= bookmarks


def test_what_the_text_says_of_tables_is_a_field_that_follows_their_numbers() -> None:
    bookmarks = {each.get(f"{W}name") for each in body().iter(f"{W}bookmarkStart")}
    spoken = [str(each.text).split()[1] for each in body().iter(f"{W}instrText") if str(each.text).startswith(" REF ")]
    assert len(spoken) > 20
    assert set(spoken) <= bookmarks


def test_a_short_table_stays_on_its_page() -> None:
    tables = [table for table in body().iter(f"{W}tbl") if table.find(f"{W}tblPr/{W}tblCaption") is not None]
    short = [table for table in tables if len(table.findall(f"{W}tr")) < 7]
    assert short
    for table in short:
        for row in table.findall(f"{W}tr")[:-1]:
            assert all(each.find(f"{W}keepNext") is not None for each in row.iterfind(f"{W}tc/{W}p/{W}pPr"))


def test_the_same_report_is_the_same_bytes() -> None:
    assert made() == made()


def test_all_styles_that_are_used_are_defined() -> None:
    defined = {each.get(f"{W}styleId") for each in ET.fromstring(parts()["word/styles.xml"])}
    used = {each.get(f"{W}val") for tag in ("pStyle", "rStyle", "tblStyle") for each in body().iter(f"{W}{tag}")}
    assert used <= defined
