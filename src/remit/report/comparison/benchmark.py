"""Ours against each published percentage: by how much it differs, the exact test, the probability of exceeding it."""

from __future__ import annotations

from remit.report.addresses import size
from remit.report.arms import difference_cell
from remit.report.benchmarks import TESTS
from remit.report.comparison.compared import KINDS, Compared, Published
from remit.report.comparison.numbers import marks_note, percent_words
from remit.report.document import Cell, Column, Row, Table, words
from remit.report.lookup import Result
from remit.report.numbers import NONE, SPACE, p_number, percent, why_not
from remit.report.wording import capital, small

_POINTS = (
    "Ours minus theirs is in percentage points, with Newcombe’s interval where n and N of both are known. Other "
    "patients of another study: it describes, and is no estimate of an effect. Each test stands alone: no "
    "allowance is made for their number.",
)
_COLUMNS = (("Published",), (f"Ours minus theirs (95{SPACE}% CI)",), ("p",), ("Probability of more",))


def benchmark_table(found: Compared) -> Table | None:
    """A row a published result; None where it was not asked for, or nobody of ours is in the denominator."""
    if not found.analysis.benchmark or not found.ours.known:
        return None
    rows: list[Row] = []
    for kind, title in KINDS.items():
        if theirs := found.of_kind(kind):
            rows += [Row((capital(title),), heading=True), *(_row(found, each) for each in theirs)]
    whom = small(found.study.populations[found.population].label)
    title = f"{capital(found.label)} at {found.at_visit} against each published percentage, {whom} "
    return Table(
        name=f"{found.analysis.name}-{found.population}-benchmark",
        title=words(title, size(found.study, found.lookup, found.population)),
        stub="Study",
        columns=tuple(Column(each) for each in _COLUMNS),
        rows=tuple(rows),
        notes=((TESTS,), _POINTS, *marks_note(found.published)),
    )


def _row(found: Compared, theirs: Published) -> Row:
    against = found.lookup.at(found.analysis.against(theirs.beside, theirs.arm, found.population))
    p, likely = against["benchmark_p"], against["benchmark_probability"]
    cells = (
        Cell((percent_words(theirs),)),
        difference_cell(against, 1),
        _given(p, Cell((words(p_number(p)),))),
        _given(likely, Cell((words(percent(likely), f"{SPACE}%"),))),
    )
    return Row((theirs.label,), cells, level=1)


def _given(result: Result, cell: Cell) -> Cell:
    return cell if result.value is not None else Cell(((NONE,),), why_not(result), muted=True)
