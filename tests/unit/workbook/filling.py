"""Templates filled as a centre fills them: typed into the cells, with what the workbook itself offers there."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Mapping
from copy import copy
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from remit.language.types import Date, Level, Number, YesNo
from remit.sources.headings import meanings, normal
from remit.study.forms import LISTS, Field, Form
from remit.study.study import Study

DAYS = st.dates(dt.date(2020, 1, 1), dt.date(2023, 12, 31)).map(lambda day: day.replace(day=max(2, day.day)))
TEXTS = st.text("abcdefgh ", min_size=1, max_size=12).map(str.strip).filter(bool)


class Made:
    """A study and its empty workbook; no dataclass, of which a failing test would print all."""

    def __init__(self, study: Study, book: bytes) -> None:
        self.study, self.book = study, book


@dataclass(frozen=True)
class Typed:
    """What is typed into a cell, and the value that must come out of it, scaled if it is a number."""

    cell: Any
    value: Any


NOTHING = Typed(None, None)


def validation(page: Worksheet, column: int) -> DataValidation:
    """The one of the column's first empty cell."""
    cell = page.cell(2, column).coordinate
    (found,) = (each for each in page.data_validations.dataValidation if cell in each.sqref)
    return found


def offered(book: Workbook, check: DataValidation) -> list[Any]:
    """The words of a drop-down, on the sheet of lists."""
    place = check.formula1.removeprefix(f"'{LISTS}'!").replace("$", "")
    cells = book[LISTS][place]
    return [row[0].value for row in cells] if isinstance(cells, tuple) else [cells.value]


def column_of(page: Worksheet, form: Form, field: str | None) -> int:
    """The column of a field, counted from 1; None: of the patients' ids."""
    known = meanings(form, {})
    for cell in page[1]:
        if field is None and normal(cell.value) == normal(form.key):
            return int(cell.column)
        if field in {meaning.field for meaning in known.get(normal(cell.value), ())}:
            return int(cell.column)
    raise AssertionError(f"{page.title} has no column for {field or form.key}")


def values(field: Field, words: list[Any], yes: str) -> st.SearchStrategy[Typed]:
    """Any value of the field. words: what its drop-down offers."""
    match field.type:
        case Number(decimals=decimals, limit=limit):
            if words:
                return st.sampled_from(words).map(lambda number: Typed(number, number))
            size = 10**decimals
            low = -limit if field.low is None else math.ceil(field.low * size)
            high = limit if field.high is None else math.floor(field.high * size)
            return st.integers(max(low, -limit), min(high, limit)).map(lambda n: Typed(n / size if decimals else n, n))
        case Date():
            return DAYS.map(lambda day: Typed(day, day))
        case YesNo():
            return st.sampled_from(words).map(lambda word: Typed(word, word == yes))
        case Level():
            return st.sampled_from(words).map(lambda word: Typed(word, word))
        case _:
            return TEXTS.map(lambda text: Typed(text, " ".join(text.split())))


@st.composite
def rows(draw: st.DrawFn, study: Study, form: Form, book: Workbook, patient: str) -> list[dict[str, Typed]]:
    """The rows of one patient in one form: field → what is typed there. No two have one date."""
    page = book[form.sheet]
    count = 1 if form.rows == "once" else draw(st.integers(0, 2))
    found = []
    for number in range(count):
        row = {}
        for field in form.fields.values():
            check = validation(page, column_of(page, form, field.name))
            words = offered(book, check) if check.type == "list" else []
            words = [word for word in words if word not in study.charts.not_done]
            some = values(field, words, study.charts.words[0])
            must = form.rows == "once" or field.name in (form.date, form.start)
            row[field.name] = draw(some if must else st.one_of(st.just(NOTHING), some))
        first = form.date or form.start
        if first is not None:
            day = row[first].value + dt.timedelta(days=1500 * number)
            row[first] = Typed(day, day)
        if form.rows == "period" and row[form.stop or ""].value is not None:
            stop = row[form.start or ""].value + dt.timedelta(days=draw(st.integers(1, 400)))
            row[form.stop or ""] = Typed(stop, stop)
        found.append(row)
    return found


Charts = Mapping[str, list[tuple[str, dict[str, Typed]]]]  # form → (patient, row)


@st.composite
def charts(draw: st.DrawFn, study: Study, template: bytes) -> Charts:
    book = load_workbook(BytesIO(template))
    patients = [f"S01-{number:03}" for number in range(draw(st.integers(0, 3)))]
    return {
        form.name: [(patient, row) for patient in patients for row in draw(rows(study, form, book, patient))]
        for form in study.forms.values()
    }


def filled(study: Study, template: bytes, charts: Charts) -> bytes:
    """The template with the rows typed into it; its checks and its protection stay."""
    book = load_workbook(BytesIO(template))
    for form in study.forms.values():
        page = book[form.sheet]
        for number, (patient, row) in enumerate(charts[form.name], start=2):
            type_into(page, number, column_of(page, form, None), patient)
            if study.charts.centre_column and form.rows == "once":
                names = {cell.value: cell.column for cell in page[1]}
                type_into(page, number, names[study.charts.centre_column], "S01")
            for name, typed in row.items():
                cell = type_into(page, number, column_of(page, form, name), typed.cell)
                assert not cell.protection.locked
    kept = BytesIO()
    book.save(kept)
    return kept.getvalue()


def type_into(page: Worksheet, row: int, column: int, value: Any) -> Cell:
    """As in a spreadsheet, the cell has the format and the protection of its column."""
    cell = page.cell(row, column)
    look = next(each for each in page.column_dimensions.values() if each.min <= column <= each.max)
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"  # in a cell formatted as text, =5 is no formula
    cell.number_format, cell.protection = look.number_format, copy(look.protection)
    return cell


def expected(study: Study, charts: Charts) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """What must be read: form → rows."""
    for form in study.forms.values():
        yield (
            form.name,
            [
                {"patient": patient, **{name: typed.value for name, typed in row.items()}}
                for patient, row in charts[form.name]
            ],
        )
