"""One book for all centres, with a column that tells the centre: each centre still has habits of its own."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from remit.errors import WrongInput
from remit.study.forms import Habits
from tests.unit.sources.making import CHARTS, DAY, centre, entries, entry, records, values

ALL = replace(CHARTS, centre_column="Centre")
PATIENTS = [
    ["centre", "patient", "birth_date", "sex"],
    ["S02", "2", "05/25/1980", "F"],
    ["S01", "1", "25/05/1980", "F"],
    ["S02", "3", "03/04/1980", "M"],
    ["S01", "4", "03/04/1980", "M"],
]


def test_each_centre_has_its_own_habits(tmp_path: Path) -> None:
    visits = [["patient", "visit_date", "crp_mg_per_dL"], ["1", DAY, "0,7"], ["2", DAY, "0.7"]]
    found = records(centre(tmp_path, "all", patients=PATIENTS, visits=visits), ALL)
    assert found.forms["patients"].select("_row", "centre", "patient", "birth_date").rows() == [
        (0, "S01", "1", dt.date(1980, 5, 25)),
        (1, "S01", "4", dt.date(1980, 4, 3)),
        (3, "S02", "2", dt.date(1980, 5, 25)),
        (4, "S02", "3", dt.date(1980, 3, 4)),
    ]
    assert found.forms["visits"].select("centre", "crp").rows() == [("S01", 70), ("S02", 70)]
    assert entries(found, "centre", "value", code="date-order") == [
        ("S01", "day/month/year"),
        ("S02", "month/day/year"),
    ]
    assert found.columns.filter(field="centre").select("form", "column").rows() == [("patients", "A")]


def test_a_told_habit_is_of_its_centre_alone(tmp_path: Path) -> None:
    told = replace(ALL, habits={"S01": Habits(decimal="comma"), "S02": Habits(decimal="point")})
    visits = [["patient", "visit_date", "calprotectin_ug_per_g"], ["1", DAY, "1.234"], ["2", DAY, "1,234"]]
    found = records(centre(tmp_path, "all", patients=PATIENTS, visits=visits), told)
    assert values(found, "visits", "calprotectin") == [1234, 1234]


def test_the_centre_of_a_row_must_be_the_patients(tmp_path: Path) -> None:
    visits = [
        ["patient", "centre", "visit_date"],
        ["1", "S01", DAY],
        ["1", "S02", DAY],
        ["1", None, DAY],
        ["2", "s02", DAY],
    ]
    found = records(centre(tmp_path, "all", patients=PATIENTS, visits=visits), ALL)
    assert found.forms["visits"].select("patient", "centre").rows() == [("1", "S01"), ("2", "S02")]
    assert entries(found, "row", "code", action="refused") == [(3, "other-centre"), (4, "no-centre")]


def test_centres_that_differ_in_capitals_are_one(tmp_path: Path) -> None:
    patients = [PATIENTS[0], ["S01", "1", DAY, "F"], ["s01 ", "2", DAY, "F"]]
    found = records(centre(tmp_path, "all", patients=patients), ALL)
    assert values(found, "patients", "centre") == ["S01", "S01"]
    assert entries(found, "action", "row", "column", "written", "value", code="centre-spelling") == [
        ("converted", 3, "A", "s01 ", "S01")
    ]


def test_a_patient_without_centre_is_refused(tmp_path: Path) -> None:
    patients = [PATIENTS[0], ["S01", "1", DAY, "F"], [None, "2", DAY, "F"]]
    found = records(centre(tmp_path, "all", patients=patients), ALL)
    assert values(found, "patients", "patient") == ["1"]
    assert entry(found, action="refused")["code"] == "no-centre"


def test_a_patient_twice_in_two_centres_of_one_book_is_a_duplicate(tmp_path: Path) -> None:
    patients = [PATIENTS[0], ["S01", "1", DAY, "F"], ["S02", "1", DAY, "F"]]
    found = records(centre(tmp_path, "all", patients=patients), ALL)
    assert "differs in centre" in str(entry(found, code="duplicate-patient", row=3)["reason"])


def test_the_centres_column_is_required_where_patients_are(tmp_path: Path) -> None:
    with pytest.raises(WrongInput, match="the column Centre is missing"):
        records(centre(tmp_path, "all"), ALL)


def test_one_book_holds_all_centres(tmp_path: Path) -> None:
    centre(tmp_path, "one", patients=PATIENTS)
    centre(tmp_path, "two", patients=PATIENTS)
    with pytest.raises(WrongInput, match=r"here are one\.xlsx, two\.xlsx"):
        records(tmp_path, ALL)


def test_one_folder_of_csv_holds_all_centres(tmp_path: Path) -> None:
    files = {
        "patients": "centre,patient,birth_date,sex\nS01,1,1980-05-25,F\n",
        "visits": "patient,visit_date\n1,2023-02-14\n",
        "treatment": "patient,drug,start_date,stop_date\n",
    }
    for name, text in files.items():
        (tmp_path / f"{name}.csv").write_text(text)
    found = records(tmp_path, ALL)
    assert found.forms["visits"].select("patient", "centre").rows() == [("1", "S01")]
    assert found.rows["file"].to_list() == ["patients.csv", "visits.csv"]


def test_headings_told_for_a_centre_hold_for_the_book(tmp_path: Path) -> None:
    told = replace(ALL, columns={"S01": {"patients": {"nato": "birth_date"}}})
    patients = [["centre", "patient", "nato", "sex"], ["S01", "1", DAY, "F"]]
    assert values(records(centre(tmp_path, "all", patients=patients), told), "patients", "birth_date") == [DAY]
