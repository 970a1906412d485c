"""What a figure draws, as rows: each mark with the result that it shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from remit.report.document import Box, Figure, Flow, Number, Panel, plain
from remit.report.figures.style import result_of
from remit.report.formats.csv_files import csv_of
from remit.report.formats.values import harmless

_PREFIX = result_of("")
PATIENT = "patient"  # the field of marks that are of single patients


def figure_csv(block: Figure | Flow, synthetic: str | None) -> bytes:
    """A line a mark; for the flow of patients a line a box."""
    if isinstance(block, Flow):
        return csv_of(["box", "count", "result"], _boxes([block.start, *block.excluded, block.included]), synthetic)
    marks = [mark for panel in block.panels for mark in marks_of(panel)]
    fields = list(dict.fromkeys(name for _, _, values in marks for name in values))
    lines = [[panel, result, *(_said(values.get(name)) for name in fields)] for panel, result, values in marks]
    return csv_of(["panel", "result", *fields], lines, synthetic)


def _boxes(boxes: Sequence[Box]) -> Iterator[list[str]]:
    for box in boxes:
        number = next((part for part in box.count if isinstance(part, Number)), None)
        count, result = (number.text, number.result) if number else (plain(box.count), "")
        yield [harmless(plain(box.label)), harmless(count), result]
        yield from _boxes(box.boxes)


def marks_of(panel: Panel) -> list[tuple[str, str, Mapping[str, Any]]]:
    """Each mark that is bound to a result, or is of a patient, once: the panel, the result, and the values that are
    drawn; not where on the paper, in which colour, and as which text."""
    found: dict[str, tuple[str, str, dict[str, Any]]] = {}
    for layer, on_paper in _layers(panel.spec, frozenset()):
        for values in layer.get("data", {}).get("values", []):
            bound = [str(each) for each in values.values() if str(each).startswith(_PREFIX)]
            drawn = {
                name: each
                for name, each in values.items()
                if name not in on_paper and str(each) not in (*bound, "None")
            }
            if (bound or PATIENT in drawn) and drawn and set(drawn) != {"text"}:
                results = "; ".join(each.removeprefix(_PREFIX) for each in bound)
                found.setdefault(f"{results} {drawn}", (harmless(plain(panel.title)), results, drawn))
    return list(found.values())


def _layers(spec: Mapping[str, Any], outer: frozenset[str]) -> Iterator[tuple[Mapping[str, Any], frozenset[str]]]:
    """Each layer with the fields that are places on the paper, colours and shapes: those without a scale."""
    layers = spec.get("layer", [])
    on_paper = outer.union(*(_on_paper(layer) for layer in layers))
    for layer in layers:
        yield layer, on_paper
        yield from _layers(layer, on_paper)


def _on_paper(layer: Mapping[str, Any]) -> set[str]:
    """x2 and y2 are where x and y are."""
    channels = {name: each for name, each in layer.get("encoding", {}).items() if "field" in each}

    def placed(name: str) -> bool:
        first = channels.get(name.removesuffix("2"), channels[name])
        return bool(first.get("scale", "") is None)

    return {each["field"] for name, each in channels.items() if placed(name)}


def _said(value: object) -> str:
    """A number as the shortest text that is read as the same number."""
    if value is None:
        return ""
    return harmless(value) if isinstance(value, str) else repr(value)
