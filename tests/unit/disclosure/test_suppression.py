"""Which counts are hidden, from what can be worked out of the others."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from remit.disclosure.bounds import Form, Programme, System, passed
from remit.disclosure.suppression import is_small, suppressed

LIMIT = 5


def table(cells: list[list[int]]) -> System:
    """Cells in rows and columns, with the sums of each and of all, which are the last row and column."""
    rows = [[*row, sum(row)] for row in cells]
    rows.append([sum(column) for column in zip(*rows, strict=True)])
    across, down = len(rows[0]), len(rows)
    lines = [[row * across + column for column in range(across)] for row in range(down)]
    lines += [[row * across + column for row in range(down)] for column in range(across)]
    forms = [
        Form(tuple((position, 1 if position == line[-1] else -1) for position in line), zero=True) for line in lines
    ]
    return System([value for row in rows for value in row], forms)


def hidden(system: System) -> list[int]:
    worth = [10.0 + value / 1000 for value in system.values]
    return sorted(suppressed(system, worth, LIMIT).hidden)


def test_one_small_part_of_a_sum_takes_another_with_it() -> None:
    parts_and_sum = System([3, 12, 20, 35], [Form(((0, -1), (1, -1), (2, -1), (3, 1)), zero=True)])
    assert suppressed(parts_and_sum, [1, 1, 2, 9], LIMIT).hidden == {0, 1}


def test_two_small_parts_may_still_be_bounded_too_narrowly() -> None:
    """1 + 1 of 12: each is at most 2."""
    parts_and_sum = System([1, 1, 10, 12], [Form(((0, -1), (1, -1), (2, -1), (3, 1)), zero=True)])
    assert suppressed(parts_and_sum, [1, 1, 2, 9], LIMIT).hidden == {0, 1, 2}


def test_of_two_sets_of_which_one_lies_in_the_other_the_difference_is_a_count() -> None:
    nested = System([33, 31], [Form(((0, 1), (1, -1)))])
    assert suppressed(nested, [9, 1], LIMIT).hidden == {1}


def test_a_difference_of_nobody_or_of_enough_hides_nothing() -> None:
    nested = System([33, 28, 28], [Form(((0, 1), (1, -1))), Form(((1, 1), (2, -1)), zero=True)])
    assert not suppressed(nested, [1, 1, 1], LIMIT).hidden


def test_what_lines_do_not_tell_their_combination_may() -> None:
    """With one small cell, others of its row and column are hidden, and of these a row and column."""
    found = hidden(table([[2, 10], [11, 12], [50, 60]]))
    assert {position // 3 for position in found} > {0}
    assert {position % 3 for position in found} > {0}


@settings(deadline=None)
@given(st.lists(st.lists(st.integers(0, 30), min_size=3, max_size=3), min_size=2, max_size=4))
def test_no_small_cell_of_a_table_can_be_worked_out(cells: list[list[int]]) -> None:
    system = table(cells)
    gone = set(hidden(system))
    for position, value in enumerate(system.values):
        if not is_small(value, LIMIT):
            continue
        assert position in gone
        programme = Programme(system, system.linked([position], gone))
        cell = Form(((position, 1),))
        assert programme.extreme(cell, greatest=False).value <= 1 + 1e-6
        assert programme.extreme(cell, greatest=True).value >= LIMIT - 1 - 1e-6


@settings(deadline=None)
@given(st.lists(st.integers(0, 9), min_size=2, max_size=5), st.data())
def test_bounds_that_are_passed_on_hold(parts: list[int], data: st.DataObject) -> None:
    whole = len(parts)
    forms = [Form(((whole, 1), *((position, -1) for position in range(whole))), zero=True)]
    system = System([*parts, sum(parts)], forms)
    gone = set(data.draw(st.lists(st.integers(0, whole))))
    bounds = passed(system, gone)
    assert all(bounds.low[position] <= system.values[position] <= bounds.high[position] for position in gone)
