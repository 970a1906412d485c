"""Numbers over the visits: the median with its quartiles, and the mean where no value is beyond a limit."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from textwrap import wrap
from typing import Any

from remit.report.addresses import size
from remit.report.course import Series, censored_notes, series_by_arm, series_of
from remit.report.document import Figure, Key, Panel, Words, plain, words
from remit.report.figures.style import COLOURS, GREY, INK, SOFT, Layer, bound, chart, look, pixel, result_of, written
from remit.report.lookup import Lookup, Statistics
from remit.report.numbers import SPACE, count
from remit.report.wording import capital, small, with_unit
from remit.study.analyses.kinds import Course
from remit.study.study import Study

NARROWEST, HEIGHT, LEFT, RIGHT, TOP = 290, 170, 46, 10, 8
_EDGE, _APART, _LETTERS = (
    36,
    58,
    12,
)  # pixels before the first visit, at least between two; letters of a line of a label
_MEDIAN, _MEAN = COLOURS[0], COLOURS[1]
_BESIDE, _COUNT = 9, 14  # pixels from one arm to the next; from one line of counts to the next
_ARMS_NOTE = "Marks are {}; n stands for each arm, from top to bottom as in the legend."
_MEDIANS, _MEANS = "medians with their quartiles", "means with their 95 % intervals"


def course_figure(study: Study, analysis: Course, lookup: Lookup) -> Figure | None:
    """None where nothing has a course: all is asked at one visit."""
    drawings = [
        _Drawing(study, analysis, series, _lines(series_by_arm(study, analysis, series, lookup)))
        for series in series_of(study, analysis, lookup)
    ]
    if all(len(drawing.series.visits) < 2 for drawing in drawings):
        return None
    even = any(not drawing.by_day for drawing in drawings)
    spacing = (("Visits stand at even distances, not by their day.",),) if even else ()
    return Figure(
        name=f"{analysis.name}-course",
        title=(analysis.title,),
        panels=tuple(drawing.panel(lookup) for drawing in drawings),
        legend=_legend(drawings[0]),
        notes=(
            ("n: patients in whom the value is known at the visit.",),
            *(((_ARMS_NOTE.format(_MEANS if analysis.intervals else _MEDIANS),),) if analysis.arms else ()),
            *spacing,
            *(() if analysis.arms else censored_notes(analysis, lookup)),
        ),
    )


@dataclass(frozen=True)
class _Line:
    """A series as it is drawn, so many pixels beside its visit."""

    series: Series
    colour: str
    shape: str
    shift: float


def _lines(series: list[Series]) -> list[_Line]:
    middle = (len(series) - 1) / 2
    return [_Line(one, *look(number), (number - middle) * _BESIDE) for number, one in enumerate(series)]


def _legend(drawing: _Drawing) -> tuple[Key, ...]:
    if drawing.analysis.arms:
        return tuple(Key(line.colour, line.shape, capital(line.series.arm or "")) for line in drawing.lines)
    mean = "mean, with its 95 % interval" if drawing.analysis.intervals else "mean"
    return Key(_MEDIAN, "circle", "median, with its quartiles"), Key(_MEAN, "diamond", mean)


@dataclass(frozen=True)
class _Drawing:
    """One variable in one population, with a line an arm."""

    study: Study
    analysis: Course
    series: Series
    lines: list[_Line]

    @property
    def width(self) -> int:
        return max(NARROWEST, 2 * _EDGE + _APART * (len(self.series.visits) - 1))

    @property
    def by_day(self) -> bool:
        """Whether the visits' days leave room between their names."""
        places = self._places_by_day()
        return all(two - one >= _APART for one, two in itertools.pairwise(places))

    def _places_by_day(self) -> list[float]:
        days = [visit.day for visit in self.series.visits]
        span = days[-1] - days[0]
        return [_EDGE + (day - days[0]) / span * (self.width - 2 * _EDGE) for day in days] if span else [self.width / 2]

    @property
    def places(self) -> list[float]:
        """Where each visit stands across the panel."""
        last = len(self.series.visits) - 1
        if self.by_day:
            return self._places_by_day()
        return [_EDGE + number / last * (self.width - 2 * _EDGE) for number in range(last + 1)]

    def panel(self, lookup: Lookup) -> Panel:
        label = with_unit(capital(self.series.variable.label), self.series.unit)
        title: Words = (label,)
        if len(self.analysis.populations) > 1:
            population = self.study.populations[self.series.population]
            title = words(f"{label}: {small(population.label)} ", size(self.study, lookup, population.name))
        lines = [wrap(visit.label, _LETTERS)[:2] for visit in self.series.visits]
        rows = max(map(len, lines))
        bottom = 40 + 13 * rows + _COUNT * (len(self.lines) - 1)
        padding = {"left": LEFT, "right": RIGHT, "top": TOP, "bottom": bottom}
        layers = [*self._marks(), *self._below(lines, rows)]
        spec = chart(self.width, HEIGHT, layers, self.study.identity.synthetic is not None, padding)
        return Panel(self.series.name, title, self._alt(plain(title)), spec, self.width + LEFT + RIGHT)

    @property
    def _of_means(self) -> bool:
        """Beside arms there is room for one number: the mean, if it has its interval."""
        return self.analysis.intervals and self.analysis.arms is not None

    def _marks(self) -> list[Layer]:
        layers: list[Layer] = []
        for line in self.lines:
            labels = [visit.label for visit in self.series.visits]
            pairs = zip(labels, self.places, line.series.found, strict=True)
            marks = [_mark(x + line.shift, visit, statistics) for visit, x, statistics in pairs]
            if self._of_means:
                marks = [_mean_of(mark) for mark in marks]
            drawn = [mark for mark in marks if mark["median"] is not None]
            layers += _drawn(drawn, line, self.analysis.arms is None, not self._of_means)
        return layers

    def _below(self, lines: list[list[str]], rows: int) -> list[Layer]:
        """The visits' names, and how many patients stand behind each; in the drawing, why nothing is drawn."""
        names: list[dict[str, Any]] = []
        counts, nothing = [], []
        for x, label in zip(self.places, lines, strict=True):
            names += [{"x": x, "y": HEIGHT + 18 + 13 * row, "text": line} for row, line in enumerate(label)]
        for number, drawn in enumerate(self.lines):
            below = HEIGHT + 20 + 13 * rows + _COUNT * number
            for x, statistics in zip(self.places, drawn.series.found, strict=True):
                n = count(statistics["n"])
                counts.append({"x": x, "y": below, "text": f"n{SPACE}={SPACE}{n.text}", "bound": result_of(n.result)})
                if said := _undrawn(statistics, self._of_means):
                    of = f"{drawn.series.arm}: " if drawn.series.arm else ""
                    nothing.append({"x": x, "y": HEIGHT - 12 - _COUNT * number, "text": f"{of}{said}"})
        return [
            written(names, {"align": "center", "color": INK, "fontSize": 12}),
            written(counts, {"align": "center", "color": SOFT, "fontSize": 11.5}, described=True),
            written(nothing, {"align": "center", "color": GREY, "fontSize": 11, "fontStyle": "italic"}),
        ]

    def _alt(self, title: str) -> str:
        said = "; ".join(_line_in_words(line.series, self._of_means) for line in self.lines)
        return f"{title}, {'mean (95 % CI)' if self._of_means else 'median (quartiles)'} by visit: {said}."


def _line_in_words(series: Series, means: bool) -> str:
    each = [
        f"{small(visit.label)} {plain(series.mean(statistics) if means else series.median(statistics))}"
        for visit, statistics in zip(series.visits, series.found, strict=True)
    ]
    return (f"{series.arm}: " if series.arm else "") + ", ".join(each)


def _undrawn(statistics: Statistics, means: bool) -> str | None:
    """Why there is no mark."""
    if not statistics["n"].denominator:
        return "not measured"
    if means:
        return "no mean" if statistics["mean"].value is None else None
    return f"median {statistics['median'].note}" if statistics["median"].value is None else None


def _mark(x: float, visit: str, statistics: Statistics) -> dict[str, Any]:
    given = [name for name in ("median", "q1", "q3", "mean", "mean_lower", "mean_upper") if name in statistics]
    values: dict[str, float | None] = {name: statistics[name].value for name in given}
    ids = {f"{name} bound": result_of(statistics[name].id) for name in ("median", "mean")}
    return {"x": x, "beside": x + 9, "visit": visit, "n": statistics["n"].value, **values, **ids}


def _mean_of(mark: dict[str, Any]) -> dict[str, Any]:
    """The mean with its interval in the place of the median with its quartiles."""
    ends = {"median": mark["mean"], "q1": mark["mean_lower"], "q3": mark["mean_upper"]}
    return {**mark, **ends, "median bound": mark["mean bound"]}


def _drawn(marks: list[dict[str, Any]], of: _Line, with_mean: bool, from_zero: bool) -> list[Layer]:
    medians = {"values": marks}
    boxes = {"values": [mark for mark in marks if mark["q1"] is not None and mark["q3"] is not None]}
    means = {"values": [mark for mark in marks if mark["mean"] is not None and with_mean]}
    ends = {"values": [mark for mark in means["values"] if mark.get("mean_lower") is not None]}
    axis = {"title": None, "grid": True, "tickCount": 5, "labelPadding": 6, "format": "~f"}
    y: Layer = {"field": "median", "type": "quantitative", "scale": {"zero": from_zero, "nice": True}, "axis": axis}
    place = {"x": pixel("x"), "y": y}
    line = {"type": "line", "strokeWidth": 1.5, "color": of.colour, "opacity": 0.55}
    point = {"type": "point", "filled": True, "opacity": 1}
    return [
        {"data": medians, "mark": line, "encoding": place},
        {
            "data": boxes,
            "mark": {"type": "rule", "strokeWidth": 2, "color": of.colour},
            "encoding": place | {"y": y | {"field": "q1"}, "y2": {"field": "q3"}},
        },
        *(_cap(boxes, end, y, of.colour) for end in ("q1", "q3")),
        {
            "data": medians,
            "mark": point | {"size": 70, "color": of.colour, "shape": of.shape},
            "encoding": place | {"description": bound("median bound")},
        },
        {
            "data": ends,
            "mark": {"type": "rule", "strokeWidth": 1.4, "color": _MEAN},
            "encoding": {"x": pixel("beside"), "y": y | {"field": "mean_lower"}, "y2": {"field": "mean_upper"}},
        },
        {
            "data": means,
            "mark": point | {"size": 62, "shape": "diamond", "color": _MEAN},
            "encoding": {"x": pixel("beside"), "y": y | {"field": "mean"}, "description": bound("mean bound")},
        },
    ]


def _cap(data: Layer, end: str, y: Layer, colour: str) -> Layer:
    mark = {"type": "tick", "orient": "horizontal", "size": 9, "thickness": 2, "color": colour}
    return {"data": data, "mark": mark, "encoding": {"x": pixel("x"), "y": y | {"field": end}}}
