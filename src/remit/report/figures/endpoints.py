"""The endpoints' percentages with their intervals: a panel a visit and population, a line a handling."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import wrap
from typing import Any

from remit.report.document import Figure, Key, Panel, plain, words
from remit.report.figures.style import GREY, INK, LETTER, SIZE, Layer, bound, chart, look, pixel, result_of
from remit.report.in_style import words_in_style
from remit.report.lookup import Lookup
from remit.report.places import Place, main_handling, places_of
from remit.report.proportions import Proportion, in_percent, interval_words
from remit.report.wording import capital, small
from remit.schema.results import DECIDED
from remit.study.analyses.kinds import Endpoints
from remit.study.study import Endpoint, Study
from remit.study.style import Style

WIDTH, LEFT, RIGHT, TOP, BOTTOM = 236, 6, 62, 2, 54  # of the plot; of its margins, the numbers stand in the right one
_LINE, _UNDER, _HANDLING, _GAP = 16, 3, 15, 12


@dataclass(frozen=True)
class Way:
    """A handling as it is drawn; beside arms, an arm under one handling."""

    handling: str
    label: str
    colour: str
    shape: str
    arm: str | None = None


@dataclass(frozen=True)
class _Drawn:
    """A share as it is drawn, or why nothing is."""

    way: Way
    share: Proportion
    nothing: str | None


def endpoints_figure(study: Study, analysis: Endpoints, lookup: Lookup) -> Figure | None:
    """None if the analysis has no endpoint at any visit."""
    places = places_of(study, analysis, lookup)
    if not places:
        return None
    note = "Points are percentages, lines their intervals; the tables give each number with its denominator."
    by_arm = f", by arm; {_words(study, main_handling(study))}" if analysis.arms else ""
    return Figure(
        name=f"{analysis.name}-endpoints",
        title=(f"{analysis.title}: percentage of patients who reached each endpoint{by_arm}",),
        panels=tuple(_panel(place) for place in places),
        legend=tuple(Key(way.colour, way.shape, way.label) for way in ways(study, analysis)),
        notes=((note,),),
    )


def ways(study: Study, analysis: Endpoints) -> list[Way]:
    """Each arm in its colour; without arms each estimand, and grey for those decided."""
    if analysis.arms:
        main = main_handling(study)
        return [Way(main, capital(arm), *look(number), arm) for number, arm in enumerate(analysis.arms.names)]
    estimands = [Way(name, _words(study, name), *look(number)) for number, name in enumerate(study.estimands)]
    return [*estimands, Way(DECIDED, _words(study, DECIDED), GREY, "diamond")]


def _words(study: Study, handling: str) -> str:
    if handling == DECIDED:
        return "decided: patients with a known outcome only"
    estimand = study.estimands[handling]
    who = "patients of the stratum" if estimand.of_stratum else "all patients"
    return f"estimand “{estimand.label}”: {who}, not known counted as “no”"


def _panel(place: Place) -> Panel:
    rows = _Rows(place.study.style)
    said: list[str] = []
    for endpoint in place.endpoints:
        drawn = [_drawn(place.of(way.arm), endpoint, way) for way in ways(place.study, place.analysis)]
        rows.add(endpoint, drawn)
        said.append(f"{capital(endpoint.label)}: {_nothing_at_all(drawn) or _alt(drawn)}")
    title = words(f"{place.visit.label}, {small(place.population.label)} ", place.size)
    padding = {"left": LEFT, "right": RIGHT, "top": TOP, "bottom": BOTTOM}
    spec = chart(WIDTH, rows.height, rows.layers(), place.study.identity.synthetic is not None, padding)
    alt = f"{plain(title)}: percentage who reached each endpoint. {'. '.join(said)}."
    return Panel(place.name, title, alt, spec, WIDTH + LEFT + RIGHT)


def _drawn(place: Place, endpoint: Endpoint, way: Way) -> _Drawn:
    return _Drawn(way, place.share(endpoint, way.handling), _nothing(place, endpoint))


def _nothing(place: Place, endpoint: Endpoint) -> str | None:
    """Why nothing is drawn: a point at 0 % would be taken for a finding."""
    assessed = place.assessed(endpoint)
    if assessed.in_nobody:
        return "not assessed in anyone"
    return None if assessed.could_be_reached else "nobody has every part known"


def _nothing_at_all(drawn: list[_Drawn]) -> str | None:
    """Said once where it holds of each."""
    return drawn[0].nothing if all(one.nothing for one in drawn) else None


def _alt(drawn: list[_Drawn]) -> str:
    return "; ".join(f"{one.way.label.split(':')[0]} {one.nothing or _in_words(one.share)}" for one in drawn)


def _in_words(share: Proportion) -> str:
    return plain(words(in_percent(share), ", ", interval_words(share)))


class _Rows:
    """The marks of a panel, from the top down."""

    def __init__(self, style: Style) -> None:
        self.height = 0
        self._labels: list[dict[str, Any]] = []
        self.style = style
        self._marks: list[dict[str, Any]] = []
        self._unseen: list[dict[str, Any]] = []

    def add(self, endpoint: Endpoint, drawn: list[_Drawn]) -> None:
        for line in wrap(capital(endpoint.label), int((WIDTH + RIGHT) / LETTER)):
            self.height += _LINE
            self._labels.append({"y": self.height - 3, "text": line})
        self.height += _UNDER
        for one in drawn if not _nothing_at_all(drawn) else drawn[:1]:
            if one.nothing:
                self._unseen.append({"y": self.height + _HANDLING / 2, "text": one.nothing})
            else:
                self._marks.append(_mark(one.way, one.share, self.height + _HANDLING / 2, self.style))
            self.height += _HANDLING
        self.height += _GAP

    def layers(self) -> list[Layer]:
        data, text = {"values": self._marks}, {"type": "text", "align": "left", "baseline": "middle"}
        x = {"field": "value", "type": "quantitative", "scale": {"domain": [0, 100]}, "axis": _AXIS}
        common = {"y": pixel("y"), "color": {"field": "colour", "type": "nominal", "scale": None}}
        ends = {"x": x | {"field": "low"}, "x2": {"field": "high"}}
        point = {"x": x, "shape": {"field": "shape", "type": "nominal", "scale": None}, "description": bound()}
        number = {"x": {"value": WIDTH + 10}, "text": {"field": "text"}, "description": bound()}
        label = {"fontSize": SIZE + 0.5, "fontWeight": 600, "color": INK, "baseline": "alphabetic"}
        none = {"fontSize": SIZE, "fontStyle": "italic", "color": GREY, "baseline": "middle"}
        return [
            {"data": data, "mark": {"type": "rule", "strokeWidth": 1.6}, "encoding": common | ends},
            {
                "data": data,
                "mark": {"type": "point", "filled": True, "opacity": 1, "size": 52},
                "encoding": common | point,
            },
            {"data": data, "mark": text | {"fontSize": SIZE}, "encoding": common | number},
            _texts(self._labels, label, 0),
            _texts(self._unseen, none, 0),
        ]


_AXIS = {"values": [0, 25, 50, 75, 100], "title": "Percentage of patients, %", "grid": True, "labelPadding": 6}


def _texts(values: list[dict[str, Any]], mark: dict[str, Any], x: int) -> Layer:
    return {
        "data": {"values": values},
        "mark": {"type": "text", "align": "left", **mark},
        "encoding": {"x": {"value": x}, "y": pixel("y"), "text": {"field": "text"}},
    }


def _mark(way: Way, share: Proportion, y: float, style: Style) -> dict[str, Any]:
    return {
        "y": y,
        "value": share.percent.value,
        "low": share.lower.value,
        "high": share.upper.value,
        "text": plain(words_in_style(in_percent(share), style)),
        "colour": way.colour,
        "shape": way.shape,
        "bound": result_of(share.percent.id),
    }
