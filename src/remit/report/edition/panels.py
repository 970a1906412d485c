"""Figures without what may not be shared: marks of hidden results, and drawings of which that cannot be told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from remit.report.document import Figure, Panel, plain
from remit.report.edition.told import Told
from remit.report.figures.style import results_in

_PLACED = {"x", "y", "x2", "y2", "text", "line", "angle", "align"}  # of a row that only labels, or rules


def figure(block: Figure, told: Told) -> Figure | None:
    """None if nothing in it may be shared."""
    if block.individual:
        return None
    panels = tuple(made for panel in block.panels if (made := _panel(panel, told)) is not None)
    notes = tuple(note for note in block.notes if not told.spoiled(note))
    return replace(block, title=told.in_place(block.title), panels=panels, notes=notes) if panels else None


def _panel(panel: Panel, told: Told) -> Panel | None:
    """The drawing as it is if nothing in it is hidden; else without the hidden marks, if all marks are bound."""
    rows = list(_rows(panel.spec))
    bound = [row for row in rows if _result(row) is not None]
    if not bound:
        return None
    hidden = [row for row in bound if _is_hidden(row, told)]
    title = told.in_place(panel.title)
    if not hidden:
        return panel if title == panel.title else replace(panel, title=title, alt=f"{plain(title)}.")
    loose = any(_result(row) is None and not set(row) <= _PLACED for row in rows)
    if loose or len(hidden) == len(bound):
        return None
    alt = f"{plain(title)}. What may not be shared is not drawn."
    return replace(panel, title=title, spec=_without(panel.spec, told), alt=alt)


def _rows(spec: Any) -> Iterator[Mapping[str, Any]]:
    """Each row of data, wherever it stands."""
    if isinstance(spec, Mapping):
        for key, inner in spec.items():
            if key == "values" and isinstance(inner, list | tuple):
                yield from (row for row in inner if isinstance(row, Mapping))
            else:
                yield from _rows(inner)
    elif isinstance(spec, list | tuple):
        for inner in spec:
            yield from _rows(inner)


def _result(row: Mapping[str, Any]) -> str | None:
    return next(results_in(row.get("bound")), None)


def _is_hidden(row: Mapping[str, Any], told: Told) -> bool:
    result = _result(row)
    return result is not None and told.hidden.of(result) is not None


def _without(spec: Any, told: Told) -> Any:
    if isinstance(spec, Mapping):
        return {key: _without(inner, told) for key, inner in spec.items()}
    if isinstance(spec, list | tuple):
        return [_without(inner, told) for inner in spec if not (isinstance(inner, Mapping) and _is_hidden(inner, told))]
    return spec
