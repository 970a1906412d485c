"""Sections as plain text, for a terminal or a mail."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap

from remit.report.document import Block, Definitions, Listing, Paragraph, Section, plain

WIDTH = 96


def section_text(section: Section) -> str:
    return "\n".join(_section(section, "=")).rstrip()


def _section(section: Section, rule: str) -> Iterator[str]:
    yield from (section.title, rule * len(section.title), "")
    for block in section.blocks:
        yield from _block(block)
        yield ""
    for part in section.sections:
        yield from _section(part, "-")


def _block(block: Block) -> Iterator[str]:
    match block:
        case Paragraph():
            yield from wrap(plain(block.words), WIDTH)
        case Listing():
            for number, item in enumerate(block.items, start=1):
                mark = f"{number}. " if block.ordered else "- "
                yield from _hanging(mark, plain(item))
        case Definitions():
            for definition in block.items:
                detail = f" ({definition.detail})" if definition.detail else ""
                first, *others = [plain(line) for line in definition.words]
                yield from _hanging("- ", f"{definition.term}{detail}: {first}")
                for line in others:
                    yield from wrap(line, WIDTH, initial_indent="  ", subsequent_indent="  ")


def _hanging(mark: str, text: str) -> list[str]:
    return wrap(text, WIDTH, initial_indent=mark, subsequent_indent=" " * len(mark))
