"""The flow of patients as a drawing: screened, on the right who was not included and why, included, and below them
the populations within."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import wrap

from remit.report.document import Box, Flow, plain
from remit.report.figures.sheet import LETTER, svg, text
from remit.report.figures.style import INK, SOFT

_WIDTH, _MAIN, _ASIDE, _AXIS = 640, 220, 380, 110
_LINE, _PAD, _GAP, _INDENT, _COUNT = 16, 10, 18, 28, 96
TITLE = "Not included, each at the first criterion that failed"


@dataclass
class _Column:
    """What is drawn so far, and how far down it reaches."""

    drawn: list[str]
    y: float


def flow_alt(flow: Flow) -> str:
    """The diagram in words."""

    def said(box: Box) -> str:
        return f"{plain(box.label)}: {plain(box.count)}"

    def within(boxes: Sequence[Box]) -> list[str]:
        return [told for box in boxes for told in (said(box), *within(box.boxes))]

    out = "; ".join(said(box) for box in flow.excluded)
    return f"Flow of patients. {said(flow.start)}. {TITLE}: {out}. " + ". ".join(within([flow.included])) + "."


def flow_chart(flow: Flow, synthetic: bool) -> str:
    """The diagram as SVG, in pixels of 1/96 inch."""
    at = _Column([], 1)
    _main_box(at, flow.start)
    _excluded(at, flow.excluded)
    _main_box(at, flow.included, strong=True)
    if flow.included.boxes:
        _within(at, flow.included.boxes, _AXIS)
    if synthetic:
        at.y += _LINE
        said = "synthetic data"
        at.drawn.append(text(_WIDTH, at.y, said, anchor="end", size=9.5).replace(INK, SOFT))
    return svg(at.drawn, _WIDTH, at.y + 4, flow_alt(flow))


def _main_box(at: _Column, box: Box, strong: bool = False) -> None:
    """A box of the main line, its words in the middle."""
    lines = wrap(plain(box.label), int((_MAIN - 2 * _PAD) / LETTER))
    high = _LINE * (len(lines) + 1) + 2 * _PAD - 4
    at.drawn.append(_frame(0.5, at.y, _MAIN, high, 2 if strong else 1))
    for number, line in enumerate(lines):
        at.drawn.append(text(_MAIN / 2, at.y + _PAD + 11 + _LINE * number, line, anchor="middle"))
    at.drawn.append(text(_MAIN / 2, at.y + _PAD + 11 + _LINE * len(lines), plain(box.count), "bold", "middle"))
    at.y += high


def _excluded(at: _Column, boxes: Sequence[Box]) -> None:
    """The reasons in one box beside the line that goes down."""
    left, letters = _WIDTH - _ASIDE, int((_ASIDE - 2 * _PAD - 60) / LETTER)
    lines = [(wrap(plain(box.label), letters), plain(box.count)) for box in boxes]
    high = _LINE * (1 + sum(len(label) for label, _ in lines)) + 2 * _PAD
    top = at.y + _GAP
    at.drawn += [
        _line(_AXIS, at.y, _AXIS, top + high + _GAP),
        _line(_AXIS, top + high / 2, left, top + high / 2),
        _frame(left, top, _ASIDE - 0.5, high),
        text(left + _PAD, top + _PAD + 11, TITLE, "bold"),
    ]
    y = top + _PAD + 13 + _LINE
    for label, count in lines:
        for number, line in enumerate(label):
            at.drawn.append(text(left + _PAD, y + _LINE * number, line))
        at.drawn.append(text(_WIDTH - _PAD, y, count, "bold", "end"))
        y += _LINE * len(label)
    at.y = top + high + _GAP


def _within(at: _Column, boxes: Sequence[Box], axis: float) -> None:
    """The populations within one, each on a branch of its line; those within them further in."""
    left, start, end = axis + _INDENT, at.y, at.y
    for box in boxes:
        at.y += _GAP * 0.7
        end = at.y + _LINE / 2 + _PAD
        at.drawn.append(_line(axis, end, left, end))
        _small_box(at, box, left)
        if box.boxes:
            _within(at, box.boxes, left + _INDENT)
    at.drawn.append(_line(axis, start, axis, end))


def _small_box(at: _Column, box: Box, left: float) -> None:
    """Its words on the left, its count on the right; under them its note."""
    wide = _WIDTH - left - 0.5
    label = wrap(plain(box.label), int((wide - 2 * _PAD - _COUNT) / LETTER))
    note = wrap(plain(box.note), int((wide - 2 * _PAD) / LETTER))
    high = _LINE * (len(label) + len(note)) + 2 * _PAD - 4
    at.drawn.append(_frame(left, at.y, wide, high))
    for number, line in enumerate(label + note):
        at.drawn.append(text(left + _PAD, at.y + _PAD + 9 + _LINE * number, line))
    at.drawn.append(text(left + wide - _PAD, at.y + _PAD + 9, plain(box.count), "bold", "end"))
    at.y += high


def _frame(x: float, y: float, width: float, height: float, stroke: float = 1) -> str:
    return (
        f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" '
        f'fill="#ffffff" stroke="{INK}" stroke-width="{stroke:g}"/>'
    )


def _line(x: float, y: float, x2: float, y2: float) -> str:
    return f'<line x1="{x:g}" y1="{y:g}" x2="{x2:g}" y2="{y2:g}" stroke="{INK}"/>'
