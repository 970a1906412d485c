"""How the charts were read: rows, what was done to cells, doubts, and habits that were recognised."""

from __future__ import annotations

from remit.report.document import Block, Cell, Column, Fold, Listing, Paragraph, Row, Section, Table, Words, words
from remit.report.numbers import rounded
from remit.report.wording import capital, listed
from remit.schema.intake import Counted, Doubt, Intake
from remit.study.study import Study

SHOWN = 200
_ACTIONS = {
    "converted": "read and converted",
    "censored": "read as beyond a limit",
    "missing": "missing",
    "recognised": "recognised, not told in the study file",
    "queried": "used, and worth a query",
    "unused": "not used",
    "refused": "refused, and so missing",
}


def intake_section(study: Study, intake: Intake) -> Section:
    blocks: list[Block] = [_rows(study, intake)]
    if intake.counts:
        blocks.append(_counts(intake))
    blocks += _doubts(intake)
    if intake.recognised:
        blocks.append(
            Fold("Habits of the centres that were recognised", (Listing(tuple((line,) for line in intake.recognised)),))
        )
    return Section("intake", "Charts and intake", tuple(blocks))


def _rows(study: Study, intake: Intake) -> Paragraph:
    forms = [words(f"{_number(rows)} ({_sheet(study, form)})") for form, rows in intake.rows.items()]
    centres = f"{len(intake.centres)} centre{'s' if len(intake.centres) != 1 else ''}"
    named = f" ({', '.join(intake.centres)})" if 0 < len(intake.centres) <= 12 else ""
    said = words(f"Charts came from {centres}{named}. Rows read: ", listed(forms), ".")
    return Paragraph(
        words(
            said,
            " Each cell was used as written, or converted, or refused with a reason; the ledger "
            "(ledger.parquet) names each with its file, sheet, row and column.",
        )
    )


def _sheet(study: Study, form: str) -> str:
    return study.forms[form].sheet if form in study.forms else form


def _number(value: int) -> str:
    return rounded(float(value), 0)


def _counts(intake: Intake) -> Table:
    """A row an action and code, a column a centre."""
    centres = sorted({count.centre for count in intake.counts}, key=lambda centre: (centre is None, centre))
    rows: list[Row] = []
    for action in dict.fromkeys([*_ACTIONS, *(count.action for count in intake.counts)]):
        ours = [count for count in intake.counts if count.action == action]
        if ours:
            rows.append(Row((capital(_ACTIONS.get(action, action)),), heading=True))
            rows += [_code([count for count in ours if count.code == code], centres) for code in _codes(ours)]
    return Table(
        name="intake-counts",
        title=("How cells and rows were read, by centre",),
        stub="What was done",
        columns=tuple(Column((centre or "no centre",)) for centre in centres),
        rows=tuple(rows),
        notes=(("Cells that were used as written are not counted here.",),),
    )


def _codes(counts: list[Counted]) -> list[str]:
    return list(dict.fromkeys(count.code for count in counts))


def _code(counts: list[Counted], centres: list[str | None]) -> Row:
    by_centre = {count.centre: count.entries for count in counts}
    cells = [
        Cell(((_number(by_centre[centre]),),)) if centre in by_centre else Cell((("0",),), muted=True)
        for centre in centres
    ]
    return Row((capital(counts[0].code.replace("-", " ")),), tuple(cells), level=1, detail=_example(counts[0]))


def _example(count: Counted) -> Words:
    return (f"e.g. {count.example}",) if count.example else ()


def _doubts(intake: Intake) -> list[Block]:
    if not intake.doubts:
        return [Paragraph(("No cell or row was refused, left unused or queried.",))]
    table = Table(
        name="intake-doubts",
        title=("Cells and rows that were refused, not used, or are worth a query",),
        stub="Place",
        columns=(Column(("Patient",)), Column(("Written",)), Column(("What and why",))),
        rows=tuple(_doubt(doubt) for doubt in intake.doubts[:SHOWN]),
        notes=_rest(len(intake.doubts) - SHOWN),
        cards=True,
    )
    return [Fold(f"Doubts ({_number(len(intake.doubts))})", (table,))]


def _rest(number: int) -> tuple[Words, ...]:
    return ((f"… and {_number(number)} more: see ledger.parquet.",),) if number > 0 else ()


def _doubt(doubt: Doubt) -> Row:
    texts = (doubt.patient or "", doubt.written or "", f"{capital(doubt.action)}: {doubt.reason}")
    return Row((doubt.place,), tuple(Cell(((text,),)) for text in texts))
