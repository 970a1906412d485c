"""Sentences, cells and drawings without what is hidden."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from remit.disclosure.hidden import Hidden
from remit.report.document import (
    Box,
    Cell,
    Column,
    Document,
    Fact,
    Figure,
    Finding,
    Flow,
    Interval,
    Listing,
    Number,
    Panel,
    Paragraph,
    Row,
    Section,
    Table,
    Words,
    plain,
    words,
)
from remit.report.edition.shareable import without
from remit.report.edition.told import Told

FEW, MANY, TERM = Number("3", "few.n"), Number("40", "many.n"), Number("2", "term.n")
HIDDEN = Hidden(5, {("few.n", "value"): "small", ("term.n", "value"): "small"}, frozenset({"term.n"}))
TOLD = Told(HIDDEN)


def only(*blocks: Paragraph | Table | Figure | Flow | Listing) -> Document:
    section = Section("results", "Results", blocks)
    return Document("Study", None, (Fact("Patients", (MANY,)), Fact("Few", (FEW,))), (), (section,), ())


def shared(*blocks: Paragraph | Table | Figure | Flow | Listing) -> Section:
    return without(only(*blocks), HIDDEN).sections[0]


def table(*rows: Row) -> Table:
    return Table("t", ("Table of ", FEW), "Stub", (Column(("n",)),), rows, number="Table 1")


def test_a_sentence_with_a_hidden_number_goes_the_others_stay() -> None:
    said = words("There were ", MANY, ". Of these ", FEW, " stopped (e.g. early). All were seen.")
    assert plain(TOLD.sentences(said)) == "There were 40. All were seen."


def test_a_sentence_may_begin_with_a_number() -> None:
    assert plain(TOLD.sentences(words("There were ", MANY, ". ", FEW, " stopped."))) == "There were 40."


def test_a_note_with_a_digit_is_not_told() -> None:
    """Nothing tells of which counts it speaks."""
    assert TOLD.hides(Number("1 of 40 is left out", "many.n", "note"))
    assert not TOLD.hides(Number("not reached", "many.n", "note"))


def test_a_hidden_cell_says_so_and_its_interval_is_not_drawn() -> None:
    interval = Cell(interval=Interval((1, 2, 3), 50))
    rows = (
        Row(("Few",), (Cell(((FEW, " of ", MANY), ("1 to 9",)), notes=((FEW,),)), interval, Cell(((MANY,),)))),
        Row(("Many",), (Cell(((MANY,),)), interval)),
    )
    (made,) = shared(table(*rows)).blocks
    assert isinstance(made, Table)
    assert made.title == ("Table of ", "hidden")
    assert [row.cells[0].lines for row in made.rows] == [(("hidden",),), ((MANY,),)]
    assert [row.cells[1].interval for row in made.rows] == [Interval(None, 50), Interval((1, 2, 3), 50)]
    assert not made.marked


def test_a_kind_of_event_in_few_is_not_listed() -> None:
    rows = (Row(("Rare",), (Cell(((TERM,),)),)), Row(("Common",), (Cell(((MANY,),)),)))
    (made,) = shared(table(*rows)).blocks
    assert isinstance(made, Table)
    assert [row.label for row in made.rows] == [("Common",)]
    assert made.notes == (("Kinds of events in few patients are not listed.",),)


def test_what_is_left_out_wholly_is_named() -> None:
    section = shared(table(Row(("Few",), (Cell(((FEW,),)),))))
    assert section.blocks == (Paragraph(("Left out of this edition: Table 1.",)),)


def test_a_section_of_which_nothing_is_left_says_so() -> None:
    (said,) = shared(Paragraph((FEW, " stopped."))).blocks
    assert isinstance(said, Paragraph)
    assert plain(said.words).startswith("Nothing of this section may be shared")


def drawing(*rows: Mapping[str, object]) -> Figure:
    panel = Panel("p", ("Panel",), "3 and 40", {"layer": [{"data": {"values": list(rows)}}]}, 100)
    return Figure("f", ("Figure",), (panel,), number="Figure 1")


def test_hidden_marks_are_not_drawn() -> None:
    few, many = {"value": 3, "bound": "result few.n"}, {"value": 40, "bound": "result many.n"}
    label = {"x": 1, "y": 2, "text": "label"}
    (made,) = shared(drawing(few, many, label)).blocks
    assert isinstance(made, Figure)
    assert made.panels[0].spec == {"layer": [{"data": {"values": [many, label]}}]}
    assert made.panels[0].alt == "Panel. What may not be shared is not drawn."


def test_a_drawing_with_marks_that_tell_no_result_is_left_out_if_one_is_hidden() -> None:
    few, loose = {"value": 3, "bound": "result few.n"}, {"value": 40}
    assert shared(drawing(few, loose)).blocks == (Paragraph(("Left out of this edition: Figure 1.",)),)
    assert shared(drawing(loose)).blocks == (Paragraph(("Left out of this edition: Figure 1.",)),)


def test_single_patients_are_not_drawn() -> None:
    figure = replace(drawing({"value": 40, "bound": "result many.n"}), individual=True)
    (said,) = shared(figure).blocks
    assert isinstance(said, Paragraph)


def test_boxes_of_the_flow() -> None:
    flow = Flow(Box(("Screened",), (MANY,)), (Box(("Too old",), ("n = ", FEW), note=(FEW,)),), Box(("In",), (MANY,)))
    (made,) = shared(flow).blocks
    assert isinstance(made, Flow)
    assert made.excluded == (Box(("Too old",), ("hidden",)),)


def test_head_and_first_page() -> None:
    line: Words = ("of ", FEW)
    document = replace(only(), findings=(Finding((MANY,), ("n",), (line,)), Finding((FEW,), ("n",))))
    made = without(document, HIDDEN)
    assert made.facts == (Fact("Patients", (MANY,)),)
    assert made.findings == (Finding((MANY,), ("n",)),)
    assert made.edition == "shareable"
    assert "Counts from 1 to 4 are hidden" in made.rule
    assert "Counts" not in without(document, Hidden(1)).rule
