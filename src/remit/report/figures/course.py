"""Numbers over the visits: the median with its quartiles, and the mean where no value is beyond a limit."""

from __future__ import annotations

from textwrap import wrap
from typing import Any

from remit.report.addresses import size
from remit.report.course import at_visit, censored_notes, visits_of
from remit.report.document import Figure, Key, Panel, Words, plain, words
from remit.report.figures.style import COLOURS, GREY, INK, SOFT, Layer, bound, chart, pixel, result_of
from remit.report.lookup import Lookup, Statistics
from remit.report.numbers import count, decimal, decimals_of, needed
from remit.report.wording import capital, small, with_unit
from remit.study.study import Course, Study, Variable, Visit

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 290, 170, 46, 10, 8, 70
_MEDIAN, _MEAN = COLOURS[0], COLOURS[1]


def course_figure(study: Study, analysis: Course, lookup: Lookup) -> Figure:
    panels = [
        _panel(study, analysis, population, variable, lookup)
        for population in analysis.populations
        for variable, _ in analysis.rows
    ]
    return Figure(
        name=f"{analysis.name}-course",
        title=(analysis.title,),
        panels=tuple(panels),
        legend=(Key(_MEDIAN, "circle", "median, with its quartiles"), Key(_MEAN, "diamond", "mean")),
        notes=(("n: patients in whom the value is known at the visit.",), *censored_notes(analysis, lookup)),
    )


def _panel(study: Study, analysis: Course, population: str, variable: Variable, lookup: Lookup) -> Panel:
    visits = visits_of(study, analysis, variable.name)
    found = [at_visit(analysis, population, variable.name, visit.name, lookup) for visit in visits]
    unit = found[0]["median"].unit
    title: Words = (with_unit(capital(variable.label), unit),)
    if len(analysis.populations) > 1:
        label = small(study.populations[population].label)
        title = words(title, f": {label} ", size(study, lookup, population))
    marks = [_mark(variable, x, statistics) for x, statistics in zip(_places(visits), found, strict=True)]
    padding = {"left": LEFT, "right": RIGHT, "top": TOP, "bottom": BOTTOM}
    layers = [*_drawn(marks), *_below(visits, found)]
    spec = chart(WIDTH, HEIGHT, layers, study.identity.synthetic is not None, padding)
    name = f"{analysis.name}-{population}-{variable.name}"
    return Panel(name, title, _alt(title, variable, visits, found), spec, WIDTH + LEFT + RIGHT)


def _places(visits: list[Visit]) -> list[float]:
    """Where each visit stands across the panel, by its day."""
    first, last = visits[0].day, visits[-1].day
    edge = 36
    if first == last:
        return [WIDTH / 2] * len(visits)
    return [edge + (visit.day - first) / (last - first) * (WIDTH - 2 * edge) for visit in visits]


def _mark(variable: Variable, x: float, statistics: Statistics) -> dict[str, Any]:
    return {
        "x": x,
        "beside": x + 9,
        "median": statistics["median"].value,
        "q1": statistics["q1"].value,
        "q3": statistics["q3"].value,
        "mean": statistics["mean"].value,
        "median bound": result_of(statistics["median"].id),
        "mean bound": result_of(statistics["mean"].id),
    }


def _drawn(marks: list[dict[str, Any]]) -> list[Layer]:
    medians = {"values": [mark for mark in marks if mark["median"] is not None]}
    boxes = {"values": [mark for mark in marks if mark["q1"] is not None and mark["q3"] is not None]}
    means = {"values": [mark for mark in marks if mark["mean"] is not None]}
    axis = {"title": None, "grid": True, "tickCount": 5, "labelPadding": 6, "format": "~f"}
    y: Layer = {"field": "median", "type": "quantitative", "scale": {"zero": True, "nice": True}, "axis": axis}
    x = pixel("x")
    rule = {"type": "rule", "strokeWidth": 2, "color": _MEDIAN}
    point = {"type": "point", "filled": True, "opacity": 1}
    return [
        {
            "data": medians,
            "mark": {"type": "line", "strokeWidth": 1.5, "color": _MEDIAN, "opacity": 0.55},
            "encoding": {"x": x, "y": y},
        },
        {"data": boxes, "mark": rule, "encoding": {"x": x, "y": y | {"field": "q1"}, "y2": {"field": "q3"}}},
        *(_cap(boxes, end, y) for end in ("q1", "q3")),
        {
            "data": medians,
            "mark": point | {"size": 70, "color": _MEDIAN},
            "encoding": {"x": x, "y": y, "description": bound("median bound")},
        },
        {
            "data": means,
            "mark": point | {"size": 62, "shape": "diamond", "color": _MEAN},
            "encoding": {"x": pixel("beside"), "y": y | {"field": "mean"}, "description": bound("mean bound")},
        },
    ]


def _cap(data: Layer, end: str, y: Layer) -> Layer:
    mark = {"type": "tick", "orient": "horizontal", "size": 9, "thickness": 2, "color": _MEDIAN}
    return {"data": data, "mark": mark, "encoding": {"x": pixel("x"), "y": y | {"field": end}}}


def _below(visits: list[Visit], found: list[Statistics]) -> list[Layer]:
    """The visits' names, and how many patients stand behind each."""
    names, counts, nothing = [], [], []
    for x, visit, statistics in zip(_places(visits), visits, found, strict=True):
        names += [
            {"x": x, "y": HEIGHT + 18 + 13 * row, "text": line} for row, line in enumerate(wrap(visit.label, 14)[:2])
        ]
        n = count(statistics["n"])
        counts.append({"x": x, "y": HEIGHT + 46, "text": f"n = {n.text}", "bound": result_of(n.result)})
        if not statistics["n"].denominator:
            nothing.append({"x": x, "y": HEIGHT - 12, "text": "not measured"})
    return [
        _texts(names, {"color": INK, "fontSize": 12}),
        _texts(counts, {"color": SOFT, "fontSize": 11.5}, described=True),
        _texts(nothing, {"color": GREY, "fontSize": 11, "fontStyle": "italic"}),
    ]


def _texts(values: list[dict[str, Any]], mark: dict[str, Any], described: bool = False) -> Layer:
    encoding = {"x": pixel("x"), "y": pixel("y"), "text": {"field": "text"}}
    return {
        "data": {"values": values},
        "mark": {"type": "text", "align": "center", "baseline": "alphabetic", **mark},
        "encoding": encoding | ({"description": bound()} if described else {}),
    }


def _alt(title: Words, variable: Variable, visits: list[Visit], found: list[Statistics]) -> str:
    base = decimals_of(variable.query.type)
    each = []
    for visit, statistics in zip(visits, found, strict=True):
        if not statistics["n"].denominator:
            each.append(f"{small(visit.label)} not measured")
            continue
        decimals = needed((statistics[name].value for name in ("median", "q1", "q3")), base)
        median, q1, q3 = (decimal(statistics[name], decimals).text for name in ("median", "q1", "q3"))
        each.append(f"{small(visit.label)} {median}, quartiles {q1} to {q3}, n = {count(statistics['n']).text}")
    return f"{plain(title)}, median by visit: {'; '.join(each)}."
