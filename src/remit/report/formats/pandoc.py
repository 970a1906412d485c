"""A document as the tree that pandoc reads (https://hackage.haskell.org/package/pandoc-types), for Word.

Paragraphs carry names of styles, which a journal can restyle. Numbers of tables and figures are fields of Word.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

from remit.report.document import (
    Block,
    Cell,
    Column,
    Definitions,
    Document,
    Fact,
    Figure,
    Finding,
    Flow,
    Fold,
    Inline,
    Listing,
    Paragraph,
    Row,
    Section,
    Table,
    Words,
    blocks_of,
    plain,
)
from remit.report.figures.drawing import Drawing
from remit.report.formats.fit import PORTRAIT, Fit, Placed, fit, on_page, right_aligned, shown
from remit.report.formats.paper import SUPPLEMENT, Reference
from remit.report.formats.word_styles import PAGE, TURNED_PAGE

Node = dict[str, Any]
Drawings = Mapping[str, Drawing]
VERSION = [1, 23, 1]  # of pandoc-types
_PLAIN: list[Any] = ["", [], []]  # no attributes


@dataclass(frozen=True)
class Inside:
    """What blocks need to know. `anew`: the numbers of tables and figures that do not follow the one before."""

    drawings: Drawings
    anew: frozenset[str]


def counting_anew(document: Document) -> frozenset[str]:
    """Where an edition leaves a table out, the next keeps its number."""
    last: dict[str, int] = {}
    found = []
    for block in blocks_of(document.sections):
        if isinstance(block, Table | Figure | Flow):
            series, place = _series(block.number)
            if place != last.get(series, 0) + 1:
                found.append(block.number)
            last[series] = place
    return frozenset(found)


def _series(number: str) -> tuple[str, int]:
    """Table S1: the series "Table S", and 1."""
    kind, _, place = number.partition(" ")
    return (f"{kind} S", int(place[1:])) if place.startswith("S") else (kind, int(place))


def tree(document: Document, edition: str, drawings: Drawings) -> Node:
    """edition: which one this is, in words. drawings: of each figure by its number."""
    synthetic = [styled("Synthetic", [strong(text("Synthetic data. ")), *text(document.synthetic or "")])]
    inside = Inside(drawings, counting_anew(document))
    blocks = [
        styled("Edition", text(edition)),
        styled("Edition Rule", text(document.rule)),
        *(synthetic if document.synthetic else []),
        *_facts(document.facts),
        *_findings(document.findings),
        *_contents(document.sections),
        *_sections([section for section in document.sections if section.name != SUPPLEMENT], inside),
        *(styled("Made with", inline(line)) for line in document.footer),
        *_sections([section for section in document.sections if section.name == SUPPLEMENT], inside),
    ]
    return {"pandoc-api-version": VERSION, "meta": _meta(document), "blocks": _without_empty_pages(blocks)}


def _meta(document: Document) -> Node:
    """The title stands on the first page and among the properties of the file."""
    return {
        "title": node("MetaInlines", text(document.title)),
        "lang": node("MetaInlines", text("en-GB")),
    }


# Nodes


def node(kind: str, content: Any = None) -> Node:
    return {"t": kind} if content is None else {"t": kind, "c": content}


def text(said: str) -> list[Node]:
    """A text with its ordinary spaces; others, as that between a number and its unit, stay as they are."""
    nodes: list[Node] = []
    for number, part in enumerate(said.split(" ")):
        if number:
            nodes.append(node("Space"))
        if part:
            nodes.append(node("Str", part))
    return nodes


def inline(said: Words) -> list[Node]:
    return [found for part in said for found in _part(part)]


def _part(part: Inline) -> list[Node]:
    if isinstance(part, Reference):
        return [_field(f"REF {anchor(part)} \\h", str(part))]
    return text(part if isinstance(part, str) else part.text)


def strong(nodes: Sequence[Node]) -> Node:
    return node("Strong", list(nodes))


def raised(marks: Sequence[str]) -> list[Node]:
    return [node("Superscript", text(", ".join(marks)))] if marks else []


def styled(style: str, nodes: Sequence[Node]) -> Node:
    """A paragraph in a style of Word."""
    return node("Div", [["", [], [["custom-style", style]]], [node("Para", list(nodes))]])


def raw(xml: str) -> Node:
    return node("RawInline", ["openxml", xml])


def _link(nodes: Sequence[Node], to: str) -> Node:
    return node("Link", [_PLAIN, list(nodes), [f"#{to}", ""]])


def _field(code: str, shown_as: str) -> Node:
    """A field of Word, with what it shows until it is reckoned anew."""

    def run(inner: str) -> str:
        return f"<w:r>{inner}</w:r>"

    return raw(
        run('<w:fldChar w:fldCharType="begin"/>')
        + run(f'<w:instrText xml:space="preserve"> {escape(code)} </w:instrText>')
        + run('<w:fldChar w:fldCharType="separate"/>')
        + run(f'<w:t xml:space="preserve">{escape(shown_as)}</w:t>')
        + run('<w:fldChar w:fldCharType="end"/>')
    )


# Turned pages


def _break(page: str) -> Node:
    """The end of pages of one kind."""
    return node(
        "RawBlock", ["openxml", f'<w:p><w:pPr><w:pStyle w:val="TableEnd"/><w:sectPr>{page}</w:sectPr></w:pPr></w:p>']
    )


_END_UPRIGHT, _END_TURNED = _break(PAGE), _break(TURNED_PAGE)


def _turned(blocks: Sequence[Node]) -> list[Node]:
    return [_END_UPRIGHT, *blocks, _END_TURNED]


def _without_empty_pages(blocks: Sequence[Node]) -> list[Node]:
    """A heading turns with what it stands above; between turned pages there is no upright one."""
    found: list[Node] = []
    for block in blocks:
        at = len(found)
        while block is _END_UPRIGHT and found[at - 1]["t"] == "Header":
            at -= 1
        if block is _END_UPRIGHT and found[at - 1] is _END_TURNED:
            del found[at - 1]
        else:
            found.insert(at, block)
    return found


# The head


def _facts(facts: Iterable[Fact]) -> list[Node]:
    return [styled("Fact", [strong(text(f"{fact.label}: ")), *inline(fact.words)]) for fact in facts]


def _findings(findings: Sequence[Finding]) -> list[Node]:
    """A table with a column a finding would be too narrow: a row a finding."""
    if not findings:
        return []
    rows = [[_finding_figure(finding), _finding_words(finding)] for finding in findings]
    widths = (34.0, PORTRAIT - 34.0)
    return [
        styled("Heading Unnumbered", text("Key findings")),
        _table("Findings", (), [_colspec("AlignRight", widths[0]), _colspec("AlignLeft", widths[1])], [], rows),
    ]


def _finding_figure(finding: Finding) -> Node:
    return _cell([styled("Finding Number", inline(finding.figure))])


def _finding_words(finding: Finding) -> Node:
    label = styled("Finding Label", inline(finding.label))
    return _cell([label, *(styled("Finding Line", inline(line)) for line in finding.lines)])


def _contents(sections: Iterable[Section]) -> list[Node]:
    """Links to the sections, for a reader on a screen."""
    links = [styled("Contents Line", [_link(text(section.title), section.name)]) for section in sections]
    return [styled("Heading Unnumbered", text("Contents")), *links]


# Sections and blocks


def _sections(sections: Iterable[Section], inside: Inside) -> list[Node]:
    return [block for section in sections for block in _section(section, 1, inside)]


def _section(section: Section, level: int, inside: Inside) -> list[Node]:
    head = node("Header", [level, [section.name, [], []], text(section.title)])
    blocks = [made for block in section.blocks for made in _block(block, level, inside)]
    return [head, *blocks, *(made for part in section.sections for made in _section(part, level + 1, inside))]


def _block(block: Block, level: int, inside: Inside) -> list[Node]:
    match block:
        case Paragraph():
            return [styled("Lead", inline(block.words)) if block.lead else node("Para", inline(block.words))]
        case Listing():
            items = [[node("Plain", inline(item))] for item in block.items]
            numbers = [1, node("Decimal"), node("Period")]
            return [node("OrderedList", [numbers, items]) if block.ordered else node("BulletList", items)]
        case Definitions():
            return [made for item in block.items for made in _definition(item.term, item.detail, item.words)]
        case Table():
            return _whole_table(block, inside)
        case Figure():
            return _figure(block, block.notes, inside)
        case Flow():
            return _figure(block, (), inside)
        case Fold():
            head = node("Header", [level + 1, _PLAIN, text(block.title)])
            return [head, *(made for inner in block.blocks for made in _block(inner, level + 1, inside))]


def _definition(term: str, detail: str, said: Iterable[Words]) -> list[Node]:
    head = [strong(text(term)), *([*text(" "), node("Emph", text(detail))] if detail else [])]
    return [styled("Definition Term", head), *(styled("Definition", inline(line)) for line in said)]


# Figures


def _figure(figure: Figure | Flow, notes: Iterable[Words], inside: Inside) -> list[Node]:
    drawing = inside.drawings[figure.number]
    said = [*text(". "), *inline(figure.title), *text(".")]
    said += [found for note in notes for found in (*text(" "), *inline(note))]
    placed = on_page(drawing)
    made = [_image(drawing, placed), styled("Image Caption", [*_number(figure.number, inside), *said])]
    return _turned(made) if placed.landscape else made


def _image(drawing: Drawing, placed: Placed) -> Node:
    attributes = ["", [], [["width", f"{placed.width:.1f}mm"], ["height", f"{placed.height:.1f}mm"]]]
    return styled("Captioned Figure", [node("Image", [attributes, text(drawing.alt), [f"{drawing.name}.png", ""]])])


def _number(number: str, inside: Inside) -> list[Node]:
    """ "Table S1" as a bookmark around a field that counts, so that Word can refer to it."""
    series, place = _series(number)
    name = series.replace(" ", "")
    code = f"SEQ {name} \\* ARABIC" + (f" \\r {place}" if number in inside.anew else "")
    spaced = f"{series} " if series[-1] != "S" else series
    counted = [*text(spaced), _field(code, str(place))]
    return [node("Span", [[anchor(number), [], []], [strong(counted)]])]


def anchor(number: str) -> str:
    """The name of the bookmark of "Table S1"."""
    return number.lower().replace(" ", "_")


# Tables

# pandoc leaves an empty paragraph out, and Word puts a larger one in its place.
_EMPTY_CELL = styled("Table Cell", [raw("<w:r/>")])


def _whole_table(table: Table, inside: Inside) -> list[Node]:
    how = fit(table)
    columns = shown(table)
    specs = [_colspec("AlignLeft", how.widths[0], how)]
    specs += [
        _colspec("AlignRight" if right_aligned(table, at) else "AlignLeft", width, how)
        for at, width in zip(columns, how.widths[1:], strict=True)
    ]
    caption = [*_number(table.number, inside), *text(". "), *inline(table.title)]
    drawn = _table("Table", caption, specs, _heads(table, columns), [_row(row, table, columns) for row in table.rows])
    notes = [styled("Table Note", [*raised([mark]), *text(" "), *inline(note)]) for note, mark in table.marked.items()]
    made = [drawn, *notes, *(styled("Table Note", inline(note)) for note in table.notes), styled("Table End", [])]
    return _turned(made) if how.landscape else made


def _table(
    style: str, caption: Sequence[Node], specs: list[Any], heads: list[list[Node]], rows: list[list[Node]]
) -> Node:
    said = [node("Plain", list(caption))] if caption else []
    attributes = ["", [], [["custom-style", style]]]
    body = [[_PLAIN, 0, [], [[_PLAIN, row] for row in rows]]]
    return node(
        "Table", [attributes, [None, said], specs, [_PLAIN, [[_PLAIN, row] for row in heads]], body, [_PLAIN, []]]
    )


def _colspec(align: str, width: float, how: Fit | None = None) -> list[Any]:
    return [node(align), node("ColWidth", width / (how.page if how else PORTRAIT))]


def _cell(blocks: list[Node], columns: int = 1, rows: int = 1) -> Node:
    made: Any = [_PLAIN, node("AlignDefault"), rows, columns, blocks]
    return made  # type: ignore[no-any-return]


def _heads(table: Table, columns: list[int]) -> list[list[Node]]:
    """One row, or two where groups stand above the columns."""
    titles = [_cell(_head(table.columns[at])) for at in columns]
    stub = [styled("Table Head", text(table.stub))]
    if not table.grouped:
        return [[_cell(stub), *titles]]
    groups = [_cell([styled("Table Group", inline(group))], span) for group, span in table.groups_of(columns)]
    return [[_cell(stub, rows=2), *groups], titles]


def _head(column: Column) -> list[Node]:
    detail = [styled("Table Head Detail", inline(column.detail))] if column.detail else []
    return [styled("Table Head", inline(column.title)), *detail]


def _row(row: Row, table: Table, columns: list[int]) -> list[Node]:
    if row.heading:
        return [_cell([styled("Table Heading", inline(row.label))], len(columns) + 1)]
    label = [*inline(row.label), *raised(table.marks(row.notes))]
    style = "Table Label Inner" if row.level else "Table Label"
    detail = [styled("Table Detail", inline(row.detail))] if row.detail else []
    return [_cell([styled(style, label), *detail]), *(_of_column(row, at, table) for at in columns)]


def _of_column(row: Row, at: int, table: Table) -> Node:
    return _cell(_lines(row.cells[at], table) if at < len(row.cells) else [_EMPTY_CELL])


def _lines(cell: Cell, table: Table) -> list[Node]:
    """The first line is the number with the marks of its notes; the others say less."""
    said = [inline(line) for line in cell.lines if plain(line)]
    if not said:
        return [_EMPTY_CELL]
    said[0] = [*said[0], *raised(table.marks(cell.notes))]
    styles = ["Table Cell", *["Table Detail"] * (len(said) - 1)]
    return [styled(style, line) for style, line in zip(styles, said, strict=True)]
