"""How far the propensity scores of two arms overlap: a histogram of each, one above the line and one below."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from remit.report.addresses import size
from remit.report.adjusted_comparison import Compared
from remit.report.document import Figure, Key, Panel, Words, plain, words
from remit.report.figures.style import COLOURS, INK, RULE, SOFT, Layer, bound, chart, pixel, result_of, rules, written
from remit.report.lookup import Result
from remit.report.numbers import count
from remit.report.wording import capital, small
from remit.schema.results import PROPENSITY

PLOT, HALF, LEFT, RIGHT, TOP, BOTTOM = 300, 80, 34, 10, 18, 52
_NOTE = (
    "Score: the probability of the arm above, by the covariates. Patients whose score only one arm has are without a "
    "counterpart.",
)
_TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)
_STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500)


def overlap_figure(every: Sequence[Compared]) -> Figure | None:
    """A panel for each two arms; None where there are no scores."""
    drawings = [drawing for drawing in map(_Drawing, every) if drawing.bars]
    if not drawings:
        return None
    analysis, arms = every[0].analysis, every[0].names
    several = len(analysis.pairs) > 1
    names = ("The arm that is compared", capital(arms[1])) if several else tuple(map(capital, arms))
    return Figure(
        name=f"{analysis.name}-overlap",
        title=(f"{analysis.title}: how far the propensity scores overlap",),
        panels=tuple(drawing.panel() for drawing in drawings),
        legend=tuple(
            Key(COLOURS[number], "square", f"{name}, {where}")
            for number, (name, where) in enumerate(zip(names, ("above", "below"), strict=True))
        ),
        notes=(_NOTE,),
    )


@dataclass(frozen=True)
class _Drawing:
    of: Compared

    @property
    def bars(self) -> list[tuple[int, str, Result]]:
        """0 of the arm above and 1 of the one below, the part of 0 to 1, and how many lie in it."""
        found = []
        for side, arm in enumerate(self.of.names):
            at = replace(self.of.at(variable=PROPENSITY), group_level=arm)
            for level in self.of.lookup.levels(at):
                found.append((side, level, self.of.lookup.one(replace(at, level=level), "scores")))
        return found

    @property
    def most(self) -> float:
        return max(result.value or 0 for _, _, result in self.bars) or 1

    def panel(self) -> Panel:
        values = [self._value(*bar) for bar in self.bars]
        padding = {"left": LEFT, "right": RIGHT, "top": TOP, "bottom": BOTTOM}
        layers = [*self._axis(), *_bars(values)]
        spec = chart(PLOT, 2 * HALF, layers, self.of.study.identity.synthetic is not None, padding)
        title = self._title()
        return Panel(f"{self.of.name}-overlap", title, self._alt(plain(title)), spec, PLOT + LEFT + RIGHT)

    def _title(self) -> Words:
        of = self.of
        label = small(of.study.populations[of.population].label)
        return words(f"{capital(of.arm)} and {of.reference}, {label} ", size(of.study, of.lookup, of.population))

    def _value(self, side: int, level: str, result: Result) -> dict[str, Any]:
        low, high = (float(end) for end in level.removeprefix("from ").split(" to "))
        tall = (result.value or 0) / self.most * (HALF - 4)
        ends = (HALF - tall, HALF) if side == 0 else (HALF, HALF + tall)
        place = {"x": low * PLOT + 0.6, "x2": high * PLOT - 0.6, "y": ends[0], "y2": ends[1]}
        said = {"arm": self.of.names[side], "score": level, "patients": result.value}
        return {**said, "bound": result_of(result.id), "colour": COLOURS[side], **place}

    def _axis(self) -> list[Layer]:
        step = next((each for each in _STEPS if each >= self.most / 2), _STEPS[-1])
        counts = range(step, math.floor(self.most) + 1, step)
        tall = (HALF - 4) / self.most
        heights = [(n, HALF - n * tall) for n in counts] + [(n, HALF + n * tall) for n in counts] + [(0, HALF)]
        numbers = [{"x": -6, "y": y, "text": str(n)} for n, y in heights]
        ticks = [{"x": tick * PLOT, "y": 2 * HALF + 15, "text": f"{tick:g}"} for tick in _TICKS]
        title = [{"x": PLOT / 2, "y": 2 * HALF + 32, "text": "Propensity score"}]
        look = {"baseline": "middle", "color": SOFT, "fontSize": 11.5}
        return [
            rules([{"x": tick * PLOT, "y": 0, "y2": 2 * HALF} for tick in _TICKS], {"color": RULE, "strokeWidth": 1}),
            _across(),
            written(numbers, {**look, "align": "right"}),
            written([*ticks, *title], {**look, "align": "center"}),
            written([{"x": 0, "y": -9, "text": "Patients"}], {**look, "align": "left"}),
        ]

    def _alt(self, title: str) -> str:
        said = []
        for side, arm in enumerate(self.of.names):
            own = [f"{count(result).text} {level}" for at, level, result in self.bars if at == side and result.value]
            said.append(f"{arm}: {', '.join(own)}")
        return f"{title}, patients by propensity score. {'; '.join(said)}."


def _across() -> Layer:
    """The line between the two."""
    ends = {"x": pixel("x"), "x2": {"field": "x2"}, "y": pixel("y")}
    data = {"values": [{"x": 0, "x2": PLOT, "y": HALF}]}
    return {"data": data, "mark": {"type": "rule", "color": INK, "strokeWidth": 1}, "encoding": ends}


def _bars(values: list[dict[str, Any]]) -> list[Layer]:
    ends = {"x": pixel("x"), "x2": {"field": "x2"}, "y": pixel("y"), "y2": {"field": "y2"}}
    fill = {"field": "colour", "type": "nominal", "scale": None}
    encoding = {**ends, "fill": fill, "description": bound()}
    return [{"data": {"values": values}, "mark": {"type": "rect"}, "encoding": encoding}]
