"""The tree that pandoc reads."""

from __future__ import annotations

import json
import zipfile
from io import BytesIO
from xml.etree import ElementTree as ET

from remit.report.document import Cell, Column, Document, Paragraph, Row, Section, Table, numbered
from remit.report.formats.pandoc import anchor, counting_anew, text, tree
from remit.report.formats.paper import SUPPLEMENT
from remit.report.formats.word import docx
from remit.report.formats.word_styles import W
from tests.unit.report.formats.published import MADE


def tables(*names: str) -> tuple[Table, ...]:
    return tuple(Table(name, (name,), "Row", (), ()) for name in names)


def document(*blocks: Table | Paragraph) -> Document:
    return Document("A study", None, (), (), (Section("one", "One", blocks),), ())


def fields(made: Document) -> list[str]:
    """The codes that count tables."""
    said = json.dumps(tree(made, "The edition", {}))
    return [part.split("<")[0].strip() for part in said.split('preserve\\"> ')[1:] if part.startswith("SEQ")]


def test_tables_count_by_themselves() -> None:
    (section,) = numbered((Section("one", "One", tables("a", "b")),))
    made = document(*[each for each in section.blocks if isinstance(each, Table)])
    assert counting_anew(made) == frozenset()
    assert len(fields(made)) == 2
    assert not any("r 1" in code for code in fields(made))


def test_a_table_after_one_that_was_left_out_keeps_its_number() -> None:
    """Word would count 2 where the text says Table 3."""
    (section,) = numbered((Section("one", "One", tables("a", "b", "c", "d")),))
    first, _, third, fourth = [each for each in section.blocks if isinstance(each, Table)]
    made = document(first, third, fourth)
    assert counting_anew(made) == {"Table 3"}
    assert [code.endswith("r 3") for code in fields(made)] == [False, True, False]


def test_a_number_and_its_unit_stay_together() -> None:
    assert text("3\u00a0mm and") == [{"t": "Str", "c": "3\u00a0mm"}, {"t": "Space"}, {"t": "Str", "c": "and"}]


def test_a_bookmark_has_a_name_that_word_takes() -> None:
    assert anchor("Table S1") == "table_s1"


def wide() -> Document:
    """An upright section, and a table of the supplement that needs a turned page."""
    words = ("a text that takes some room",)
    columns = tuple(Column((f"Column {letter}",)) for letter in "ABCDEFGH")
    table = Table("wide", ("Wide",), "Row", columns, (Row(("one",), tuple(Cell((words,)) for _ in columns)),))
    supplement = Section(SUPPLEMENT, "Supplement", (), (Section("inner", "All of it", (table,)),))
    sections = numbered((Section("one", "One", (Paragraph(("Said.",)),)), supplement))
    return Document("A study", None, (), (), sections, (("Made by a program.",),))


def test_a_heading_is_turned_with_the_table_below_it() -> None:
    kinds = [block["t"] for block in tree(wide(), "The edition", {})["blocks"]]
    first = kinds.index("RawBlock")
    assert kinds[first : first + 4] == ["RawBlock", "Header", "Header", "Table"]


def test_what_made_it_stands_before_the_supplement() -> None:
    said = json.dumps(tree(wide(), "The edition", {})["blocks"])
    assert said.index('"custom-style", "Made with"') < said.index('"supplement", [], []')


def test_no_empty_page_follows_a_turned_one() -> None:
    with zipfile.ZipFile(BytesIO(docx(wide(), "The edition", {}, MADE))) as file:
        body = ET.fromstring(file.read("word/document.xml"))[0]
    sections = list(body.iter(f"{{{W}}}sectPr"))
    assert [page(section) for section in sections] == [None, "landscape"]
    assert sections[-1] is body[-1]


def page(section: ET.Element) -> str | None:
    size = section.find(f"{{{W}}}pgSz")
    assert size is not None
    return size.get(f"{{{W}}}orient")
