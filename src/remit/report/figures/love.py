"""How alike two arms are before and after weighting, as T. E. Love draws it: a line a covariate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Any

from remit.report.addresses import size
from remit.report.adjusted_comparison import Compared
from remit.report.balance import Balanced, balanced
from remit.report.document import Figure, Key, Panel, Words, plain, words
from remit.report.figures.style import (
    COLOURS,
    GREY,
    INK,
    LETTER,
    RULE,
    SOFT,
    Layer,
    bound,
    chart,
    pixel,
    result_of,
    rules,
    written,
)
from remit.report.numbers import MINUS, rounded
from remit.report.wording import capital, small
from remit.schema.results import CRUDE, WEIGHTING

PLOT, HIGH, LINE, TOP, BOTTOM, RIGHT = 220, 24, 14, 8, 52, 14
ALIKE = 0.1
_LETTERS = 24
_LOOKS = {CRUDE: ("before", GREY, "circle"), WEIGHTING: ("after weighting", COLOURS[0], "diamond")}
_TICKS = (0.1, 0.2, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0)


def love_figure(every: Sequence[Compared]) -> Figure | None:
    """A panel for each two arms; None where nothing is adjusted."""
    drawings = [_Drawing(each, balanced(each.analysis, each.population, each.names, each.lookup)) for each in every]
    drawings = [drawing for drawing in drawings if drawing.sizes]
    if not drawings:
        return None
    analysis = every[0].analysis
    return Figure(
        name=f"{analysis.name}-balance-figure",
        title=(f"{analysis.title}: how alike the arms are, before and after weighting",),
        panels=tuple(drawing.panel() for drawing in drawings),
        legend=tuple(Key(colour, shape, capital(label)) for label, colour, shape in _LOOKS.values()),
        notes=((f"Dashed lines: {MINUS}{ALIKE:g} and {ALIKE:g}, between which arms count as alike.",),),
    )


@dataclass(frozen=True)
class _Drawing:
    of: Compared
    lines: list[Balanced]

    @property
    def sizes(self) -> list[float]:
        """Of all differences."""
        found = [line.difference(method).value for line in self.lines for method in _LOOKS]
        return [abs(value) for value in found if value is not None]

    @property
    def end(self) -> float:
        """Of the scale, to either side."""
        return next((tick for tick in _TICKS[1:] if tick >= max(self.sizes)), _TICKS[-1])

    def x(self, value: float) -> float:
        inside = min(max(value, -self.end), self.end)
        return round((inside + self.end) / (2 * self.end) * PLOT, 2)

    @property
    def left(self) -> int:
        return round(max(len(text) for line in self.lines for text in _label(line)) * LETTER) + 14

    def panel(self) -> Panel:
        values, labels, y = [], [], 0.0
        for line in self.lines:
            texts = _label(line)
            high = max(HIGH, LINE * len(texts) + 6)
            top = y + high / 2 - LINE * (len(texts) - 1) / 2
            labels += [{"x": -8, "y": top + LINE * at, "text": text} for at, text in enumerate(texts)]
            values += self._values(line, y + high / 2)
            y += high
        height = round(y)
        names = written(labels, {"fontSize": 12, "color": INK, "align": "right", "baseline": "middle"})
        layers = [*self._axis(height), names, *_marks(values)]
        padding = {"left": self.left, "right": RIGHT, "top": TOP, "bottom": BOTTOM}
        spec = chart(PLOT, height, layers, self.of.study.identity.synthetic is not None, padding)
        title = self._title()
        return Panel(f"{self.of.name}-love", title, self._alt(plain(title)), spec, PLOT + self.left + RIGHT)

    def _title(self) -> Words:
        of = self.of
        label = small(of.study.populations[of.population].label)
        return words(f"{capital(of.arm)} {MINUS} {of.reference}, {label} ", size(of.study, of.lookup, of.population))

    def _values(self, line: Balanced, y: float) -> list[dict[str, Any]]:
        found = []
        for method, (said, colour, shape) in _LOOKS.items():
            result = line.difference(method)
            if result.value is not None:
                look = {"colour": colour, "shape": shape, "x": self.x(result.value), "y": y}
                found.append(
                    {
                        "covariate": line.label,
                        "when": said,
                        "value": result.value,
                        "bound": result_of(result.id),
                        **look,
                    }
                )
        return found

    def _axis(self, height: int) -> list[Layer]:
        ticks = [-self.end, -self.end / 2, 0, self.end / 2, self.end]
        grid = [{"x": self.x(tick), "y": 0, "y2": height} for tick in ticks]
        border = [{"x": self.x(tick), "y": 0, "y2": height} for tick in (-ALIKE, ALIKE)]
        numbers = [{"x": self.x(tick), "y": height + 15, "text": f"{tick:g}".replace("-", MINUS)} for tick in ticks]
        title = [{"x": PLOT / 2, "y": height + 32, "text": "Standardised difference"}]
        return [
            rules(grid, {"color": RULE, "strokeWidth": 1}),
            rules(border, {"color": INK, "strokeDash": [4, 3], "strokeWidth": 1}),
            written([*numbers, *title], {"align": "center", "baseline": "middle", "color": SOFT, "fontSize": 11.5}),
        ]

    def _alt(self, title: str) -> str:
        said = [f"{line.label} {_said(line, CRUDE)} before, {_said(line, WEIGHTING)} after" for line in self.lines]
        return f"{title}, standardised differences. {'; '.join(said)}."


def _said(line: Balanced, method: str) -> str:
    value = line.difference(method).value
    return "not given" if value is None else rounded(value, 2)


def _label(line: Balanced) -> list[str]:
    return wrap(line.label, _LETTERS) or [""]


def _marks(values: list[dict[str, Any]]) -> list[Layer]:
    look = {
        name: {"field": field, "type": "nominal", "scale": None}
        for name, field in (("color", "colour"), ("shape", "shape"))
    }
    mark = {"type": "point", "filled": True, "opacity": 1, "size": 62}
    encoding = {"x": pixel("x"), "y": pixel("y"), "description": bound(), **look}
    return [{"data": {"values": values}, "mark": mark, "encoding": encoding}]
