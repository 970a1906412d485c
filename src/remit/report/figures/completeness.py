"""Of how many patients values are known at each visit: a field of squares, the darker the more are missing."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import wrap
from typing import Any

from remit.report.completeness import KnownOf, known_of
from remit.report.document import Figure, Key, Panel, Words, plain, words
from remit.report.figures.style import INK, LETTER, PAPER, Layer, bound, chart, pixel, result_of, written
from remit.report.lookup import Lookup, Statistics
from remit.report.numbers import count, percent
from remit.report.wording import capital, small, visit_label
from remit.study.analyses.kinds import Completeness, Variable
from remit.study.study import Study

LINE, HIGH, TOP, BOTTOM, RIGHT = 13, 24, 34, 16, 4
_LETTERS, _HEAD = 24, 11  # of a line of a value's label, and of a visit's
# The percentage known, from which on a cell has this colour; light to dark, also in grey.
SHADES = ((100, PAPER), (95, "#dceaf5"), (80, "#a5cbe6"), (50, "#5a9bcb"), (0, "#1c5f94"))
_TEXT = {"fontSize": 12, "color": INK}
_KEYS = ("known of all", "of 95 % or more", "of 80 % or more", "of 50 % or more", "of fewer")


def completeness_figure(study: Study, analysis: Completeness, lookup: Lookup) -> Figure | None:
    """A panel a population and arm; None where there is nobody."""
    every = [groups[:-1] if analysis.arms else groups for groups in known_of(study, analysis, lookup)]
    drawings = [_Drawing(known) for groups in every for known in groups]
    drawings = [drawing for drawing in drawings if drawing.size]
    if not drawings:
        return None
    return Figure(
        name=f"{analysis.name}-map",
        title=(f"{analysis.title}: of how many patients each value is known at each visit",),
        panels=tuple(drawing.panel() for drawing in drawings),
        legend=tuple(Key(colour, "square", label) for (_, colour), label in zip(SHADES, _KEYS, strict=True)),
        notes=(("Each cell: how many are known, of all patients named above it; the darker, the more are missing.",),),
    )


@dataclass(frozen=True)
class _Drawing:
    known: KnownOf

    @property
    def visits(self) -> tuple[str, ...]:
        return self.known.analysis.visits

    @property
    def size(self) -> int:
        return self._size.denominator or 0

    @property
    def _size(self) -> Any:
        variable, queries = self.known.analysis.rows[0]
        found = self.known.at(variable, next(iter(queries)))
        assert found is not None
        return found["n"]

    @property
    def wide(self) -> float:
        return max(58.0, len(f"{self.size:,}") * LETTER + 12)

    @property
    def left(self) -> int:
        lines = [line for variable in self.known.variables for line in _lines(variable)]
        return round(max(len(line) for line in lines) * LETTER) + 14

    def _height(self, variable: Variable) -> float:
        return max(HIGH, LINE * len(_lines(variable)) + 6)

    def panel(self) -> Panel:
        known = self.known
        cells, labels, y = [], [], 0.0
        for variable in known.variables:
            high = self._height(variable)
            lines = _lines(variable)
            top = y + high / 2 - LINE * (len(lines) - 1) / 2
            labels += [{"x": -8, "y": top + LINE * number, "text": line} for number, line in enumerate(lines)]
            for place, visit in enumerate(self.visits):
                if found := known.at(variable, visit):
                    cells.append(
                        _cell(variable, visit_label(known.study, visit), found, place * self.wide, y, self.wide, high)
                    )
            y += high
        width = round(self.wide * len(self.visits))
        padding = {"left": self.left, "right": RIGHT, "top": TOP, "bottom": BOTTOM}
        synthetic = known.study.identity.synthetic is not None
        names = written(labels, {**_TEXT, "align": "right", "baseline": "middle"})
        spec = chart(width, round(y), [*_drawn(cells), names, self._heads()], synthetic, padding)
        title = self._title()
        name = f"{known.analysis.name}-{known.group.population}"
        name += f"-{known.group.arm.replace(' ', '-')}" if known.group.arm else ""
        return Panel(f"{name}-map", title, self._alt(plain(title)), spec, width + self.left + RIGHT)

    def _title(self) -> Words:
        return words(f"Known, of N{chr(0xA0)}={chr(0xA0)}", count(self._size, "denominator"), f": {self._who}")

    @property
    def _who(self) -> str:
        label = small(self.known.study.populations[self.known.group.population].label)
        return f"{label}, {self.known.group.arm}" if self.known.group.arm else label

    def _heads(self) -> Layer:
        heads = []
        for place, visit in enumerate(self.visits):
            lines = wrap(visit_label(self.known.study, visit), _HEAD)[:2]
            top = -8 - LINE * (len(lines) - 1)
            x = (place + 0.5) * self.wide
            heads += [{"x": x, "y": top + LINE * number, "text": line} for number, line in enumerate(lines)]
        return written(heads, {**_TEXT, "align": "center"})

    def _alt(self, title: str) -> str:
        said = []
        for variable in self.known.variables:
            each = [
                f"{small(visit_label(self.known.study, visit))} {count(found['n']).text}"
                f" ({percent(found['percent']).text} %)"
                for visit in self.visits
                if (found := self.known.at(variable, visit))
            ]
            said.append(f"{variable.label}: {', '.join(each)}")
        return f"{title}. {'; '.join(said)}."


def _cell(
    variable: Variable, visit: str, found: Statistics, x: float, y: float, wide: float, high: float
) -> dict[str, Any]:
    shade = next(colour for least, colour in SHADES if (found["percent"].value or 0) >= least)
    return {
        "value": variable.label,
        "visit": visit,
        "known": found["n"].value,
        "of": found["n"].denominator,
        "bound": result_of(found["n"].id),
        "text": count(found["n"]).text,
        "x": x,
        "x2": x + wide,
        "y": y,
        "y2": y + high,
        "centre": x + wide / 2,
        "middle": y + high / 2,
        "shade": shade,
        "ink": PAPER if shade == SHADES[-1][1] else INK,
    }


def _drawn(cells: list[dict[str, Any]]) -> list[Layer]:
    ends = {"x": pixel("x"), "x2": {"field": "x2"}, "y": pixel("y"), "y2": {"field": "y2"}}
    fill, ink = ({"field": name, "type": "nominal", "scale": None} for name in ("shade", "ink"))
    at = {"x": pixel("centre"), "y": pixel("middle"), "text": {"field": "text"}, "color": ink}
    return [
        {
            "data": {"values": cells},
            "mark": {"type": "rect", "stroke": "#8a8a8a", "strokeWidth": 0.8},
            "encoding": {**ends, "fill": fill},
        },
        {
            "data": {"values": cells},
            "mark": {"type": "text", "baseline": "middle", "fontSize": 11.5},
            "encoding": {**at, "description": bound()},
        },
    ]


def _lines(variable: Variable) -> list[str]:
    return wrap(capital(variable.label), _LETTERS)
