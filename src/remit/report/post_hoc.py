"""What is not in the locked plan is marked post hoc wherever it is printed: each printed number knows its result."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from remit.report.document import (
    Block,
    Box,
    Cell,
    Column,
    Definition,
    Definitions,
    Document,
    Figure,
    Finding,
    Flow,
    Fold,
    Inline,
    Listing,
    Number,
    Panel,
    Paragraph,
    Row,
    Section,
    Table,
    Words,
    blocks_of,
    sentences_of,
    words,
)
from remit.report.figures.style import results_in
from remit.report.wording import listed_text, small
from remit.schema.plan import PlanNote, day
from remit.schema.results import Results
from remit.study.study import Study

POST_HOC = "post hoc"
MARK = f" ({POST_HOC})"
# Which sections of the methods define what, by the kind of the difference.
_DEFINED = {
    "endpoint": "methods-endpoints",
    "population": "methods-populations",
    "estimand": "methods-estimands",
    "intercurrent event": "methods-estimands",
    "visit": "methods-visits",
}


def marked(document: Document, study: Study, results: Results, plan: PlanNote | None) -> Document:
    """The document, in which each section, table, row, column, cell, sentence and figure of results that are not in the
    plan says so."""
    late = results.table.filter(~results.table["planned"])
    unplanned = frozenset(late["result"])
    if plan is None or not (unplanned or plan.differences):
        return document
    defined: dict[str, set[str]] = {}
    for each in plan.differences:
        if each.kind in _DEFINED and each.now is not None:
            defined.setdefault(_DEFINED[each.kind], set()).add(each.name.casefold())
    names = {result: _name(study, variable) for result, variable in late.select("result", "variable").iter_rows()}
    marker = _Marker(unplanned, (f"Post hoc: not in the plan locked on {day(plan.locked)}.",), defined, names)
    return replace(
        document,
        findings=tuple(marker.finding(finding) for finding in document.findings),
        sections=tuple(marker.section(section) for section in document.sections),
    )


def _name(study: Study, variable: str | None) -> str:
    endpoint = study.endpoints.get(variable or "")
    return small(endpoint.label) if endpoint else (variable or "").replace("_", " ")


@dataclass(frozen=True)
class _Marker:
    """`unplanned`: the results. `note`: what is said at the foot of a table. `defined`: by section of the methods, the
    labels of what is defined there and is not in the plan. `names`: what each result is about."""

    unplanned: frozenset[str]
    note: Words
    defined: Mapping[str, set[str]]
    names: Mapping[str, str]

    def all(self, results: Iterable[str]) -> bool:
        """Whether there are results, and none of them is in the plan."""
        found = [*results]
        return bool(found) and self.unplanned.issuperset(found)

    def any(self, results: Iterable[str]) -> bool:
        return not self.unplanned.isdisjoint(results)

    def section(self, section: Section) -> Section:
        title = section.title + (MARK if self.all(_of_section(section)) else "")
        labels = self.defined.get(section.name, set())
        return replace(
            section,
            title=title,
            blocks=tuple(self.block(block, labels) for block in section.blocks),
            sections=tuple(self.section(part) for part in section.sections),
        )

    def block(self, block: Block, labels: set[str]) -> Block:
        match block:
            case Paragraph():
                return replace(block, words=self.sentences(block.words))
            case Listing():
                return replace(block, items=tuple(self.sentences(item) for item in block.items))
            case Definitions():
                return replace(block, items=tuple(self.definition(item, labels) for item in block.items))
            case Table():
                return self.table(block)
            case Figure():
                return self.figure(block)
            case Flow():
                excluded = tuple(self.box(box) for box in block.excluded)
                return replace(block, start=self.box(block.start), excluded=excluded, included=self.box(block.included))
            case Fold():
                return replace(block, blocks=tuple(self.block(inner, labels) for inner in block.blocks))

    def definition(self, item: Definition, labels: set[str]) -> Definition:
        said = tuple(self.sentences(line) for line in item.words)
        if item.term.casefold() not in labels:
            return replace(item, words=said)
        return replace(item, words=said, detail=", ".join(part for part in (item.detail, POST_HOC) if part))

    def finding(self, finding: Finding) -> Finding:
        if self.any(_of_words(finding.figure)):
            return replace(finding, label=words(finding.label, MARK))
        return replace(finding, lines=tuple(self.sentences(line) for line in finding.lines))

    def box(self, box: Box) -> Box:
        label = words(box.label, MARK) if self.any(_of_words(box.count)) else box.label
        return replace(box, label=label, boxes=tuple(self.box(inner) for inner in box.boxes))

    # Sentences

    def sentences(self, said: Words) -> Words:
        """Each sentence whose numbers are all post hoc is marked at its end; of the others each such number."""
        return words(*(self.sentence(sentence) for sentence in sentences_of(said)))

    def sentence(self, said: Words) -> Words:
        found = [*_of_words(said)]
        if not self.any(found):
            return said
        if not self.all(found):
            return tuple(part for each in said for part in self.number(each))
        last = said[-1]
        if isinstance(last, str) and last.rstrip().endswith((".", ";")):
            end = last.rstrip()
            return words(said[:-1], f"{end[:-1]}{MARK}{end[-1]}{last[len(end) :]}")
        return words(said, MARK)

    def number(self, part: Inline) -> Words:
        return (part, MARK) if isinstance(part, Number) and part.result in self.unplanned else (part,)

    # Tables

    def table(self, table: Table) -> Table:
        notes = tuple(self.sentences(note) for note in table.notes)
        if self.all(_of_table(table)):
            return replace(table, title=words(table.title, MARK), notes=notes)
        late = [self.all(_of_column(table, position)) for position in range(len(table.columns))]
        columns = tuple(
            _marked(column) if is_late else column for column, is_late in zip(table.columns, late, strict=True)
        )
        return replace(table, columns=columns, rows=tuple(self.row(row, late) for row in table.rows), notes=notes)

    def row(self, row: Row, late: Sequence[bool]) -> Row:
        """late: of each column, whether it is marked as a whole."""
        if self.all(_of_row(row)):
            return replace(row, notes=(*row.notes, self.note))
        if len(row.cells) != len(late):
            return replace(row, cells=tuple(self.cell(cell) for cell in row.cells))
        cells = (cell if is_late else self.cell(cell) for cell, is_late in zip(row.cells, late, strict=True))
        return replace(row, cells=tuple(cells))

    def cell(self, cell: Cell) -> Cell:
        return replace(cell, notes=(*cell.notes, self.note)) if self.any(_of_cell(cell)) else cell

    # Figures

    def figure(self, figure: Figure) -> Figure:
        if self.all(_of_figure(figure)):
            return replace(figure, title=words(figure.title, MARK))
        panels = tuple(self.panel(panel) for panel in figure.panels)
        partly = [result for panel in figure.panels for result in _of_panel(panel) if not self.all(_of_panel(panel))]
        names = [*dict.fromkeys(self.names[result] for result in partly if result in self.unplanned)]
        told = (words(f"Post hoc, some or all that is drawn of {listed_text(names)}."),) if names else ()
        return replace(figure, panels=panels, notes=(*figure.notes, *told))

    def panel(self, panel: Panel) -> Panel:
        return replace(panel, title=words(panel.title, MARK)) if self.all(_of_panel(panel)) else panel


def _marked(column: Column) -> Column:
    return replace(column, detail=words(column.detail, ", " if column.detail else "", POST_HOC))


# Which results stand in something


def _of_words(said: Words) -> Iterator[str]:
    return (part.result for part in said if isinstance(part, Number))


def _of_cell(cell: Cell) -> Iterator[str]:
    for line in cell.lines:
        yield from _of_words(line)


def _of_row(row: Row) -> Iterator[str]:
    for cell in row.cells:
        yield from _of_cell(cell)


def _of_table(table: Table) -> Iterator[str]:
    for row in table.rows:
        yield from _of_row(row)


def _of_column(table: Table, position: int) -> Iterator[str]:
    for row in table.rows:
        if len(row.cells) == len(table.columns):
            yield from _of_cell(row.cells[position])


def _of_panel(panel: Panel) -> Iterator[str]:
    return results_in(panel.spec)


def _of_figure(figure: Figure) -> Iterator[str]:
    for panel in figure.panels:
        yield from _of_panel(panel)


def _of_section(section: Section) -> Iterator[str]:
    """Its tables and figures, for sentences tell sizes of populations too; of a section without them, its sentences."""
    shown = [*blocks_of((section,))]
    drawn = [result for block in shown for result in _of_block(block)]
    yield from drawn or [name for block in shown if isinstance(block, Paragraph) for name in _of_words(block.words)]


def _of_block(block: Block) -> Iterator[str]:
    match block:
        case Table():
            yield from _of_table(block)
        case Figure():
            yield from _of_figure(block)
