"""Dates as text → calendar days.

Read in any habit, because they cannot be misread: yyyy-mm-dd (also with / or .), and a day, the name of a month and a
year ("04-Jan-1976", "4 gennaio 1976"). Read by the habit of the column: dd/mm/yyyy or mm/dd/yyyy, with / . or -.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import partial

from remit.study.forms import DateOrder

YEAR_FIRST = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})")
YEAR_LAST = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4})")
NAMED = re.compile(r"([0-9]{1,2})[-/. ]{1,2}([^\W\d_]{3,})[-/. ]{1,2}([0-9]{4})")
TIME = re.compile(r"(?:[T ](?=[0-9]+:)|T)([0-9]{1,2}(?::[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?)?)$")
SHORT_YEAR = re.compile(r"[0-9]{1,2}([-/. ])(?:[0-9]{1,2}|[^\W\d_]{3,})\.?\1['’]?[0-9]{2}")

MONTHS = (
    "january february march april may june july august september october november december",
    "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre",
    "januar februar marz april mai juni juli august september oktober november dezember",
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "januar februar mrz april mai juni juli august setiembre oktober november dezember",
)


def months_by_name() -> dict[str, int]:
    """Each beginning of three or more letters that means one month in all five languages: "jui" is not among them."""
    meanings: dict[str, set[int]] = {}
    for names in MONTHS:
        for month, name in enumerate(names.split(), start=1):
            for length in range(3, len(name) + 1):
                meanings.setdefault(name[:length], set()).add(month)
    return {name: months.pop() for name, months in meanings.items() if len(months) == 1}


MONTH = months_by_name()


def parse(text: str, order: DateOrder) -> dt.date | None:
    """The calendar day that a text writes in this habit; None if it writes none (31/02/2023, or another habit)."""
    if match := YEAR_FIRST.fullmatch(text):
        return day(int(match[1]), int(match[3]), int(match[4]))
    if match := YEAR_LAST.fullmatch(text):
        first, second, year = int(match[1]), int(match[3]), int(match[4])
        if order == "day/month/year":
            return day(year, second, first)
        return day(year, first, second) if order == "month/day/year" else None
    if match := NAMED.fullmatch(text):
        month = MONTH.get(without_accents(match[2]))
        return day(int(match[3]), month, int(match[1])) if month else None
    return None


READINGS: Mapping[str, Callable[[str], object]] = {
    "day/month/year": partial(parse, order="day/month/year"),
    "month/day/year": partial(parse, order="month/day/year"),
}


def split_time(text: str) -> tuple[str, str]:
    """The date and the time of day ("" if none is written, or midnight): "2023-03-04 00:00:00" → ("2023-03-04", "")."""
    match = TIME.search(text)
    if match is None:
        return text, ""
    return text[: match.start()], match[1] if match[1].strip("0:.") else ""


def why_not(text: str, order: DateOrder) -> tuple[str, str]:
    """Code and reason of a text that `parse` does not read."""
    if SHORT_YEAR.fullmatch(text):
        return "two-digit-year", "the year has two digits, so the century is not known; write it with four"
    if any(read(text) for read in READINGS.values()):
        return (
            "against-habit",
            f"this cannot be read as {order}, the order of this column; write the date as yyyy-mm-dd",
        )
    if YEAR_FIRST.fullmatch(text) or YEAR_LAST.fullmatch(text) or named(text):
        return "impossible-date", "there is no such day in the calendar; correct it against the chart"
    return (
        "not-a-date",
        "this is no date that can be read; write it as yyyy-mm-dd, or leave the cell empty if there is none",
    )


def named(text: str) -> bool:
    match = NAMED.fullmatch(text)
    return match is not None and without_accents(match[2]) in MONTH


def day(year: int, month: int, day_of_month: int) -> dt.date | None:
    try:
        return dt.date(year, month, day_of_month)
    except ValueError:
        return None


def without_accents(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
