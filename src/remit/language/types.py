"""The types of the study language.

A number is held as a scaled integer: 6.7 mm with one decimal is the integer 67. `limit` is the largest
magnitude that the integer can have; arithmetic carries it along, so that a sum or product which could leave
64-bit integers is refused when the study is loaded, never wrapped at run time.
"""

from __future__ import annotations

from dataclasses import dataclass

from remit.language.units import in_words

LARGEST_INTEGER = 2**62


@dataclass(frozen=True)
class Number:
    """A number with unit and decimals; `unit` is "" for a plain number or score, "d" for days.

    `censored` says that values like "<50" may occur: such a value is an interval. `test` names the laboratory
    test, whose units may have factors of their own; `several_units` says that the charts write it in more than
    one unit, so that a bare number beside it means nothing.
    """

    unit: str = ""
    decimals: int = 0
    limit: int = 10**9
    censored: bool = False
    test: str = ""
    several_units: bool = False


@dataclass(frozen=True)
class Ratio:
    """A quotient of two numbers, held as the two; it can be compared, and summarised as a decimal fraction."""

    unit: str
    top: Number
    bottom: Number


@dataclass(frozen=True)
class YesNo:
    pass


@dataclass(frozen=True)
class Level:
    """One of a closed list of named levels; `ordered` if their order means something."""

    levels: tuple[str, ...]
    ordered: bool = False


@dataclass(frozen=True)
class Date:
    """A calendar day. `censored`: it may lie beyond the end of observation (the stop of a period that goes on)."""

    censored: bool = False


@dataclass(frozen=True)
class Span:
    """The time from one date to another: comparable with days, and with months and years of the calendar."""

    censored: bool = False


@dataclass(frozen=True)
class Text:
    pass


Type = Number | Ratio | YesNo | Level | Date | Span | Text

# Days from 1 January 1 to 31 December 9999 stay below this.
LARGEST_DAY = 4_000_000
DAYS = Number(unit="d", limit=2 * LARGEST_DAY)


def name_of(kind: Type) -> str:
    """The type in a user's words, for messages."""
    match kind:
        case Number(unit=unit):
            return f"a number in {in_words(unit)}" if unit else "a number"
        case Ratio():
            return "a quotient"
        case YesNo():
            return "yes/no"
        case Level(levels=levels):
            return f"a level ({', '.join(levels[:8])}{', …' if len(levels) > 8 else ''})"
        case Date():
            return "a date"
        case Span():
            return "a time between two dates"
        case Text():
            return "a text"


def possible_levels(kind: Type) -> tuple[str, ...] | None:
    """The levels that a value may have, in their order; None where they are not known beforehand, as of a text."""
    match kind:
        case Level(levels=levels):
            return levels
        case YesNo():
            return ("no", "yes")
    return None


def folded(text: str) -> str:
    """A text as texts are compared: without regard to case, and alike on all engines.

    Engines disagree on the capital I with a dot and on the Greek final sigma; both are made plain first.
    """
    return text.replace("İ", "i").lower().replace("ς", "σ")
