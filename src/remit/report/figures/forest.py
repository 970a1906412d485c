"""A forest plot: a line an estimate with its interval, beside it what it is of and its number."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from textwrap import wrap
from typing import Any

from remit.report.document import Panel, Words, plain
from remit.report.figures.style import INK, PAPER, RULE, SOFT, Layer, bound, chart, pixel, result_of, rules, written

PLOT, HIGH, TOP, BOTTOM, APART = 130, 18, 26, 52, 10  # pixels; APART: between two columns of text
MOST = 60  # lines of a panel; the rest is told to stand in the table
_LETTERS, _WIDE, _LINE, _HALF = 21, 6.3, 14, 5.5  # of a label's line; the width of a letter; half a diamond's height
_ARROWS = ("triangle-left", "triangle-right")
_BAR = 2.5  # half its height
_SQUARE, _LEAST, _PER_PERCENT = 46.0, 14.0, 3.0  # square pixels
_ROUND, _PARTS = (0.5, 1.0, 2.0, 2.5, 5.0, 10.0), 3  # of a plain scale
_BETWEEN = 28  # pixels between two numbers of the axis, at least
_LOG_TICKS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100)
_LEFT = {"align": "left", "baseline": "middle"}


@dataclass(frozen=True)
class Mark:
    """An estimate with its interval; None in value: none is drawn, and the texts say so. `texts`: one a column, the
    last two of them the estimate and its interval."""

    value: float | None
    low: float | None
    high: float | None
    result: str
    texts: tuple[str, ...]
    colour: str = INK
    shape: str = "square"
    of: str = ""  # which of several estimates of a line
    whole: bool = False  # of all: drawn as a diamond from end to end
    ranged: bool = False  # from end to end alone: drawn as a bar
    bare: bool = False  # without an interval, which nobody can tell: drawn hollow
    weight: float | None = None  # in percent, of how much all rest on it: the square is as large


@dataclass(frozen=True)
class Line:
    label: str
    marks: tuple[Mark, ...] = ()
    level: int = 0

    @property
    def label_lines(self) -> list[str]:
        wide = _LETTERS - 2 * self.level if self.marks else 3 * _LETTERS
        return wrap(self.label, wide) or [""]

    @property
    def high(self) -> float:
        return max(HIGH * max(1, len(self.marks)), _LINE * len(self.label_lines) + 4)


@dataclass(frozen=True)
class Scale:
    """From which value to which; `log`: by ratios."""

    title: str
    low: float
    high: float
    ticks: tuple[float, ...]
    reference: float | None
    log: bool = False
    result: str | None = None  # that the reference is

    def x(self, value: float) -> float:
        """In pixels; what lies beyond an end, at the end."""
        inside = min(max(value, self.low), self.high)
        part = (
            math.log(inside / self.low) / math.log(self.high / self.low)
            if self.log
            else (inside - self.low) / (self.high - self.low)
        )
        return round(part * PLOT, 2)


def percent_scale(reference: float | None, result: str | None = None) -> Scale:
    return Scale("Percentage of patients, %", 0, 100, (0, 25, 50, 75, 100), reference, result=result)


def plain_scale(title: str, lines: Sequence[Line], reference: float | None, result: str | None = None) -> Scale:
    """As wide as the intervals are, between round numbers."""
    ends = [
        end for line in lines for mark in line.marks for end in (mark.low, mark.value, mark.high) if end is not None
    ]
    width = max(ends, default=1.0) - min(ends, default=0.0) or 1.0
    power = 10.0 ** math.floor(math.log10(width))
    step = next(part * power for part in _ROUND if width / (part * power) <= _PARTS)
    low, high = math.floor(min(ends, default=0.0) / step), math.ceil(max(ends, default=1.0) / step)
    ticks = tuple(round(number * step, 12) for number in range(low, max(high, low + 1) + 1))
    return Scale(title, ticks[0], ticks[-1], ticks, reference, result=result)


def ratio_scale(title: str, lines: Sequence[Line]) -> Scale:
    """As wide as the intervals ask for, within 0.01 and 100."""
    ends = [end for line in lines for mark in line.marks for end in (mark.low, mark.value, mark.high) if end]
    low = max((tick for tick in _LOG_TICKS if tick <= min(ends, default=0.5)), default=_LOG_TICKS[0])
    high = min((tick for tick in _LOG_TICKS if tick >= max(ends, default=2)), default=_LOG_TICKS[-1])
    low, high = min(low, 0.5), max(high, 2.0)
    scale = Scale(title, low, high, (), 1.0, log=True)
    ticks: list[float] = []  # as many as have room: first 1, then the ends
    for tick in (1, low, high, *_LOG_TICKS):
        if low <= tick <= high and all(abs(scale.x(tick) - scale.x(other)) >= _BETWEEN for other in ticks):
            ticks.append(tick)
    return replace(scale, ticks=tuple(sorted(ticks)))


@dataclass(frozen=True)
class Forest:
    """`columns`: what the texts at the side are."""

    name: str
    title: Words
    lines: Sequence[Line]
    columns: Sequence[str]
    scale: Scale
    synthetic: bool

    @cached_property
    def shown(self) -> Sequence[Line]:
        return self.lines[:MOST]

    @cached_property
    def tops(self) -> list[float]:
        """Where each line begins, and where the last ends."""
        found = [0.0]
        for line in self.shown:
            found.append(found[-1] + line.high)
        return found

    @property
    def height(self) -> int:
        return round(self.tops[-1])

    @cached_property
    def left(self) -> int:
        """The labels of headings may reach into the plot."""
        widths = [
            (len(text) + 2 * line.level) * _WIDE for line in self.shown if line.marks for text in line.label_lines
        ]
        return round(max(widths, default=60)) + 10

    @cached_property
    def sides(self) -> list[float]:
        """Where each column of texts begins, and where the last ends."""
        found = [PLOT + 14.0]
        for number, column in enumerate(self.columns):
            texts = [mark.texts[number] for line in self.shown for mark in line.marks] + [column]
            found.append(found[-1] + max(len(text) for text in texts) * 6.1 + APART)
        return found

    def panel(self) -> Panel:
        right = round(self.sides[-1] - APART - PLOT) + 2
        padding = {"left": self.left, "right": right, "top": TOP, "bottom": BOTTOM}
        layers = [*self._axis(), *self._labels(), *self._marks(), *self._texts()]
        spec = chart(PLOT, self.height, layers, self.synthetic, padding)
        return Panel(self.name, self.title, self._alt(), spec, PLOT + self.left + right)

    # Layers

    def _axis(self) -> list[Layer]:
        x = self.scale.x
        grid = [{"x": x(tick), "y": 0, "y2": self.height} for tick in self.scale.ticks]
        reference = self.scale.reference
        line = [] if reference is None else [{"x": x(reference), "y": 0, "y2": self.height, **self._of_reference}]
        ticks = [{"x": x(tick), "y": self.height + 15, "text": f"{tick:g}"} for tick in self.scale.ticks]
        title = [{"x": PLOT / 2, "y": self.height + 32, "text": self.scale.title}]
        dashed = {"color": INK, "strokeDash": [4, 3], "strokeWidth": 1}
        return [
            rules(grid, {"color": RULE, "strokeWidth": 1}),
            rules(line, dashed),
            written([*ticks, *title], {"align": "center", "baseline": "middle", "color": SOFT, "fontSize": 11.5}),
        ]

    @property
    def _of_reference(self) -> dict[str, str]:
        return {"bound": result_of(self.scale.result)} if self.scale.result else {}

    def _labels(self) -> list[Layer]:
        names: list[dict[str, Any]] = []
        heads: list[dict[str, Any]] = []
        for line, top in zip(self.shown, self.tops, strict=False):
            texts = line.label_lines
            middle = top + line.high / 2 - _LINE * (len(texts) - 1) / 2
            for number, text in enumerate(texts):
                place = {"x": -self.left + 2 + 2 * _WIDE * line.level, "y": middle + _LINE * number, "text": text}
                (names if line.marks else heads).append(place)
        heading = {**_LEFT, "fontSize": 12, "fontWeight": 600}
        columns = [
            {"x": side, "y": -12, "text": column} for side, column in zip(self.sides, self.columns, strict=False)
        ]
        return [
            written(names, {**_LEFT, "color": INK, "fontSize": 12}),
            written(heads, {**heading, "color": PAPER, "stroke": PAPER, "strokeWidth": 4}),  # over the grid
            written(heads, {**heading, "color": INK}),
            written(columns, {**_LEFT, "color": SOFT, "fontSize": 11.5}),
        ]

    def _values(self) -> list[dict[str, Any]]:
        found = []
        for line, top in zip(self.shown, self.tops, strict=False):
            first = top + line.high / 2 - HIGH * (len(line.marks) - 1) / 2
            for number, mark in enumerate(line.marks):
                found.append({"y": first + HIGH * number, **self._value(line, mark)})
        return found

    def _value(self, line: Line, mark: Mark) -> dict[str, Any]:
        said: dict[str, Any] = {
            "label": line.label,
            "of": mark.of,
            "value": mark.value,
            "low": mark.low,
            "high": mark.high,
        }
        said |= {"bound": result_of(mark.result), "colour": mark.colour, "shape": mark.shape, "whole": mark.whole}
        said |= {"ranged": mark.ranged, "bare": mark.bare, "size": _size(mark.weight)}
        said |= {f"text {number}": text for number, text in enumerate(mark.texts)}
        if mark.value is not None:
            ends = (mark.low or 0.0, math.inf if mark.high is None else mark.high)
            ends = (mark.value, mark.value) if mark.bare else ends
            said |= {"x": self.scale.x(mark.value), "x low": self.scale.x(ends[0]), "x high": self.scale.x(ends[1])}
            said |= {"beyond": (ends[0] < self.scale.low, ends[1] > self.scale.high)}
        return said

    def _marks(self) -> list[Layer]:
        drawn = [value for value in self._values() if value["value"] is not None]
        single = {"values": [value for value in drawn if not value["whole"] and not value["ranged"]]}
        filled = {"values": [value for value in single["values"] if not value["bare"]]}
        hollow = {"values": [value for value in single["values"] if value["bare"]]}
        colour = {"color": {"field": "colour", "type": "nominal", "scale": None}}
        shape = {"shape": {"field": "shape", "type": "nominal", "scale": None}}
        ends = {"x": pixel("x low"), "x2": {"field": "x high"}, "y": pixel("y")}
        size = {"size": {"field": "size", "type": "quantitative", "scale": None}}
        point = {"type": "point", "opacity": 1}
        places = {"x": pixel("x"), "y": pixel("y"), "description": bound(), **shape, **colour, **size}
        empty = {**point, "filled": False, "fill": PAPER, "strokeWidth": 1.6}
        return [
            {"data": single, "mark": {"type": "rule", "strokeWidth": 1.6}, "encoding": ends | colour},
            *(_arrows(drawn, side, colour) for side in (0, 1)),
            *([{"data": hollow, "mark": empty, "encoding": places}] if hollow["values"] else []),
            {"data": filled, "mark": {**point, "filled": True}, "encoding": places},
            *(_bar(value) for value in drawn if value["ranged"]),
            *(_diamond(value) for value in drawn if value["whole"]),
        ]

    def _texts(self) -> list[Layer]:
        return [
            written(
                [
                    {"x": side, "y": value["y"], "text": value[f"text {number}"], "bound": value["bound"]}
                    for value in self._values()
                ],
                {**_LEFT, "color": INK, "fontSize": 12},
                described=number == len(self.columns) - 2,  # the other texts are of several results
            )
            for number, side in enumerate(self.sides[:-1])
        ]

    def _alt(self) -> str:
        said, head = [], ""
        for line in self.shown:
            if not line.marks:
                head = line.label
                continue
            label = f"{head}, {line.label}" if line.level and head else line.label
            each = [_in_words(mark) for mark in line.marks]
            said.append(f"{label}: {', '.join(each)}")
        return f"{plain(self.title)}, {self.scale.title}. {'; '.join(said)}."


def _in_words(mark: Mark) -> str:
    """each alone 1.30 (0.49–3.54)"""
    *_, estimate, interval = mark.texts
    return f"{mark.of} {estimate}{f' ({interval})' if interval else ''}".strip()


def told_of(lines: Sequence[Line]) -> tuple[Words, ...]:
    """What is not drawn, where there are very many lines."""
    rest = len(lines) - MOST
    return ((f"The first {MOST} lines are drawn; {rest} more stand in the table.",),) if rest > 0 else ()


def _diamond(value: dict[str, Any]) -> Layer:
    """From end to end, highest at the estimate."""
    y = value["y"]
    corners = [
        {**value, "x": x, "top": y - half, "bottom": y + half}
        for x, half in ((value["x low"], 0), (value["x"], _HALF), (value["x high"], 0))
    ]
    encoding = {"x": pixel("x"), "y": pixel("top"), "y2": {"field": "bottom"}, "description": bound()}
    return {"data": {"values": corners}, "mark": {"type": "area", "color": value["colour"]}, "encoding": encoding}


def _bar(value: dict[str, Any]) -> Layer:
    y = value["y"]
    ends = {"x": pixel("x low"), "x2": {"field": "x high"}, "y": pixel("top"), "y2": {"field": "bottom"}}
    data = {"values": [{**value, "top": y - _BAR, "bottom": y + _BAR}]}
    return {
        "data": data,
        "mark": {"type": "rect", "color": value["colour"]},
        "encoding": ends | {"description": bound()},
    }


def _size(weight: float | None) -> float:
    """In square pixels: of a weight as large as it, that the smallest can be seen."""
    return _SQUARE if weight is None else _LEAST + _PER_PERCENT * weight


def _arrows(values: list[dict[str, Any]], side: int, colour: Layer) -> Layer:
    """Where an interval goes on beyond the scale."""
    beyond = [{**value, "end": side * PLOT} for value in values if value["beyond"][side]]
    mark = {
        "type": "point",
        "filled": True,
        "opacity": 1,
        "size": 40,
        "shape": _ARROWS[side],
    }
    return {"data": {"values": beyond}, "mark": mark, "encoding": {"x": pixel("end"), "y": pixel("y"), **colour}}
