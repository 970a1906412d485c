"""How a table fits on paper: how wide each column is, the size of type, and whether the page must be turned."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from remit.report.document import Cell, Column, Row, Table, Words, plain
from remit.report.figures.drawing import Drawing

PORTRAIT, LANDSCAPE = 160.0, 247.0  # mm between the margins of A4, upright and turned
TALLEST = 215.0  # mm, of a figure above its caption
_EM = 0.353  # mm in a point
_LETTER = 0.52  # the width of a letter, in its size; digits of Arial take 0.556
_PADDING = 3.2  # mm between two columns
_LONGEST, _LABEL, _NARROW = 34, 46, 20  # letters: of a cell that may wrap, of a label, of a label at least
_SIZES = (9.0, 8.5, 8.0)  # points
_SMALLEST = 7.0


@dataclass(frozen=True)
class Fit:
    """`widths`: of the labels and of each column, in mm. `size`: of the type, in points."""

    widths: tuple[float, ...]
    size: float
    landscape: bool

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
    """Whether all that stands in the column are numbers, each in a line of its own."""
    cells = [row.cells[column] for row in table.rows if column < len(row.cells)]
    said = [[plain(line) for line in cell.lines if line] for cell in cells]
    return any(said) and all(len(lines) < 2 and all(is_number(line) for line in lines) for lines in said)


def fit(table: Table) -> Fit:
    """The largest type on an upright page that takes each column in its width; else on a turned page; else smaller,
    with labels in more lines."""
    letters = [_label(table), *(_letters(table.columns[at], at, table.rows) for at in shown(table))]
    for landscape in (False, True):
        page = LANDSCAPE if landscape else PORTRAIT
        for size in _SIZES:
            widths = _widths(letters, size)
            if sum(widths) <= page:
                return Fit(_stretched(widths, page), size, landscape)
            least = page - sum(widths[1:])
            if least >= _widths([_NARROW], size)[0]:
                return Fit((least, *widths[1:]), size, landscape)
    widths = _widths([_NARROW, *letters[1:]], _SMALLEST)
    return Fit(tuple(width * LANDSCAPE / sum(widths) for width in widths), _SMALLEST, True)


def _widths(letters: Iterable[float], size: float) -> list[float]:
    return [count * size * _LETTER * _EM + _PADDING for count in letters]


def _stretched(widths: list[float], page: float) -> tuple[float, ...]:
    """To the whole page where little is missing, so that the rules of most tables are alike."""
    wanted = page if sum(widths) > 0.55 * page else 0.72 * page
    more = max(0.0, wanted - sum(widths)) / len(widths)
    return tuple(width + more for width in widths)


def _label(table: Table) -> float:
    said = [row.label for row in table.rows] + [row.detail for row in table.rows]
    indent = max((row.level for row in table.rows), default=0) * 2
    return min(_LABEL, max((len(plain(words)) + indent for words in (*said, (table.stub,))), default=0))


def _letters(column: Column, at: int, rows: tuple[Row, ...]) -> float:
    cells = [row.cells[at] for row in rows if at < len(row.cells)]
    return max([_head(column.title), _head(column.detail), *(_in_cell(cell) for cell in cells)])


def _head(said: Words) -> float:
    """Heads may stand in two lines or three, but are not cut within a word."""
    text = plain(said)
    return max([len(word) for word in text.split(" ")] + [min(len(text), 8), len(text) / 2.5])


def _in_cell(cell: Cell) -> float:
    longest = max((len(plain(line)) for line in cell.lines), default=0) + len(cell.notes)
    return min(longest, _LONGEST) if cell.wraps or longest > _LONGEST else longest


def on_page(drawing: Drawing) -> tuple[float, float]:
    """Width and height of a figure in mm: as large as it was drawn, or as the page lets it be."""
    wide, high = (length * 25.4 / 96 for length in drawing.size)
    scale = min(1.0, PORTRAIT / wide, TALLEST / high)
    return wide * scale, high * scale
