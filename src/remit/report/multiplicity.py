"""Tests of other analyses, adjusted for their number: a sentence and a table."""

from __future__ import annotations

from remit.report.document import Cell, Column, Paragraph, Row, Section, Table, words
from remit.report.lookup import Lookup, Statistics
from remit.report.numbers import SPACE, count, is_many, note, p_number
from remit.report.wording import capital, listed_text, quoted
from remit.schema.results import Address
from remit.study.analyses.kinds import Multiplicity, Test

METHODS = {
    "holm": "Holm’s procedure",
    "hochberg": "Hochberg’s procedure",
    "benjamini-hochberg": "Benjamini and Hochberg’s procedure",
    "hierarchical": "a hierarchical procedure",
}

_DIRECTION = "Rejected says nothing of the direction, in favour of the treatment or not: see the analysis of each test."


def multiplicity_section(analysis: Multiplicity, lookup: Lookup) -> Section:
    blocks = (_sentence(analysis, lookup), _table(analysis, lookup))
    return Section(f"analysis-{analysis.name}", analysis.title, blocks)


def _found(analysis: Multiplicity, test: Test, lookup: Lookup) -> Statistics:
    return lookup.at(Address(analysis.name, variable=test.result))


def _sentence(analysis: Multiplicity, lookup: Lookup) -> Paragraph:
    """Which tests are rejected at the level."""
    total = lookup.one(Address(analysis.name), "rejected")
    labels = [quoted(test.label) for test in analysis.tests if _found(analysis, test, lookup)["rejected"].value]
    head = f"Adjusted by {METHODS[analysis.method]} at {_level(analysis)}, "
    of = words(count(total), " of ", count(total, "denominator"), " null hypotheses")
    which = f": {listed_text(labels, comma='; ')}" if labels else ""
    return Paragraph(words(head, of, f" {'are' if is_many(total) else 'is'} rejected{which}."))


def _level(analysis: Multiplicity) -> str:
    return f"{float(100 * analysis.level):g}{SPACE}%"


def _table(analysis: Multiplicity, lookup: Lookup) -> Table:
    step = (Column(("Step",)),) if analysis.method == "hierarchical" else ()
    columns = (*step, Column(("p",)), Column(("Adjusted p",)), Column((f"At {_level(analysis)}",)))
    return Table(
        name=f"{analysis.name}-tests",
        title=(analysis.title,),
        stub="Test",
        columns=columns,
        rows=tuple(_row(analysis, test, lookup) for test in analysis.tests),
        notes=((f"Adjusted p, by {METHODS[analysis.method]}: it is compared with the level itself. {_DIRECTION}",),),
    )


def _row(analysis: Multiplicity, test: Test, lookup: Lookup) -> Row:
    found = _found(analysis, test, lookup)
    step = (Cell(((str(test.step),),)),) if analysis.method == "hierarchical" else ()
    given = found["p"]
    why = (words("p ", note(given), "."),) if given.note else ()
    p = Cell((words(p_number(given)),), why, muted=given.value is None)
    said = "rejected" if found["rejected"].value else "not rejected"
    return Row((capital(test.label),), (*step, p, Cell((words(p_number(found["adjusted_p"])),)), Cell(((said,),))))
