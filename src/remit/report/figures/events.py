"""Events by term: the percentage of patients who had one, a dot an arm or period, and how far the arms differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from textwrap import wrap
from typing import Any

from remit.report.addresses import ALL_PERIODS, EVENTS, PATIENTS, TERM, UNKNOWN, size
from remit.report.arms import Contrast, arms_in, contrasts_of, population_notes
from remit.report.arms import difference as in_words
from remit.report.document import Figure, Key, Panel, Words, plain, words
from remit.report.figures.style import (
    GREY,
    INK,
    RULE,
    SOFT,
    Layer,
    bound,
    chart,
    look,
    pixel,
    result_of,
    rules,
    written,
)
from remit.report.lookup import Lookup, Statistics
from remit.report.numbers import percent
from remit.report.safety import Safety, safeties
from remit.report.wording import capital, small
from remit.study.analyses.kinds import Events
from remit.study.study import Study

MOST = 30  # terms of a panel
PLOT, SIDE, APART, HIGH, TOP, BOTTOM = 146, 96, 34, 19, 8, 52  # pixels; SIDE: of the differences
_LETTERS, _WIDE, _LINE, _BESIDE = 20, 6.2, 13, 7  # of a label's line; a letter; pixels from one dot to the next
_TOPS = (5, 10, 20, 40, 60, 80, 100)  # percentages at which the axis may end
_STEPS = (5, 10, 20, 50)  # between the numbers of the axis of differences
_ALL = "All periods"


def events_figure(study: Study, analysis: Events, lookup: Lookup) -> Figure | None:
    """A panel a population, and by arm a period; None where there are no events."""
    drawings = [drawing for safety in safeties(study, analysis, lookup) for drawing in _drawings(safety)]
    if not drawings:
        return None
    dots = drawings[0].dots
    what = "by arm" if analysis.arms else "by period" if len(dots) > 1 else "by term"
    return Figure(
        name=f"{analysis.name}-terms",
        title=(f"{analysis.title}: percentage of patients with each event, {what}",),
        panels=tuple(drawing.panel() for drawing in drawings),
        legend=tuple(Key(dot.colour, dot.shape, dot.label) for dot in drawings[0].dots)
        if len(drawings[0].dots) > 1
        else (),
        notes=tuple(dict.fromkeys(note for drawing in drawings for note in drawing.notes())),
    )


def _drawings(safety: Safety) -> Iterator[_Drawing]:
    """By arm each period with an event is a panel; without arms periods are dots beside each other."""
    periods = [period for period in safety.periods() if safety.at(period)[EVENTS].value]
    if not safety.at(ALL_PERIODS)[EVENTS].value:
        return
    if safety.analysis.arms is None:
        labels = {period: capital(label) for period, label in safety.periods().items() if period in periods}
        shown = {ALL_PERIODS: _ALL, **labels} if len(labels) > 1 else {ALL_PERIODS: "Patients"}
        dots = [_Dot(label, period, None, *_look(number)) for number, (period, label) in enumerate(shown.items())]
        yield _Drawing(safety, ALL_PERIODS, dots)
        return
    for period in periods if len(periods) > 1 else [ALL_PERIODS]:
        arms = enumerate(arms_in(safety.analysis))
        yield _Drawing(safety, period, [_Dot(capital(arm), period, arm, *look(number)) for number, arm in arms])


def _look(number: int) -> tuple[str, str]:
    """Of all periods together grey; of the others each its own."""
    return (GREY, "cross") if number == 0 else look(number - 1)


@dataclass(frozen=True)
class _Dot:
    """What a dot is of."""

    label: str
    period: str
    arm: str | None
    colour: str
    shape: str


@dataclass(frozen=True)
class _Drawing:
    safety: Safety
    period: str
    dots: Sequence[_Dot]

    @cached_property
    def every(self) -> list[str]:
        """The terms with an event, those of most patients first; a term that is not known last."""
        n = {term: self.safety.at(self.period, TERM, term)[PATIENTS].value or 0 for term in self.safety.levels(TERM)}
        return sorted((term for term in n if n[term]), key=lambda term: (term == UNKNOWN, -n[term]))

    @property
    def terms(self) -> list[str]:
        return self.every[:MOST]

    @property
    def contrasts(self) -> list[Contrast]:
        return contrasts_of(self.safety.analysis)

    def share(self, dot: _Dot, term: str) -> Statistics:
        return self.safety.at(dot.period, TERM, term, dot.arm)

    def difference(self, term: str, contrast: Contrast) -> Statistics:
        return self.safety.difference(self.period, term, contrast)

    # Places

    def _high(self, term: str) -> float:
        beside = max(len(self.dots), len(self.contrasts)) - 1
        return max(HIGH, 12 + _BESIDE * beside, 6 + _LINE * len(_lines(term)))

    @cached_property
    def middles(self) -> dict[str, float]:
        """Where each term stands."""
        found, y = {}, 0.0
        for term in self.terms:
            found[term] = y + self._high(term) / 2
            y += self._high(term)
        return found

    @cached_property
    def height(self) -> int:
        return round(sum(self._high(term) for term in self.terms))

    @cached_property
    def top(self) -> int:
        values = [self.share(dot, term)["percent"].value or 0 for dot in self.dots for term in self.terms]
        return next(top for top in _TOPS if top >= max(values))

    @cached_property
    def step(self) -> int:
        """Of the axis of differences, so that it ends beyond each interval or at 100."""
        ends = [
            abs(end)
            for term in self.terms
            for contrast in self.contrasts
            for name in ("lower", "upper")
            if (end := self.difference(term, contrast)[name].value) is not None
        ]
        return next((step for step in _STEPS if 2 * step >= max(ends, default=0)), _STEPS[-1])

    @property
    def plot(self) -> int:
        """Pixels of the percentages; without differences they have their room."""
        return PLOT if self.contrasts else PLOT + APART + SIDE

    def _x(self, value: float) -> float:
        return round(value / self.top * self.plot, 2)

    def _side(self, value: float) -> float:
        return round(PLOT + APART + (value / (4 * self.step) + 0.5) * SIDE, 2)

    @property
    def left(self) -> int:
        return round(max(len(line) for term in self.terms for line in _lines(term)) * _WIDE) + 12

    @property
    def width(self) -> int:
        return PLOT + APART + SIDE

    # Layers

    def panel(self) -> Panel:
        study = self.safety.study
        padding = {"left": self.left, "right": 12, "top": TOP, "bottom": BOTTOM}
        layers = [*self._axes(), _points(self._values()), *self._differences()]
        spec = chart(self.width, self.height, layers, study.identity.synthetic is not None, padding)
        title = self._title()
        name = f"{self.safety.analysis.name}-{self.safety.population}-{self.period}-terms"
        return Panel(name, title, self._alt(plain(title)), spec, self.width + self.left + 12)

    @property
    def _label(self) -> str:
        return _ALL if self.period == ALL_PERIODS else capital(self.safety.periods()[self.period])

    def _title(self) -> Words:
        population = small(self.safety.study.populations[self.safety.population].label)
        head = f"{self._label}, {population} " if self.safety.analysis.arms else f"{capital(population)} "
        return words(head, size(self.safety.study, self.safety.lookup, self.safety.population))

    def _axes(self) -> list[Layer]:
        parts = 5 if self.top in (5, 10) else 4
        ticks = [self.top * part / parts for part in range(parts + 1)]
        lines = [{"x": self._x(tick), "y": 0, "y2": self.height} for tick in ticks]
        texts = [{"x": self._x(tick), "y": self.height + 14, "text": f"{tick:g}"} for tick in ticks]
        texts.append({"x": self.plot / 2, "y": self.height + 30, "text": "Patients, %"})
        zero = []
        if self.contrasts:
            marks = [-2 * self.step, 0, 2 * self.step]
            lines += [{"x": self._side(mark), "y": 0, "y2": self.height} for mark in marks]
            texts += [{"x": self._side(m), "y": self.height + 14, "text": f"{m:g}".replace("-", "−")} for m in marks]
            texts.append({"x": self._side(0), "y": self.height + 30, "text": "Difference, points"})
            zero = [{"x": self._side(0), "y": 0, "y2": self.height}]
        rows = [{"x": 0, "x2": self.width, "y": y} for y in self.middles.values()]
        names = [
            {"x": -8, "y": self.middles[term] + _LINE * (number - (len(_lines(term)) - 1) / 2), "text": line}
            for term in self.terms
            for number, line in enumerate(_lines(term))
        ]
        across = {"x": pixel("x"), "x2": {"field": "x2"}, "y": pixel("y")}
        return [
            {"data": {"values": rows}, "mark": {"type": "rule", "color": "#efefef"}, "encoding": across},
            rules(lines, {"color": RULE}),
            rules(zero, {"color": INK, "strokeDash": [4, 3]}),
            written(texts, {"baseline": "middle", "color": SOFT, "fontSize": 11.5, "align": "center"}),
            written(names, {"baseline": "middle", "color": INK, "fontSize": 12, "align": "right"}),
        ]

    def _values(self) -> list[dict[str, Any]]:
        found = []
        for term in self.terms:
            for number, dot in enumerate(self.dots):
                its = self.share(dot, term)
                n = its[PATIENTS]
                if its["percent"].value is not None and (dot.arm or n.value):
                    y = self.middles[term] + _shift(number, len(self.dots))
                    said = {"term": _label(term), "of": dot.label, "patients": n.value, "in": n.denominator}
                    place = {"x": self._x(its["percent"].value), "y": y, "colour": dot.colour, "shape": dot.shape}
                    ids = {"percent": its["percent"].value, "bound": result_of(its["percent"].id)}
                    found.append({**said, **place, **ids})
        return found

    def _differences(self) -> list[Layer]:
        values = []
        for term in self.terms:
            for number, contrast in enumerate(self.contrasts):
                its = self.difference(term, contrast)
                value, low, high = (its[name].value for name in ("difference", "lower", "upper"))
                if value is None or low is None or high is None:
                    continue
                dot = next(dot for dot in self.dots if dot.arm == contrast.arm)
                ends = {"x": self._side(value), "x low": self._side(low), "x high": self._side(high)}
                said = {"term": _label(term), "of": f"{contrast.arm} minus {contrast.reference}", "difference": value}
                y = self.middles[term] + _shift(number, len(self.contrasts))
                look_of = {"colour": dot.colour, "shape": dot.shape, "bound": result_of(its["difference"].id)}
                values.append({**said, "low": low, "high": high, **ends, "y": y, **look_of})
        colour = {"color": {"field": "colour", "type": "nominal", "scale": None}}
        across = {"x": pixel("x low"), "x2": {"field": "x high"}, "y": pixel("y"), **colour}
        rule = {"data": {"values": values}, "mark": {"type": "rule", "strokeWidth": 1.4}, "encoding": across}
        return [rule, _points(values)] if self.contrasts else []

    def notes(self) -> list[Words]:
        safety = self.safety
        said: list[Words] = []
        if safety.analysis.arms is None and len(self.dots) > 1:
            said.append(("A patient with events in several periods counts in each, and once in all; no dot: nobody.",))
        if self.contrasts:
            reference = self.contrasts[0].reference
            said.append(
                (f"At the right the difference from {reference} in percentage points, with its 95 % interval.",)
            )
        rest = len(self.every) - MOST
        if rest > 0:
            where = f"{self._label}: the" if self.safety.analysis.arms else "The"
            said.append((f"{where} {MOST} terms of most patients are drawn; {rest} more stand in the table.",))
        return [*said, *population_notes(safety.analysis, safety.population, safety.lookup)]

    def _alt(self, title: str) -> str:
        return f"{title}, percentage of patients with each event. {'; '.join(self._said(term) for term in self.terms)}."

    def _said(self, term: str) -> str:
        each = [
            f"{dot.arm or small(dot.label)} {percent(self.share(dot, term)['percent']).text} %" for dot in self.dots
        ]
        for contrast in self.contrasts:
            its = self.difference(term, contrast)
            if its["difference"].value is not None:
                each.append(f"{contrast.arm} minus {contrast.reference} {plain(in_words(its, 1))}")
        return f"{_label(term)}: {', '.join(each)}"


def _shift(number: int, of: int) -> float:
    """So that dots of one percentage do not hide each other."""
    return (number - (of - 1) / 2) * _BESIDE


def _label(term: str) -> str:
    if term == UNKNOWN:
        return "Term not known"
    return capital(term.lower()) if term.isupper() else capital(term)


def _lines(term: str) -> list[str]:
    """Words are not broken, unless they are very long."""
    longest = max(len(word) for word in _label(term).split())
    return wrap(_label(term), max(_LETTERS, min(longest, 28)))


def _points(values: list[dict[str, Any]]) -> Layer:
    mark = {"type": "point", "filled": True, "opacity": 1, "size": 42}
    colour, shape = ({"field": name, "type": "nominal", "scale": None} for name in ("colour", "shape"))
    encoding = {"x": pixel("x"), "y": pixel("y"), "color": colour, "shape": shape, "description": bound()}
    return {"data": {"values": values}, "mark": mark, "encoding": encoding}
