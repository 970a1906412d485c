"""The endpoints' percentages with their intervals: a panel a visit and population, a line a handling."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import wrap
from typing import Any

from remit.report.document import Figure, Key, Panel, plain, words
from remit.report.figures.style import GREY, INK, LETTER, SIZE, Layer, bound, chart, look, pixel, result_of
from remit.report.lookup import Lookup
from remit.report.places import Place, places_of
from remit.report.proportions import Proportion, in_percent, interval_words
from remit.report.wording import capital, small
from remit.schema.results import DECIDED
from remit.study.study import Endpoint, Endpoints, Study

WIDTH, LEFT, RIGHT, TOP, BOTTOM = 236, 6, 62, 2, 54  # of the plot; of its margins, the numbers stand in the right one
_LINE, _UNDER, _HANDLING, _GAP = 16, 3, 15, 12


@dataclass(frozen=True)
class Way:
    """A handling as it is drawn."""

    handling: str
    label: str
    colour: str
    shape: str


def endpoints_figure(study: Study, analysis: Endpoints, lookup: Lookup) -> Figure | None:
    """None if the analysis has no endpoint at any visit."""
    places = places_of(study, analysis, lookup)
    if not places:
        return None
    note = "Points are percentages, lines their intervals; the tables give each number with its denominator."
    return Figure(
        name=f"{analysis.name}-endpoints",
        title=(f"{analysis.title}: percentage of patients who reached each endpoint",),
        panels=tuple(_panel(place) for place in places),
        legend=tuple(Key(way.colour, way.shape, way.label) for way in ways(study)),
        notes=((note,),),
    )


def ways(study: Study) -> list[Way]:
    """Each estimand in its colour, and grey for those decided."""
    estimands = [
        Way(name, f"estimand “{estimand.label}”: all patients, not known counted as “no”", *look(number))
        for number, (name, estimand) in enumerate(study.estimands.items())
    ]
    return [*estimands, Way(DECIDED, "decided: patients with a known outcome only", GREY, "diamond")]


def _panel(place: Place) -> Panel:
    rows = _Rows()
    said: list[str] = []
    for endpoint in place.endpoints:
        shares = [(way, place.share(endpoint, way.handling)) for way in ways(place.study)]
        none = _nothing(place, endpoint)
        rows.add(endpoint, shares, none)
        said.append(f"{capital(endpoint.label)}: {none or _alt(shares)}")
    title = words(f"{place.visit.label}, {small(place.population.label)} ", place.size)
    padding = {"left": LEFT, "right": RIGHT, "top": TOP, "bottom": BOTTOM}
    spec = chart(WIDTH, rows.height, rows.layers(), place.study.identity.synthetic is not None, padding)
    alt = f"{plain(title)}: percentage who reached each endpoint. {'. '.join(said)}."
    return Panel(place.name, title, alt, spec, WIDTH + LEFT + RIGHT)


def _nothing(place: Place, endpoint: Endpoint) -> str | None:
    """Why nothing is drawn: a point at 0 % would be taken for a finding."""
    assessed = place.assessed(endpoint)
    if assessed.in_nobody:
        return "not assessed in anyone"
    return None if assessed.could_be_reached else "nobody has every part known"


def _alt(shares: list[tuple[Way, Proportion]]) -> str:
    each = [(way.label.split(":")[0], words(in_percent(share), ", ", interval_words(share))) for way, share in shares]
    return "; ".join(f"{label} {plain(said)}" for label, said in each)


class _Rows:
    """The marks of a panel, from the top down."""

    def __init__(self) -> None:
        self.height = 0
        self._labels: list[dict[str, Any]] = []
        self._marks: list[dict[str, Any]] = []
        self._unseen: list[dict[str, Any]] = []

    def add(self, endpoint: Endpoint, shares: list[tuple[Way, Proportion]], none: str | None) -> None:
        for line in wrap(capital(endpoint.label), int((WIDTH + RIGHT) / LETTER)):
            self.height += _LINE
            self._labels.append({"y": self.height - 3, "text": line})
        self.height += _UNDER
        if none:
            self._unseen.append({"y": self.height + _HANDLING / 2, "text": none})
            self.height += _HANDLING
        for way, share in shares if not none else []:
            self._marks.append(_mark(way, share, self.height + _HANDLING / 2))
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


def _mark(way: Way, share: Proportion, y: float) -> dict[str, Any]:
    return {
        "y": y,
        "value": share.percent.value,
        "low": share.lower.value,
        "high": share.upper.value,
        "text": plain(in_percent(share)),
        "colour": way.colour,
        "shape": way.shape,
        "bound": result_of(share.percent.id),
    }
