"""A document of words → Markdown: headings, paragraphs and lists. Tables and figures have formats of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator

from remit.report.document import Document, Listing, Paragraph, Section, Words, plain

_SPECIAL = re.compile(r"([\\`*_<>#|])")


def markdown(document: Document, edition: str) -> str:
    """edition: which one this is, in words."""
    return "\n\n".join(_lines(document, edition)) + "\n"


def _lines(document: Document, edition: str) -> Iterator[str]:
    yield f"# {_escaped(document.title)}"
    yield f"**{_escaped(edition)}**"
    if document.synthetic:
        yield f"**Synthetic data.** {_escaped(document.synthetic)}"
    for section in document.sections:
        yield from _section(section, 2)
    yield from (_said(line) for line in document.footer)


def _section(section: Section, level: int) -> Iterator[str]:
    yield f"{'#' * level} {_escaped(section.title)}"
    for block in section.blocks:
        match block:
            case Paragraph():
                yield _said(block.words)
            case Listing():
                yield "\n".join(f"- {_said(item)}" for item in block.items)
            case _:
                raise TypeError(f"{type(block).__name__} has no place in Markdown")
    for inner in section.sections:
        yield from _section(inner, level + 1)


def _said(words: Words) -> str:
    return _escaped(plain(words))


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)
