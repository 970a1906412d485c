"""A document as it is read on paper: what a screen folds away stands at the end, and each paragraph before tables and
figures says which they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile

from remit.report.document import (
    Block,
    Document,
    Figure,
    Flow,
    Fold,
    Paragraph,
    Section,
    Table,
    Words,
    blocks_of,
    words,
)
from remit.report.wording import listed

SUPPLEMENT = "supplement"


class Reference(str):
    """The number of a table or figure, "Table 1", where a text speaks of it."""

    __slots__ = ()


def on_paper(document: Document) -> Document:
    """Folded tables and figures go to a supplement; a fold without any stays where it is."""
    moved = tuple(fold for fold in blocks_of(document.sections) if isinstance(fold, Fold) and _numbers([fold]))
    sections = tuple(_section(section) for section in document.sections)
    if moved:
        inside = tuple(Section(f"{SUPPLEMENT}-{at}", fold.title, fold.blocks) for at, fold in enumerate(moved, start=1))
        sections += (Section(SUPPLEMENT, "Supplement", (), inside),)
    return replace(document, sections=sections)


def _section(section: Section) -> Section:
    blocks = [_moved(block) for block in section.blocks]
    for at, block in enumerate(blocks):
        if (isinstance(block, Paragraph) and block is not section.blocks[at]) or not isinstance(block, Paragraph):
            continue
        if numbers := _numbers(takewhile(lambda each: isinstance(each, Table | Figure | Flow), blocks[at + 1 :])):
            blocks[at] = replace(block, words=words(block.words, " See ", _listed(numbers), "."))
    return replace(section, blocks=tuple(blocks), sections=tuple(_section(part) for part in section.sections))


def _moved(block: Block) -> Block:
    if isinstance(block, Fold) and (numbers := _numbers([block])):
        return Paragraph(words(f"{block.title}: see ", _listed(numbers), " in the supplement."))
    return block


def _numbers(blocks: Sequence[Block] | takewhile[Block]) -> list[str]:
    """Of tables and figures, in the order in which they are met."""
    found = blocks_of((Section("", "", tuple(blocks)),))
    return [block.number for block in found if isinstance(block, Table | Figure | Flow)]


def _listed(numbers: list[str]) -> Words:
    return listed([(Reference(number),) for number in numbers])
