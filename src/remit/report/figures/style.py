"""What all figures share: colours that all eyes tell apart (Okabe and Ito), type, and marks that know their result."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Layer = dict[str, Any]

# Told apart without colour by their shapes, and by their darkness.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9")
SHAPES = ("circle", "square", "triangle-up", "diamond", "cross")
GREY = "#6b6b6b"
INK, SOFT, RULE, PAPER = "#1a1a1a", "#5c5c5c", "#dcdcdc", "#ffffff"
FONT = "-apple-system, Segoe UI, Roboto, Helvetica Neue, Arial, sans-serif"
SIZE = 12
LETTER = 6.6  # the width of a letter, about


def look(number: int) -> tuple[str, str]:
    """A colour and a shape for the first, second, … of several; no two of the first twenty-five look alike."""
    return COLOURS[number % len(COLOURS)], SHAPES[(number + number // len(COLOURS)) % len(SHAPES)]


_RESULT = "result "


def result_of(result: str) -> str:
    """A mark's description, by which the drawing is bound to its result: see `svg`."""
    return f"{_RESULT}{result}"


def results_in(spec: Any) -> Iterator[str]:
    """The results that a specification's marks are bound to."""
    if isinstance(spec, str) and spec.startswith(_RESULT):
        yield spec.removeprefix(_RESULT)
    elif isinstance(spec, Mapping):
        for each in spec.values():
            yield from results_in(each)
    elif isinstance(spec, list | tuple):
        for each in spec:
            yield from results_in(each)


def chart(width: int, height: int, layers: Sequence[Layer], synthetic: bool, padding: Mapping[str, int]) -> Layer:
    """A drawing of layers in pixels. Synthetic data say so in each drawing, for drawings are copied."""
    said = [_text_at(width, height + padding["bottom"] - 3, "synthetic data", "right")] if synthetic else []
    return {
        "width": width,
        "height": height,
        "padding": dict(padding),
        "autosize": "none",
        "background": None,
        "layer": [*layers, *said],
        "config": {
            "font": FONT,
            "view": {"stroke": None},
            "axis": {
                "labelFontSize": 11.5,
                "titleFontSize": 11.5,
                "titleFontWeight": "normal",
                "labelColor": SOFT,
                "titleColor": SOFT,
                "gridColor": RULE,
                "domain": False,
                "ticks": False,
            },
        },
    }


def pixel(field: str) -> Layer:
    """A position that is given in pixels."""
    return {"field": field, "type": "quantitative", "scale": None, "axis": None}


def bound(field: str = "bound") -> Layer:
    return {"field": field, "type": "nominal"}


def written(values: Sequence[Layer], look: Layer, described: bool = False) -> Layer:
    """Texts where `x` and `y` of each value say. `look`: of the mark; they stand on their line if it says nothing else.
    `described`: each is bound to the result of its value."""
    encoding = {"x": pixel("x"), "y": pixel("y"), "text": {"field": "text"}}
    return {
        "data": {"values": list(values)},
        "mark": {"type": "text", "baseline": "alphabetic", **look},
        "encoding": encoding | ({"description": bound()} if described else {}),
    }


def rules(values: Sequence[Layer], look: Layer) -> Layer:
    """Upright lines at `x`, from `y` to `y2`."""
    encoding = {"x": pixel("x"), "y": pixel("y"), "y2": {"field": "y2"}}
    return {"data": {"values": list(values)}, "mark": {"type": "rule", **look}, "encoding": encoding}


def _text_at(x: float, y: float, text: str, align: str) -> Layer:
    return {
        "data": {"values": [{"text": text}]},
        "mark": {"type": "text", "align": align, "fontSize": 9.5, "color": SOFT, "fontStyle": "italic"},
        "encoding": {"x": {"value": x}, "y": {"value": y}, "text": {"field": "text"}},
    }
