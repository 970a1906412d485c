"""A data manager's first Monday: draft a study, make the workbook, fill in twelve patients, read the report."""

from __future__ import annotations

import datetime
import json
import os
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

DAY_0 = datetime.date(2025, 1, 7)
STOPPED = 30
# HBI (well-being, pain, stools, mass, complications) at baseline and at week 12, CRP at week 12, day of the stop
CHARTS: dict[str, tuple[tuple[int, ...], tuple[int | None, ...] | None, object, int | None]] = {
    "P01": ((2, 2, 5, 0, 0), (0, 0, 2, 0, 0), 3.2, None),  # 2: remission
    "P02": ((2, 2, 6, 1, 1), (1, 1, 2, 0, 0), "<1", None),  # 4: remission
    "P03": ((3, 2, 6, 0, 0), (1, 1, 3, 0, 0), 12.0, None),  # 5: none
    "P04": ((2, 1, 5, 0, 2), (1, 0, 3, 0, 0), 5.0, None),  # 4: remission
    "P05": ((2, 2, 5, 0, 0), (2, 2, 5, 0, 0), 22.1, None),  # 9: none
    "P06": ((1, 2, 5, 0, 0), (0, 1, 1, 0, 0), 1.1, STOPPED),  # 2, but stopped: remission as seen, not as composite
    "P07": ((2, 2, 4, 1, 0), (0, 0, None, 0, 0), 2.0, None),  # stools not told: unknown
    "P08": ((2, 2, 5, 0, 1), None, None, None),  # no visit: unknown
    "P09": ((2, 3, 7, 0, 0), (0, 0, 0, 0, 0), 0.9, None),  # 0: remission
    "P10": ((2, 2, 5, 0, 0), (1, 0, 1, 0, 0), 4.4, None),  # 2: remission
    "P11": ((3, 3, 9, 2, 1), (3, 2, 8, 2, 1), 31.0, STOPPED),  # 16: none
    "P12": ((2, 2, 5, 0, 0), (0, 0, 4, 0, 0), 2.7, None),  # 4: remission
}


def remit(folder: Path, *arguments: str) -> str:
    """A command as a user gives it; what it says."""
    done = subprocess.run(
        [Path(sys.executable).with_name("remit"), *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        env={name: value for name, value in os.environ.items() if not name.startswith("COV")},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where everything was done, from `remit new` to `remit run`."""
    folder = tmp_path_factory.mktemp("monday")
    asked = ["--title", "Upadacitinib in my hospital", "--pack", "ibd", "--drug", "upadacitinib", "--weeks", "0,12"]
    remit(folder, "new", "study", "--yes", *asked, "--instrument", "HBI", "--lab", "CRP")
    remit(folder, "template", "study", "--out", "study/charts", "--centre", "S01")
    fill_in(folder / "study" / "charts" / "S01.xlsx")
    remit(folder, "run", "study", "--out", "results")
    return folder


def fill_in(path: Path) -> None:
    book = openpyxl.load_workbook(path)
    for patient, (before, after, crp, stop) in CHARTS.items():
        birth, last = datetime.date(1980, 5, int(patient[1:])), DAY_0 + datetime.timedelta(days=120)
        add(book["patients"], patient, birth, "female" if patient < "P07" else "male", birth.replace(year=2010), last)
        add(book["visits"], patient, DAY_0, *before, 20.0)
        if after is not None:
            add(book["visits"], patient, DAY_0 + datetime.timedelta(days=84), *after, crp)
        ends = DAY_0 + datetime.timedelta(days=stop) if stop else None
        add(book["treatment"], patient, "upadacitinib", 45.0, DAY_0, ends, "lack of efficacy" if stop else None)
    add(book["adverse_events"], "P05", "acne", DAY_0 + datetime.timedelta(days=20), 1, "no", "yes")
    book.save(path)


def add(sheet: Worksheet, *row: object) -> None:
    """Below the last row that is filled in: the template's empty rows are there already."""
    number = next(n for n in range(2, 100) if sheet.cell(n, 1).value is None)
    for column, value in enumerate(row, start=1):
        sheet.cell(number, column).value = value


def counted(folder: Path, variable: str, handling: str) -> tuple[int, int, int]:
    """Numerator, denominator and missing of an endpoint at week 12."""
    results = json.loads((folder / "results" / "results.json").read_text("utf-8"))
    (found,) = (
        row
        for row in results
        if (row["variable"], row["visit"], row["handling"]) == (variable, "week12", handling)
        and (row["population"], row["group"], row["statistic"]) == ("eligible", None, "percent")
    )
    return found["numerator"], found["denominator"], found["missing"]


def test_remission_is_that_of_the_twelve(folder: Path) -> None:
    assert counted(folder, "hbi_remission", "decided") == (7, 10, 2)
    assert counted(folder, "hbi_remission", "treatment_policy") == (7, 12, 2)
    assert counted(folder, "hbi_remission", "composite") == (6, 12, 2)
    assert counted(folder, "continuation_of_the_drug", "decided") == (10, 12, 0)


def test_every_cell_was_used_as_written(folder: Path) -> None:
    intake = json.loads((folder / "results" / "intake.json").read_text("utf-8"))
    assert [(count["action"], count["entries"]) for count in intake["counts"]] == [("censored", 1)]  # the "<1"


def test_the_report_is_there_and_check_has_nothing_to_complain_of(folder: Path) -> None:
    assert "Upadacitinib in my hospital" in (folder / "results" / "report.html").read_text("utf-8")
    assert "The study can be run." in remit(folder, "check", "study")
