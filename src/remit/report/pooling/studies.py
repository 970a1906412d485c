"""The studies that are pooled, and those that are not, with their numbers and where they are from."""

from __future__ import annotations

from collections.abc import Iterator

from remit.report.document import Block, Cell, Column, Fold, Row, Table, Words, words
from remit.report.lookup import Result
from remit.report.numbers import DASH, NONE, SPACE, decimal, why_not
from remit.report.pooling.found import HEADS, THIS_STUDY, Found, label_of
from remit.report.proportions import ends, fraction, in_percent
from remit.study.comparisons.pooled import Published
from remit.study.evidence.evidence import MARKS

_COUNTS = {"proportion": "n/N", "rate": "Events/patient-years", "mean": "Patients"}
_NOTHING = Cell(((NONE,),), muted=True)


def studies_fold(found: Found) -> Block:
    measure = found.pooling.measure
    columns = (
        Column((_COUNTS[measure],)),
        Column((HEADS[measure],), detail=(f"95{SPACE}% CI",)),
        Column(("Weight",)),
        Column(("Source",)),
    )
    table = Table(
        name=f"{found.pooling.name}-studies",
        title=(f"{found.pooling.title}: the studies",),
        stub="Study",
        columns=columns,
        rows=tuple(_rows(found)),
        notes=_marks(found),
        cards=True,
    )
    return Fold("The studies", (table,))


def _rows(found: Found) -> Iterator[Row]:
    for each in found.pooling.studies:
        alone = found.alone(each)
        share = words(found.number(alone[found.main]))
        interval = found.ends(alone, DASH) if alone["lower"].value is not None else ()
        yield _row(label_of(each), found.counts(each), share, interval, found.weight(each.name), _source(each))
    if (ours := found.ours) is not None:
        yield _row(THIS_STUDY, fraction(ours), in_percent(ours), ends(ours), found.our_weight, "")
    for out in found.pooling.left_out:
        result = found.alone(out.published)[found.main]
        why = Cell(((NONE,),), why_not(result), muted=True)
        yield Row((f"{label_of(out.published)}, left out",), (why, _NOTHING, _NOTHING, _cited(_source(out.published))))


def _row(label: str, counted: Words, share: Words, interval: Words, weight: Result | None, source: str) -> Row:
    weighed = Cell((words(decimal(weight, 1), f"{SPACE}%"),)) if weight is not None else _NOTHING
    return Row((label,), (Cell((counted,)), Cell((share, interval)), weighed, _cited(source)))


def _source(published: Published) -> str:
    """Its citation; of numbers that were read elsewhere, also where."""
    read = published.outcome.source or published.evidence.source
    return published.evidence.citation.text + (f" Read: {read}." if read else "")


def _cited(source: str) -> Cell:
    return Cell(((source,),), wraps=True)


def _marks(found: Found) -> tuple[Words, ...]:
    """What the marks mean that are shown."""
    shown = {number.certainty for each in found.pooling.studies for number in each.unsure(found.pooling.measure)}
    return tuple((f"[{mark}]: {MARKS[mark]}.",) for mark in MARKS if mark in shown)
