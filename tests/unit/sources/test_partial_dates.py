"""Dates without a day, or without a month: refused, or what the study file says that they count as."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from remit.language.types import Date
from remit.sources import parquet
from remit.sources.cells import DateReader
from remit.sources.partial_dates import read_partial
from remit.sources.readings import Reading
from remit.study.forms import Charts, PartialDates
from tests.unit.sources.making import FORMS, VISITS, centre, entries, field, form, records, values

FIRST = PartialDates("first", "first")
MIDDLE = PartialDates("middle", "middle")
LAST = PartialDates("last", "last")
DAY_ONLY = PartialDates(without_day="first")


@pytest.mark.parametrize(
    ("text", "first", "middle", "last"),
    [
        ("2014-02", "2014-02-01", "2014-02-15", "2014-02-28"),
        ("2016-02", "2016-02-01", "2016-02-15", "2016-02-29"),
        ("2014/2", "2014-02-01", "2014-02-15", "2014-02-28"),
        ("02/2014", "2014-02-01", "2014-02-15", "2014-02-28"),
        ("2.2014", "2014-02-01", "2014-02-15", "2014-02-28"),
        ("Feb 2014", "2014-02-01", "2014-02-15", "2014-02-28"),
        ("febbraio-2014", "2014-02-01", "2014-02-15", "2014-02-28"),
        ("2014", "2014-01-01", "2014-07-01", "2014-12-31"),
        ("2014---05", "2014-01-01", "2014-07-01", "2014-12-31"),
    ],
)
def test_what_a_partial_date_counts_as(text: str, first: str, middle: str, last: str) -> None:
    for rule, day in ((FIRST, first), (MIDDLE, middle), (LAST, last)):
        reading = read_partial(text, rule)
        assert reading is not None
        assert (reading.value, reading.action, reading.shown) == (dt.date.fromisoformat(day), "converted", day)


@pytest.mark.parametrize(
    "text", ["2014-13", "00/2014", "about 2014", "2014-02-03", "03/02/2014", "in summer", "0000-02"]
)
def test_what_is_no_partial_date(text: str) -> None:
    assert read_partial(text, FIRST) is None


def test_without_a_rule_it_is_refused_and_the_remedy_named() -> None:
    no_day, no_month = read_partial("2014-02", PartialDates()), read_partial("2014", DAY_ONLY)
    assert no_day == Reading(
        action="refused",
        code="incomplete-date",
        reason="the date has no day, and a day is needed; write it, leave the cell empty, or say in the study file "
        "what such a date counts as (`partial: {without_day: first}`)",
    )
    assert no_month is not None
    assert "without_month" in no_month.reason
    assert read_partial("0000", FIRST) == no_month


def test_a_year_alone_is_a_number_in_a_spreadsheet() -> None:
    assert DateReader("day/month/year", FIRST)(2014.0).value == dt.date(2014, 1, 1)
    assert DateReader("day/month/year", FIRST)(44971).code == "number-for-date"
    assert DateReader("day/month/year", DAY_ONLY)(2014.0).code == "number-for-date"


def test_a_whole_date_is_not_touched_and_a_time_of_day_is_cut_off() -> None:
    read = DateReader("day/month/year", LAST)
    assert read("2014-02-03") == Reading(dt.date(2014, 2, 3))
    assert read("2014-02-03T10:15").code == "time-dropped"
    assert read("2014-02-03T10").value == dt.date(2014, 2, 3)


def test_in_charts_of_each_source(tmp_path: Path) -> None:
    """Workbooks and Parquet read cells alike; the ledger has each that was converted or refused."""
    day = field("visit_date", Date(), partial=DAY_ONLY)
    visits = replace(VISITS, fields={**VISITS.fields, "visit_date": day})
    cells = ["2014-02-03", "2014-02", "2014"]
    rows = [["patient", "visit_date"], *[["S01-001", cell] for cell in cells]]
    found = records(centre(tmp_path, visits=rows), forms={**FORMS, "visits": visits})
    assert values(found, "visits", "visit_date") == [dt.date(2014, 2, 3), dt.date(2014, 2, 1), None]
    assert entries(found, "row", "action", "written", code="partial-date") == [(3, "converted", "2014-02")]
    assert entries(found, "row", "action", "written", code="incomplete-date") == [(4, "refused", "2014")]

    folder = tmp_path / "parquet"
    folder.mkdir()
    pl.DataFrame({"patient": ["1"], "centre": ["A"]}).write_parquet(folder / "patients.parquet")
    pl.DataFrame({"patient": ["1"] * 3, "visit_date": cells}).write_parquet(folder / "visits.parquet")
    forms = (form("patients", "once"), form("visits", "visit", day, date="visit_date"))
    found = parquet.read(folder, {each.name: each for each in forms}, Charts())
    assert values(found, "visits", "visit_date") == [dt.date(2014, 2, 3), dt.date(2014, 2, 1), None]
    assert entries(found, "row", "action", "written", code="partial-date") == [(2, "converted", "2014-02")]
