"""A report as data: sections of paragraphs, tables and figures, each printed number bound to its result.

HTML renders it; Word and PDF render the same. Nothing here knows a study or a format.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, ClassVar, Literal

Part = Literal["value", "numerator", "denominator", "missing", "population_n", "method", "note"]


@dataclass(frozen=True, slots=True)
class Quantity:
    """What journals print each in their own way: a percentage with its denominator, or a p value."""

    kind: Literal["percent", "p"]
    value: float
    of: int | None = None


@dataclass(frozen=True, slots=True)
class Number:
    """A printed number: the result that it comes from, and which part of that row it is."""

    text: str
    result: str
    part: Part = "value"
    quantity: Quantity | None = None


Inline = str | Number
Words = tuple[Inline, ...]
_END_OF_SENTENCE = re.compile(r"(?<=[.!?])(?<!e\.g\.)\s+(?=[^\Wa-z_]|[“(]|$)")


def words(*parts: Inline | Words) -> Words:
    """Texts, numbers and words in a row, as one."""
    found: list[Inline] = []
    for part in parts:
        if isinstance(part, tuple):
            found += part
        elif part != "":
            found.append(part)
    return tuple(found)


def plain(said: Words) -> str:
    """The words as plain text."""
    return "".join(part if isinstance(part, str) else part.text for part in said)


def sentences_of(said: Words) -> Iterator[Words]:
    """Each sentence with the space behind it; it ends at a full stop with a space after it."""
    current: list[Inline] = []
    for part in _joined(said):
        if isinstance(part, Number):
            current.append(part)
            continue
        start = 0
        for match in _END_OF_SENTENCE.finditer(part):
            current.append(part[start : match.end()])
            yield tuple(current)
            current, start = [], match.end()
        if start < len(part):
            current.append(part[start:])
    if current:
        yield tuple(current)


def _joined(said: Words) -> Iterator[Inline]:
    """Texts that follow one another as one text: a sentence may end where one of them does."""
    for texts, parts in groupby(said, key=lambda part: isinstance(part, str)):
        if texts:
            yield "".join(str(part) for part in parts)
        else:
            yield from parts


# Tables


@dataclass(frozen=True)
class Interval:
    """An estimate with its interval on a scale from 0 to 100, drawn in the cell; `reference` is a line across."""

    ends: tuple[float, float, float] | None  # low, estimate, high
    reference: float


@dataclass(frozen=True)
class Cell:
    """One or more lines. `notes` are footnotes; `muted` says less than its neighbours: nothing is known, or zero."""

    lines: tuple[Words, ...] = ()
    notes: tuple[Words, ...] = ()
    muted: bool = False
    wraps: bool = False  # a text that may need several lines
    interval: Interval | None = None


@dataclass(frozen=True)
class Row:
    """`level` indents the label; a `heading` opens a group of rows."""

    label: Words
    cells: tuple[Cell, ...] = ()
    level: int = 0
    heading: bool = False
    detail: Words = ()
    notes: tuple[Words, ...] = ()


@dataclass(frozen=True)
class Column:
    """`group` stands above adjacent columns that share it; `detail` is a second line under the title."""

    title: Words
    group: Words = ()
    detail: Words = ()
    scale: bool = False  # holds intervals: the scale is printed in the head


@dataclass(frozen=True)
class Table:
    """`stub` heads the column of labels. `notes` stand under the table without a mark; marked notes are the cells'."""

    kind: ClassVar[str] = "table"
    name: str
    title: Words
    stub: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    notes: tuple[Words, ...] = ()
    cards: bool = False  # on a narrow page each row may become a card
    prose: bool = False  # the last column holds texts, and takes the room
    texts: bool = False  # all columns hold texts, and share the room
    number: str = ""

    @property
    def marked(self) -> Mapping[Words, str]:
        """The footnotes with their marks, in the order in which they are met; what reads alike is one note."""
        met = (note for row in self.rows for note in (*row.notes, *(n for cell in row.cells for n in cell.notes)))
        alike: dict[str, Words] = {}
        for note in met:
            alike.setdefault(plain(note), note)
        return {note: _mark(position) for position, note in enumerate(alike.values())}

    def marks(self, notes: tuple[Words, ...]) -> list[str]:
        by_text = {plain(note): mark for note, mark in self.marked.items()}
        return [by_text[plain(note)] for note in notes]

    @property
    def groups(self) -> tuple[tuple[Words, int], ...]:
        """The heads above the columns, each with how many columns it spans."""
        return self.groups_of(range(len(self.columns)))

    def groups_of(self, columns: Iterable[int]) -> tuple[tuple[Words, int], ...]:
        """The heads above some of the columns."""
        found: list[tuple[Words, int]] = []
        for column in columns:
            group = self.columns[column].group
            if found and found[-1][0] == group:
                found[-1] = (group, found[-1][1] + 1)
            else:
                found.append((group, 1))
        return tuple(found)

    @property
    def grouped(self) -> bool:
        return any(column.group for column in self.columns)


def _mark(position: int) -> str:
    """a, b, …, z, aa, ab, …"""
    letter = chr(ord("a") + position % 26)
    return letter if position < 26 else _mark(position // 26 - 1) + letter


# Other blocks


@dataclass(frozen=True)
class Paragraph:
    kind: ClassVar[str] = "paragraph"
    words: Words
    lead: bool = False


@dataclass(frozen=True)
class Listing:
    kind: ClassVar[str] = "listing"
    items: tuple[Words, ...]
    ordered: bool = False


@dataclass(frozen=True)
class Definition:
    term: str
    words: tuple[Words, ...]
    detail: str = ""


@dataclass(frozen=True)
class Definitions:
    kind: ClassVar[str] = "definitions"
    items: tuple[Definition, ...]


@dataclass(frozen=True)
class Key:
    """An entry of a figure's legend."""

    colour: str
    shape: str
    label: str


@dataclass(frozen=True)
class Panel:
    """One drawing: a Vega-Lite specification, and in words what it shows."""

    name: str
    title: Words
    alt: str
    spec: Mapping[str, Any]
    width: int


@dataclass(frozen=True)
class Figure:
    """`individual`: it shows single patients, so that it belongs to the internal edition alone."""

    kind: ClassVar[str] = "figure"
    name: str
    title: Words
    panels: tuple[Panel, ...]
    legend: tuple[Key, ...] = ()
    notes: tuple[Words, ...] = ()
    number: str = ""
    individual: bool = False


@dataclass(frozen=True)
class Box:
    """A box of the flow diagram."""

    label: Words
    count: Words
    boxes: tuple[Box, ...] = ()
    note: Words = ()


@dataclass(frozen=True)
class Flow:
    """Screened, the reasons why patients were not included in their order, included, and populations within."""

    kind: ClassVar[str] = "flow"
    name: ClassVar[str] = "flow"
    title: ClassVar[Words] = ("Flow of patients",)
    start: Box
    excluded: tuple[Box, ...]
    included: Box
    number: str = ""


@dataclass(frozen=True)
class Fold:
    """Blocks that a reader opens."""

    kind: ClassVar[str] = "fold"
    title: str
    blocks: tuple[Block, ...]


Block = Paragraph | Listing | Definitions | Table | Figure | Flow | Fold


@dataclass(frozen=True)
class Section:
    """`individual`: all of it is about single patients, so that it belongs to the internal edition alone. `own_page`:
    it begins on a new page in print."""

    name: str
    title: str
    blocks: tuple[Block, ...] = ()
    sections: tuple[Section, ...] = ()
    individual: bool = False
    own_page: bool = False


# The whole


@dataclass(frozen=True)
class Fact:
    """A line of the head: "Data cut-off", "30 June 2024"."""

    label: str
    words: Words


@dataclass(frozen=True)
class Finding:
    """A tile of the key findings: a large figure, what it is, and what stands behind it."""

    figure: Words
    label: Words
    lines: tuple[Words, ...] = ()
    main: bool = False


Edition = Literal["internal", "shareable"]


@dataclass(frozen=True)
class Document:
    """`rule`: what its edition leaves out, in words."""

    title: str
    synthetic: str | None
    facts: tuple[Fact, ...]
    findings: tuple[Finding, ...]
    sections: tuple[Section, ...]
    footer: tuple[Words, ...]
    edition: Edition = "internal"
    rule: str = "It shows single patients: it stays with those who may see them."


def blocks_of(sections: tuple[Section, ...]) -> Iterator[Block]:
    """Each block, in the order of reading."""
    for section in sections:
        yield from _opened(section.blocks)
        yield from blocks_of(section.sections)


def _opened(blocks: tuple[Block, ...]) -> Iterator[Block]:
    for block in blocks:
        yield block
        if isinstance(block, Fold):
            yield from _opened(block.blocks)


def figures_of(sections: tuple[Section, ...]) -> list[Figure]:
    return [block for block in blocks_of(sections) if isinstance(block, Figure)]


def numbered(sections: tuple[Section, ...]) -> tuple[Section, ...]:
    """With "Table 1", "Figure 1", … in the order of reading; what is folded away is "Table S1"."""
    counts: dict[tuple[str, bool], int] = {}

    def number(block: Block, folded: bool) -> Block:
        if isinstance(block, Fold):
            return replace(block, blocks=tuple(number(inner, True) for inner in block.blocks))
        if not isinstance(block, Table | Figure | Flow):
            return block
        kind = "Table" if isinstance(block, Table) else "Figure"
        counts[kind, folded] = counts.get((kind, folded), 0) + 1
        return replace(block, number=f"{kind} {'S' if folded else ''}{counts[kind, folded]}")

    def inside(section: Section) -> Section:
        blocks = tuple(number(block, False) for block in section.blocks)
        return replace(section, blocks=blocks, sections=tuple(inside(part) for part in section.sections))

    return tuple(inside(section) for section in sections)
