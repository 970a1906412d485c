"""A line a patient over the visits, and over them the median of all."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from textwrap import wrap
from typing import Any

from remit.report.addresses import size
from remit.report.course import Series, series_by_arm, series_of
from remit.report.document import Figure, Key, Panel, Words, plain, words
from remit.report.figures.style import GREY, INK, Layer, bound, chart, look, pixel, result_of
from remit.report.lookup import Lookup
from remit.report.numbers import rounded
from remit.report.wording import capital, small, with_unit
from remit.schema.profiles import Line, Lines
from remit.study.analyses.kinds import Course
from remit.study.study import Study

HEIGHT, LEFT, RIGHT, TOP = 170, 46, 10, 8
_NARROWEST, _EDGE, _APART, _LETTERS = 290, 36, 58, 12

Drawn = Mapping[tuple[str, str, str], Lines]


def lines_figure(study: Study, analysis: Course, lookup: Lookup, drawn: Drawn) -> Figure | None:
    """A panel a number and population. None where nobody has two values to be joined."""
    panels = [
        _Panel(study, analysis, series, series_by_arm(study, analysis, series, lookup), drawn[key])
        for series in series_of(study, analysis, lookup)
        if (key := (analysis.name, series.population, series.variable.name)) in drawn
    ]
    panels = [panel for panel in panels if panel.joined]
    if not panels:
        return None
    return Figure(
        name=f"{analysis.name}-lines",
        title=(f"{analysis.title}, patient by patient",),
        panels=tuple(panel.panel(lookup) for panel in panels),
        legend=_legend(analysis),
        notes=tuple((note,) for panel in panels[:1] for note in _notes(panel)) + tuple(_beyond(panels)),
        individual=True,
    )


def _legend(analysis: Course) -> tuple[Key, ...]:
    if analysis.arms is None:
        return Key(GREY, "line", "a patient"), Key(look(0)[0], "circle", "median of all")
    return tuple(Key(*look(number), f"{capital(arm)}: median") for number, arm in enumerate(analysis.arms.names))


def _notes(panel: _Panel) -> list[str]:
    lines = panel.lines
    said = ["Each thin line is a patient, from one known value to the next."]
    if panel.analysis.arms:
        said[0] = "Each thin line is a patient, in the colour of the arm, from one known value to the next."
    if len(lines.lines) < lines.of:
        few = len(lines.lines)
        said.append(f"Of {lines.of} patients the first {few} by their index date are drawn; medians are of all.")
    return said


def _beyond(panels: list[_Panel]) -> list[Words]:
    """What is not drawn."""
    why = "values known only to lie beyond a limit are not drawn."
    return [
        (f"{capital(panel.series.variable.label)}: {panel.lines.beyond} {why}",)
        for panel in panels
        if panel.lines.beyond
    ]


@dataclass(frozen=True)
class _Panel:
    study: Study
    analysis: Course
    series: Series
    medians: list[Series]
    lines: Lines

    @property
    def joined(self) -> list[Line]:
        """The patients with values at two visits or more."""
        return [line for line in self.lines.lines if sum(value is not None for value in line.values) > 1]

    @property
    def width(self) -> int:
        return max(_NARROWEST, 2 * _EDGE + _APART * (len(self.series.visits) - 1))

    @property
    def places(self) -> list[float]:
        """By the day where the visits' names have room, else at even distances."""
        days = [visit.day for visit in self.series.visits]
        inner, span = self.width - 2 * _EDGE, days[-1] - days[0]
        by_day = [_EDGE + (day - days[0]) / span * inner for day in days] if span else []
        if by_day and all(two - one >= _APART for one, two in itertools.pairwise(by_day)):
            return by_day
        return [_EDGE + number / (len(days) - 1) * inner for number in range(len(days))]

    def panel(self, lookup: Lookup) -> Panel:
        label = with_unit(capital(self.series.variable.label), self.series.unit)
        title: Words = (label,)
        if len(self.analysis.populations) > 1:
            population = self.study.populations[self.series.population]
            title = words(f"{label}: {small(population.label)} ", size(self.study, lookup, population.name))
        names = [wrap(visit.label, _LETTERS)[:2] for visit in self.series.visits]
        padding = {"left": LEFT, "right": RIGHT, "top": TOP, "bottom": 26 + 13 * max(map(len, names))}
        layers = [*self._thin(), *self._median(), self._below(names)]
        spec = chart(self.width, HEIGHT, layers, self.study.identity.synthetic is not None, padding)
        return Panel(f"{self.series.name}-lines", title, self._alt(plain(title)), spec, self.width + LEFT + RIGHT)

    def _colour(self, arm: str | None) -> str:
        names = self.analysis.arms.names if self.analysis.arms else ()
        return look(names.index(arm))[0] if arm in names else GREY

    def _thin(self) -> list[Layer]:
        values: list[dict[str, Any]] = []
        alone: list[dict[str, Any]] = []
        for line in self.lines.lines:
            points = [
                {"patient": line.patient, "visit": visit.label, "x": x, "y": value, "colour": self._colour(line.arm)}
                for visit, x, value in zip(self.series.visits, self.places, line.values, strict=True)
                if value is not None
            ]
            values += points if len(points) > 1 else []
            alone += points if len(points) == 1 else []
        faint = 0.45 if len(self.lines.lines) <= 40 else 0.28
        place = {"x": pixel("x"), "y": _Y, "color": {"field": "colour", "type": "nominal", "scale": None}}
        line_mark = {"type": "line", "strokeWidth": 1, "opacity": faint}
        return [
            {"data": {"values": values}, "mark": line_mark, "encoding": place | {"detail": {"field": "patient"}}},
            {
                "data": {"values": alone},
                "mark": {"type": "point", "filled": True, "size": 14, "opacity": faint},
                "encoding": place,
            },
        ]

    def _median(self) -> list[Layer]:
        layers: list[Layer] = []
        for number, series in enumerate(self.medians):
            colour, shape = look(number)
            marks = [
                {"x": x, "y": found["median"].value, "bound": result_of(found["median"].id)}
                for x, found in zip(self.places, series.found, strict=True)
                if found["median"].value is not None
            ]
            data, place = {"values": marks}, {"x": pixel("x"), "y": _Y}
            under = {"type": "line", "color": "white", "strokeWidth": 5, "opacity": 0.8}
            point = {"type": "point", "filled": True, "opacity": 1, "size": 70, "color": colour, "shape": shape}
            layers += [
                {"data": data, "mark": under, "encoding": place},
                {"data": data, "mark": {"type": "line", "color": colour, "strokeWidth": 2.5}, "encoding": place},
                {"data": data, "mark": point, "encoding": place | {"description": bound()}},
            ]
        return layers

    def _below(self, names: list[list[str]]) -> Layer:
        values = [
            {"x": x, "y": HEIGHT + 18 + 13 * row, "text": text}
            for x, lines in zip(self.places, names, strict=True)
            for row, text in enumerate(lines)
        ]
        return {
            "data": {"values": values},
            "mark": {"type": "text", "align": "center", "baseline": "alphabetic", "color": INK, "fontSize": 12},
            "encoding": {"x": pixel("x"), "y": pixel("y"), "text": {"field": "text"}},
        }

    def _alt(self, title: str) -> str:
        known = [value for line in self.lines.lines for value in line.values if value is not None]
        ends = f"values from {rounded(min(known), self.series.base)} to {rounded(max(known), self.series.base)}"
        said = [
            f"{series.arm + ': ' if series.arm else ''}"
            + ", ".join(
                f"{small(visit.label)} {plain(series.median(found))}"
                for visit, found in zip(series.visits, series.found, strict=True)
            )
            for series in self.medians
        ]
        return (
            f"{title}: lines of {len(self.joined)} patients with {ends}. Medians (quartiles) of all: {'; '.join(said)}."
        )


_Y: Layer = {
    "field": "y",
    "type": "quantitative",
    "scale": {"zero": True, "nice": True},
    "axis": {"title": None, "grid": True, "tickCount": 5, "labelPadding": 6, "format": "~f"},
}
