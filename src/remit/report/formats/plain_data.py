"""A document as plain data, lists and texts, for a template that is not written in Python."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from remit.report.document import (
    Block,
    Cell,
    Column,
    Definitions,
    Document,
    Figure,
    Flow,
    Fold,
    Listing,
    Paragraph,
    Row,
    Section,
    Table,
    Words,
    plain,
)
from remit.report.figures.drawing import Drawing
from remit.report.formats.fit import fit, on_page, right_aligned, shown
from remit.report.formats.paper import Reference

Data = dict[str, Any]
Drawings = Mapping[str, Drawing]


def data_of(document: Document, edition: str, drawings: Drawings) -> Data:
    """edition: which one this is, in words. drawings: of each figure by its number."""
    return {
        "title": document.title,
        "edition": edition,
        "rule": document.rule,
        "synthetic": document.synthetic,
        "facts": [{"label": fact.label, "words": plain(fact.words)} for fact in document.facts],
        "findings": [
            {"figure": plain(each.figure), "label": plain(each.label), "lines": _texts(each.lines), "main": each.main}
            for each in document.findings
        ],
        "sections": [_section(section, drawings) for section in document.sections],
        "footer": _texts(document.footer),
    }


def _texts(said: Iterable[Words]) -> list[str]:
    return [plain(words) for words in said]


def _parts(said: Words) -> list[Data]:
    """`to`: the number of the table or figure that is spoken of, or nothing."""
    return [
        {"text": part if isinstance(part, str) else part.text, "to": str(part) if isinstance(part, Reference) else ""}
        for part in said
    ]


def _section(section: Section, drawings: Drawings) -> Data:
    return {
        "name": section.name,
        "title": section.title,
        "own_page": section.own_page,
        "blocks": [_block(block, drawings) for block in section.blocks],
        "sections": [_section(part, drawings) for part in section.sections],
    }


def _block(block: Block, drawings: Drawings) -> Data:
    """`kind` says which one it is, as in the document."""
    match block:
        case Paragraph():
            found: Data = {"parts": _parts(block.words), "lead": block.lead}
        case Listing():
            found = {"items": _texts(block.items), "ordered": block.ordered}
        case Definitions():
            found = {
                "items": [
                    {"term": item.term, "detail": item.detail, "lines": _texts(item.words)} for item in block.items
                ]
            }
        case Table():
            found = _table(block)
        case Figure():
            found = _figure(block, block.notes, drawings[block.number])
        case Flow():
            found = _figure(block, (), drawings[block.number])
        case Fold():
            found = {"title": block.title, "blocks": [_block(inner, drawings) for inner in block.blocks]}
    return {"kind": "figure" if isinstance(block, Flow) else block.kind, **found}


def _figure(figure: Figure | Flow, notes: tuple[Words, ...], drawing: Drawing) -> Data:
    placed = on_page(drawing)
    return {
        "number": figure.number,
        "title": plain(figure.title),
        "notes": _texts(notes),
        "file": f"{drawing.name}.pdf",
        "alt": drawing.alt,
        "width": round(placed.width, 2),
        "height": round(placed.height, 2),
        "landscape": placed.landscape,
    }


def _table(table: Table) -> Data:
    how, columns = fit(table), shown(table)
    return {
        "number": table.number,
        "title": plain(table.title),
        "stub": table.stub,
        "widths": [round(width, 2) for width in how.widths],
        "size": how.size,
        "landscape": how.landscape,
        "together": how.together,
        "groups": [{"title": plain(group), "span": span} for group, span in table.groups_of(columns)]
        if table.grouped
        else [],
        "columns": [_column(table.columns[at], right_aligned(table, at)) for at in columns],
        "rows": [_row(row, table, columns) for row in table.rows],
        "marked": [{"mark": mark, "words": plain(note)} for note, mark in table.marked.items()],
        "notes": _texts(table.notes),
    }


def _column(column: Column, right: bool) -> Data:
    return {"title": plain(column.title), "detail": plain(column.detail), "right": right}


def _row(row: Row, table: Table, columns: list[int]) -> Data:
    return {
        "label": plain(row.label),
        "marks": table.marks(row.notes),
        "detail": plain(row.detail),
        "level": row.level,
        "heading": row.heading,
        "cells": [] if row.heading else [_cell(row, at, table) for at in columns],
    }


def _cell(row: Row, at: int, table: Table) -> Data:
    cell = row.cells[at] if at < len(row.cells) else Cell()
    return {"lines": _texts(cell.lines), "marks": table.marks(cell.notes), "muted": cell.muted}
