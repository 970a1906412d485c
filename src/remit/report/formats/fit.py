"""How a table fits on paper: how wide each column is, the size of type, and whether the page must be turned."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from remit.report.document import Cell, Table, Words, plain
from remit.report.figures.drawing import Drawing
from remit.report.figures.sheet import LEGIBLE, TURNED, UPRIGHT, room

PORTRAIT, LANDSCAPE = UPRIGHT[0], TURNED[0]
SIZE, _SMALLEST = 8.0, 7.0  # points, of the type in tables
MOST_LINES = 26  # of a table that is kept on one page
_EM = 0.353  # mm in a point
_PADDING = 2.6  # mm between two columns
_LONGEST, _LABEL, _NARROW = 17.0, 23.0, 9.0  # em: of a cell that may wrap, of a label, of a label at least
_NARROW_LETTERS, _WIDE_LETTERS = (
    frozenset(" \u202f\u00a0.,:;|!()[]/'’‘“”-–iljtfrI"),
    frozenset("mwMW%@—ABCDEFGHKNOPQRSUVXYZ"),
)


@dataclass(frozen=True)
class Fit:
    """`widths`: of the labels and of each column, in mm. `size`: of the type, in points. `together`: on one page."""

    widths: tuple[float, ...]
    size: float
    landscape: bool
    together: bool

    @property
    def page(self) -> float:
        """How wide the page is between its margins, in mm."""
        return LANDSCAPE if self.landscape else PORTRAIT


def shown(table: Table) -> list[int]:
    """Which columns are printed: what is drawn in cells stands in numbers beside it."""
    return [number for number, column in enumerate(table.columns) if not column.scale]


def is_number(text: str) -> bool:
    """Whether it reads like one number, or a count out of another."""
    return bool(text) and (text[0].isdigit() or text[0] in "−<>—") and len(text) <= 24


def right_aligned(table: Table, column: int) -> bool:
    """Whether all that stands in the column are numbers, each in a line of its own, or a word in the place of one."""
    cells = [row.cells[column] for row in table.rows if column < len(row.cells)]
    said = [[plain(line) for line in cell.lines if line] for cell in cells]
    lines = [line for cell in said for line in cell]
    return (
        all(len(cell) < 2 for cell in said)
        and any(is_number(line) for line in lines)
        and all(is_number(line) or _stands_for_one(line) for line in lines)
    )


def _stands_for_one(text: str) -> bool:
    """hidden, not given, reference"""
    return len(text) < 14 and not any(letter.isdigit() for letter in text)


def fit(table: Table) -> Fit:
    """On an upright page if it takes each column in its width, with labels in more lines if need be; else on a turned
    page; else in smaller type."""
    ems = [_label(table), *(_column(table, at) for at in shown(table))]
    together = _lines(table) <= MOST_LINES
    for landscape in (False, True):
        page = LANDSCAPE if landscape else PORTRAIT
        widths = _widths(ems, SIZE)
        if sum(widths) <= page:
            return Fit(_stretched(widths, page), SIZE, landscape, together)
        if (least := page - sum(widths[1:])) >= _widths([_NARROW], SIZE)[0]:
            return Fit((least, *widths[1:]), SIZE, landscape, together)
    widths = _widths([_NARROW, *ems[1:]], _SMALLEST)
    return Fit(tuple(width * LANDSCAPE / sum(widths) for width in widths), _SMALLEST, True, together)


def _lines(table: Table) -> int:
    """How many lines it has without its head."""
    return sum(max([1 + bool(row.detail), *(len(cell.lines) for cell in row.cells)]) for row in table.rows)


def _widths(ems: Iterable[float], size: float) -> list[float]:
    return [em * size * _EM + _PADDING for em in ems]


def _em(text: str) -> float:
    """How wide a text is, in its size, about as Arial is: a digit takes 0.556."""
    return sum(0.3 if letter in _NARROW_LETTERS else 0.72 if letter in _WIDE_LETTERS else 0.556 for letter in text)


def _stretched(widths: list[float], page: float) -> tuple[float, ...]:
    """To the whole page where little is missing, so that the rules of most tables are alike."""
    wanted = page if sum(widths) > 0.55 * page else 0.72 * page
    more = max(0.0, wanted - sum(widths)) / len(widths)
    return tuple(width + more for width in widths)


def _label(table: Table) -> float:
    said = [row.label for row in table.rows if not row.heading] + [(table.stub,)]
    indent = max((row.level for row in table.rows), default=0)
    return min(_LABEL, max(_em(plain(words)) for words in said) + indent)


def _column(table: Table, at: int) -> float:
    column, rows = table.columns[at], table.rows
    span = sum(each.group == column.group for each in table.columns)
    group = _head(column.group, 3) / span
    cells = [row.cells[at] for row in rows if at < len(row.cells)]
    return max([_head(column.title, 2), _head(column.detail, 4), group, *(_in_cell(cell) for cell in cells)])


def _head(said: Words, lines: float) -> float:
    """Heads may stand in several lines, but are not cut within a word; they are bold."""
    text = plain(said)
    return 1.08 * max([_em(word) for word in text.split(" ")] + [_em(text) / lines])


def _in_cell(cell: Cell) -> float:
    longest = max((_em(plain(line)) for line in cell.lines), default=0) + 0.4 * len(cell.notes)
    return min(longest, _LONGEST)


@dataclass(frozen=True)
class Placed:
    """How large a figure is printed, in mm."""

    width: float
    height: float
    landscape: bool


def on_page(drawing: Drawing) -> Placed:
    """As large as it was drawn, or as the page lets it be; on a turned page if it is much larger there."""
    wide, high = (length * 25.4 / 96 for length in drawing.size)
    upright, turned = (min(1.0, *room(wide, high, page)) for page in (UPRIGHT, TURNED))
    landscape = upright < LEGIBLE and turned > 1.2 * upright
    scale = turned if landscape else upright
    return Placed(wide * scale, high * scale, landscape)
