"""The ledger's frame."""

from __future__ import annotations

import re
from pathlib import Path

from remit.schema.records import LEDGER_SCHEMA
from remit.sources import ledger as module
from remit.sources.ledger import Entry, Ledger


def test_a_ledger_without_entries_has_its_columns() -> None:
    frame = Ledger().frame()
    assert (frame.height, dict(frame.schema)) == (0, dict(LEDGER_SCHEMA))


def test_entries_are_sorted_whole_columns_first_and_z_before_aa() -> None:
    ledger = Ledger()
    for row, column in ((3, "A"), (2, "AA"), (2, "Z"), (None, "B"), (2, None)):
        ledger.add(Entry("refused", "x", "why", file="S01.xlsx", sheet="visits", column=column), row, "S01-001")
    ledger.add(Entry("unused", "x", "why", file="A.txt"))
    places = ledger.frame().select("file", "row", "column").rows()
    assert places == [
        ("A.txt", None, None),
        ("S01.xlsx", None, "B"),
        ("S01.xlsx", 2, None),
        ("S01.xlsx", 2, "Z"),
        ("S01.xlsx", 2, "AA"),
        ("S01.xlsx", 3, "A"),
    ]


def test_one_entry_serves_many_cells() -> None:
    ledger = Ledger()
    entry = Entry("missing", "not-done", "why", file="S01.xlsx", written="ND")
    for row in (2, 3):
        ledger.add(entry, row, f"S01-00{row}")
    assert ledger.frame().select("row", "patient", "written").rows() == [(2, "S01-002", "ND"), (3, "S01-003", "ND")]


def test_each_code_is_in_the_list() -> None:
    code = r'"([a-z]+(?:-[a-z]+)+)"'
    used = {found for file in Path(module.__file__).parent.glob("*.py") for found in re.findall(code, file.read_text())}
    listed = set(re.findall(r"[a-z]+(?:-[a-z]+)+", module.__doc__ or ""))
    assert used - {"year-month-day", "utf-8-sig"} <= listed
