"""How the weights of an indirect comparison are distributed: a histogram."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from remit.report.document import Figure, Panel, words
from remit.report.figures.style import COLOURS, SOFT, Layer, bound, chart, pixel, result_of
from remit.report.indirect.found import Found
from remit.report.lookup import Result
from remit.report.numbers import rounded
from remit.report.wording import small
from remit.study.comparisons.indirect_kind import WEIGHTS

HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 150, 46, 14, 18, 46
_ALONE, _WIDTH = 30, 320


def weights_figure(found: list[Found]) -> Figure | None:
    """A panel a population; None where no weights could be made."""
    panels = [_panel(each) for each in found if each.weights is not None]
    if not panels:
        return None
    analysis = found[0].analysis
    return Figure(
        name=f"{analysis.name}-weights",
        title=(f"Weights of our patients, {analysis.evidence.title}, {analysis.result.arm}",),
        panels=tuple(panels),
        notes=(("Weights are multiples of an equal weight, which is 1; above each bar, how many patients have it.",),),
    )


def _panel(found: Found) -> Panel:
    at = found.analysis.at(found.population, "maic", WEIGHTS)
    bars = [(level, found.lookup.one(replace(at, level=level), "n")) for level in found.lookup.levels(at)]
    study, label = found.study, small(found.study.populations[found.population].label)
    synthetic = study.identity.synthetic is not None
    padding = {"left": LEFT, "right": RIGHT, "top": TOP, "bottom": BOTTOM}
    spec = chart(_WIDTH, HEIGHT, [*_bars(bars), _said(bars)], synthetic, padding)
    alt = "; ".join(f"{level}: {result.value or 0:.0f}" for level, result in bars)
    name = f"{found.analysis.name}-{found.population}-weights"
    return Panel(
        name, words(f"Patients by weight, {label}"), f"Patients by weight. {alt}.", spec, _WIDTH + LEFT + RIGHT
    )


def _bars(bars: list[tuple[str, Result]]) -> list[Layer]:
    """Bins stand where their weights are; a single value is a narrow bar."""
    most = max(high for level, _ in bars for high in [_ends(level)[1]]) * 1.05
    values: list[dict[str, Any]] = []
    for level, result in bars:
        low, high = (end / most * _WIDTH for end in _ends(level))
        if low == high:
            low, high = low - 5, high + 5
        n = rounded(result.value or 0, 0)
        values.append({"x": low + 0.5, "x2": high - 0.5, "n": result.value, "text": n, "bound": result_of(result.id)})
    y: Layer = {"field": "n", "type": "quantitative", "axis": {"title": "patients", "tickMinStep": 1, "tickCount": 4}}
    bar: Layer = {
        "data": {"values": [value | {"zero": 0} for value in values]},
        "mark": {"type": "rect", "color": COLOURS[0]},
        "encoding": {
            "x": pixel("x"),
            "x2": {"field": "x2"},
            "y": y,
            "y2": {"field": "zero"},
            "description": bound(),
        },
    }
    text: Layer = {
        "data": {"values": [value | {"middle": (value["x"] + value["x2"]) / 2} for value in values]},
        "mark": {"type": "text", "dy": -7, "color": SOFT, "fontSize": 10.5},
        "encoding": {"x": pixel("middle"), "y": y, "text": {"field": "text"}},
    }
    return [bar, text]


def _said(bars: list[tuple[str, Result]]) -> Layer:
    most = max(_ends(level)[1] for level, _ in bars) * 1.05
    step = next(size for size in (0.25, 0.5, 1, 2, 5, 10, 20, 50, 100, 1000, 1e9) if most / size <= 6)
    ticks = [step * number for number in range(int(most / step) + 1)]
    values = [{"x": tick / most * _WIDTH, "y": HEIGHT + 16, "text": f"{tick:g}"} for tick in ticks]
    values.append({"x": _WIDTH / 2, "y": HEIGHT + 34, "text": "weight"})
    mark = {"type": "text", "baseline": "alphabetic", "color": SOFT, "fontSize": 11.5}
    encoding = {"x": pixel("x"), "y": pixel("y"), "text": {"field": "text"}}
    return {"data": {"values": values}, "mark": mark, "encoding": encoding}


def _ends(level: str) -> tuple[float, float]:
    low, _, high = level.partition(" to ")
    return float(low), float(high or low)
