"""The first sheet of an empty workbook: what the study is, how to fill in the sheets, and what each column means."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import TYPE_CHECKING

from remit.language.describe import describe
from remit.language.types import Date, Level, Number, Text, YesNo
from remit.sources.numbers import show
from remit.study.forms import EXPLANATIONS, Field, Form
from remit.study.study import Study
from remit.workbook.book import INK, LINE, set_print
from remit.workbook.rules import said, unit_of
from remit.workbook.sheets import FormSheet

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

Used = Mapping[tuple[str, str], Sequence[str]]  # form and field → what needs it

WIDTHS = (18, 26, 34, 15, 9, 14, 42, 12, 46)  # of the columns, in characters
LINE_HEIGHT, SECTION_HEIGHT, TITLE_HEIGHT = 15, 20, 28  # in points: not every spreadsheet finds them by itself
SMALL_TABLE = 7  # columns over which a last, long cell goes on
LETTERS = 1.15  # in the width of a digit, on average
COLUMNS = ("Sheet", "Heading", "Meaning", "Kind", "Unit", "Range", "Choices", "Fill in", "Needed for")
PICKS = {
    "nearest": "of several visits in the window, the one nearest to the day counts",
    "last": "of several visits in the window, the last counts",
    "first": "of several visits in the window, the first counts",
}


@dataclass
class Writer:
    """Writes downwards."""

    book: Workbook
    page: Worksheet
    row: int = 0

    def __post_init__(self) -> None:
        def look(**more: object) -> object:
            return self.book.add_format({"valign": "top", **more})

        self.looks = {
            "title": look(bold=True, font_size=18, font_color=INK),
            "section": look(bold=True, font_size=13, font_color=INK),
            "line": look(),
            "head": look(bold=True, font_color="#FFFFFF", bg_color=INK, text_wrap=True),
            "cell": look(text_wrap=True, bottom=1, bottom_color=LINE, num_format="@"),
            "first": look(text_wrap=True, bottom=1, bottom_color=LINE, top=2, top_color=INK, num_format="@"),
            "plain": look(bottom=1, bottom_color=LINE),
        }

    def line(self, text: str, look: str = "line", height: int = LINE_HEIGHT) -> None:
        """A line that goes on over the columns."""
        self.page.set_row(self.row, height)
        self.page.write_string(self.row, 0, text, self.looks[look])
        self.row += 1

    def section(self, title: str) -> None:
        self.row += 1
        self.line(title, "section", SECTION_HEIGHT)

    def cells(self, texts: Sequence[str], look: str = "cell", across: int = SMALL_TABLE) -> None:
        """A row of a table; as high as its longest cell, where these break. across: the least columns that it has."""
        lines = [len(wrap(text, round(width * LETTERS))) for text, width in zip(texts, WIDTHS, strict=False)]
        self.page.set_row(self.row, LINE_HEIGHT * (1 if look == "plain" else max(1, *lines)))
        for column, text in enumerate(texts):
            self.page.write_string(self.row, column, text, self.looks[look])
        for column in range(len(texts), across):
            self.page.write_blank(self.row, column, None, self.looks[look])
        self.row += 1


def write_explanations(
    book: Workbook, study: Study, sheets: Sequence[FormSheet], centre: str | None, used: Used
) -> None:
    page = book.add_worksheet(EXPLANATIONS)
    for column, width in enumerate(WIDTHS):
        page.set_column(column, column, width)
    writer = Writer(book, page)
    writer.line(study.identity.title, "title", TITLE_HEIGHT)
    for line in about(study, centre):
        writer.line(line)
    writer.section("How to fill in this workbook")
    for number, line in enumerate(instructions(study, sheets, centre), start=1):
        writer.line(f"{number}.  {line}")
    writer.section("The sheets")
    writer.cells(("Sheet", "Rows"), "head")
    for sheet in sheets:
        writer.cells((sheet.name, "; ".join(dict.fromkeys(rows_of(form, study) for form in sheet.forms))), "plain")
    if study.visits:
        write_visits(writer, study)
    writer.section("The columns")
    writer.cells(COLUMNS, "head")
    for sheet in sheets:
        for number, row in enumerate(field_rows(sheet, study, used)):
            writer.cells(row, "cell" if number else "first")
    page.hide_gridlines(2)
    page.protect("", {"format_columns": True, "format_rows": True})
    set_print(page, study, centre, sum(WIDTHS))
    page.activate()


def about(study: Study, centre: str | None) -> Iterator[str]:
    identity = study.identity
    whose = f"Charts of the centre {centre}" if centre else "Charts"
    yield f"{whose} for the study {identity.id}, version {identity.version}."
    if study.data_cutoff:
        yield f"The data are cut off on {study.data_cutoff.isoformat()}: what begins later is not used."
    if identity.synthetic:
        yield f"Synthetic data. {' '.join(identity.synthetic.split())}"


def instructions(study: Study, sheets: Sequence[FormSheet], centre: str | None) -> Iterator[str]:
    """How a centre fills in its workbook, a sentence or two each; only what this study has."""
    charts, forms = study.charts, list(study.forms.values())
    home = next(sheet for sheet in sheets if any(form.rows == "once" for form in sheet.forms))
    yield (
        f"Begin with the sheet {home.name}: one row a patient. The id is a code such as S01-001, never a name, and no "
        "other centre uses it. The other sheets take only these ids."
    )
    if charts.centre_column:
        yield f"Write the patient's centre into the column {charts.centre_column}, always in the same way."
    elif centre is None:
        yield "Give this file the name of your centre, such as S01.xlsx: remit takes the centre from it."
    yield "Click on a cell to read what belongs there. What cannot be is not taken, and the message says what can."
    yield "Write a number without its unit, which stands in the heading. Convert what was measured in another."
    yield "Write dates as 2024-06-30; your spreadsheet may take others, and shows them so."
    unknown = "Leave empty what is not known. Never write 0 for it, or a guess."
    done = f" Write {charts.not_done[0]} for what was not done." if charts.not_done else ""
    yield unknown + done
    if any(form.rows == "period" for form in forms):
        ended = f" If it ended on a day that nobody knows, write {charts.not_done[0]}." if charts.not_done else ""
        yield (
            "A period goes from its start to its stop, which is the first day without. Leave the stop empty while it "
            f"goes on.{ended}"
        )
    yield "Yellow: the study needs this cell, and it is still empty; leave it so if nobody knows."
    if any(form.rows == "period" for form in forms):
        yield "Red: the stop is not after the start."
    yield "The headings are locked, so that every centre writes alike; leave the names of the sheets as they are."
    yield "Empty rows do not count. Save the workbook as .xlsx."


def rows_of(form: Form, study: Study) -> str:
    match form.rows:
        case "once":
            return "one row a patient"
        case "visit":
            return "one row a visit"
        case "event":
            return f"one row for each {study.scope.forms[form.name].label}, of which a patient may have none"
        case "period":
            one = study.scope.forms[form.name].label
            return f"one row for each {one}: from its start to the first day without"


def write_visits(writer: Writer, study: Study) -> None:
    writer.section("The visits")
    writer.line(f"Day 0 is the index date: {describe(study.index, study.scope)}.")
    writer.cells(("Visit", "Planned", "Window", "Which counts"), "head")
    for visit in study.visits:
        window = f"day {visit.low} to day {visit.high}".replace("-", "−")
        planned = f"day {visit.day}".replace("-", "−")
        writer.cells((visit.label, planned, window, PICKS[visit.pick]), "plain")


def field_rows(sheet: FormSheet, study: Study, used: Used) -> Iterator[tuple[str, ...]]:
    for column in sheet.columns:
        form, field = column.form, column.field
        if field is None:
            is_key = column.heading == form.key
            meaning = "the patient's id" if is_key else "the centre that the patient is of"
            yield sheet.name, column.heading, meaning, "text", "", "", "", "required", ""
            continue
        kind = kind_of(field)
        choices = "; ".join(said(field, study.charts))
        status = fill_in(field, form, study, used)
        yield (
            sheet.name, column.heading, field.label, kind, unit_of(field), bounds(field), choices, status,
            "; ".join(purposes(used.get((form.name, field.name), ()), study)),
        )  # fmt: skip


def purposes(needed: Sequence[str], study: Study) -> list[str]:
    """The endpoints and the eligibility that a field is needed for; what else it is, where it is for none."""
    endpoints = {endpoint.label for endpoint in study.endpoints.values()}
    first = [what for what in needed if what in endpoints or what.startswith("eligibility")]
    return first or list(needed)


def kind_of(field: Field) -> str:
    match field.type:
        case Number(decimals=0):
            return "whole number"
        case Number(decimals=decimals):
            return f"number, {decimals} decimal{'s' if decimals > 1 else ''}"
        case Date():
            return "date"
        case YesNo():
            return "yes/no"
        case Level():
            return "one of a list"
        case Text():
            return "text"
        case _:
            raise TypeError(f"{field.name}: a chart cannot hold {field.type}")


def bounds(field: Field) -> str:
    low, high = (None if bound is None else show(bound) for bound in (field.low, field.high))
    if low is None or high is None:
        return f"from {low}" if low is not None else f"up to {high}" if high is not None else ""
    return f"{low} to {high}"


def fill_in(field: Field, form: Form, study: Study, used: Used) -> str:
    """Whether a row must have it: required, when it ends, optional."""
    if at_the_end(field, form, study):
        return "when it ends"
    return "required" if field.required and (form.name, field.name) in used else "optional"


def at_the_end(field: Field, form: Form, study: Study) -> bool:
    """Whether it is only known once a period has ended."""
    reason = study.dosing is not None and (study.dosing.form, study.dosing.reason) == (form.name, field.name)
    return field.name == form.stop or reason
