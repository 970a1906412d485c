"""Shares that go in steps, by day: a curve with its band for each group, and under them who is at risk."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from remit.report.document import Key, Panel, Words, plain
from remit.report.figures.style import INK, LETTER, SOFT, Layer, bound, chart, look, pixel, result_of, written
from remit.report.lookup import Result, Statistics
from remit.report.numbers import count

WIDTH, HEIGHT, RIGHT, TOP = 330, 200, 14, 10
LINE, APART = 16, 34  # pixels: between two lines of numbers at risk, at least between two days
DASHES: tuple[list[int], ...] = ([], [7, 4], [2, 3], [9, 3, 2, 3], [4, 2])


@dataclass(frozen=True)
class Curve:
    """One line: from `start` percent on day 0 through its steps. `at`: its statistics on a day of the table; `told`:
    what it shows on these days, in words. `number`: its place among the looks."""

    label: str
    number: int
    start: float
    steps: Sequence[tuple[int, Statistics]]
    at: Callable[[int], Statistics]
    told: Callable[[Sequence[int]], str]

    @property
    def dash(self) -> list[int]:
        return DASHES[self.number % len(DASHES)]

    @property
    def key(self) -> Key:
        return Key(*look(self.number), self.label)

    @property
    def last_day(self) -> int:
        return self.steps[-1][0] if self.steps else 0

    @property
    def highest(self) -> float:
        ends = [end.value for _, found in self.steps for end in (found["percent"], found["upper"])]
        return max([self.start, *(end for end in ends if end is not None)])


@dataclass(frozen=True)
class AtRisk:
    """A line of numbers under the curves."""

    label: str
    at: Callable[[int], Result]


@dataclass(frozen=True)
class Steps:
    """A drawing. `days`: those of the table; `top`: the percentage at which the axis ends."""

    name: str
    title: Words
    curves: Sequence[Curve]
    at_risk: Sequence[AtRisk]
    asked: Sequence[int]
    synthetic: bool
    top: int = 100

    @cached_property
    def last_day(self) -> int:
        return max(1, *(curve.last_day for curve in self.curves))

    def x(self, day: int) -> float:
        return day / self.last_day * WIDTH

    @property
    def days(self) -> list[int]:
        """Day 0 and the days that are asked for, as far as the curves go and their numbers do not meet."""
        found = [0]
        for day in self.asked:
            if 0 < day <= self.last_day and self.x(day) - self.x(found[-1]) >= APART:
                found.append(day)
        return found

    @property
    def ticks(self) -> list[int]:
        """These days, and the last on which anybody is observed, if there is room for it."""
        beyond = [self.last_day] if self.x(self.last_day) - self.x(self.days[-1]) >= APART else []
        return [*self.days, *beyond]

    @property
    def left(self) -> int:
        longest = max(len(line.label) for line in self.at_risk)
        return max(58, int(longest * LETTER) + 22)

    @property
    def _named(self) -> bool:
        """Whether each line of numbers at risk has a name; else they have one head."""
        return any(line.label for line in self.at_risk)

    def panel(self) -> Panel:
        padding = {
            "left": self.left,
            "right": RIGHT,
            "top": TOP,
            "bottom": 40 + LINE * (len(self.at_risk) + self._named),
        }
        layers = [*(layer for curve in self.curves for layer in self._curve(curve)), *self._below()]
        spec = chart(WIDTH, HEIGHT, layers, self.synthetic, padding)
        return Panel(self.name, self.title, self._alt(), spec, WIDTH + self.left + RIGHT)

    # Marks

    def _curve(self, curve: Curve) -> list[Layer]:
        line: list[dict[str, Any]] = [{"x": 0.0, "share": curve.start}]
        line += [{"x": self.x(day), **_shown(day, curve, found)} for day, found in curve.steps]
        step = {"interpolate": "step-after", "color": curve.key.colour}
        point = {"type": "point", "filled": True, "opacity": 1, "size": 55}
        look_of = {"color": curve.key.colour, "shape": curve.key.shape}
        return [
            _layer(self._band(curve), {"type": "area", "opacity": 0.14, **step}, self.top, ("lower", "upper")),
            _layer(line, {"type": "line", "strokeWidth": 1.8, "strokeDash": curve.dash, **step}, self.top),
            _layer(self._points(curve), look_of | point, self.top, described=True),
        ]

    def _band(self, curve: Curve) -> list[dict[str, Any]]:
        """Where there is an interval; to the day on which the last of them ends."""
        band: list[dict[str, Any]] = []
        for day, found in curve.steps:
            if found["lower"].value is not None:
                ends = {"lower": found["lower"].value, "upper": found["upper"].value}
                band.append({"x": self.x(day), **ends})
            elif band:
                band.append({**band[-1], "x": self.x(day)})
        return band

    def _points(self, curve: Curve) -> list[dict[str, Any]]:
        given = [(day, curve.at(day)) for day in self.days if day]
        ends = curve.steps[-1:]
        return [
            {"x": self.x(day), **_shown(day, curve, found)}
            for day, found in [*given, *ends]
            if found["percent"].value is not None
        ]

    def _below(self) -> list[Layer]:
        """The days, and how many are at risk on each."""
        days = [{"x": self.x(day), "y": HEIGHT + 18, "text": str(day)} for day in self.ticks]
        heads = {HEIGHT + 18: "Day", HEIGHT + 36: "At risk"}
        head = [{"x": -self.left + 4, "y": y, "text": text} for y, text in heads.items()]
        names, numbers = [], []
        for place, line in enumerate(self.at_risk):
            y = HEIGHT + 36 + LINE * (place + self._named)
            if line.label:
                names.append({"x": -self.left + 4, "y": y, "text": line.label})
            for day in self.days:
                n = count(line.at(day))
                at = {"day": day, "curve": line.label, "at risk": n.text}
                numbers.append({"x": self.x(day), "y": y, "text": n.text, "bound": result_of(n.result), **at})
        return [
            written(days, {"color": INK, "fontSize": 11.5, "align": "center"}),
            written([*head, *names], {"color": INK, "fontSize": 11.5, "align": "left"}),
            written(numbers, {"color": SOFT, "fontSize": 11.5, "align": "center"}, described=True),
        ]

    def _alt(self) -> str:
        said = [told for curve in self.curves if (told := curve.told(self.days))]
        return f"{plain(self.title)}, by day. {' '.join(said)}"


def _shown(day: int, curve: Curve, found: Statistics) -> dict[str, Any]:
    """What the curve shows on a day, for the data of the figure, too."""
    share = found["percent"]
    ends: dict[str, Any] = {name: found[name].value for name in ("lower", "upper") if name in found}
    return {"share": share.value, "bound": result_of(share.id), "day": day, "curve": curve.key.label, **ends}


def _ticks(top: int) -> list[int]:
    """Four steps of the axis; of ten in all, five."""
    parts = 5 if top == 10 else 4
    return [top * part // parts for part in range(parts + 1)]


def _layer(
    values: list[dict[str, Any]],
    mark: Layer,
    top: int,
    ends: tuple[str, str | None] = ("share", None),
    described: bool = False,
) -> Layer:
    """`ends`: the fields of the share, and of what an area reaches to."""
    axis = {"title": None, "grid": True, "values": _ticks(top), "labelPadding": 6}
    y: Layer = {"field": ends[0], "type": "quantitative", "scale": {"domain": [0, top]}, "axis": axis}
    encoding: Layer = {"x": pixel("x"), "y": y}
    if ends[1] is not None:
        encoding["y2"] = {"field": ends[1]}
    if described:
        encoding["description"] = bound()
    return {"data": {"values": values}, "mark": mark, "encoding": encoding}
