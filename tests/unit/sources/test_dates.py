"""Dates as text: each calendar day reads back in each writing, and nothing that is no day does."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.sources import dates
from remit.study.forms import DateOrder

days = st.dates(dt.date(1000, 1, 1), dt.date(9999, 12, 31))
orders: st.SearchStrategy[DateOrder] = st.sampled_from(["year-month-day", "day/month/year", "month/day/year"])
WRITTEN = {
    "year-month-day": "{y}{s}{m:02}{s}{d:02}",
    "day/month/year": "{d}{s}{m}{s}{y}",
    "month/day/year": "{m}{s}{d}{s}{y}",
}


@given(days, orders, st.sampled_from("-/."))
def test_each_day_reads_back_in_its_order(day: dt.date, order: DateOrder, sign: str) -> None:
    text = WRITTEN[order].format(y=day.year, m=day.month, d=day.day, s=sign)
    assert dates.parse(text, order) == day


@given(days, orders, st.sampled_from(["-", " ", "/", ". "]), st.sampled_from(dates.MONTHS), st.booleans())
def test_each_day_reads_back_by_the_name_of_its_month(
    day: dt.date, order: DateOrder, sign: str, months: str, title: bool
) -> None:
    name = months.split()[day.month - 1]
    text = f"{day.day:02}{sign}{name.title() if title else name}{sign}{day.year}"
    assert dates.parse(text, order) == day


@given(days)
def test_the_two_orders_agree_only_where_day_and_month_are_the_same_number(day: dt.date) -> None:
    text = f"{day:%d/%m}/{day.year}"
    readings = {read(text) for read in dates.READINGS.values()} - {None}
    assert day in readings
    assert (len(readings) == 1) == (day.day > 12 or day.day == day.month)


@pytest.mark.parametrize(
    ("name", "month"),
    [
        ("Jan", 1), ("gen", 1), ("ene", 1), ("févr.", 2), ("Mär", 3), ("Mrz", 3), ("avr", 4),
        ("mag", 5), ("mai", 5), ("giu", 6), ("juin", 6), ("lug", 7), ("juil.", 7), ("août", 8),
        ("ago", 8), ("set", 9), ("Okt", 10), ("ott", 10), ("nov", 11), ("Dez", 12), ("dic", 12),
    ],
)  # fmt: skip
def test_month_names_of_five_languages(name: str, month: int) -> None:
    for text in (f"04-{name}-1976", f"4 {name} 1976"):
        assert dates.parse(text, "year-month-day") == dt.date(1976, month, 4)


@pytest.mark.parametrize(
    ("text", "order", "code"),
    [
        ("31/02/2023", "day/month/year", "impossible-date"),
        ("2023-02-30", "day/month/year", "impossible-date"),
        ("31-Apr-2023", "day/month/year", "impossible-date"),
        ("03/25/2023", "day/month/year", "against-habit"),
        ("25/03/2023", "month/day/year", "against-habit"),
        ("03/04/2023", "year-month-day", "against-habit"),
        ("12/03/23", "day/month/year", "two-digit-year"),
        ("4-Jan-76", "day/month/year", "two-digit-year"),
        ("4-jui-2023", "day/month/year", "not-a-date"),  # juin or juillet
        ("12/03-2023", "day/month/year", "not-a-date"),
        ("about 2010", "day/month/year", "not-a-date"),
        ("in summer", "day/month/year", "not-a-date"),
        ("٠٤/٠٣/٢٠٢٣", "day/month/year", "not-a-date"),
    ],
)
def test_what_is_no_day(text: str, order: DateOrder, code: str) -> None:
    assert dates.parse(text, order) is None
    assert dates.why_not(text, order)[0] == code


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("2023-03-04 00:00:00", ("2023-03-04", "")),
        ("2023-03-04T10:30", ("2023-03-04", "10:30")),
        ("04/03/2023 0:00", ("04/03/2023", "")),
        ("04/03/2023", ("04/03/2023", "")),
        ("2023-03-04T10", ("2023-03-04", "10")),
        ("2023-03-04 10", ("2023-03-04 10", "")),
        ("4 marzo 1976", ("4 marzo 1976", "")),
    ],
)
def test_the_time_of_day(text: str, parts: tuple[str, str]) -> None:
    assert dates.split_time(text) == parts
