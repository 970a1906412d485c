"""The edition of a document that may leave the house: without single patients, and without small counts.

A pure function: the internal document and what is hidden of its results → the shareable one. Numbers of tables and
figures stay as in the internal edition, so that both can be read side by side.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from remit.disclosure.hidden import Hidden, hidden_results
from remit.report.document import (
    Block,
    Definition,
    Definitions,
    Document,
    Figure,
    Finding,
    Flow,
    Fold,
    Listing,
    Paragraph,
    Section,
    Table,
    Words,
    blocks_of,
    plain,
)
from remit.report.edition.panels import figure
from remit.report.edition.tables import flow, table
from remit.report.edition.told import Told
from remit.report.plan import OF_CHARTS
from remit.schema.results import Results
from remit.study.study import Study

INTAKE = "intake"  # the section of charts, cell by cell
_INSTEAD = "How charts were read, cell by cell, stands in the internal edition."
_NOTHING = "Nothing of this section may be shared: too few patients stand behind it."


def shareable(document: Document, results: Results, study: Study) -> Document:
    """The document without what may not be shared, by the study's smallest cell."""
    return without(document, hidden_results(study, results, study.smallest_cell))


def without(document: Document, hidden: Hidden) -> Document:
    """The document without what is hidden."""
    told = Told(hidden)
    return replace(
        document,
        edition="shareable",
        rule=rule(hidden.limit),
        facts=tuple(fact for fact in document.facts if not told.spoiled(fact.words)),
        findings=tuple(_findings(document.findings, told)),
        sections=tuple(_section(section, told) for section in document.sections if not section.individual),
        footer=tuple(told.sentences(line) for line in document.footer),
    )


def rule(limit: int) -> str:
    """What is left out, in words."""
    small = f" Counts from 1 to {limit - 1} are hidden, and others from which they could be worked out."
    return (
        f"It has no single patients, none of their dates, and no least or greatest values.{small if limit > 1 else ''} "
        "Tables and figures are numbered as in the internal edition."
    )


def _findings(findings: Iterable[Finding], told: Told) -> Iterable[Finding]:
    for finding in findings:
        if not told.spoiled(finding.figure) and not told.spoiled(finding.label):
            yield replace(finding, lines=tuple(line for line in finding.lines if not told.spoiled(line)))


def _section(section: Section, told: Told) -> Section:
    if section.name == INTAKE:
        return replace(section, blocks=(Paragraph((_INSTEAD,)),), sections=())
    blocks = _blocks(section.blocks, told)
    gone = [*_numbers(section.blocks)]
    left = {*_numbers(blocks)}
    missing = [number for number in gone if number not in left]
    inner = tuple(_section(part, told) for part in section.sections if not part.individual)
    if missing:
        blocks = (*blocks, Paragraph((f"Left out of this edition: {', '.join(missing)}.",)))
    elif not blocks and not inner:
        blocks = (Paragraph((_NOTHING,)),)
    return replace(section, blocks=blocks, sections=inner)


def _numbers(blocks: tuple[Block, ...]) -> list[str]:
    """Which tables and figures there are."""
    found = blocks_of((Section("", "", blocks),))
    return [block.number for block in found if isinstance(block, Table | Figure) and not _is_individual(block)]


def _is_individual(block: Block) -> bool:
    return isinstance(block, Figure) and block.individual


def _blocks(blocks: tuple[Block, ...], told: Told) -> tuple[Block, ...]:
    return tuple(made for block in blocks if (made := _block(block, told)) is not None)


def _block(block: Block, told: Told) -> Block | None:
    match block:
        case Paragraph():
            said = told.sentences(block.words)
            return replace(block, words=said) if said else None
        case Listing():
            items = _kept(tuple(item for item in block.items if not plain(item).startswith(OF_CHARTS)), told)
            return replace(block, items=items) if items else None
        case Definitions():
            definitions = tuple(made for item in block.items if (made := _definition(item, told)) is not None)
            return replace(block, items=definitions) if definitions else None
        case Table():
            return table(block, told)
        case Figure():
            return figure(block, told)
        case Flow():
            return flow(block, told)
        case Fold():
            inside = _blocks(block.blocks, told)
            return replace(block, blocks=inside) if inside else None


def _definition(item: Definition, told: Told) -> Definition | None:
    lines = _kept(item.words, told)
    return replace(item, words=lines) if lines else None


def _kept(lines: tuple[Words, ...], told: Told) -> tuple[Words, ...]:
    return tuple(said for line in lines if (said := told.sentences(line)))
