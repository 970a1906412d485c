"""The endpoints' percentages with their intervals: a panel a visit and population, a line a handling."""

from __future__ import annotations

from dataclasses import dataclass, replace
from textwrap import wrap
from typing import Any

from remit.report.addresses import size
from remit.report.document import Figure, Key, Panel, Words, plain, words
from remit.report.effectiveness import endpoints_at, places
from remit.report.figures.style import COLOURS, GREY, INK, LETTER, SHAPES, SIZE, Layer, bound, chart, pixel, result_of
from remit.report.lookup import Lookup
from remit.report.numbers import SPACE
from remit.report.proportions import Proportion, in_percent, interval_words, proportion
from remit.report.wording import capital, small, visit_label
from remit.schema.results import DECIDED, Address
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
    if not places(study, analysis):
        return None
    drawn = ways(study)
    return Figure(
        name=f"{analysis.name}-endpoints",
        title=(f"{analysis.title}: percentage of patients who reached each endpoint",),
        panels=tuple(
            _panel(study, analysis, lookup, visit, population) for visit, population in places(study, analysis)
        ),
        legend=tuple(Key(way.colour, way.shape, way.label) for way in drawn),
        notes=(
            ("Points are percentages; lines are their intervals. The tables give each number with its denominator.",),
        ),
    )


def ways(study: Study) -> list[Way]:
    """Each estimand in its colour, and grey for those decided."""
    estimands = [
        Way(name, f"estimand {estimand.label}: all patients, not known counted as “no”", colour, shape)
        for (name, estimand), colour, shape in zip(study.estimands.items(), COLOURS, SHAPES, strict=False)
    ]
    return [*estimands, Way(DECIDED, "decided: patients with a known outcome only", GREY, "diamond")]


def _panel(study: Study, analysis: Endpoints, lookup: Lookup, visit: str, population: str) -> Panel:
    rows = _Rows()
    said: list[str] = []
    for endpoint in endpoints_at(study, analysis, visit):
        address = Address(analysis.name, population, visit=visit, variable=endpoint.name)
        shares = [(way, proportion(lookup.at(replace(address, handling=way.handling)))) for way in ways(study)]
        rows.add(endpoint, shares)
        said.append(_alt(endpoint, shares))
    label = small(study.populations[population].label)
    title = words(f"{visit_label(study, visit)}, {label} ", size(study, lookup, population))
    padding = {"left": LEFT, "right": RIGHT, "top": TOP, "bottom": BOTTOM}
    spec = chart(WIDTH, rows.height, rows.layers(), study.identity.synthetic is not None, padding)
    alt = f"{plain(title)}: percentage who reached each endpoint. {'. '.join(said)}."
    return Panel(f"{analysis.name}-{visit}-{population}", title, alt, spec, WIDTH + LEFT + RIGHT)


def _alt(endpoint: Endpoint, shares: list[tuple[Way, Proportion]]) -> str:
    if not shares[-1][1].known:
        return f"{capital(endpoint.label)}: nobody assessed"
    each = [
        f"{way.label.split(':')[0]} {plain(words(in_percent(share), ', ', interval_words(share)))}"
        for way, share in shares
    ]
    return f"{capital(endpoint.label)}: {'; '.join(each)}"


class _Rows:
    """The marks of a panel, from the top down."""

    def __init__(self) -> None:
        self.height = 0
        self._labels: list[dict[str, Any]] = []
        self._marks: list[dict[str, Any]] = []
        self._unseen: list[dict[str, Any]] = []

    def add(self, endpoint: Endpoint, shares: list[tuple[Way, Proportion]]) -> None:
        for line in wrap(capital(endpoint.label), int(WIDTH / LETTER)):
            self.height += _LINE
            self._labels.append({"y": self.height - 3, "text": line})
        self.height += _UNDER
        if not shares[-1][1].known:
            self._unseen.append(_unseen(shares[-1][1], self.height + _HANDLING / 2))
            self.height += _HANDLING + _GAP
            return
        for way, share in shares:
            self._marks.append(_mark(way, share, self.height + _HANDLING / 2))
            self.height += _HANDLING
        self.height += _GAP

    def layers(self) -> list[Layer]:
        data = {"values": self._marks}
        x = {"field": "value", "type": "quantitative", "scale": {"domain": [0, 100]}, "axis": _AXIS}
        y, colour = pixel("y"), {"field": "colour", "type": "nominal", "scale": None}
        shape = {"field": "shape", "type": "nominal", "scale": None}
        text = {"type": "text", "align": "left", "baseline": "middle"}
        ends = {"x": x | {"field": "low"}, "x2": {"field": "high"}}
        return [
            {"data": data, "mark": {"type": "rule", "strokeWidth": 1.6}, "encoding": {**ends, "y": y, "color": colour}},
            {
                "data": data,
                "mark": {"type": "point", "filled": True, "opacity": 1, "size": 52},
                "encoding": {"x": x, "y": y, "color": colour, "shape": shape, "description": bound()},
            },
            {
                "data": data,
                "mark": text | {"fontSize": SIZE},
                "encoding": {"x": {"value": WIDTH + 10}, "y": y, "color": colour, "text": {"field": "text"},
                             "description": bound()},
            },
            _texts(self._labels, {"fontSize": SIZE + 0.5, "fontWeight": 600, "color": INK, "baseline": "alphabetic"}, 0),
            _texts(self._unseen, {"fontSize": SIZE, "fontStyle": "italic", "color": GREY, "baseline": "middle"}, 0),
        ]  # fmt: skip


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


def _unseen(share: Proportion, y: float) -> dict[str, Any]:
    return {"y": y, "text": f"not assessed{SPACE}in anyone"}
