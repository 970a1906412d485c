"""Levels among which the unknown are one."""

from __future__ import annotations

from remit.trace.people import Bits, People, joined

UNKNOWN = "unknown"


def level_of(people: People, column: str, level: str | None) -> Bits:
    """Who has a level, as results call it; a text that says "unknown" is of those whose level is not known."""
    if level == UNKNOWN:
        return people.unknown(column) | _said(people, column)
    if people.is_yes_no(column):
        return people.yes(column) if level == "yes" else people.no(column)
    return people.having(column, level)


def _said(people: People, column: str) -> Bits:
    if people.is_yes_no(column):
        return 0
    told = people.levels(column).items()
    return joined(who for value, who in told if isinstance(value, str) and value.strip().lower() == UNKNOWN)
