"""Parts: each form with the sheet it stands on and the columns of its fields; what nobody uses goes to the ledger."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from difflib import get_close_matches

import polars as pl

from remit.errors import WrongInput
from remit.schema.records import CENTRE, COLUMNS_SCHEMA, PATIENT
from remit.sources.cells import key
from remit.sources.layouts import Column, layout
from remit.sources.ledger import Entry, Ledger
from remit.sources.rows import Part
from remit.sources.sheets import Book, fold, is_blank, show
from remit.study.forms import EXPLANATIONS, LISTS, Charts, Form


def require_patients(forms: Mapping[str, Form]) -> None:
    """Raises WrongInput if no form has one row a patient."""
    if not any(form.rows == "once" for form in forms.values()):
        what = "no form has one row a patient, so nobody knows who the patients are."
        raise WrongInput("the study file", what, "Give one form `rows: once`.")


def parts_of(book: Book, centre: str | None, forms: Mapping[str, Form], charts: Charts, ledger: Ledger) -> list[Part]:
    """Each form with its sheet and layout; what the book holds besides goes to the ledger.

    centre: None where a column tells it.
    """
    names = {key(name): name for name in book.names}
    if len(names) < len(book.names):
        what = f"two of the sheets {', '.join(book.names)} have the same name but for capitals and spaces."
        raise WrongInput(book.file or "the folder of the charts", what, "Rename or remove one of them.")
    wanted = dict.fromkeys(key(form.sheet) for form in forms.values())
    for form in forms.values():
        if key(form.sheet) not in names:
            raise missing_sheet(book, form)
    sheets = {name: book.sheet(names[name]) for name in wanted}
    parts = []
    for form in forms.values():
        sheet, told = sheets[key(form.sheet)], told_headings(charts, centre, form)
        parts.append(Part(form, sheet, layout(sheet, form, told, charts.centre_column), centre))
    for name in book.names:
        if key(name) not in wanted and name not in (EXPLANATIONS, LISTS):
            reason = "no form of the study stands on this sheet"
            ledger.add(Entry("unused", "sheet-of-no-form", reason, book.file_of(name), name, centre))
    for part in parts:
        report_layout(part, ledger)
    for on_sheet in by_sheet(parts):
        report_sheet(on_sheet, ledger)
        report_corrections(on_sheet, ledger)
    return parts


def told_headings(charts: Charts, centre: str | None, form: Form) -> dict[str, str]:
    """Heading → field, as the study file tells for this centre; for all centres where one book holds them."""
    centres = charts.columns if centre is None else {centre: charts.columns.get(centre, {})}
    return {heading: field for told in centres.values() for heading, field in told.get(form.name, {}).items()}


def missing_sheet(book: Book, form: Form) -> WrongInput:
    close = get_close_matches(form.sheet, book.names, n=1)
    hint = f"; {close[0]!r} may be meant: rename it" if close else ""
    what = f"the sheet {form.sheet} is missing; there are {', '.join(book.names) or 'none'}."
    return WrongInput(
        book.file or "the folder of the charts", what, f"Add it, with its headings even if it holds no row{hint}."
    )


def by_sheet(parts: Sequence[Part]) -> Iterable[list[Part]]:
    """The parts that stand on one sheet, together."""
    sheets: dict[int, list[Part]] = {}
    for part in parts:
        sheets.setdefault(id(part.sheet), []).append(part)
    return sheets.values()


def report_centres(charts: Charts, centres: Collection[str | None], ledger: Ledger) -> None:
    """An entry for each centre whose habits the study file tells, and that has no charts."""
    for centre in dict.fromkeys([*charts.habits, *charts.columns]):
        if centre not in centres:
            reason = "the study file tells this centre's habits, but there are no charts of it: is the name right?"
            ledger.add(Entry("unused", "centre-without-charts", reason, centre=centre))


def report_layout(part: Part, ledger: Ledger) -> None:
    """An entry for each heading that was not told but recognised, and for each field without a column."""
    for name, field in part.form.fields.items():
        column = part.layout.fields.get(name)
        if column is None:
            reason = f"the sheet has no column {field.column}; all unknown"
            ledger.add(part.entry("missing", "no-column", reason, field=name))
        elif column.recognised:
            value = f"{name} in {column.unit}" if column.unit else name
            told = {"field": name, "column": column.letter, "written": column.heading, "value": value}
            ledger.add(part.entry("recognised", "heading", f"the heading is read as {value}", **told))


def report_corrections(parts: Sequence[Part], ledger: Ledger) -> None:
    """An entry for each correction of the sheet, whether it was applied or refused."""
    uses = {column.index: (part, name) for part in parts for name, column in used_columns(part).items()}
    for each in parts[0].sheet.applied:
        part, name = uses.get(each.column, (parts[0], ""))
        letter = part.sheet.letter(each.column)
        field = name if name in part.form.fields else None
        below = each.row > part.layout.heading_row + 1 or part.sheet.name is None
        patient = fold(show(part.sheet.cell(each.row, part.layout.patient.index))) if below else ""
        entry = part.entry(*each.outcome, field=field, column=letter, written=each.written, value=each.new)
        ledger.add(entry, each.row, patient or None)


def report_sheet(parts: Sequence[Part], ledger: Ledger) -> None:
    """An entry if the sheet is hidden, for each row above the headings, and for each column that no form uses."""
    part = parts[0]
    for row, cells in enumerate(part.sheet.rows[: part.layout.heading_row], start=1):
        if title := " ".join(show(cell) for cell in cells if not is_blank(cell)):
            ledger.add(part.entry("unused", "above-headings", "a row above the headings", written=title), row)
    if part.sheet.hidden:
        ledger.add(part.entry("recognised", "hidden-sheet", "the sheet is hidden in the workbook; it was read"))
    for index, heading in unused_columns(parts):
        code, reason = ("column-of-no-field", "no field of the study has this heading")
        if not heading:
            code, reason = ("column-without-heading", "the column holds something but has no heading")
        ledger.add(part.entry("unused", code, reason, column=part.sheet.letter(index), written=heading))


def unused_columns(parts: Sequence[Part]) -> list[tuple[int, str]]:
    """Place and heading of each column that no form on the sheet uses, and that is not empty throughout."""
    used = {column.index for part in parts for column in used_columns(part).values()}
    sheet, layout = parts[0].sheet, parts[0].layout
    return [
        (index, heading)
        for index, heading in enumerate(layout.headings)
        if index not in used and (heading or not sheet.is_empty(index, layout.heading_row))
    ]


def used_columns(part: Part) -> dict[str, Column]:
    centre = {CENTRE: part.layout.centre} if part.layout.centre else {}
    return {PATIENT: part.layout.patient, **centre, **part.layout.fields}


def columns_frame(parts: Sequence[Part]) -> pl.DataFrame:
    """Where each field of each form stands, and the columns of no field."""
    records: list[tuple[str | None, ...]] = []
    for on_sheet in by_sheet(parts):
        for part in on_sheet:
            where = (part.sheet.file, part.sheet.name)
            records += [
                (part.form.name, field, *where, column.letter, column.heading, column.unit)
                for field, column in used_columns(part).items()
            ]
        records += [
            (on_sheet[0].form.name, None, *where, on_sheet[0].sheet.letter(index), heading, None)
            for index, heading in unused_columns(on_sheet)
        ]
    return pl.DataFrame(records, schema=COLUMNS_SCHEMA, orient="row")
