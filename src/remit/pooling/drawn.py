"""The forest and the funnel plot of a table of studies, each a drawing that stands for itself."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from remit.inference.estimate import Estimate
from remit.inference.pooling.funnel import Funnel, funnel
from remit.pooling.done import Done
from remit.pooling.shown import Shown, shown
from remit.report.document import Figure, Panel
from remit.report.figures.draw import draw
from remit.report.figures.forest import MOST, Forest, Line, Mark, Scale, percent_scale, ratio_scale
from remit.report.figures.sheet import sheet
from remit.report.figures.style import COLOURS, GREY, INK, RULE, SOFT, Layer, chart, pixel, rules, written
from remit.report.numbers import MINUS, SPACE, rounded

WIDE, HIGH = 340, 240  # pixels of the funnel
PADDING = {"left": 64, "right": 16, "top": 12, "bottom": 44}
WEIGHT = "Weight, %"
_TICKS = 5
_STEPS = (1, 2, 2.5, 5, 10)


def drawings(done: Done) -> dict[str, str]:
    """SVG, by the name of the file."""
    panels = {"forest": _forest(done), "funnel": _funnel(done, funnel(done.effects))}
    return {
        f"{name}.svg": sheet(Figure(name, panel.title, (panel,)), {panel.name: draw(dict(panel.spec))})
        for name, panel in panels.items()
    }


def _forest(done: Done) -> Panel:
    drawn = _Drawn(done, shown(done.effects.scale.told))
    rest = [*drawn.subgroups(), *drawn.pooled()]
    studies = drawn.studies()
    room = max(0, MOST - len(rest) - 1)
    if len(studies) > room + 1:
        studies = [*studies[:room], Line(f"{len(studies) - room} more studies stand in the table")]
    lines = [*studies, *rest]
    scale = _scale(done, drawn.show, lines)
    return Forest("forest", (drawn.show.title,), lines, drawn.columns, scale, synthetic=False).panel()


@dataclass(frozen=True)
class _Drawn:
    """The lines of the forest."""

    done: Done
    show: Shown

    @property
    def beside(self) -> tuple[str, ...]:
        """The columns before the estimate that have something in them."""
        counted = (self.done.kind.counted,) if self.done.kind.counted else ()
        return (*counted, *(() if self.done.pooled.studies[0].weight is None else (WEIGHT,)))

    @property
    def columns(self) -> tuple[str, ...]:
        return (*self.beside, self.show.short, f"95{SPACE}% CI")

    def studies(self) -> list[Line]:
        found = []
        for at, (study, counts) in enumerate(zip(self.done.pooled.studies, self.done.counts, strict=True), start=1):
            weight = "" if study.weight is None else rounded(study.weight, 1)
            beside = tuple(weight if column == WEIGHT else counts for column in self.beside)
            found.append(Line(study.name, (self.mark(study.estimate, f"study {at}", beside),)))
        return found

    def subgroups(self) -> list[Line]:
        if not (self.done.subgroups and self.done.asked.subgroup):
            return []
        groups = self.done.subgroups.groups
        marks = [
            replace(self.mark(group.estimate, f"subgroup {at}"), colour=COLOURS[1], whole=True)
            for at, group in enumerate(groups, start=1)
        ]
        named = [Line(group.name, (mark,), level=1) for group, mark in zip(groups, marks, strict=True)]
        return [Line(f"By {self.done.asked.subgroup}"), *named]

    def pooled(self) -> list[Line]:
        pooled = self.done.pooled
        lines = [Line("Pooled", (replace(self.mark(pooled.estimate, "pooled"), whole=True),))]
        if pooled.prediction.value is not None:
            mark = self.mark(pooled.prediction, "prediction")
            texts = (*(("",) * len(mark.texts[:-1])), mark.texts[-1])
            lines.append(Line("Prediction interval", (replace(mark, texts=texts, colour=GREY),)))
        return lines

    def mark(self, estimate: Estimate, of: str, beside: tuple[str, ...] = ()) -> Mark:
        assert estimate.value is not None
        assert estimate.lower is not None
        assert estimate.upper is not None
        value, low, high = (self.show.factor * each for each in (estimate.value, estimate.lower, estimate.upper))
        told = self.show.number(estimate.value), self.show.interval(estimate.lower, estimate.upper)
        return Mark(value, low, high, of, (*(beside or ("",) * len(self.beside)), *told), INK)


def _scale(done: Done, show: Shown, lines: Sequence[Line]) -> Scale:
    none = done.effects.scale.none
    pooled = show.factor * (done.pooled.estimate.value or 0.0)
    if done.effects.scale.told == "proportion":
        return percent_scale(pooled)
    if none == 1:
        return ratio_scale(show.title, lines)
    ends = [end for line in lines for mark in line.marks for end in (mark.low, mark.high) if end is not None]
    ticks = _ticks(min(ends), max(ends))
    return Scale(show.title, ticks[0], ticks[-1], tuple(ticks), pooled if none is None else show.factor * none)


def _ticks(low: float, high: float) -> list[float]:
    """Round numbers from below the least to above the greatest."""
    rough = (high - low) / _TICKS or abs(high) or 1.0
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(step for step in (power * each for each in _STEPS) if step >= rough * (1 - 1e-9))
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(step * at, 12) for at in range(first, max(last, first + 1) + 1)]


def _funnel(done: Done, found: Funnel) -> Panel:
    """Studies by their standard error, 0 on top; the sides hold 95 % of studies of one effect."""
    deepest = 1.05 * max(point.error for point in found.points)
    half = found.reach * deepest
    values = [point.value for point in found.points]
    across = _ticks(min(found.centre - half, *values), max(found.centre + half, *values))
    down = [tick for tick in _ticks(0.0, deepest) if tick <= deepest]

    def x(value: float) -> float:
        return round(WIDE * (value - across[0]) / (across[-1] - across[0]), 2)

    def y(error: float) -> float:
        return round(HIGH * error / deepest, 2)

    tip, base = x(found.centre), (x(found.centre - half), x(found.centre + half))
    points = [
        {"x": x(point.value), "y": y(point.error), "bound": f"result study {at}"}
        for at, point in enumerate(found.points, start=1)
    ]
    layers = [
        rules([{"x": x(tick), "y": 0, "y2": HIGH} for tick in across], {"color": RULE}),
        _sides(tip, base),
        rules([{"x": tip, "y": 0, "y2": HIGH}], {"color": INK, "strokeDash": [4, 3]}),
        {
            "data": {"values": points},
            "mark": {"type": "point", "filled": True, "opacity": 1, "size": 46, "color": COLOURS[0]},
            "encoding": {"x": pixel("x"), "y": pixel("y"), "description": {"field": "bound", "type": "nominal"}},
        },
        *_axes([(x(tick), tick) for tick in across], [(y(tick), tick) for tick in down], done.effects.scale.name),
    ]
    title = f"Funnel plot of {len(points)} studies"
    alt = f"{title}: {done.effects.scale.name} against its standard error, around {rounded(found.centre, 2)}."
    spec = chart(WIDE, HIGH, layers, False, PADDING)
    return Panel("funnel", (title,), alt, spec, WIDE + PADDING["left"] + PADDING["right"])


def _sides(tip: float, base: tuple[float, float]) -> Layer:
    values = [{"x": tip, "y": 0, "x2": end, "y2": HIGH} for end in base]
    ends: dict[str, Any] = {"x": pixel("x"), "y": pixel("y"), "x2": {"field": "x2"}, "y2": {"field": "y2"}}
    return {"data": {"values": values}, "mark": {"type": "rule", "color": SOFT}, "encoding": ends}


def _axes(across: Sequence[tuple[float, float]], down: Sequence[tuple[float, float]], name: str) -> list[Layer]:
    look = {"color": SOFT, "fontSize": 11.5}
    below = [{"x": at, "y": HIGH + 15, "text": _text(tick)} for at, tick in across]
    left = [{"x": -8, "y": at, "text": _text(tick)} for at, tick in down]
    titles = [{"x": WIDE / 2, "y": HIGH + 34, "text": name[0].upper() + name[1:]}]
    turned = [{"x": -PADDING["left"] + 12, "y": HIGH / 2, "text": "Standard error"}]
    return [
        written([*below, *titles], {**look, "align": "center", "baseline": "middle"}),
        written(left, {**look, "align": "right", "baseline": "middle"}),
        written(turned, {**look, "align": "center", "baseline": "middle", "angle": 270}),
    ]


def _text(tick: float) -> str:
    return f"{tick:g}".replace("-", MINUS)
