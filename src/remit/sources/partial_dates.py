"""Dates whose day, or day and month, are not written: what they count as, by what the study file tells of the field.

Read are 2014-02 and 02/2014 (also with / . or -), "Feb 2014", 2014, and 2014---05, where the month alone is unknown.
Without a rule of the study file such a date is refused: a day that nobody wrote is not made up.
"""

from __future__ import annotations

import datetime as dt
import re
from calendar import monthrange

from remit.sources.dates import MONTH, without_accents
from remit.sources.readings import Reading, converted, refused
from remit.study.forms import PartialDates, Which

YEAR = re.compile(r"([0-9]{4})(?:---[0-9]{1,2})?")
YEAR_MONTH = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})")
MONTH_YEAR = re.compile(r"([0-9]{1,2})[-/. ]{1,2}([0-9]{4})")
NAMED_MONTH = re.compile(r"([^\W\d_]{3,})[-/. ]{1,2}([0-9]{4})")

NO_DAY = (
    "the date has no day, and a day is needed; write it, leave the cell empty, or say in the study file what such a "
    "date counts as (`partial: {without_day: first}`)"
)
NO_MONTH = (
    "the date has no month, and a day is needed; write it, leave the cell empty, or say in the study file what such a "
    "date counts as (`partial: {without_month: first}`)"
)


def read_partial(text: str, rule: PartialDates) -> Reading | None:
    """The reading of a date without its day or month; None if the text is none."""
    if found := month_of(text):
        if rule.without_day is None:
            return refused("incomplete-date", NO_DAY)
        day = _in_month(*found, rule.without_day)
        return converted(day, "partial-date", day.isoformat(), f"a date without a day counts as {day}")
    if year := YEAR.fullmatch(text):
        if rule.without_month is None or int(year[1]) == 0:
            return refused("incomplete-date", NO_MONTH)
        day = _in_year(int(year[1]), rule.without_month)
        return converted(day, "partial-date", day.isoformat(), f"a date without a month counts as {day}")
    return None


def month_of(text: str) -> tuple[int, int] | None:
    """Year and month of a date without a day."""
    if match := YEAR_MONTH.fullmatch(text):
        year, month = int(match[1]), int(match[2])
    elif match := MONTH_YEAR.fullmatch(text):
        year, month = int(match[2]), int(match[1])
    elif match := NAMED_MONTH.fullmatch(text):
        year, month = int(match[2]), MONTH.get(without_accents(match[1]), 0)
    else:
        return None
    return (year, month) if 1 <= month <= 12 and year else None


def _in_month(year: int, month: int, which: Which) -> dt.date:
    days = {"first": 1, "middle": 15, "last": monthrange(year, month)[1]}
    return dt.date(year, month, days[which])


def _in_year(year: int, which: Which) -> dt.date:
    month, day = {"first": (1, 1), "middle": (7, 1), "last": (12, 31)}[which]
    return dt.date(year, month, day)
