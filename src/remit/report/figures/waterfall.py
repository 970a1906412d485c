"""A bar a patient: by how much a number changed, from the greatest rise to the greatest fall."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from remit.language.types import Number
from remit.report.document import Figure, Key, Panel, plain, words
from remit.report.figures.style import COLOURS, INK, SOFT, Layer, chart, look, pixel
from remit.report.numbers import decimals_of, rounded
from remit.report.wording import capital, small, visit_label, with_unit
from remit.schema.profiles import Bar, Bars
from remit.study.analyses.kinds import Change, Variable
from remit.study.study import Study

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 300, 180, 46, 10, 10, 30
_RISE, _FALL = COLOURS[1], COLOURS[0]

Drawn = Mapping[tuple[str, str, str, str], Bars]


def waterfall_figure(study: Study, analysis: Change, drawn: Drawn) -> Figure | None:
    """A panel a population, number and visit. None where nobody is drawn."""
    panels = [panel for panel in _panels(study, analysis, drawn) if panel.bars.bars]
    if not panels:
        return None
    return Figure(
        name=f"{analysis.name}-waterfall",
        title=(f"{analysis.title}, patient by patient",),
        panels=tuple(panel.panel() for panel in panels),
        legend=_legend(analysis),
        notes=(
            (f"Each bar is a patient: the change from {small(visit_label(study, analysis.origin))}, in order.",),
            *((f"{capital(panel.where)}: {panel.not_drawn()}.",) for panel in panels),
        ),
        individual=True,
    )


def bars_left_out(study: Study, analysis: Change, drawn: Drawn) -> str | None:
    """Said instead of a figure with more bars than can be told apart."""
    many = [panel for panel in _panels(study, analysis, drawn) if panel.bars.known and not panel.bars.bars]
    if not many:
        return None
    said = "; ".join(f"{panel.where}, {panel.bars.known} patients with both values" for panel in many)
    return f"No figure with a bar for each patient is drawn where there are more than can be told apart: {said}."


def _panels(study: Study, analysis: Change, drawn: Drawn) -> list[_Waterfall]:
    return [
        _Waterfall(study, analysis, population, variable, visit, drawn[key], _ends(analysis, variable, drawn))
        for population in analysis.populations
        for variable, _ in analysis.rows
        for visit in analysis.to
        if (key := (analysis.name, population, variable.name, visit)) in drawn
    ]


def _ends(analysis: Change, variable: Variable, drawn: Drawn) -> tuple[float, float]:
    """The least and the greatest change of a number in all its panels, so that they share a scale."""
    of_variable = [bars for key, bars in drawn.items() if (key[0], key[2]) == (analysis.name, variable.name)]
    changes = [bar.change for bars in of_variable for bar in bars.bars]
    return min([0, *changes]), max([0, *changes])


def _legend(analysis: Change) -> tuple[Key, ...]:
    if analysis.arms is None:
        return Key(_RISE, "square", "rise"), Key(_FALL, "square", "fall"), Key(SOFT, "circle", "no change")
    return tuple(Key(_colour(analysis, arm), "square", capital(arm)) for arm in analysis.arms.names)


def _colour(analysis: Change, arm: str | None) -> str:
    names = analysis.arms.names if analysis.arms else ()
    return look(names.index(arm))[0] if arm in names else SOFT


@dataclass(frozen=True)
class _Waterfall:
    """`ends` of its scale."""

    study: Study
    analysis: Change
    population: str
    variable: Variable
    visit: str
    bars: Bars
    ends: tuple[float, float] = (0, 0)

    @property
    def where(self) -> str:
        """Which of the panels it is, in a sentence."""
        said = small(visit_label(self.study, self.visit))
        if len(self.analysis.rows) > 1:
            said = f"{small(self.variable.label)} at {said}"
        if len(self.analysis.populations) > 1:
            said = f"{said}, {small(self.study.populations[self.population].label)}"
        return said

    def not_drawn(self) -> str:
        """Nobody is dropped in silence."""
        bars = self.bars
        said = [f"{len(bars.bars)} of {bars.of} patients are drawn"]
        if bars.unknown:
            said.append(f"of {bars.unknown} the change is not known")
        if bars.beyond:
            said.append(f"of {bars.beyond} a value is known only to lie beyond a limit of the test")
        return "; ".join(said)

    def panel(self) -> Panel:
        kind = self.variable.query.type
        unit = kind.unit if isinstance(kind, Number) else None
        title = words(
            f"{with_unit(capital(self.variable.label), unit)}: change at {small(visit_label(self.study, self.visit))}"
        )
        if len(self.analysis.populations) > 1:
            title = words(title, f", {small(self.study.populations[self.population].label)}")
        padding = {"left": LEFT, "right": RIGHT, "top": TOP, "bottom": BOTTOM}
        spec = chart(WIDTH, HEIGHT, self._layers(), self.study.identity.synthetic is not None, padding)
        name = f"{self.analysis.name}-{self.population}-{self.variable.name}-{self.visit}-waterfall"
        return Panel(name, title, self._alt(plain(title)), spec, WIDTH + LEFT + RIGHT)

    def _layers(self) -> list[Layer]:
        each = WIDTH / len(self.bars.bars)
        thick = max(each - 1, each * 0.75, 0.3)
        values = [self._bar((number + 0.5) * each, bar) for number, bar in enumerate(self.bars.bars)]
        axis = {"title": None, "grid": True, "tickCount": 5, "labelPadding": 6, "format": "~f"}
        y: Layer = {
            "field": "change",
            "type": "quantitative",
            "scale": {"domain": list(self.ends), "nice": True},
            "axis": axis,
        }
        colour = {"field": "colour", "type": "nominal", "scale": None}
        place = {"x": pixel("x"), "y": y, "color": colour}
        none = [value for value in values if not value["change"]]
        zero = [{"x": 0, "x2": WIDTH, "change": 0}]
        return [
            {"data": {"values": values}, "mark": {"type": "bar", "size": thick}, "encoding": place},
            {
                "data": {"values": none},
                "mark": {"type": "point", "filled": True, "size": min(28, thick * thick), "opacity": 1},
                "encoding": place,
            },
            {
                "data": {"values": zero},
                "mark": {"type": "rule", "color": INK, "strokeWidth": 1},
                "encoding": {"x": pixel("x"), "x2": {"field": "x2"}, "y": y},
            },
        ]

    def _bar(self, x: float, bar: Bar) -> dict[str, Any]:
        if self.analysis.arms:
            colour = _colour(self.analysis, bar.arm)
        else:
            colour = _RISE if bar.change > 0 else _FALL if bar.change < 0 else SOFT
        return {"patient": bar.patient, "x": round(x, 2), "change": bar.change, "colour": colour}

    def _alt(self, title: str) -> str:
        changes = [bar.change for bar in self.bars.bars]
        rose, fell = sum(change > 0 for change in changes), sum(change < 0 for change in changes)
        decimals = decimals_of(self.variable.query.type)
        ends = f"from {rounded(max(changes), decimals)} to {rounded(min(changes), decimals)}"
        same = len(changes) - rose - fell
        counts = f"it rose in {rose}, fell in {fell}, and did not change in {same}"
        return f"{title}. A bar a patient, {ends}: {counts}. {capital(self.not_drawn())}."
