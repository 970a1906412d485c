"""The document: footnotes' marks, numbers of tables and figures, heads above columns."""

from __future__ import annotations

from remit.report.document import (
    Block,
    Cell,
    Column,
    Figure,
    Fold,
    Number,
    Paragraph,
    Row,
    Section,
    Table,
    blocks_of,
    numbered,
    plain,
    sentences_of,
    words,
)


def table(name: str = "t", *rows: Row, columns: tuple[Column, ...] = (Column(("A",)),)) -> Table:
    return Table(name, (name,), "Row", columns, rows)


def cell(*notes: str) -> Cell:
    return Cell((("1",),), tuple((note,) for note in notes))


def test_footnotes_are_marked_in_the_order_in_which_they_are_met() -> None:
    made = table("t", Row(("x",), (cell("second"),), notes=(("first",),)), Row(("y",), (cell("first", "third"),)))
    assert {plain(note): mark for note, mark in made.marked.items()} == {"first": "a", "second": "b", "third": "c"}


def test_notes_that_read_alike_are_one() -> None:
    one, other = words("of ", Number("3", "r1")), words("of ", Number("3", "r2"))
    made = table("t", Row(("x",), (Cell(notes=(one,)), Cell(notes=(other,)))))
    assert list(made.marked) == [one]
    assert made.marks((other,)) == ["a"]


def test_after_z_comes_aa() -> None:
    made = table("t", Row(("x",), tuple(cell(str(number)) for number in range(28))))
    assert list(made.marked.values())[25:] == ["z", "aa", "ab"]


def test_columns_that_share_a_head_are_spanned() -> None:
    columns = (Column(("A",), ("left",)), Column(("B",), ("left",)), Column(("C",)))
    assert table("t", columns=columns).groups == ((("left",), 2), ((), 1))
    assert table("t", columns=columns).grouped
    assert not table().grouped


def test_tables_and_figures_are_numbered_in_the_order_of_reading() -> None:
    figure = Figure("f", ("f",), ())
    folded = Fold("more", (table("hidden"), Paragraph(("text",))))
    inner = Section("inner", "Inner", (table("last"),))
    sections = numbered((Section("one", "One", (table("first"), folded, figure), (inner,)),))
    found: dict[str, str] = {}
    for block in blocks_of(sections):
        assert_number(block, found)
    assert found == {"first": "Table 1", "hidden": "Table S1", "f": "Figure 1", "last": "Table 2"}


def assert_number(block: Block, found: dict[str, str]) -> None:
    if isinstance(block, Table | Figure):
        found[block.name] = block.number


def test_words_are_flat_and_without_empty_texts() -> None:
    number = Number("3", "r")
    assert words("a", "", ("b", number), ()) == ("a", "b", number)
    assert plain(("n = ", number)) == "n = 3"


def test_a_sentence_ends_where_the_next_text_begins() -> None:
    number = Number("31", "result")
    said = words("It was seen in ", number, " patients.", " Adjusted, it is ", number, ". The rest")
    assert [plain(sentence) for sentence in sentences_of(said)] == [
        "It was seen in 31 patients. ",
        "Adjusted, it is 31. ",
        "The rest",
    ]
