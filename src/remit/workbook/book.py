"""How every workbook of remit looks: its headings, formats, widths, protection and print."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from remit.language.types import Date, Number
from remit.study.forms import Field
from remit.study.study import Study
from remit.workbook.sheets import FormSheet

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

INK, PALE, LINE = "#1F4E5F", "#E3EDF0", "#B8C9CF"
DATE = "yyyy-mm-dd"
A4 = 9
PAGE = 150  # characters across a printed page in landscape, before it is made smaller
SMALLEST = 50  # percent: what is printed smaller cannot be read
LONGEST_HEADER = 60  # characters of the title in a printed header
LAST_ROW = 1_048_576  # of a sheet
NARROWEST, WIDEST = 11, 26

# Every file gets this day, so that two runs write the same bytes.
CREATED = dt.datetime(2000, 1, 1)

PROTECTION = {
    "insert_rows": True,
    "delete_rows": True,
    "sort": True,
    "autofilter": True,
    "format_cells": True,
    "format_columns": True,
    "format_rows": True,
}


@dataclass(frozen=True)
class Formats:
    """The formats of one workbook. Those of cells are not locked: the protection of a sheet leaves them free."""

    book: Workbook

    @cached_property
    def heading(self) -> Format:
        return self._heading(font_color="#FFFFFF", bg_color=INK)

    @cached_property
    def optional_heading(self) -> Format:
        return self._heading(font_color=INK, bg_color=PALE)

    def _heading(self, **colours: str) -> Format:
        look = {"bold": True, "text_wrap": True, "valign": "vcenter", "indent": 1, "border": 1, "border_color": LINE}
        return self.book.add_format({**look, **colours})

    @cached_property
    def text(self) -> Format:
        """Of ids, texts and codes: as text, so that 001 stays 001 and 1-2 does not become a date."""
        return self.book.add_format({"num_format": "@", "locked": False, "indent": 1})

    @cached_property
    def date(self) -> Format:
        return self.book.add_format({"num_format": DATE, "locked": False, "align": "center"})

    @cached_property
    def _numbers(self) -> dict[int, Format]:
        return {}

    def number(self, decimals: int) -> Format:
        look = "0." + "0" * decimals if decimals else "0"
        return self._numbers.setdefault(decimals, self.book.add_format({"num_format": look, "locked": False}))

    def of(self, field: Field | None) -> Format:
        """The format of a field's cells; None: of the patients' ids and of centres."""
        match field.type if field else None:
            case Date():
                return self.date
            case Number(decimals=decimals):
                return self.number(decimals)
            case _:
                return self.text


@contextmanager
def new_workbook(path: Path, study: Study, centre: str | None) -> Iterator[Workbook]:
    """A workbook that is written when the block ends. Text stays text: no formula, number or link is made of it."""
    import xlsxwriter

    as_written = {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(path, as_written) as book:
        identity = study.identity
        told: dict[str, Any] = {
            "title": f"{identity.title}: charts" + (f" of {centre}" if centre else ""),
            "subject": f"study {identity.id}, version {identity.version}",
            "comments": identity.synthetic or "",
            "category": "synthetic" if identity.synthetic else "",
            "author": "remit",
            "created": CREATED,
        }
        book.set_properties(told)
        yield book


def add_form_sheet(
    book: Workbook, formats: Formats, sheet: FormSheet, study: Study, centre: str | None, needed: set[str]
) -> Worksheet:
    """The sheet with its headings and no row. needed: the headings of the columns that must be filled in."""
    from xlsxwriter.utility import xl_col_to_name

    page = book.add_worksheet(sheet.name)
    widths = [width(column.heading) for column in sheet.columns]
    for index, column in enumerate(sheet.columns):
        page.set_column(index, index, widths[index], formats.of(column.field))
        look = formats.heading if column.heading in needed else formats.optional_heading
        page.write_string(0, index, column.heading, look)
    page.set_row(0, 34)
    page.hide_gridlines(0)  # they are printed too
    page.ignore_errors({"number_stored_as_text": f"A2:{xl_col_to_name(len(widths) - 1)}{LAST_ROW}"})
    page.freeze_panes(1, 1)
    page.protect("", PROTECTION)
    set_print(page, study, centre, sum(widths))
    page.repeat_rows(0)
    page.repeat_columns(0)
    return page


def width(heading: str) -> int:
    """Of a column, in characters: its longest word in bold, with room for the arrow of the filter."""
    longest = max(len(word) for word in heading.split())
    return min(max(longest + 5, NARROWEST), WIDEST)


def set_print(page: Worksheet, study: Study, centre: str | None, across: int) -> None:
    """Landscape; made smaller to fit the page's width, as long as it can be read."""
    page.set_landscape()
    page.set_paper(A4)
    page.set_margins(left=0.4, right=0.4, top=0.8, bottom=0.7)
    scale = 100 * PAGE // max(across, PAGE)
    if scale < SMALLEST:
        page.set_print_scale(SMALLEST)
    else:
        page.fit_to_pages(1, 0)
    title = study.identity.title
    short = title if len(title) <= LONGEST_HEADER else f"{title[: LONGEST_HEADER - 1].rstrip()}…"
    page.set_header(f"&L{plain(short)}&C&A&R{plain(centre or study.identity.id)}")
    page.set_footer(f"&L{plain(study.identity.id)}, version {plain(study.identity.version)}&RPage &P of &N")


def plain(text: str) -> str:
    """A text in a printed header, where & begins a command."""
    return text[:LONGEST_HEADER].replace("&", "&&")
