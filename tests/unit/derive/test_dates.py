"""Dates that cannot be, in records written here by hand."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import pytest

from remit.derive.dates import check_dates
from remit.derive.ledger import placed
from remit.run import read_records
from remit.schema.records import LEDGER_SCHEMA, Records
from remit.study.build import read_study
from remit.study.study import Study
from tests.unit.study.charts import DOSES, S1, VISITS, charts
from tests.unit.study.making import STUDY, changed

D = dt.date
CUTOFF = D(2024, 6, 30)


def read(folder: Path, study: str = STUDY, **sheets: list[list[object]]) -> tuple[Study, Records]:
    path = charts(folder, study, S1={**S1, **sheets})
    found = read_study(path)
    return found, read_records(found)


def checked(folder: Path, study: str = STUDY, **sheets: list[list[object]]) -> tuple[Records, list[tuple[object, ...]]]:
    """The records that are used, and of each entry what and where."""
    asked, records = read(folder, study, **sheets)
    used, found = check_dates(asked, records)
    ledger = placed(pl.concat(found), records)
    assert ledger.schema == pl.Schema(LEDGER_SCHEMA)
    return used, ledger.select("action", "code", "patient", "sheet", "row", "column", "value").rows()


def visit(day: dt.date | str) -> list[list[object]]:
    return [VISITS, ["S1-1", day, 7, 4, 2, 12, 70.5, "no"]]


def test_sound_charts_give_no_entry_and_stay_as_they_are(tmp_path: Path) -> None:
    study, records = read(tmp_path)
    used, found = check_dates(study, records)
    assert pl.concat(found).height == 0
    for name, frame in records.forms.items():
        assert used.forms[name].equals(frame)


@pytest.mark.parametrize(
    ("day", "is_used"), [(CUTOFF, True), (CUTOFF + dt.timedelta(1), False), (D(9999, 1, 1), False)]
)
def test_the_day_of_the_cut_off_is_the_last_that_counts(day: dt.date, is_used: bool, tmp_path: Path) -> None:
    used, entries = checked(tmp_path, changed(STUDY, "observed_until: last_seen\n", ""), visits=visit(day))
    assert used.forms["visits"].filter(centre="S1").height == is_used
    assert entries == ([] if is_used else [("unused", "after-cutoff", "S1-1", "visits", 2, "B", str(day))])


def test_a_row_without_a_date_is_not_cut(tmp_path: Path) -> None:
    used, entries = checked(tmp_path, visits=visit(""))
    assert used.forms["visits"].filter(centre="S1").height == 1
    assert entries == []


def test_a_period_that_stops_after_the_cut_off_goes_on(tmp_path: Path) -> None:
    """One that starts after it is not used at all."""
    doses = [
        DOSES,
        ["S1-1", "x", D(2023, 1, 1), D(2024, 7, 1), "harm"],
        ["S1-2", "x", D(2024, 7, 1), D(2024, 8, 1), "harm"],
    ]
    study = changed(STUDY, "observed_until: last_seen\n", "")
    used, entries = checked(tmp_path, study, doses=doses)
    rows = used.forms["doses"].filter(centre="S1").select("patient", "start_date", "stop_date", "ongoing").rows()
    assert rows == [("S1-1", D(2023, 1, 1), None, True)]
    assert [entry[:6] for entry in entries] == [
        ("unused", "after-cutoff", "S1-1", "doses", 2, "D"),
        ("unused", "after-cutoff", "S1-2", "doses", 3, "C"),
    ]


def test_without_a_cut_off_nothing_is_cut(tmp_path: Path) -> None:
    study = changed(STUDY, "  data_cutoff: 2024-06-30\n", "")
    used, entries = checked(tmp_path, study, visits=visit(D(2203, 1, 1)))
    assert used.forms["visits"].filter(centre="S1").height == 1
    assert [entry[:2] for entry in entries] == [("queried", "after-last-contact")]


def test_a_date_before_birth_is_queried_and_used(tmp_path: Path) -> None:
    used, entries = checked(tmp_path, visits=visit(D(1979, 12, 31)))
    assert used.forms["visits"].filter(centre="S1").height == 1
    assert entries == [("queried", "before-birth", "S1-1", "visits", 2, "B", "1979-12-31")]
    assert checked(tmp_path, visits=visit(D(1980, 1, 1)))[1] == []


def test_a_date_before_1900_is_queried(tmp_path: Path) -> None:
    patients = [S1["patients"][0], ["S1-1", "1899-12-31", *S1["patients"][1][2:]], S1["patients"][2]]
    assert checked(tmp_path, patients=patients)[1] == [
        ("queried", "long-ago", "S1-1", "patients", 2, "B", "1899-12-31"),
    ]


def test_a_date_of_the_patient_after_the_cut_off_is_queried_but_not_the_last_contact(tmp_path: Path) -> None:
    late = D(2024, 12, 24)
    patients = [S1["patients"][0], [*S1["patients"][1][:1], late, late, *S1["patients"][1][3:]], S1["patients"][2]]
    entries = checked(tmp_path, patients=patients, visits=[VISITS], doses=[DOSES])[1]
    assert ("queried", "after-cutoff", "S1-1", "patients", 2, "B", "2024-12-24") in entries
    assert not [entry for entry in entries if entry[5] == "C" and entry[3] == "patients"]
