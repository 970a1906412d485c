"""What matters most to fix: the missing and doubtful cells whose answer could change most."""

from __future__ import annotations

from collections.abc import Iterator

from remit.report.document import Block, Cell, Column, Paragraph, Row, Section, Table, Words
from remit.schema.to_fix import Fix, ToFix

NAME = "to-fix"
_LISTED = "remit queries DIR --out FOLDER lists all, with a workbook for each centre to send back."
_HOW = (
    "Which missing or doubtful cells could change most is asked of the finished run: remit queries DIR lists them, and "
    "remit report DIR --as html --edition internal has them as a table."
)
_NOTES: tuple[Words, ...] = (
    (
        "Each cell was tried alone with what it could read, and together with what else is missing in its row. What is "
        "listed can change; it is not proved that nothing else can.",
    ),
    ("Primary result: patients with the primary endpoint of all in its population, as it is → as it could be.",),
)


def to_fix_section(found: ToFix | None) -> Section:
    """found: None where a run has not looked for it."""
    return Section(NAME, "What matters most to fix", tuple(_blocks(found)), individual=True)


def _blocks(found: ToFix | None) -> Iterator[Block]:
    if found is None:
        yield Paragraph((_HOW,))
    elif found.refused:
        yield Paragraph((f"Cells were not tried: {found.refused}.",))
    elif not found.fixes:
        yield Paragraph(("Nothing is missing or doubtful that could change a number.",))
    else:
        yield Paragraph((_counted(found),))
        yield _table(found)


def _counted(found: ToFix) -> str:
    if found.total == 1:
        return f"One cell or visit is missing or doubtful and could change a number. {_LISTED}"
    first = "" if found.total == len(found.fixes) else f", the first {len(found.fixes)} of them here"
    return f"{found.total:,} cells and visits are missing or doubtful, most of consequence first{first}. {_LISTED}"


def _table(found: ToFix) -> Table:
    more = found.total - len(found.fixes)
    rest: tuple[Words, ...] = ((f"… and {more:,} more: remit queries DIR.",),) if more else ()
    heads = ("Patient", "What is wrong", "Primary result", "What it could change")
    return Table(
        name=NAME,
        title=("Missing and doubtful cells, by what they could change",),
        stub="Cell",
        columns=tuple(Column((head,)) for head in heads),
        rows=tuple(map(_row, found.fixes)),
        notes=(*rest, *_NOTES),
        cards=True,
    )


def _row(fix: Fix) -> Row:
    where = (fix.patient, *((fix.visit,) if fix.visit else ()))
    return Row(
        (fix.place,),
        (
            Cell(tuple((line,) for line in where)),
            Cell(((fix.field,), (fix.problem,)), wraps=True),
            Cell(tuple(_primary(fix)), muted=fix.primary is None),
            Cell(((fix.changes,),), wraps=True),
        ),
        detail=(f"Centre {fix.centre}",),
    )


def _primary(fix: Fix) -> Iterator[Words]:
    if fix.primary is None:
        yield ("–",)
        return
    (n, of), (then, of_then) = fix.primary
    yield (f"{n}/{of} → {then}/{of_then}",)
    if fix.conclusion:
        yield ("may turn the conclusion",)
