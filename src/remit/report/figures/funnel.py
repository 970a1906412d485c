"""A funnel plot: each study's estimate against its standard error, and where 95 % of studies would lie about the pooled
estimate if nothing but chance told them apart (Sterne and Egger, J Clin Epidemiol 2001;54:1046-55)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from remit.report.document import Panel, Words, plain
from remit.report.figures.style import (
    COLOURS,
    INK,
    RULE,
    SHAPES,
    SOFT,
    Layer,
    bound,
    chart,
    pixel,
    result_of,
    rules,
    written,
)

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 300, 200, 46, 12, 12, 52
_NORMAL = 1.959963984540054  # 97.5 % of the normal distribution
_SIDE, _BETWEEN = 0.06, 34  # of the width that stays free at either side; pixels between two numbers of the axis
_STEPS = (0.05, 0.1, 0.2, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0)
_TITLE = "Standard error"


@dataclass(frozen=True)
class Point:
    """A study on the scale on which the studies are pooled. `text`: its estimate, as printed."""

    label: str
    value: float
    error: float
    result: str
    text: str


@dataclass(frozen=True)
class Funnel:
    """`centre`: the pooled estimate, the result of which is `result`. `axis`: what is below the plot; `ticks`: places
    on the scale of the points, with what is printed there, the more wanted first."""

    name: str
    title: Words
    points: Sequence[Point]
    centre: float
    result: str
    axis: str
    ticks: Sequence[tuple[float, str]]
    synthetic: bool

    @property
    def deepest(self) -> float:
        """The standard error at the foot of the plot: a little beyond the greatest."""
        return 1.06 * max(point.error for point in self.points)

    @property
    def ends(self) -> tuple[float, float]:
        """Of the scale: all points and the foot of the funnel have room."""
        reach = _NORMAL * self.deepest
        places = [self.centre - reach, self.centre + reach, *(point.value for point in self.points)]
        free = _SIDE * (max(places) - min(places))
        return min(places) - free, max(places) + free

    def x(self, value: float) -> float:
        low, high = self.ends
        return round((value - low) / (high - low) * WIDTH, 2)

    def y(self, error: float) -> float:
        return round(error / self.deepest * HEIGHT, 2)

    def panel(self) -> Panel:
        padding = {"left": LEFT, "right": RIGHT, "top": TOP, "bottom": BOTTOM}
        layers = [*self._axes(), *self._limits(), self._points()]
        spec = chart(WIDTH, HEIGHT, layers, self.synthetic, padding)
        return Panel(self.name, self.title, self._alt(), spec, WIDTH + LEFT + RIGHT)

    # Layers

    def _axes(self) -> list[Layer]:
        errors = _round_numbers(self.deepest)
        level = [{"x": 0, "x2": WIDTH, "y": self.y(error)} for error in errors]
        numbers = [{"x": -8, "y": self.y(error), "text": f"{error:g}"} for error in errors]
        values = [{"x": x, "y": HEIGHT + 15, "text": text} for x, text in self._shown()]
        title = [{"x": WIDTH / 2, "y": HEIGHT + 32, "text": self.axis}]
        look = {"baseline": "middle", "color": SOFT, "fontSize": 11.5}
        return [
            _level(level, {"color": RULE, "strokeWidth": 1}),
            written(numbers, {**look, "align": "right"}),
            written([*values, *title], {**look, "align": "center"}),
            written([{"x": -LEFT + 8, "y": HEIGHT / 2, "text": _TITLE}], {**look, "align": "center", "angle": 270}),
        ]

    def _shown(self) -> list[tuple[float, str]]:
        """The numbers below the plot: as many as have room."""
        found: list[tuple[float, str]] = []
        for value, text in self.ticks:
            x = self.x(value)
            if 0 <= x <= WIDTH and all(abs(x - other) >= _BETWEEN for other, _ in found):
                found.append((x, text))
        return found

    def _limits(self) -> list[Layer]:
        reach = _NORMAL * self.deepest
        sides = [
            {"x": self.x(self.centre), "y": 0, "x2": self.x(self.centre + side * reach), "y2": HEIGHT}
            for side in (-1, 1)
        ]
        middle = [{"x": self.x(self.centre), "y": 0, "y2": HEIGHT, "bound": result_of(self.result)}]
        return [
            _slanted(sides, {"color": SOFT, "strokeWidth": 1, "strokeDash": [4, 3]}),
            rules(middle, {"color": INK, "strokeWidth": 1}),
        ]

    def _points(self) -> Layer:
        values = [
            {
                "x": self.x(point.value),
                "y": self.y(point.error),
                "label": point.label,
                "text": point.text,
                "value": point.value,
                "error": point.error,
                "bound": result_of(point.result),
            }
            for point in self.points
        ]
        mark = {
            "type": "point",
            "filled": True,
            "opacity": 0.85,
            "size": 44,
            "shape": SHAPES[0],
            "color": COLOURS[0],
        }
        encoding = {"x": pixel("x"), "y": pixel("y"), "description": bound()}
        return {"data": {"values": values}, "mark": mark, "encoding": encoding}

    def _alt(self) -> str:
        said = [f"{point.label}: {point.text}, standard error {point.error:.2g}" for point in self.points]
        return f"{plain(self.title)}, {self.axis}. {'; '.join(said)}."


def _round_numbers(deepest: float) -> list[float]:
    """From 0 on, at most five."""
    scale = 10.0 ** math.floor(math.log10(deepest))
    step = next(part * scale for part in _STEPS if deepest / (part * scale) <= 5)
    return [round(number * step, 12) for number in range(math.floor(deepest / step) + 1)]


def _level(values: list[dict[str, Any]], look: Layer) -> Layer:
    encoding = {"x": pixel("x"), "x2": {"field": "x2"}, "y": pixel("y")}
    return {"data": {"values": values}, "mark": {"type": "rule", **look}, "encoding": encoding}


def _slanted(values: list[dict[str, Any]], look: Layer) -> Layer:
    encoding = {"x": pixel("x"), "x2": {"field": "x2"}, "y": pixel("y"), "y2": {"field": "y2"}}
    return {"data": {"values": values}, "mark": {"type": "rule", **look}, "encoding": encoding}
