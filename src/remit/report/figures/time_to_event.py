"""The share without an event, by day: a step curve with its band for each group, and under it who is at risk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from remit.report.document import Figure, Key, Panel, Words, plain, words
from remit.report.figures.style import INK, LETTER, SOFT, Layer, bound, chart, look, pixel, result_of
from remit.report.lookup import Lookup, Statistics
from remit.report.numbers import count
from remit.report.shares import share
from remit.report.time_to_event import Times, median_words, times_of
from remit.report.wording import capital, small
from remit.study.study import Study, TimeToEvent

WIDTH, HEIGHT, RIGHT, TOP = 430, 210, 14, 10
LINE, APART = 16, 34  # pixels: between two lines of numbers at risk, at least between two days
DASHES: tuple[list[int], ...] = ([], [7, 4], [2, 3], [9, 3, 2, 3], [4, 2])


def time_figure(study: Study, analysis: TimeToEvent, lookup: Lookup) -> Figure | None:
    """A panel a population; None where nobody's time is known."""
    panels = [
        _Drawing(study, analysis, population, _curves(study, analysis, population, lookup)).panel()
        for population in analysis.populations
        if any(curve.times.known for curve in _curves(study, analysis, population, lookup))
    ]
    if not panels:
        return None
    curves = _curves(study, analysis, analysis.populations[0], lookup)
    keys = tuple(Key(curve.colour, curve.shape, curve.label) for curve in curves) if analysis.arms else ()
    return Figure(
        name=f"{analysis.name}-curve",
        title=(analysis.title,),
        panels=tuple(panels),
        legend=keys,
        notes=(
            (f"Share without {analysis.label}, in percent, with its 95 % band; under it how many are at risk.",),
            ("A mark stands at each day that the table gives, and at the end of a curve.",),
        ),
    )


@dataclass(frozen=True)
class _Curve:
    """One group, with its look; `points` begin at day 0 with everybody."""

    times: Times
    number: int

    @property
    def label(self) -> str:
        return capital(self.times.group.arm or "all")

    @property
    def colour(self) -> str:
        return look(self.number)[0]

    @property
    def shape(self) -> str:
        return look(self.number)[1]

    @property
    def dash(self) -> list[int]:
        return DASHES[self.number % len(DASHES)]

    @cached_property
    def steps(self) -> list[tuple[int, Statistics]]:
        return [(int(found["day"].value or 0), found) for found in self.times.curve()]

    @property
    def last_day(self) -> int:
        return self.steps[-1][0] if self.steps else 0


def _curves(study: Study, analysis: TimeToEvent, population: str, lookup: Lookup) -> list[_Curve]:
    """By arm without the total, or the population alone."""
    groups = times_of(study, analysis, population, lookup)
    return [_Curve(times, number) for number, times in enumerate(groups[:-1] if analysis.arms else groups)]


@dataclass(frozen=True)
class _Drawing:
    study: Study
    analysis: TimeToEvent
    population: str
    curves: Sequence[_Curve]

    @cached_property
    def last_day(self) -> int:
        return max(1, *(curve.last_day for curve in self.curves))

    def x(self, day: int) -> float:
        return day / self.last_day * WIDTH

    @property
    def days(self) -> list[int]:
        """Day 0 and the days that are asked for, as far as the curves go and their numbers do not meet."""
        found = [0]
        for day in self.analysis.days:
            if 0 < day <= self.last_day and self.x(day) - self.x(found[-1]) >= APART:
                found.append(day)
        return found

    @property
    def left(self) -> int:
        longest = max(len(curve.label) for curve in self.curves)
        return max(48, int(longest * LETTER) + 22) if self.analysis.arms else 58

    def panel(self) -> Panel:
        population = self.study.populations[self.population]
        title: Words = (f"Without {self.analysis.label}, %",)
        if len(self.analysis.populations) > 1:
            title = words(title, f": {small(population.label)}")
        padding = {"left": self.left, "right": RIGHT, "top": TOP, "bottom": 58 + LINE * len(self.curves)}
        layers = [*(layer for curve in self.curves for layer in self._curve(curve)), *self._below()]
        spec = chart(WIDTH, HEIGHT, layers, self.study.identity.synthetic is not None, padding)
        name = f"{self.analysis.name}-{self.population}-curve"
        return Panel(name, title, self._alt(plain(title)), spec, WIDTH + self.left + RIGHT)

    # Marks

    def _curve(self, curve: _Curve) -> list[Layer]:
        line: list[dict[str, Any]] = [{"x": 0.0, "share": 100.0}]
        line += [{"x": self.x(day), "share": found["percent"].value} for day, found in curve.steps]
        step = {"interpolate": "step-after", "color": curve.colour}
        point = {"type": "point", "filled": True, "opacity": 1, "size": 55}
        return [
            _layer(self._band(curve), {"type": "area", "opacity": 0.14, **step}, ("lower", "upper")),
            _layer(line, {"type": "line", "strokeWidth": 1.8, "strokeDash": curve.dash, **step}),
            _layer(self._points(curve), {"color": curve.colour, "shape": curve.shape, **point}, described=True),
        ]

    def _band(self, curve: _Curve) -> list[dict[str, Any]]:
        """Where there is an interval; to the day on which the last of them ends."""
        band: list[dict[str, Any]] = []
        for day, found in curve.steps:
            if found["lower"].value is not None:
                ends = {"lower": found["lower"].value, "upper": found["upper"].value}
                band.append({"x": self.x(day), **ends})
            elif band:
                band.append({**band[-1], "x": self.x(day)})
        return band

    def _points(self, curve: _Curve) -> list[dict[str, Any]]:
        given = [(day, curve.times.free(day)) for day in self.days if day]
        ends = curve.steps[-1:]
        return [
            {"x": self.x(day), "share": found["percent"].value, "bound": result_of(found["percent"].id)}
            for day, found in [*given, *ends]
            if found["percent"].value is not None
        ]

    def _below(self) -> list[Layer]:
        """The days, and how many are at risk on each."""
        days = [{"x": self.x(day), "y": HEIGHT + 18, "text": str(day)} for day in self.days]
        days.append({"x": self.x(self.last_day) if len(self.days) < 2 else WIDTH / 2, "y": HEIGHT + 34, "text": "days"})
        head = [{"x": -self.left + 4, "y": HEIGHT + 34, "text": "At risk"}]
        names, numbers = [], []
        for place, curve in enumerate(self.curves):
            y = HEIGHT + 50 + LINE * place
            if self.analysis.arms:
                names.append({"x": -self.left + 4, "y": y, "text": curve.label})
            for day in self.days:
                n = count(curve.times.free(day)["at_risk"])
                numbers.append({"x": self.x(day), "y": y, "text": n.text, "bound": result_of(n.result)})
        return [
            _texts(days, {"color": INK, "fontSize": 11.5, "align": "center"}),
            _texts([*head, *names], {"color": INK, "fontSize": 11.5, "align": "left"}),
            _texts(numbers, {"color": SOFT, "fontSize": 11.5, "align": "center"}, described=True),
        ]

    def _alt(self, title: str) -> str:
        said = [self._alt_of(curve) for curve in self.curves if curve.times.known]
        return f"{title}, by day. {' '.join(said)}"

    def _alt_of(self, curve: _Curve) -> str:
        each = []
        for day in self.days:
            found = curve.times.free(day)
            if found["percent"].value is not None:
                each.append(f"day {day} {plain(share(found))}, {count(found['at_risk']).text} at risk")
        return f"{curve.label}: {'; '.join(each)}{plain(median_words(curve.times))}."


def _layer(
    values: list[dict[str, Any]], mark: Layer, ends: tuple[str, str | None] = ("share", None), described: bool = False
) -> Layer:
    """`ends`: the fields of the share, and of what an area reaches to."""
    axis = {"title": None, "grid": True, "values": [0, 25, 50, 75, 100], "labelPadding": 6}
    y: Layer = {"field": ends[0], "type": "quantitative", "scale": {"domain": [0, 100]}, "axis": axis}
    encoding: Layer = {"x": pixel("x"), "y": y}
    if ends[1] is not None:
        encoding["y2"] = {"field": ends[1]}
    if described:
        encoding["description"] = bound()
    return {"data": {"values": values}, "mark": mark, "encoding": encoding}


def _texts(values: list[dict[str, Any]], mark: dict[str, Any], described: bool = False) -> Layer:
    encoding = {"x": pixel("x"), "y": pixel("y"), "text": {"field": "text"}}
    return {
        "data": {"values": values},
        "mark": {"type": "text", "baseline": "alphabetic", **mark},
        "encoding": encoding | ({"description": bound()} if described else {}),
    }
