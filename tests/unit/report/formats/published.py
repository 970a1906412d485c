"""The example's report as every writer is given it, made once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

from remit.report.document import Document, Figure, Flow, Table, blocks_of, figures_of
from remit.report.figures.drawing import Drawing, drawings_of
from remit.report.figures.renderer import start_renderer
from remit.report.formats.editions import EDITIONS, Edition
from tests.unit.report.studies import example

MADE = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


@dataclass(frozen=True)
class Published:
    document: Document
    edition: Edition
    drawings: Mapping[str, Drawing]
    made: datetime


def publication_of(document: Document) -> Published:
    with start_renderer() as renderer:
        renderer.ask({panel.name: panel.spec for figure in figures_of(document.sections) for panel in figure.panels})
        panels = renderer.drawn()
    return Published(document, EDITIONS["internal"], drawings_of(document, panels), MADE)


@cache
def published() -> Published:
    return publication_of(example().document)


def tables_of(document: Document) -> list[Table]:
    return [block for block in blocks_of(document.sections) if isinstance(block, Table)]


def drawn_of(document: Document) -> list[Figure | Flow]:
    return [block for block in blocks_of(document.sections) if isinstance(block, Figure | Flow)]
