"""Habits: is 03/04/2023 March or April, is 1.234 a thousand? Told, seen in the whole column, or an error."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from remit.errors import WrongInput
from remit.schema.records import Records
from remit.study.forms import Habits
from tests.unit.sources.making import CHARTS, DAY, centre, entries, entry, records, values, visits


def dated(folder: Path, *cells: object, births: object = DAY, **habits: Any) -> Records:
    rows = [["S01-001", cell] for cell in cells]
    patients = [["patient", "birth_date", "sex"], ["S01-001", births, "F"]]
    charts = replace(CHARTS, habits={"S01": Habits(**habits)})
    return records(centre(folder, visits=[["patient", "visit_date"], *rows], patients=patients), charts)


@pytest.mark.parametrize(
    ("evidence", "order", "day"),
    [("25/03/2023", "day/month/year", dt.date(2023, 4, 3)), ("03/25/2023", "month/day/year", dt.date(2023, 3, 4))],
)
def test_a_column_is_decided_by_its_own_cells(tmp_path: Path, evidence: str, order: str, day: dt.date) -> None:
    found = dated(tmp_path, "03/04/2023", evidence)
    assert values(found, "visits", "visit_date") == [day, dt.date(2023, 3, 25)]
    seen = entry(found, code="date-order")
    assert (seen["action"], seen["row"], seen["column"], seen["value"]) == ("recognised", None, "B", order)
    assert seen["reason"] == f"'{evidence}' in B3 can only be {order}"


def test_a_silent_column_is_decided_by_the_centres_other_columns(tmp_path: Path) -> None:
    found = dated(tmp_path, "03/04/2023", births="05/25/1980")
    assert values(found, "visits", "visit_date") == [dt.date(2023, 3, 4)]
    seen = entry(found, code="date-order", form="visits")["reason"]
    assert seen == (
        "no cell of this column tells; '05/25/1980' in S01.xlsx, sheet patients, column B (birth_date), cell B2, "
        "can only be month/day/year"
    )


def test_a_column_that_nothing_decides_stops_the_run(tmp_path: Path) -> None:
    with pytest.raises(WrongInput) as error:
        dated(tmp_path, "05/05/2023", "03/04/2023")
    assert error.value.where == "S01.xlsx, sheet visits, column B (visit_date)"
    assert "'03/04/2023' in B3 can be read in two ways" in error.value.what
    assert "centres: {S01: {dates: day/month/year (or month/day/year)}}" in error.value.remedy


def test_other_columns_that_disagree_do_not_decide(tmp_path: Path) -> None:
    treatment = [["patient", "drug", "start_date", "stop_date"], ["S01-001", "x", "25/03/2023", "03/25/2023"]]
    visit = [["patient", "visit_date"], ["S01-001", "03/04/2023"]]
    with pytest.raises(WrongInput, match="the centre's other columns disagree"):
        records(centre(tmp_path, visits=visit, treatment=treatment))


def test_another_centre_does_not_decide(tmp_path: Path) -> None:
    centre(tmp_path, "S02", patients=[["patient", "birth_date", "sex"], ["S02-001", "25/03/1980", "F"]])
    with pytest.raises(WrongInput, match="nothing else of this centre"):
        dated(tmp_path, "03/04/2023")


def test_a_column_in_both_orders_stops_the_run_and_names_the_two_cells(tmp_path: Path) -> None:
    with pytest.raises(WrongInput) as error:
        dated(tmp_path, "03/25/2023", "25/03/2023", "26/03/2023")
    assert error.value.what == (
        "the column is written in two habits: '03/25/2023' in B2 is month/day/year and '25/03/2023' in B3 is "
        "day/month/year."
    )


def test_a_told_order_settles_both_and_refuses_what_contradicts_it(tmp_path: Path) -> None:
    found = dated(tmp_path, "03/25/2023", "25/03/2023", "03/04/2023", "2023-04-03", dates="day/month/year")
    march = dt.date(2023, 4, 3)
    assert values(found, "visits", "visit_date") == [None, dt.date(2023, 3, 25), march, march]
    assert entry(found, action="refused")["code"] == "against-habit"
    assert entries(found, "code", action="recognised") == []


def test_under_year_first_no_other_order_is_read(tmp_path: Path) -> None:
    found = dated(tmp_path, "2023-03-04", "25/03/2023", "03/04/2023", dates="year-month-day")
    assert values(found, "visits", "visit_date") == [dt.date(2023, 3, 4), None, None]


def test_columns_that_all_read_alike_need_no_habit(tmp_path: Path) -> None:
    found = dated(tmp_path, "05/05/2023", "31/02/2023", "2023-04-03", "3 Apr 2023", DAY)
    assert values(found, "visits", "visit_date")[0] == dt.date(2023, 5, 5)
    assert entries(found, "code", code="date-order") == []


def test_an_impossible_date_is_no_evidence(tmp_path: Path) -> None:
    with pytest.raises(WrongInput, match="nothing else of this centre"):
        dated(tmp_path, "31/02/2023", "03/04/2023")


def test_dates_that_a_spreadsheet_may_have_swapped_are_queried(tmp_path: Path) -> None:
    """A spreadsheet that expects month/day makes a date of 03/04/2023, and leaves 25/03/2023 as text."""
    found = dated(tmp_path, dt.date(2023, 3, 4), "25/03/2023", dt.date(2023, 7, 12))
    assert entry(found, code="mixed-dates")["action"] == "queried"


@pytest.mark.parametrize("others", [(dt.date(2023, 3, 14),), (dt.date(2023, 3, 4), "03/04/2023"), ()])
def test_other_mixtures_of_text_and_dates_are_not_queried(tmp_path: Path, others: tuple[object, ...]) -> None:
    found = dated(tmp_path, "25/03/2023", *others)
    assert entries(found, "code", code="mixed-dates") == []


def test_dates_that_are_all_the_first_of_a_month_are_queried(tmp_path: Path) -> None:
    """A spreadsheet makes the first of January 2010 of "Jan 2010"."""
    found = dated(tmp_path, *[dt.date(2010 + year, 1 + year, 1) for year in range(5)])
    assert entry(found, code="first-of-month")["column"] == "B"


# --- decimals ---


def test_a_comma_decides_for_the_doubtful_cells_of_its_column(tmp_path: Path) -> None:
    found = visits(tmp_path, "calprotectin_ug_per_g", "1.234", "<50,0", "2.717", "309")
    assert values(found, "visits", "calprotectin") == [1234, 50, 2717, 309]
    assert entries(found, "written", "value", "reason", code="decimal-sign", action="converted") == [
        ("1.234", "1234 ug/g", "text read with a decimal comma"),
        ("2.717", "2717 ug/g", "text read with a decimal comma"),
    ]
    assert entry(found, action="recognised", code="decimal-sign")["reason"] == "'50,0' in C3 can only be comma"


def test_a_point_decides_too(tmp_path: Path) -> None:
    found = visits(tmp_path, "calprotectin_ug_per_g", "1,234", "50.0")
    assert values(found, "visits", "calprotectin") == [1234, 50]


@pytest.mark.parametrize("cell", ["1.234", "1,234", "12,345", "-1.234"])
def test_a_doubtful_number_alone_stops_the_run(tmp_path: Path, cell: str) -> None:
    with pytest.raises(WrongInput) as error:
        visits(tmp_path, "calprotectin_ug_per_g", cell, "12")
    assert error.value.where == "S01.xlsx, sheet visits, column C (calprotectin_ug_per_g)"
    assert "centres: {S01: {decimal: comma (or point)}}" in error.value.remedy


def test_another_column_of_the_centre_decides(tmp_path: Path) -> None:
    rows = [["patient", "visit_date", "calprotectin_ug_per_g", "crp_mg_per_dL"], ["S01-001", DAY, "1.234", "0,7"]]
    found = records(centre(tmp_path, visits=rows))
    assert values(found, "visits", "calprotectin") == [1234]
    assert "'0,7' in S01.xlsx" in str(entry(found, action="recognised", code="decimal-sign", column="C")["reason"])


def test_a_column_with_comma_and_point_stops_the_run(tmp_path: Path) -> None:
    with pytest.raises(WrongInput, match=r"'0,7' in C2 is comma and '0\.8' in C3 is point"):
        visits(tmp_path, "crp_mg_per_dL", "0,7", "0.8")


def test_a_told_sign_settles_it_and_refuses_what_contradicts_it(tmp_path: Path) -> None:
    charts = replace(CHARTS, habits={"S01": Habits(decimal="comma")})
    found = visits(tmp_path, "crp_mg_per_dL", "0,7", "0.8", "1.234", charts=charts)
    assert values(found, "visits", "crp") == [70, None, None]
    assert entries(found, "row", "code", action="refused") == [(3, "against-habit"), (4, "out-of-range")]


def test_numbers_of_the_spreadsheet_are_no_evidence_and_need_no_habit(tmp_path: Path) -> None:
    found = visits(tmp_path, "crp_mg_per_dL", 1.25, "12", 0.5)
    assert values(found, "visits", "crp") == [125, 1200, 50]
    assert entries(found, "code", code="decimal-sign") == []


def test_habits_of_a_centre_without_charts_are_named(tmp_path: Path) -> None:
    charts = replace(CHARTS, habits={"S10": Habits(decimal="comma")})
    found = records(centre(tmp_path), charts)
    assert entries(found, "action", "centre", code="centre-without-charts") == [("unused", "S10")]
