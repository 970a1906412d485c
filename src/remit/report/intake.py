"""How the charts were read: rows, what was done to cells, doubts, and habits that were recognised."""

from __future__ import annotations

from remit.report.document import Block, Cell, Column, Fold, Listing, Paragraph, Row, Section, Table, Words, words
from remit.report.numbers import rounded
from remit.report.wording import capital, listed
from remit.schema.intake import DOUBTFUL, Counted, Doubt, Intake
from remit.study.study import Study

SHOWN = 200  # doubts
COLUMNS = 12  # centres, side by side
_ACTIONS = {
    "corrected": "corrected",
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
    """The sheet of a form; of one that is only of some records of a domain, which."""
    if form not in study.forms:
        return form
    only = [f"{variable} {' or '.join(values)}" for variable, values in study.forms[form].only.items()]
    return ", ".join([study.forms[form].sheet, *(f"only {each}" for each in only)])


def _number(value: int) -> str:
    return rounded(float(value), 0)


def _counts(intake: Intake) -> Table:
    """A row an action and code, a column a centre; of many centres, all in one column."""
    centres = sorted({count.centre for count in intake.counts}, key=lambda centre: (centre is None, centre))
    many = len(centres) > COLUMNS
    rows: list[Row] = []
    for action in dict.fromkeys([*_ACTIONS, *(count.action for count in intake.counts)]):
        ours = [count for count in intake.counts if count.action == action]
        if ours:
            rows.append(Row((capital(_ACTIONS.get(action, action)),), heading=True))
            codes = [[count for count in ours if count.code == code] for code in _codes(ours)]
            rows += [_code(counts, [_in_one(counts)] if many else _by_centre(counts, centres)) for counts in codes]
    return Table(
        name="intake-counts",
        title=("How cells and rows were read, by centre",),
        stub="What was done",
        columns=(Column(("Entries by centre",)),) if many else tuple(Column((_named(centre),)) for centre in centres),
        rows=tuple(rows),
        notes=(("Cells that were used as written are not counted here.",),),
    )


def _codes(counts: list[Counted]) -> list[str]:
    return list(dict.fromkeys(count.code for count in counts))


def _code(counts: list[Counted], cells: list[Cell]) -> Row:
    return Row((capital(counts[0].code.replace("-", " ")),), tuple(cells), level=1, detail=_example(counts[0]))


def _named(centre: str | None) -> str:
    return centre or "no centre"


def _by_centre(counts: list[Counted], centres: list[str | None]) -> list[Cell]:
    entries = {count.centre: count.entries for count in counts}
    return [Cell(((_number(entries.get(centre, 0)),),), muted=centre not in entries) for centre in centres]


def _in_one(counts: list[Counted]) -> Cell:
    return Cell(((", ".join(f"{_named(count.centre)} {_number(count.entries)}" for count in counts),),), wraps=True)


def _example(count: Counted) -> Words:
    return (f"e.g. {count.example}",) if count.example else ()


def _doubts(intake: Intake) -> list[Block]:
    number = intake.entries(*DOUBTFUL)
    if not number:
        return [Paragraph(("No cell or row was refused, left unused or queried.",))]
    table = Table(
        name="intake-doubts",
        title=("Cells and rows that were refused, not used, or are worth a query",),
        stub="Place",
        columns=(Column(("Patient",)), Column(("Written",)), Column(("What and why",))),
        rows=tuple(_doubt(doubt) for doubt in intake.doubts[:SHOWN]),
        notes=_rest(number - SHOWN),
        cards=True,
    )
    return [Fold(f"Doubts ({_number(number)})", (table,))]


def _rest(number: int) -> tuple[Words, ...]:
    return ((f"… and {_number(number)} more: see ledger.parquet.",),) if number > 0 else ()


def _doubt(doubt: Doubt) -> Row:
    texts = (doubt.patient or "", doubt.written or "", f"{capital(doubt.action)}: {doubt.reason}")
    return Row((doubt.place,), tuple(Cell(((text,),), wraps=True) for text in texts))
