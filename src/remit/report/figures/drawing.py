"""Each figure of a document as a drawing that stands for itself, in the forms that files need."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from remit.report.document import Document, Figure, Flow, blocks_of
from remit.report.figures.flow_chart import flow_alt, flow_chart
from remit.report.figures.settled_pdf import settled
from remit.report.figures.sheet import alt_text, sheet

POINTS = 0.75  # in a pixel of 1/96 inch
DOTS = 300  # in an inch, as journals ask for
_SIZE = re.compile(r' width="([0-9.]+)" height="([0-9.]+)"')


@dataclass(frozen=True)
class Drawing:
    """`name`: of the file, "figure-1". `alt`: what it shows, in words."""

    name: str
    alt: str
    svg: str

    @cached_property
    def size(self) -> tuple[float, float]:
        """Width and height in pixels of 1/96 inch."""
        found = _SIZE.search(self.svg)
        if found is None:
            raise ValueError(f"the drawing {self.name} has no size")
        return float(found[1]), float(found[2])

    @cached_property
    def png(self) -> bytes:
        import vl_convert

        return bytes(vl_convert.svg_to_png(self.svg, scale=POINTS, ppi=DOTS))

    @cached_property
    def pdf(self) -> bytes:
        """A page of the drawing's size, its texts as texts."""
        import vl_convert

        width, height = (length * POINTS for length in self.size)
        return settled(bytes(vl_convert.svg_to_pdf(_SIZE.sub(f' width="{width:g}" height="{height:g}"', self.svg, 1))))


def figure_file(number: str) -> str:
    """The name of the file of "Figure S1", without its ending."""
    return number.lower().replace(" ", "-")


def drawings_of(document: Document, panels: Mapping[str, str]) -> dict[str, Drawing]:
    """Each figure, and the flow of patients, by its number. panels: the SVG of each panel, by its name."""
    return {
        block.number: _drawing(block, document, panels)
        for block in blocks_of(document.sections)
        if isinstance(block, Figure | Flow)
    }


def _drawing(block: Figure | Flow, document: Document, panels: Mapping[str, str]) -> Drawing:
    name = figure_file(block.number)
    if isinstance(block, Flow):
        return Drawing(name, flow_alt(block), flow_chart(block, document.synthetic is not None))
    return Drawing(name, alt_text(block), sheet(block, panels))
