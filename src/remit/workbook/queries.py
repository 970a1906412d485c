"""The questions about a centre's charts, as a workbook that it fills in and sends back.

Its first columns are those of a file of corrections: an answer is copied there as it stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from remit.sources.corrections import COLUMNS
from remit.study.study import Study
from remit.workbook.book import Formats, new_workbook, set_print

SHEET = "queries"
EXPLAINED = ("patient", "visit", "date", "field", "what is wrong", "what it could change")
WIDTHS = {"cell": 26, "new": 16, "reason": 22, "field": 34, "what is wrong": 44, "what it could change": 60}
NARROW = 12
TO_FILL_IN = ("new", "who", "when")


@dataclass(frozen=True)
class Asked:
    """A question: the cell, what stands there, and why it is asked."""

    number: int
    cell: str
    old: str
    patient: str
    visit: str
    date: str
    field: str
    problem: str
    changes: str

    @property
    def values(self) -> tuple[str, ...]:
        correction = (self.cell, self.old, "", f"answer to query {self.number}", "", "")
        return (*correction, self.patient, self.visit, self.date, self.field, self.problem, self.changes)


def write_queries(study: Study, path: Path, centre: str, asked: Sequence[Asked]) -> None:
    """The questions in their order, the first the one whose answer could change most."""
    with new_workbook(path, study, centre) as book:
        formats = Formats(book)
        page = book.add_worksheet(SHEET)
        wrapped = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
        for index, heading in enumerate((*COLUMNS, *EXPLAINED)):
            look = formats.heading if heading in TO_FILL_IN else formats.optional_heading
            page.set_column(index, index, WIDTHS.get(heading, NARROW), wrapped)
            page.write_string(0, index, heading, look)
        for row, each in enumerate(asked, 1):
            for index, value in enumerate(each.values):
                if value:
                    page.write_string(row, index, value, wrapped)
        page.freeze_panes(1, 1)
        page.autofilter(0, 0, max(len(asked), 1), len(COLUMNS) + len(EXPLAINED) - 1)
        set_print(page, study, centre, sum(WIDTHS.get(heading, NARROW) for heading in (*COLUMNS, *EXPLAINED)))
        page.repeat_rows(0)
