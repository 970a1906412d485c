"""A share at a day, with its interval."""

from __future__ import annotations

from remit.report.document import Cell, Words, words
from remit.report.lookup import Result, Statistics
from remit.report.numbers import NONE, count, percent
from remit.report.wording import capital


def share_cell(found: Statistics) -> Cell:
    """70.1 (60.2 to 79.0), and where it is among the statistics: at risk 40"""
    at_risk = (_at_risk(found["at_risk"]),) if "at_risk" in found else ()
    if found["percent"].value is None:
        return Cell(((NONE,), *at_risk), (words(capital(found["percent"].note or ""), "."),), muted=True)
    return Cell((share(found), *at_risk))


def _at_risk(found: Result) -> Words:
    return words("at risk ", count(found))


def share(found: Statistics) -> Words:
    """70.1 (60.2 to 79.0); 100 without an interval, for there is none."""
    if found["lower"].value is None:
        return words(percent(found["percent"]))
    return words(percent(found["percent"]), " (", percent(found["lower"]), " to ", percent(found["upper"]), ")")
