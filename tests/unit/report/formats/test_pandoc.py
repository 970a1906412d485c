"""The tree that pandoc reads."""

from __future__ import annotations

import json

from remit.report.document import Document, Paragraph, Section, Table, numbered
from remit.report.formats.pandoc import anchor, counting_anew, text, tree


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
