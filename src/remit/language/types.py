"""The types of the study language.

A number is held as a scaled integer: 6.7 mm with one decimal is the integer 67. `limit` is the largest
magnitude that the integer can have; arithmetic carries it along, so that a sum or product which could leave
64-bit integers is refused when the study is loaded, never wrapped at run time.
"""

from __future__ import annotations

from dataclasses import dataclass

LARGEST_INTEGER = 2**62


@dataclass(frozen=True)
class Number:
    """A number with unit and decimals; `unit` is "" for a plain number or score.

    `censored` says that values like "<50" may occur; `ratio` that the value is a quotient, held as
    numerator and denominator.
    """

    unit: str = ""
    decimals: int = 0
    limit: int = 10**9
    censored: bool = False
    ratio: bool = False


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
    """A calendar day. `open_ended`: the end of a period that may still be going on when observation ends."""

    open_ended: bool = False


@dataclass(frozen=True)
class Span:
    """The time from one date to another: comparable with days and with calendar months and years."""

    open_ended: bool = False


@dataclass(frozen=True)
class Text:
    pass


Type = Number | YesNo | Level | Date | Span | Text


def name_of(kind: Type) -> str:
    """The type in a user's words, for messages."""
    match kind:
        case Number(unit=unit):
            return f"a number in {unit}" if unit else "a number"
        case YesNo():
            return "yes/no"
        case Level(levels=levels):
            return "one of " + ", ".join(levels)
        case Date():
            return "a date"
        case Span():
            return "a time between two dates"
        case Text():
            return "a text"
