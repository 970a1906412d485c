"""Patients as they go from state to state: a column of boxes a visit, and between two visits a band for each way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from textwrap import wrap
from typing import Any

from remit.report.document import Figure, Key, Panel, Words, plain, words
from remit.report.figures.style import INK, LETTER, PAPER, SOFT, Layer, bound, chart, pixel, result_of, written
from remit.report.lookup import Lookup
from remit.report.numbers import count, percent
from remit.report.states import StatesOf, state_label, states_of
from remit.report.wording import capital, small, visit_label
from remit.schema.results import STATE_UNKNOWN
from remit.study.analyses.kinds import States
from remit.study.study import Study

HEIGHT, GAP, TOP, BOTTOM = 230, 14, 24, 22  # pixels; GAP between two boxes, so that the number of a low one has room
APART, BOX = 66, 34  # between two columns; the width of a box, at least
_LETTERS, _SAMPLES = 15, 12  # of a line of a label; points of a band's edge
# From dark to light, so that neighbours differ in grey too: Viridis of matplotlib, without its darkest.
SHADES = ("#472D7B", "#3B528B", "#2C728E", "#21918C", "#28AE80", "#5EC962", "#ADDC30", "#FDE725")
UNKNOWN = PAPER
_TEXT = {"fontSize": 12, "fontWeight": 400, "color": INK}


def states_figure(study: Study, analysis: States, lookup: Lookup) -> Figure | None:
    """A panel a population, variable and arm; None where there is nobody."""
    every = [groups[:-1] if analysis.arms else groups for groups in states_of(study, analysis, lookup)]
    drawings = [Drawing(states) for groups in every for states in groups]
    drawings = [drawing for drawing in drawings if drawing.size]
    if not drawings:
        return None
    levels = dict.fromkeys(level for drawing in drawings for level in drawing.states.levels if drawing.has(level))
    one_variable = len(analysis.rows) == 1
    return Figure(
        name=f"{analysis.name}-states",
        title=(f"{analysis.title}: how many patients are in which state, and from which to which they go",),
        panels=tuple(drawing.panel() for drawing in drawings),
        legend=tuple(Key(drawings[0].shade(level), "square", capital(state_label(level))) for level in levels)
        if one_variable
        else (),
        notes=(("The height of a box or band is its number of patients; white is not known.",),),
    )


@dataclass(frozen=True)
class _Box:
    """Some patients in one state at one visit."""

    level: str
    n: int
    x: float
    y: float
    height: float


@dataclass(frozen=True)
class Drawing:
    states: StatesOf

    @property
    def visits(self) -> tuple[str, ...]:
        return self.states.analysis.visits

    @cached_property
    def counts(self) -> dict[str, dict[str, int]]:
        """By visit and state; those in which somebody is."""
        counted = {
            visit: {level: int(self.states.at(visit, level)["n"].value or 0) for level in self.states.levels}
            for visit in self.visits
        }
        return {visit: {level: n for level, n in found.items() if n} for visit, found in counted.items()}

    @property
    def size(self) -> int:
        return sum(self.counts[self.visits[0]].values())

    def has(self, level: str) -> bool:
        return any(level in found for found in self.counts.values())

    def shade(self, level: str) -> str:
        if level == STATE_UNKNOWN:
            return UNKNOWN
        known = self.states.levels[:-1]
        place = known.index(level) / max(1, len(known) - 1)
        return SHADES[round(place * (len(SHADES) - 1))]

    # Places

    @cached_property
    def box(self) -> float:
        return max(BOX, len(f"{self.size:,}") * LETTER + 10)

    @cached_property
    def scale(self) -> float:
        """Pixels a patient, the same in all columns."""
        most = max(len(found) for found in self.counts.values())
        return max(40.0, HEIGHT - GAP * (most - 1)) / self.size

    @cached_property
    def boxes(self) -> dict[str, dict[str, _Box]]:
        """By visit and state, from the top down."""
        return {visit: self._column(number, visit) for number, visit in enumerate(self.visits)}

    def _column(self, number: int, visit: str) -> dict[str, _Box]:
        found, y = {}, 0.0
        for level, n in self.counts[visit].items():
            found[level] = _Box(level, n, number * (self.box + APART), y, n * self.scale)
            y += n * self.scale + GAP
        return found

    @property
    def width(self) -> int:
        return round(len(self.visits) * self.box + (len(self.visits) - 1) * APART)

    def _margin(self, visit: str) -> int:
        """For the names of the states beside the first and last column."""
        lines = [line for level in self.counts[visit] for line in _lines(level)]
        return round(max(len(line) for line in lines) * 6.2) + 10

    # Layers

    def panel(self) -> Panel:
        states = self.states
        left, right = self._margin(self.visits[0]), self._margin(self.visits[-1])
        height = max(round(box.y + box.height) for column in self.boxes.values() for box in column.values())
        padding = {"left": left, "right": right, "top": TOP, "bottom": BOTTOM}
        synthetic = states.study.identity.synthetic is not None
        spec = chart(self.width, height, [*self._bands(), *self._drawn(), *self._names()], synthetic, padding)
        name = f"{states.analysis.name}-{states.group.population}-{states.variable.name}"
        name += f"-{states.group.arm.replace(' ', '-')}" if states.group.arm else ""
        title = self._title()
        return Panel(f"{name}-states", title, self._alt(plain(title)), spec, self.width + left + right)

    def _title(self) -> Words:
        states = self.states
        parts: list[Words] = [(capital(states.variable.label),)]
        if states.analysis.arms or len(states.analysis.populations) > 1:
            parts.append(words(": ", states.group.head))
        return words(*parts)

    def _bands(self) -> list[Layer]:
        return [self._band(band) for before, after in self.states.steps for band in self._ways(before, after)]

    def _ways(self, before: str, after: str) -> Iterator[dict[str, Any]]:
        """From each state to each, so that bands leave and reach a box in the order of the states, and do not meet."""
        leaves = {level: box.y for level, box in self.boxes[before].items()}
        reaches = {level: box.y for level, box in self.boxes[after].items()}
        for one, origin in self.boxes[before].items():
            for other, target in self.boxes[after].items():
                n = self.states.flow(after, one, other)["n"]
                if n.value:
                    high = n.value * self.scale
                    ends = {"x": origin.x + self.box, "x2": target.x, "y": leaves[one], "y2": reaches[other]}
                    said = {"visit": after, "from": state_label(one), "to": state_label(other), "n": n.value}
                    yield {**ends, "high": high, "shade": self.shade(one), "bound": result_of(n.id), **said}
                    leaves[one] += high
                    reaches[other] += high

    def _band(self, band: dict[str, Any]) -> Layer:
        """Its edges go level out of one box and into the other."""
        said = {name: band[name] for name in ("visit", "from", "to", "n", "bound")}
        values = []
        for sample in range(_SAMPLES + 1):
            part = sample / _SAMPLES
            y = band["y"] + (band["y2"] - band["y"]) * part * part * (3 - 2 * part)
            x = band["x"] + (band["x2"] - band["x"]) * part
            values.append({"x": round(x, 1), "y": round(y, 1), "bottom": round(y + band["high"], 1), **said})
        unknown = band["shade"] == UNKNOWN
        look = {"color": "#8a8a8a", "opacity": 0.25} if unknown else {"color": band["shade"], "opacity": 0.45}
        mark = {"type": "area", "line": False, **look}
        encoding = {"x": pixel("x"), "y": pixel("y"), "y2": {"field": "bottom"}, "description": bound()}
        return {"data": {"values": values}, "mark": mark, "encoding": encoding}

    def _drawn(self) -> list[Layer]:
        """The boxes, and how many are in each."""
        values = [self._of_box(visit, box) for visit, column in self.boxes.items() for box in column.values()]
        at = {"y": pixel("middle"), "x": pixel("centre"), "text": {"field": "text"}}
        number = {"type": "text", "baseline": "middle", "fontSize": 12, "fontWeight": 600}
        ends = {"x": pixel("x"), "x2": {"field": "x2"}, "y": pixel("y"), "y2": {"field": "y2"}}
        fill = {"field": "shade", "type": "nominal", "scale": None}
        halo = {**number, "stroke": PAPER, "strokeWidth": 3, "color": PAPER, "strokeJoin": "round"}
        small_ones = [value for value in values if not value["inside"]]
        ink = {"field": "ink", "type": "nominal", "scale": None}
        return [
            {
                "data": {"values": values},
                "mark": {"type": "rect", "stroke": SOFT, "strokeWidth": 0.8},
                "encoding": {**ends, "fill": fill, "description": bound()},
            },
            {"data": {"values": small_ones}, "mark": halo, "encoding": at},
            {"data": {"values": values}, "mark": number, "encoding": {**at, "color": ink, "description": bound()}},
        ]

    def _of_box(self, visit: str, box: _Box) -> dict[str, Any]:
        found = self.states.at(visit, box.level)
        shade, inside = self.shade(box.level), box.height >= 13
        dark = shade in SHADES[:3] and inside
        return {
            "visit": visit,
            "state": state_label(box.level),
            "n": found["n"].value,
            "percent": found["percent"].value,
            "bound": result_of(found["n"].id),
            "text": count(found["n"]).text,
            "x": box.x,
            "x2": box.x + self.box,
            "y": box.y,
            "y2": box.y + box.height,
            "centre": box.x + self.box / 2,
            "middle": box.y + box.height / 2,
            "shade": shade,
            "inside": inside,
            "ink": PAPER if dark else INK,
        }

    def _names(self) -> list[Layer]:
        """Of the visits above, of the states beside the first and the last column."""
        heads = [
            {
                "x": number * (self.box + APART) + self.box / 2,
                "y": -10,
                "text": visit_label(self.states.study, visit),
                "visit": visit,  # bound to no result: a drawing is shared whole or not, for gaps tell what was there
            }
            for number, visit in enumerate(self.visits)
        ]
        first, last = (self._beside(visit) for visit in (self.visits[0], self.visits[-1]))
        return [
            written(heads, {**_TEXT, "align": "center", "fontWeight": 600}),
            written([{**each, "x": -7} for each in first], {**_TEXT, "align": "right"}),
            written([{**each, "x": self.width + 7} for each in last], {**_TEXT, "align": "left"}),
        ]

    def _beside(self, visit: str) -> list[dict[str, Any]]:
        found = []
        for box in self.boxes[visit].values():
            lines = _lines(box.level) if box.height >= GAP else [" ".join(_lines(box.level))]
            top = box.y + box.height / 2 - 6.5 * (len(lines) - 1) + 4
            found += [{"y": top + 13 * number, "text": line} for number, line in enumerate(lines)]
        return found

    def _alt(self, title: str) -> str:
        said = []
        for visit in self.visits:
            each = [(level, self.states.at(visit, level)) for level in self.counts[visit]]
            shares = [
                f"{state_label(level)} {count(found['n']).text} ({percent(found['percent']).text} %)"
                for level, found in each
            ]
            said.append(f"{small(visit_label(self.states.study, visit))}: {', '.join(shares)}")
        return f"{title}, patients by state at each visit. {'; '.join(said)}."


def _lines(level: str) -> list[str]:
    return wrap(capital(state_label(level)), _LETTERS)
