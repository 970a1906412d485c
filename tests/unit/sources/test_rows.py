"""Rows: which belong to a patient, and what becomes of the others."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from remit.errors import WrongInput
from remit.schema.records import Records
from tests.unit.sources.making import DAY, FORMS, NOTE, Formula, centre, entries, entry, form, records, values

BIRTH = dt.date(1980, 5, 17)


def patients(folder: Path, *rows: tuple[object, ...]) -> Records:
    return records(centre(folder, patients=[["patient", "birth_date", "sex", "weight"], *rows]))


def visited(folder: Path, *ids: object) -> Records:
    rows = [[patient, DAY + dt.timedelta(index)] for index, patient in enumerate(ids)]
    return records(centre(folder, visits=[["patient", "visit_date"], *rows]))


def test_rows_are_numbered_over_all_forms_by_centre_form_and_row(tmp_path: Path) -> None:
    for name in ("S02", "S01"):
        centre(
            tmp_path,
            name,
            patients=[["patient", "birth_date", "sex"], [f"{name}-1", BIRTH, "F"], [], [f"{name}-2", BIRTH, "F"]],
            visits=[["patient", "visit_date"], [f"{name}-2", DAY], [f"{name}-1", DAY]],
        )
    found = records(tmp_path)
    assert found.rows.rows() == [
        (0, "patients", "S01.xlsx", "patients", 2),
        (1, "patients", "S01.xlsx", "patients", 4),
        (2, "visits", "S01.xlsx", "visits", 2),
        (3, "visits", "S01.xlsx", "visits", 3),
        (4, "patients", "S02.xlsx", "patients", 2),
        (5, "patients", "S02.xlsx", "patients", 4),
        (6, "visits", "S02.xlsx", "visits", 2),
        (7, "visits", "S02.xlsx", "visits", 3),
    ]
    assert found.forms["visits"].select("patient", "centre", "_row").rows() == [
        ("S01-2", "S01", 2), ("S01-1", "S01", 3), ("S02-2", "S02", 6), ("S02-1", "S02", 7)
    ]  # fmt: skip


def test_a_copied_patient_is_used_once(tmp_path: Path) -> None:
    found = patients(tmp_path, ("1", BIRTH, "F", 70), ("2", BIRTH, "M", 80), ("1 ", BIRTH, "F", 70))
    assert values(found, "patients", "patient") == ["1", "2"]
    assert entries(found, "action", "row", "patient", "reason", code="repeated-row") == [
        ("unused", 4, "1", "the row is a copy of row 2, which is used")
    ]


def test_a_patient_twice_with_different_values_is_queried_and_the_later_rows_refused(tmp_path: Path) -> None:
    found = patients(tmp_path, ("1", BIRTH, "F", 70), ("1", BIRTH, "M", 80), ("1", BIRTH, "F", 71))
    assert values(found, "patients", "weight") == [700]
    assert entries(found, "action", "row", code="duplicate-patient") == [("queried", 2), ("refused", 3), ("refused", 4)]
    assert "differs in sex, weight" in str(entry(found, row=3)["reason"])


def test_ids_that_differ_in_capitals_are_one_patient_twice(tmp_path: Path) -> None:
    found = patients(tmp_path, ("S01-1", BIRTH, "F"), ("s01-1", BIRTH, "F"))
    assert values(found, "patients", "patient") == ["S01-1"]
    assert "differs in patient" in str(entry(found, row=3)["reason"])


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        (None, "no-patient"),
        ("ND", "no-patient"),
        (DAY, "not-an-id"),  # "1-2", of which a spreadsheet made a date
        (True, "not-an-id"),
        (1e15, "not-an-id"),
        ("#REF!", "spreadsheet-error"),
        (Formula("=1/0", "#DIV/0!"), "spreadsheet-error"),
        (Formula("=B2"), "formula-not-calculated"),
        ("Patient", "repeated-heading"),
        ("S01-099", "unknown-patient"),
    ],
)
def test_a_row_of_nobody_is_refused(tmp_path: Path, cell: object, code: str) -> None:
    found = visited(tmp_path, "S01-001", cell)
    assert values(found, "visits", "patient") == ["S01-001"]
    refused = entry(found, action="refused")
    assert (refused["code"], refused["row"], refused["column"]) == (code, 3, None)


@pytest.mark.parametrize("meant", ["s01-001", "S01 001", "s01_1", "S01-1"])
def test_the_patient_who_may_be_meant_is_named(tmp_path: Path, meant: str) -> None:
    found = visited(tmp_path, meant)
    assert values(found, "visits", "patient") == []
    assert "S01-001 is meant?" in str(entry(found, code="unknown-patient")["reason"])


def test_the_cells_of_a_refused_row_have_no_entries_of_their_own(tmp_path: Path) -> None:
    centre(tmp_path, visits=[["patient", "visit_date"], ["S01-099", "31/02/2023"]])
    assert entries(records(tmp_path), "code", sheet="visits", row=2) == [("unknown-patient",)]


def test_ids_are_used_as_the_spreadsheet_shows_them(tmp_path: Path) -> None:
    centre(
        tmp_path,
        patients=[["patient", "birth_date", "sex"], [1, BIRTH, "F"], ["007", BIRTH, "F"], [" A\u00a0 1 ", BIRTH, "F"]],
        visits=[["patient", "visit_date"], ["1", DAY], [1.0, DAY], ["A 1", DAY], [7, DAY]],
    )
    found = records(tmp_path)
    assert values(found, "patients", "patient") == ["1", "007", "A 1"]
    assert values(found, "visits", "patient") == ["1", "1", "A 1"]
    assert "007 is meant?" in str(entry(found, code="unknown-patient")["reason"])


def test_a_patient_of_another_centre_is_unknown_here(tmp_path: Path) -> None:
    centre(tmp_path, "S02", patients=[["patient", "birth_date", "sex"], ["S02-001", BIRTH, "F"]])
    found = visited(tmp_path, "S02-001")
    assert entry(found, code="unknown-patient")["reason"] == ("there is no patient S02-001; it is a patient of S02")


def test_a_patient_in_the_books_of_two_centres_stops_the_run(tmp_path: Path) -> None:
    centre(tmp_path, "S01")
    centre(tmp_path, "S02")
    with pytest.raises(WrongInput) as error:
        records(tmp_path)
    assert error.value.where == "S02.xlsx, sheet patients"
    assert error.value.what == "the patient S01-001 stands here in row 2, and in S01.xlsx, sheet patients, row 2."


def test_blank_rows_are_passed_over(tmp_path: Path) -> None:
    centre(tmp_path, visits=[["patient", "visit_date"], [], ["S01-001", DAY], [" ", None], ["S01-001", DAY]])
    found = records(tmp_path)
    assert found.rows.filter(form="visits")["row"].to_list() == [3, 5]


def test_an_event_entered_twice_is_used_and_queried(tmp_path: Path) -> None:
    rows = [["S01-001", DAY], ["S01-001", DAY + dt.timedelta(1)], ["S01-001", DAY]]
    found = records(centre(tmp_path, visits=[["patient", "visit_date"], *rows]))
    assert len(values(found, "visits", "patient")) == 3
    assert entries(found, "action", "row", code="repeated-row") == [("queried", 4)]


def test_a_patient_of_whom_only_the_id_is_known_is_queried(tmp_path: Path) -> None:
    found = patients(tmp_path, ("1", BIRTH, "F", 70), ("Source: chart review",))
    assert entries(found, "action", "row", code="empty-row") == [("queried", 3)]


def test_several_forms_with_one_row_a_patient(tmp_path: Path) -> None:
    forms = {**FORMS, "outcome": form("outcome", "once", NOTE)}
    centre(
        tmp_path,
        patients=[["patient", "birth_date", "sex"], ["1", BIRTH, "F"], ["2", BIRTH, "F"], ["a", BIRTH, "F"]],
        outcome=[["patient", "note"], ["1", "well"], ["3", "well"], ["A", "well"]],
        visits=[["patient", "visit_date"], ["3", DAY]],
    )
    found = records(tmp_path, forms=forms)
    assert values(found, "outcome", "patient") == ["1", "3"]
    assert values(found, "visits", "patient") == ["3"]  # known from the one form, though not from the other
    assert entries(found, "sheet", "patient", code="no-row") == [
        ("outcome", "2"), ("outcome", "a"), ("patients", "3")
    ]  # fmt: skip
    assert "a is meant?" in str(entry(found, code="unknown-patient", sheet="outcome")["reason"])
