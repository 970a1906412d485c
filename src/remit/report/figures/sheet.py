"""A figure as one drawing that stands for itself: its legend above, its panels with their titles in a grid."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape
from textwrap import wrap

from remit.report.document import Figure, Key, Panel, plain
from remit.report.figures.style import INK
from remit.report.figures.svg import in_page
from remit.report.figures.symbols import symbol_of

# vl-convert brings Liberation Sans, which is as wide as Arial and Helvetica: the lines are alike everywhere.
FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
LETTER = 6.1  # the width of a letter of size 12, about; of a bold one
GAP, LINE = 32, 16
UPRIGHT, TURNED = (160.0, 215.0), (247.0, 135.0)  # mm that A4 has for a figure above its caption, upright and turned
LEGIBLE = 0.75  # of its size: below that its letters are too small
_MM = 25.4 / 96  # in a pixel
_OUTER = re.compile(r'<svg [^>]*viewBox="0 0 ([0-9.]+) ([0-9.]+)"[^>]*>(.*)</svg>\s*$', re.DOTALL)


def alt_text(figure: Figure) -> str:
    """What the figure shows, in words: of each panel."""
    return " ".join(panel.alt for panel in figure.panels)


def sheet(figure: Figure, drawings: Mapping[str, str]) -> str:
    """The figure as SVG, in pixels of 1/96 inch. drawings: the SVG of each panel, by its name."""
    panels = [_placed(panel, drawings[panel.name]) for panel in figure.panels]
    columns = _columns(panels)
    rows = [panels[first : first + columns] for first in range(0, len(panels), columns)]
    width = max(sum(panel.width for panel in row) + GAP * (len(row) - 1) for row in rows)
    drawn, height = _legend(figure.legend, width)
    for row in rows:
        drawn += _row(row, height)
        height += max(panel.height for panel in row) + GAP / 2
    return svg(drawn, width, height - GAP / 2, alt_text(figure))


def svg(drawn: Sequence[str], width: float, height: float, alt: str) -> str:
    """A drawing on white, with what it shows in words."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" role="img" '
        f'width="{width:g}" height="{height:g}" viewBox="0 0 {width:g} {height:g}"><title>{escape(alt)}</title>'
        f'<rect width="{width:g}" height="{height:g}" fill="#ffffff"/>{"".join(drawn)}</svg>\n'
    )


def text(x: float, y: float, said: str, weight: str = "normal", anchor: str = "start", size: float = 12) -> str:
    return (
        f'<text x="{x:g}" y="{y:g}" font-family="{FONT}" font-size="{size:g}" font-weight="{weight}" '
        f'text-anchor="{anchor}" fill="{INK}">{escape(said)}</text>'
    )


class _Placed:
    """A panel's title in its lines, and its drawing without a frame."""

    def __init__(self, panel: Panel, drawing: str) -> None:
        found = _OUTER.search(drawing)
        if found is None:
            raise ValueError(f"the drawing {panel.name} has no viewBox")
        self.width, self.drawn_height = float(found[1]), float(found[2])
        inner = _OUTER.search(in_page(drawing, panel.name, ""))
        self.drawing = inner[3] if inner else ""
        self.title = wrap(plain(panel.title), max(12, int(self.width / (LETTER * 1.08))))
        self.height = LINE * len(self.title) + 6 + self.drawn_height

    def at(self, x: float, y: float) -> list[str]:
        titles = [text(x, y + LINE * number + 12, line, "bold") for number, line in enumerate(self.title)]
        below = y + self.height - self.drawn_height
        return [*titles, f'<g transform="translate({x:g},{below:g})" font-family="{FONT}">{self.drawing}</g>']


def _placed(panel: Panel, drawing: str) -> _Placed:
    return _Placed(panel, drawing)


def room(width: float, height: float, page: tuple[float, float]) -> tuple[float, float]:
    """How many times a page is wider and higher than a figure."""
    return page[0] / width, page[1] / height


def _columns(panels: Sequence[_Placed]) -> int:
    """As many beside one another as stay legible on an upright page; else as are largest on a turned one."""

    def scale(columns: int, page: tuple[float, float]) -> float:
        rows = [panels[first : first + columns] for first in range(0, len(panels), columns)]
        width = max(sum(panel.width + GAP for panel in row) - GAP for row in rows) * _MM
        height = sum(max(panel.height for panel in row) + GAP / 2 for row in rows) * _MM
        return min(1.0, *room(width, height, page))

    legible = [columns for columns in (1, 2, 3) if columns <= len(panels) and scale(columns, UPRIGHT) >= LEGIBLE]
    if legible:
        return max(legible)
    return max(range(1, min(4, len(panels)) + 1), key=lambda columns: scale(columns, TURNED))


def _row(panels: Sequence[_Placed], y: float) -> list[str]:
    """The drawings of a row stand on one level, under titles of whatever length."""
    high = max(panel.height - panel.drawn_height for panel in panels)
    drawn: list[str] = []
    x = 0.0
    for panel in panels:
        panel.height = high + panel.drawn_height
        drawn += panel.at(x, y)
        x += panel.width + GAP
    return drawn


def _legend(keys: Sequence[Key], width: float) -> tuple[list[str], float]:
    """The keys in lines, and where what follows begins."""
    if not keys:
        return [], 0
    drawn: list[str] = []
    x, y = 0.0, 0.0
    for key in keys:
        needed = 18 + LETTER * len(key.label)
        if x and x + needed > width:
            x, y = 0.0, y + LINE + 2
        symbol = symbol_of(key.shape, key.colour)
        drawn.append(f'<g transform="translate({x + 6:g},{y + 8:g})">{symbol}</g>')
        drawn.append(text(x + 18, y + 12, key.label))
        x += needed + 18
    return drawn, y + LINE + 12
