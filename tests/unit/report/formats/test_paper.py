"""A document on paper: nothing is folded away, and each paragraph names the tables and figures that follow it."""

from __future__ import annotations

from remit.report.document import Document, Figure, Fold, Paragraph, Section, Table, blocks_of, numbered, plain
from remit.report.formats.paper import Reference, on_paper


def table(name: str) -> Table:
    return Table(name, (name,), "Row", (), ())


def paper(*blocks: Paragraph | Table | Figure | Fold) -> Document:
    sections = numbered((Section("one", "One", blocks),))
    return on_paper(Document("A study", None, (), (), sections, ()))


def said(document: Document) -> list[str]:
    return [plain(block.words) for block in blocks_of(document.sections) if isinstance(block, Paragraph)]


def test_a_paragraph_names_the_tables_and_figures_that_follow_it() -> None:
    found = paper(Paragraph(("First.",)), Paragraph(("Second.",)), table("a"), Figure("f", ("f",), ()), table("b"))
    assert said(found) == ["First.", "Second. See Table 1, Figure 1 and Table 2."]
    (_, second) = [block for block in blocks_of(found.sections) if isinstance(block, Paragraph)]
    assert [part for part in second.words if isinstance(part, Reference)] == ["Table 1", "Figure 1", "Table 2"]


def test_tables_that_are_folded_away_go_to_the_supplement_and_are_told_of() -> None:
    found = paper(table("a"), Fold("More", (table("b"), Paragraph(("inside",)))), Paragraph(("after",)))
    assert said(found) == ["More: see Table S1 in the supplement.", "after", "inside"]
    assert [section.title for section in found.sections] == ["One", "Supplement"]
    (inside,) = found.sections[1].sections
    assert (inside.title, len(inside.blocks)) == ("More", 2)


def test_a_fold_without_tables_stays() -> None:
    found = paper(Fold("Habits", (Paragraph(("inside",)),)))
    assert said(found) == ["inside"]
    assert len(found.sections) == 1


def test_where_no_paragraph_stands_before_none_is_made() -> None:
    assert said(paper(table("a"), table("b"))) == []
