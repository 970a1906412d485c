"""Where the difference of two arms lies, for each way in which their unknown may have ended: a field of squares."""

from __future__ import annotations

from typing import Any

from remit.report.document import Figure, Key, Panel, Words, plain, words
from remit.report.figures.style import COLOURS, SOFT, Layer, bound, chart, pixel, result_of
from remit.report.lookup import Statistics
from remit.report.outcome import Outcome
from remit.report.two_arms import Pair, pairs_of
from remit.report.wording import capital, small

SIDE, LEFT, RIGHT, TOP, BOTTOM = 260, 46, 20, 10, 58
_ABOVE, _ACROSS, _BELOW = (COLOURS[0], "+"), ("#e4e4e4", ""), (COLOURS[1], "−")


def ends_figure(outcomes: list[Outcome]) -> Figure | None:
    """A panel a population, estimand and arm that is compared; None where nothing is compared, or nobody is unknown."""
    pairs = [pair for outcome in outcomes for pair in pairs_of(outcome) if len(pair.differences) > 1]
    if not pairs:
        return None
    outcome = pairs[0].outcome
    title = f"{capital(outcome.label)} at {outcome.at_visit}: the difference of the arms, however the unknown ended"
    note = "To the right the more of the arm’s unknown reached it, upwards the more of the reference’s."
    looks = {"interval above 0": _ABOVE, "interval across 0": _ACROSS, "interval below 0": _BELOW}
    return Figure(
        name=f"{outcome.analysis.name}-two-arms",
        title=(title,),
        panels=tuple(_panel(pair) for pair in pairs),
        legend=tuple(Key(colour, "square", f"{label} {sign}".strip()) for label, (colour, sign) in looks.items()),
        notes=((note,),),
    )


def _panel(pair: Pair) -> Panel:
    outcome, contrast = pair.outcome, pair.contrast
    study = outcome.study
    title: Words = (f"{capital(contrast.arm)} against {contrast.reference}: {pair.label}",)
    if len(outcome.analysis.populations) > 1:
        title = words(title, f", {small(study.populations[outcome.population].label)}")
    padding = {"left": LEFT, "right": RIGHT, "top": TOP, "bottom": BOTTOM}
    spec = chart(SIDE, SIDE, _layers(pair), study.identity.synthetic is not None, padding)
    name = f"{outcome.analysis.name}-{outcome.population}-{pair.estimand}-{contrast.arm.replace(' ', '-')}-ends"
    return Panel(name, title, _alt(pair, plain(title)), spec, SIDE + LEFT + RIGHT)


def _layers(pair: Pair) -> list[Layer]:
    differences = pair.differences
    columns, rows = (sorted({ends[side] for ends in differences}) for side in (0, 1))
    wide, high = SIDE / len(columns), SIDE / len(rows)
    squares = [
        _square(columns.index(more) * wide, SIDE - (rows.index(others) + 1) * high, wide, high, found)
        for (more, others), found in differences.items()
    ]
    return [_drawn(squares), _signs(squares, min(13, 0.8 * wide, high)), _numbers(columns, rows, wide, high, pair)]


def _square(x: float, y: float, wide: float, high: float, found: Statistics) -> dict[str, Any]:
    lower, upper = found["lower"].value or 0, found["upper"].value or 0
    colour, sign = _ABOVE if lower > 0 else _BELOW if upper < 0 else _ACROSS
    place = {"x": x, "x2": x + wide - 1, "y": y, "y2": y + high - 1, "middle": x + wide / 2, "centre": y + high / 2}
    return {**place, "colour": colour, "sign": sign, "bound": result_of(found["difference"].id)}


def _drawn(squares: list[dict[str, Any]]) -> Layer:
    encoding = {
        "x": pixel("x"),
        "x2": {"field": "x2"},
        "y": pixel("y"),
        "y2": {"field": "y2"},
        "color": {"field": "colour", "type": "nominal", "scale": None},
        "description": bound(),
    }
    return {"data": {"values": squares}, "mark": {"type": "rect"}, "encoding": encoding}


def _signs(squares: list[dict[str, Any]], size: float) -> Layer:
    """So that the squares are told apart without colour."""
    encoding = {"x": pixel("middle"), "y": pixel("centre"), "text": {"field": "sign"}}
    mark = {"type": "text", "color": "#ffffff", "fontSize": size, "fontWeight": 600, "baseline": "middle"}
    return {"data": {"values": squares}, "mark": mark, "encoding": encoding}


def _numbers(columns: list[int], rows: list[int], wide: float, high: float, pair: Pair) -> Layer:
    """How many reached it, under the columns and beside the rows, with whose they are."""
    step = max(1, -(-len(columns) // 8)), max(1, -(-len(rows) // 8))
    values: list[dict[str, Any]] = [
        {"x": (at + 0.5) * wide, "y": SIDE + 16, "text": str(columns[at])} for at in range(0, len(columns), step[0])
    ]
    values += [
        {"x": -12, "y": SIDE - (at + 0.5) * high + 4, "text": str(rows[at])} for at in range(0, len(rows), step[1])
    ]
    values.append({"x": SIDE / 2, "y": SIDE + 36, "text": f"of the unknown of {pair.contrast.arm}, so many reached it"})
    mark = {"type": "text", "baseline": "alphabetic", "color": SOFT, "fontSize": 11.5}
    return {"data": {"values": values}, "mark": mark, "encoding": {**_AT, "text": {"field": "text"}}}


_AT = {"x": pixel("x"), "y": pixel("y")}


def _alt(pair: Pair, title: str) -> str:
    counts = {
        lies: pair.found[name].value or 0
        for name, lies in (("above", "above 0"), ("not_distinguished", "across 0"), ("below", "below 0"))
    }
    said = ", ".join(f"{lies} in {n:.0f}" for lies, n in counts.items())
    return f"{title}. The interval of the difference lies {said} of the ways in which the unknown may have ended."
