"""The empty workbook of a study, for a centre to fill in: what `remit template` does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from remit.errors import WrongInput
from remit.output import check_out, whole_folder
from remit.study.centres import NOT_IN_A_FILE_NAME, check_centres
from remit.study.forms import LISTS, Field, Form
from remit.study.needs import needs
from remit.study.study import Study
from remit.workbook.book import Formats, add_form_sheet, new_workbook
from remit.workbook.explanations import Used, at_the_end, fill_in, write_explanations
from remit.workbook.rules import CELL, Rule, not_done_word, rule_of
from remit.workbook.sheets import Column, FormSheet, form_sheets

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

SOURCE = "workbooks"  # what reads a filled workbook
ROWS = 10_000  # for so many, each sheet checks what is typed
LONGEST_TITLE, LONGEST_MESSAGE = 32, 255  # characters that a spreadsheet shows beside a cell
EMPTY, WRONG = "#FFF2CC", "#F8CBCB"


def write_templates(study: Study, out: Path, centres: Sequence[str] = ()) -> list[Path]:
    """An empty workbook for each centre, or one named after the study. Their paths.

    With a centre column one workbook holds all centres, and the column offers those that are named.
    Raises WrongInput before anything is written: for a study whose charts are no workbooks; for a centre that no file
    can be named after, or that is named twice; for a file that is there already, which may be filled in.
    """
    if study.source not in (None, SOURCE):
        what = f"the study's charts are read by `source: {study.source}`, which reads no workbook that was filled in."
        raise WrongInput(str(study.path), what, f"Write `source: {SOURCE}` under `charts:`, or leave it out.")
    check_centres(centres, partial(WrongInput, "--centre"))
    check_out(out)
    whole = not centres or study.charts.centre_column is not None
    names = [NOT_IN_A_FILE_NAME.sub("-", study.identity.id)] if whole else list(centres)
    files = {f"{name}.xlsx": None if whole else name for name in names}
    for file in files:
        if (out / file).exists():
            what = f"{out / file} is there already, and may be filled in: it is not overwritten."
            raise WrongInput("--out", what, "Name another folder, or move the file away.")
    used = needs(study)
    with whole_folder(out) as folder:
        for file, centre in files.items():
            write_template(study, folder / file, centre, centres if whole else (), used)
    return [out / file for file in files]


@dataclass
class Lists:
    """The hidden sheet that drop-downs take their words from: as long as they need be, with any sign in them."""

    columns: dict[tuple[str | int, ...], int] = field(default_factory=dict)

    def place(self, words: tuple[str | int, ...]) -> str:
        """The range in which these words will stand, as a formula."""
        from xlsxwriter.utility import quote_sheetname, xl_range_abs

        column = self.columns.setdefault(words, len(self.columns))
        return f"={quote_sheetname(LISTS)}!{xl_range_abs(0, column, len(words) - 1, column)}"

    def write(self, book: Workbook) -> None:
        page = book.add_worksheet(LISTS)
        for words, column in self.columns.items():
            for row, word in enumerate(words):
                page.write(row, column, word)
        page.protect()
        page.hide()


def write_template(study: Study, path: Path, centre: str | None, offered: Sequence[str], used: Used) -> None:
    """offered: the centres that the centre's column offers; any if there are none."""
    sheets = form_sheets(study.forms, study.charts, centre)
    home = next(sheet for sheet in sheets if any(form.rows == "once" for form in sheet.forms))
    with new_workbook(path, study, centre) as book:
        formats, lists = Formats(book), Lists()
        warnings = (book.add_format({"bg_color": EMPTY}), book.add_format({"bg_color": WRONG}))
        write_explanations(book, study, sheets, centre, used)
        for sheet in sheets:
            required = {column.heading for column in sheet.columns if is_required(column, study, used)}
            page = add_form_sheet(book, formats, sheet, study, centre, required)
            page.autofilter(0, 0, ROWS, len(sheet.columns) - 1)
            for index, column in enumerate(sheet.columns):
                check = check_of(column, sheet, home, study, lists, tuple(offered))
                page.data_validation(1, index, ROWS, index, check)
            mark_stops(page, sheet, warnings[1])
            mark_missing(page, sheet, study, used, warnings[0])
        lists.write(book)


def is_required(column: Column, study: Study, used: Used) -> bool:
    return column.field is None or fill_in(column.field, column.form, study, used) == "required"


Check = dict[str, object]


def check_of(
    column: Column, sheet: FormSheet, home: FormSheet, study: Study, lists: Lists, offered: tuple[str, ...]
) -> Check:
    """What a spreadsheet checks in a column, and says there."""
    index = sheet.columns.index(column)
    if column.field is not None:
        rule = rule_of(column.field, study.charts)
        return check(message_of(column.field, column.form, study, rule), column.field.label, rule, index, lists)
    if index > 0 and study.charts.centre_column == column.heading:
        rule = Rule(f"one of: {', '.join(offered)}", choices=offered) if offered else None
        return check("The centre that the patient is of, always in the same way.", column.heading, rule, index, lists)
    if sheet is home:
        told = "The patient's id: a code such as S01-001, once on this sheet, and never a name."
        rule = Rule("an id that no other row of this sheet has", formula=f"=SUMPRODUCT(--({ids('', index)}={CELL}))=1")
        return check(told, column.heading, rule, index, lists)
    rule = Rule(f"an id that stands on the sheet {home.name}")
    return check(f"The patient's id, as on the sheet {home.name}.", column.heading, rule, index, lists) | {
        "validate": "list",
        "source": known_ids(home.name),
    }


def check(told: str, title: str, rule: Rule | None, index: int, lists: Lists) -> Check:
    said: Check = {"input_title": cut(title, LONGEST_TITLE), "input_message": cut(told, LONGEST_MESSAGE)}
    if rule is None:
        return {**said, "validate": "any"}
    said |= {
        "error_title": cut(title, LONGEST_TITLE),
        "error_message": cut(f"Write {rule.expected}.", LONGEST_MESSAGE),
    }
    if rule.choices:
        return {**said, "validate": "list", "source": lists.place(rule.choices)}
    return {**said, "validate": "custom", "value": rule.formula.replace(CELL, address(index))}


def message_of(field: Field, form: Form, study: Study, rule: Rule | None) -> str:
    """What belongs into a cell of the field, as it is shown beside it."""
    word = not_done_word(field, study.charts)
    label = field.label if len(field.label) > LONGEST_TITLE else ""
    parts = [label, rule.expected if rule else ""]
    if field.name == form.stop:
        parts += ["the first day without", "empty while it goes on"]
        parts += [f"{word} if it ended on a day that nobody knows"] if word else []
    else:
        parts += ["empty if it is not known"]
        parts += [f"{word} if it was not done"] if word and rule else []
    return " ".join(f"{part[0].upper()}{part[1:]}." for part in parts if part)


def cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


def ids(sheet: str, index: int) -> str:
    from xlsxwriter.utility import quote_sheetname, xl_range_abs

    return (f"{quote_sheetname(sheet)}!" if sheet else "") + str(xl_range_abs(1, index, ROWS, index))


def known_ids(sheet: str) -> str:
    """The ids on a sheet down to the last one, so that the drop-down ends there."""
    from xlsxwriter.utility import quote_sheetname

    column = ids(sheet, 0)
    last = f'SUMPRODUCT(MAX(({column}<>"")*(ROW({column})-1)))'
    return f"=OFFSET({quote_sheetname(sheet)}!$A$2,0,0,MAX(1,{last}),1)"


def address(index: int, fixed: bool = False) -> str:
    """The first cell of a column below its heading; in a rule for a range it stands for each."""
    from xlsxwriter.utility import xl_rowcol_to_cell

    return str(xl_rowcol_to_cell(1, index, col_abs=fixed))


def mark_stops(page: Worksheet, sheet: FormSheet, look: object) -> None:
    """A stop that is not after its start."""
    for form in sheet.forms:
        if form.start and form.stop:
            start, stop = (address(sheet.place(form, name), fixed=True) for name in (form.start, form.stop))
            wrong = f"=AND(ISNUMBER({start}),ISNUMBER({stop}),{stop}<={start})"
            index = sheet.place(form, form.stop)
            page.conditional_format(1, index, ROWS, index, {"type": "formula", "criteria": wrong, "format": look})


def mark_missing(page: Worksheet, sheet: FormSheet, study: Study, used: Used, look: object) -> None:
    """An empty cell that the study needs, in a row that somebody began."""
    last = len(sheet.columns) - 1
    began = f"COUNTA({address(0, fixed=True)}:{address(last, fixed=True)})>0"
    for index, column in enumerate(sheet.columns):
        form, named = column.form, column.field
        ended = ""
        if named is not None and at_the_end(named, form, study) and named.name != form.stop and form.stop:
            ended = f",LEN({address(sheet.place(form, form.stop), fixed=True)})>0"
        elif not is_required(column, study, used):
            continue
        missing = f"=AND({began}{ended},LEN(TRIM({address(index)}))=0)"
        page.conditional_format(1, index, ROWS, index, {"type": "formula", "criteria": missing, "format": look})
