"""Records → charts as workbooks, one a centre, so written that reading them gives the same Records."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from remit.errors import WrongInput
from remit.language.types import Number, YesNo
from remit.schema.records import CENTRE, ONGOING, PATIENT, Records, censored_column
from remit.sources.numbers import show
from remit.study.forms import Field, Form, Habits
from remit.study.study import Study
from remit.workbook.book import Formats, add_form_sheet, new_workbook, plain
from remit.workbook.rules import choices_of, not_done_word
from remit.workbook.sheets import Column, FormSheet, form_sheets

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

MOST_ROWS = 2**20 - 1  # that a sheet of Excel has, below its headings
ALL_CENTRES = "charts.xlsx"  # where a column tells the centre


def write_workbook_charts(study: Study, records: Records, folder: Path) -> None:
    """A workbook a centre into a folder that exists; one for all where the study tells a `centre_column`.

    If the records say that their patients are not real, so does each file, and each printed page.
    Raises WrongInput for more rows than a sheet holds, and for what no cell can say.
    """
    study = replace(study, identity=study.identity.model_copy(update={"synthetic": records.synthetic}))
    centres = sorted({name for frame in records.forms.values() for name in frame[CENTRE].unique()})
    books: dict[str, str | None] = {f"{name}.xlsx": name for name in centres}
    if study.charts.centre_column is not None:
        books = {ALL_CENTRES: None}
    refuse_too_many(records, [centre for centre in books.values() if centre is not None])
    for file, centre in books.items():
        write_book(study, records, folder / file, centre)


def refuse_too_many(records: Records, centres: Sequence[str]) -> None:
    """Raises WrongInput for a form of a centre (or of all, if there are none) that no sheet can hold."""
    for name, frame in records.forms.items():
        counts = [(frame[CENTRE] == centre).sum() for centre in centres] or [frame.height]
        if max(counts) > MOST_ROWS:
            what = f"{max(counts):,} rows of {name} are more than a workbook's sheet holds, {MOST_ROWS:,}"
            raise WrongInput("--as workbooks", what, "Take Parquet, more centres or fewer patients.")


def write_book(study: Study, records: Records, path: Path, centre: str | None) -> None:
    with new_workbook(path, study, centre) as book:
        formats = Formats(book)
        for sheet in form_sheets(study.forms, study.charts, centre):
            page = add_form_sheet(book, formats, sheet, study, centre, set())
            if study.identity.synthetic:
                page.set_header(f"&L&BSYNTHETIC DATA&B&C&A&R{plain(centre or study.identity.id)}")
            frames = {form.name: _of_centre(records.forms[form.name], centre) for form in sheet.forms}
            _refuse_unlike(sheet, frames)
            for index, column in enumerate(sheet.columns):
                cells = cells_of(column, frames[column.form.name], study, centre)
                _write_column(page, index, cells)


def _of_centre(frame: pl.DataFrame, centre: str | None) -> pl.DataFrame:
    return frame if centre is None else frame.filter(pl.col(CENTRE) == centre)


def _refuse_unlike(sheet: FormSheet, frames: dict[str, pl.DataFrame]) -> None:
    """Forms on one sheet share its rows."""
    first, *others = [frame[PATIENT] for frame in frames.values()]
    if any(not first.equals(other) for other in others):
        names = " and ".join(form.name for form in sheet.forms)
        what = f"{names} stand on one sheet, {sheet.name}, and have different rows"
        raise WrongInput("--as workbooks", what, "Take Parquet, or give each form a `sheet:` of its own.")


def _write_column(page: Worksheet, index: int, cells: Sequence[object]) -> None:
    """By type: an empty cell is not written."""
    import datetime as dt

    for row, cell in enumerate(cells, start=1):
        if isinstance(cell, str):
            page.write_string(row, index, cell)
        elif isinstance(cell, dt.date):
            page.write_datetime(row, index, dt.datetime(cell.year, cell.month, cell.day))
        elif cell is not None:
            page.write(row, index, cell)


def cells_of(column: Column, frame: pl.DataFrame, study: Study, centre: str | None) -> list[object]:
    """What stands in a column, from the top: in the field's own unit, and in the study's words."""
    field = column.field
    if field is None:
        return frame[PATIENT if column.heading == column.form.key else CENTRE].to_list()
    values = frame[field.name].to_list()
    match field.type:
        case Number(decimals=decimals, censored=censored):
            signs = frame[censored_column(field.name)].to_list() if censored else [0] * len(values)
            write = _number_writer(decimals, study.charts.habits.get(centre or "", Habits()))
            return [write(value, sign or 0) for value, sign in zip(values, signs, strict=True)]
        case YesNo():
            yes, no = choices_of(field, study.charts)
            return [None if value is None else yes if value else no for value in values]
    if field.name == column.form.stop:
        return _stops(column.form, field, frame, study)
    return values


def _number_writer(decimals: int, habits: Habits) -> Callable[[int | None, int], object]:
    """A scaled integer → a number; one beyond the limits of its assay is a text in the centre's habit."""

    def write(value: int | None, sign: int) -> object:
        if value is None:
            return None
        if not sign:
            return value / 10**decimals if decimals else value
        text = show(Fraction(value, 10**decimals))
        return ("<" if sign < 0 else ">") + (text.replace(".", ",") if habits.decimal == "comma" else text)

    return write


def _stops(form: Form, field: Field, frame: pl.DataFrame, study: Study) -> list[object]:
    """An empty cell says that the period goes on; of a stop that is not known, the study's word says so."""
    word = not_done_word(field, study.charts)
    found: list[object] = []
    for value, ongoing in zip(frame[field.name], frame[ONGOING], strict=True):
        if value is None and not ongoing and word is None:
            what = f"a stop of {form.name} is not known, and the study has no word for it"
            raise WrongInput("the study file", what, "List one under `charts: not_done`.")
        found.append(word if value is None and not ongoing else value)
    return found
