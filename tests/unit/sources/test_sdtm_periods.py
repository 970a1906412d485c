"""Periods of SDTM: --ENDTC is the last day, however it is written, and the day after it the first without."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from remit.schema.records import Records
from remit.sources.sdtm import read
from remit.study.forms import PartialDates
from tests.unit.sources.making import entries, values
from tests.unit.sources.sdtm_folders import CHARTS, FORMS, folder

DOSES = FORMS["doses"]
LAST = replace(DOSES.fields["stop"], partial=PartialDates("last", "last"))
WITH_PARTIAL = FORMS | {"doses": replace(DOSES, fields=DOSES.fields | {"stop": LAST})}


def doses(path: Path, *ends: Any) -> Records:
    count = len(ends)
    ex = {"DOMAIN": ["EX"] * count, "USUBJID": ["1"] * count, "EXSTDTC": ["2024-01-01"] * count, "EXENDTC": [*ends]}
    return read(folder(path, ex=ex), WITH_PARTIAL, CHARTS)


@pytest.mark.parametrize(
    "written", ["2024-01-05", "2024-01-05T08:00", "2024-01-05 08:00", "2024/01/05", dt.datetime(2024, 1, 5, 8)]
)
def test_the_last_day_of_a_period(tmp_path: Path, written: object) -> None:
    assert values(doses(tmp_path, written), "doses", "stop") == [dt.date(2024, 1, 6)]


def test_the_last_day_of_a_period_without_its_day(tmp_path: Path) -> None:
    found = doses(tmp_path, "2024-02", "2024", "2024-01-05")
    assert values(found, "doses", "stop") == [dt.date(2024, 3, 1), dt.date(2025, 1, 1), dt.date(2024, 1, 6)]
    assert entries(found, "file", "row", "column", "written", "value", code="partial-date") == [
        ("ex.parquet", 1, "EXENDTC", "2024-02", "2024-02-29"),
        ("ex.parquet", 2, "EXENDTC", "2024", "2024-12-31"),
    ]


def test_an_end_before_its_start_is_told_as_it_is_written(tmp_path: Path) -> None:
    found = doses(tmp_path, "2023-12-20")
    assert entries(found, "row", "column", "written", code="stop-before-start") == [(1, "EXENDTC", "2023-12-20")]


def test_a_period_without_an_end_before_another_is_asked_about(tmp_path: Path) -> None:
    ex = {
        "DOMAIN": ["EX"] * 4,
        "USUBJID": ["1", "1", "1", "2"],
        "EXTRT": ["A", "A", "B", "A"],
        "EXSTDTC": ["2024-01-01", "2024-02-01", "2023-01-01", "2024-01-01"],
        "EXENDTC": [None, None, None, None],
    }
    found = read(folder(tmp_path, ex=ex), FORMS, CHARTS)
    assert values(found, "doses", "ongoing") == [True] * 4
    assert entries(found, "file", "row", "column", "patient", code="open-before-next") == [
        ("ex.parquet", 1, "EXENDTC", "1")
    ]


@pytest.mark.parametrize("others", [[], ["2024-02"]])
def test_the_last_day_of_the_calendar(tmp_path: Path, others: list[str]) -> None:
    assert values(doses(tmp_path, "9999-12-31", *others), "doses", "stop")[0] == dt.date.max
