"""Tables of the shareable edition: rows that say nothing are left out, and counted."""

from __future__ import annotations

from remit.disclosure.hidden import Hidden
from remit.report.document import Cell, Column, Number, Row, Table, plain
from remit.report.edition.tables import table
from remit.report.edition.told import Told

TOLD = Told(Hidden(5, {("small", "value"): "small"}))


def cell(result: str | None) -> Cell:
    return Cell(((Number("3", result),),) if result else ())


def row(label: str, *results: str | None, level: int = 0, heading: bool = False) -> Row:
    return Row((label,), tuple(cell(result) for result in results), level=level, heading=heading)


def shared(*rows: Row) -> tuple[list[str], list[str]]:
    """Labels and notes of what is left."""
    made = table(Table("t", ("Of all",), "", (Column(("A",)), Column(("B",))), rows), TOLD)
    return ([plain(one.label) for one in made.rows], [plain(note) for note in made.notes]) if made else ([], [])


def test_a_row_of_which_all_is_hidden_is_left_out() -> None:
    labels, notes = shared(row("a", "large", "small"), row("b", "small", "small"))
    assert labels == ["a"]
    assert notes == ["1 row is left out: all its numbers are hidden."]


def test_several_rows_are_counted() -> None:
    rows = [row(label, "small", None) for label in "bc"]
    assert shared(row("a", "large"), *rows)[1] == ["2 rows are left out: all their numbers are hidden."]


def test_a_row_stays_over_its_parts() -> None:
    labels, notes = shared(row("a", "small"), row("of these", "large", level=1))
    assert labels == ["a", "of these"]
    assert not notes


def test_a_label_goes_with_its_parts() -> None:
    labels, notes = shared(row("sex"), row("one", "small", level=1), row("two", "small", level=1), row("age", "large"))
    assert labels == ["age"]
    assert notes == ["2 rows are left out: all their numbers are hidden."]


def test_a_heading_goes_with_its_rows() -> None:
    labels, _ = shared(row("first", heading=True), row("a", "small"), row("then", heading=True), row("b", "large"))
    assert labels == ["then", "b"]


def test_a_table_with_nothing_left_is_left_out() -> None:
    assert shared(row("a", "small")) == ([], [])
