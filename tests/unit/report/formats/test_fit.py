"""How tables fit on paper: upright, else turned, else in smaller type; never wider than the page."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from remit.report.document import Cell, Column, Number, Row, Table
from remit.report.figures.drawing import Drawing
from remit.report.figures.sheet import svg
from remit.report.formats.fit import LANDSCAPE, PORTRAIT, SIZE, fit, on_page, right_aligned, shown


def table(*rows: tuple[str, ...], label: str = "label") -> Table:
    columns = tuple(Column((f"C{at}",)) for at in range(len(rows[0])))
    made = tuple(Row((label,), tuple(Cell(((Number(text, "r"),),)) for text in row)) for row in rows)
    return Table("t", ("t",), "Row", columns, made)


def test_a_few_columns_stand_upright() -> None:
    found = fit(table(("12", "3.4")))
    assert (found.landscape, found.size, found.together) == (False, SIZE, True)
    assert sum(found.widths) <= PORTRAIT


def test_labels_take_more_lines_before_the_page_is_turned() -> None:
    found = fit(table(*[("46/63 (73.0 %)",) * 5], label="a label of very many words that stand on one line else"))
    assert not found.landscape
    assert round(sum(found.widths), 6) == PORTRAIT


def test_many_columns_turn_the_page_and_very_many_make_the_type_smaller() -> None:
    turned, small = fit(table(("46/63 (73.0 %)",) * 9)), fit(table(("46/63 (73.0 %)",) * 20))
    assert (turned.landscape, turned.size) == (True, SIZE)
    assert (small.landscape, small.size < SIZE) == (True, True)


@given(st.integers(1, 30), st.integers(0, 60), st.integers(0, 90))
def test_no_table_is_wider_than_its_page(columns: int, letters: int, label: int) -> None:
    found = fit(table(("x" * letters,) * columns, label="y" * label))
    assert sum(found.widths) <= found.page + 1e-6
    assert found.page == (LANDSCAPE if found.landscape else PORTRAIT)
    assert len(found.widths) == columns + 1


def test_a_long_table_may_be_broken() -> None:
    assert fit(table(*[("1",)] * 26)).together
    assert not fit(table(*[("1",)] * 27)).together


def test_columns_of_numbers_stand_on_the_right_and_others_on_the_left() -> None:
    assert right_aligned(table(("12",), ("\u22121.5",), ("<0.001",), ("3/8 (37.5 %)",)), 0)
    assert right_aligned(table(("12",), ("hidden",)), 0)
    assert not right_aligned(table(("hidden",), ("hidden",)), 0)
    assert not right_aligned(table(("12",), ("reached by 3 of them",)), 0)
    assert not right_aligned(Table("t", ("t",), "Row", (Column(("C",)),), (Row(("x",), (Cell(),)),)), 0)


def test_columns_that_are_drawn_are_left_out() -> None:
    columns = (Column(("n",)), Column(("drawn",), scale=True), Column(("p",)))
    assert shown(Table("t", ("t",), "Row", columns, ())) == [0, 2]


def test_a_figure_is_as_large_as_it_was_drawn_or_as_the_page_lets_it_be() -> None:
    small, high, wide = (on_page(Drawing("f", "", svg([], *size, ""))) for size in ((96, 96), (500, 3000), (1400, 500)))
    assert (round(small.width, 1), round(small.height, 1), small.landscape) == (25.4, 25.4, False)
    assert (round(high.height), high.landscape) == (215, False)
    assert (round(wide.width), wide.landscape) == (247, True)
