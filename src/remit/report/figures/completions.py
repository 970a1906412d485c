"""What would be found if so many of the unknown had reached an endpoint: none, one, and so on to all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from remit.report.document import Figure, Key, Panel, Words, plain, words
from remit.report.figures.style import INK, SOFT, Layer, bound, chart, look, pixel, result_of
from remit.report.outcome import Outcome
from remit.report.proportions import Proportion
from remit.report.wording import capital, small

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 300, 190, 46, 14, 10, 46
_MOST_MARKS = 30  # more intervals side by side are a band


def completions_figure(outcomes: list[Outcome]) -> Figure | None:
    """A panel a population and estimand; None where nothing is unknown."""
    drawings = [_Drawing(outcome, estimand) for outcome in outcomes for estimand in outcome.analysis.estimands]
    drawings = [drawing for drawing in drawings if any(len(found) > 1 for found in drawing.lines.values())]
    if not drawings:
        return None
    outcome = outcomes[0]
    benchmark = outcome.analysis.benchmark
    ends = "on the left none of the unknown reached it, on the right all."
    if outcome.analysis.arms:  # who have not the same number of unknown
        ends = "each line begins where none of the arm’s unknown reached it, and ends where all did."
    notes = [f"Percentage with its 95 % interval; {ends}"]
    notes += [f"The dashed line is {float(100 * benchmark):g} %."] if benchmark is not None else []
    arms = outcome.analysis.arms
    return Figure(
        name=f"{outcome.analysis.name}-completions",
        title=(f"{capital(outcome.label)} at {outcome.at_visit}, for each number of the unknown who reached it",),
        panels=tuple(drawing.panel() for drawing in drawings),
        legend=tuple(Key(*look(number), capital(arm)) for number, arm in enumerate(arms.names)) if arms else (),
        notes=((" ".join(notes),),),
    )


@dataclass(frozen=True)
class _Drawing:
    outcome: Outcome
    estimand: str

    @cached_property
    def lines(self) -> dict[str, Mapping[int, Proportion]]:
        """By arm without the total, or the population alone."""
        groups = self.outcome.groups[:-1] if self.outcome.analysis.arms else self.outcome.groups
        return {group.arm or "all": self.outcome.completions(self.estimand, group) for group in groups}

    @property
    def most(self) -> int:
        return max(1, *(max(found) for found in self.lines.values()))

    def x(self, more: int) -> float:
        return more / self.most * WIDTH

    def panel(self) -> Panel:
        study = self.outcome.study
        title: Words = (f"{capital(study.estimands[self.estimand].label)}, %",)
        if len(self.outcome.analysis.populations) > 1:
            title = words(title, f", {small(study.populations[self.outcome.population].label)}")
        layers = [layer for number, found in enumerate(self.lines.values()) for layer in self._line(number, found)]
        padding = {"left": LEFT, "right": RIGHT, "top": TOP, "bottom": BOTTOM}
        synthetic = study.identity.synthetic is not None
        spec = chart(WIDTH, HEIGHT, [*self._benchmark(), *layers, self._below()], synthetic, padding)
        name = f"{self.outcome.analysis.name}-{self.outcome.population}-{self.estimand}-completions"
        return Panel(name, title, self._alt(plain(title)), spec, WIDTH + LEFT + RIGHT)

    def _line(self, number: int, found: Mapping[int, Proportion]) -> list[Layer]:
        colour, shape = look(number)
        values = [
            {
                "x": self.x(more),
                "share": share.percent.value,
                "lower": share.lower.value,
                "upper": share.upper.value,
                "bound": result_of(share.percent.id),
            }
            for more, share in found.items()
            if share.known
        ]
        point = {"type": "point", "filled": True, "opacity": 1, "size": 34, "color": colour, "shape": shape}
        if len(values) > _MOST_MARKS or len(self.lines) > 1:
            band = {"type": "area", "opacity": 0.16, "color": colour}
            return [
                _layer(values, band, "upper"),
                _layer(values, {"type": "line", "color": colour}),
                *([_layer(values, point, described=True)] if len(values) <= _MOST_MARKS else []),
            ]
        rule = {"type": "rule", "color": colour, "strokeWidth": 1.4}
        return [_layer(values, rule, "upper"), _layer(values, point, described=True)]

    def _benchmark(self) -> list[Layer]:
        benchmark = self.outcome.analysis.benchmark
        if benchmark is None:
            return []
        values = [{"x": x, "share": float(100 * benchmark)} for x in (0, WIDTH)]
        return [_layer(values, {"type": "line", "color": INK, "strokeDash": [5, 4], "strokeWidth": 1.1})]

    def _below(self) -> Layer:
        step = max(1, -(-self.most // 8))
        days = [{"x": self.x(more), "y": HEIGHT + 18, "text": str(more)} for more in range(0, self.most + 1, step)]
        days.append({"x": WIDTH / 2, "y": HEIGHT + 36, "text": "how many of the unknown reached it"})
        encoding = {"x": pixel("x"), "y": pixel("y"), "text": {"field": "text"}}
        mark = {"type": "text", "baseline": "alphabetic", "color": SOFT, "fontSize": 11.5}
        return {"data": {"values": days}, "mark": mark, "encoding": encoding}

    def _alt(self, title: str) -> str:
        said = []
        for arm, found in self.lines.items():
            ends = [found[min(found)], found[max(found)]]
            if ends[0].known:
                low, high = (f"{share.percent.value or 0:.1f} %" for share in ends)
                said.append(f"{arm}: {low} if none of {max(found)} unknown reached it, {high} if all did")
        return f"{title}. {'; '.join(said)}."


def _layer(values: list[dict[str, Any]], mark: Layer, end: str | None = None, described: bool = False) -> Layer:
    """`end`: the field of the interval's other end; the marks then begin at its lower one."""
    axis = {"title": None, "grid": True, "values": [0, 25, 50, 75, 100], "labelPadding": 6}
    field = "share" if end is None else "lower"
    y: Layer = {"field": field, "type": "quantitative", "scale": {"domain": [0, 100]}, "axis": axis}
    encoding: Layer = {"x": pixel("x"), "y": y}
    if end is not None:
        encoding["y2"] = {"field": end}
    if described:
        encoding["description"] = bound()
    return {"data": {"values": values}, "mark": mark, "encoding": encoding}
