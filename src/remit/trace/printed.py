"""Values of a frame's columns → texts, as a reader of charts writes them: 0.87 mg/dL, <50 µg/g, 12 March 2023."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from math import floor

import polars as pl

from remit.language.columns import BOTTOM, HIGH, HIGH_OPEN, LOW, LOW_OPEN, TOP
from remit.language.evaluate import Bounds, Held
from remit.language.intervals import Quotient
from remit.language.types import Date, Number, Type, YesNo
from remit.language.units import printed
from remit.language.words import day_in_words

UNKNOWN = "—"
EPOCH = datetime.date(1970, 1, 1)
QUOTIENT_DECIMALS = 4
YEAR = Fraction(1461, 4)  # days

End = tuple[int | None, int | None, bool, bool]  # low, high, and whether they lie outside


def texts(frame: pl.DataFrame, name: str, held: Held, kind: Type, is_day: bool = False) -> tuple[str, ...]:
    """Each row's value, of columns as `evaluate.held_columns` makes them. is_day: a number of days that counts from
    day 0 is printed as the day that it is."""
    if isinstance(held, Quotient):
        return _quotients(frame, name, held)
    if isinstance(held, Bounds):
        words = _DATE_WORDS if is_day or isinstance(kind, Date) else _NUMBER_WORDS
        return _intervals(_ends(frame, name, held), _writer(kind, held.scale, is_day), words)
    return plain_texts(frame[name], kind)


def truths(column: pl.Series) -> tuple[str, ...]:
    """yes, no, or nothing where it is not known."""
    return tuple("" if value is None else "yes" if value else "no" for value in column)


def plain_texts(column: pl.Series, kind: Type) -> tuple[str, ...]:
    """Of yes/no, levels and texts."""
    if isinstance(kind, YesNo):
        return tuple(text or UNKNOWN for text in truths(column))
    return tuple(UNKNOWN if value is None else str(value) for value in column)


def _ends(frame: pl.DataFrame, name: str, held: Bounds) -> Iterable[End]:
    if held.exact:
        return ((value, value, False, False) for value in frame[name])
    columns = (frame[name + part] for part in (LOW, HIGH, LOW_OPEN, HIGH_OPEN))
    return zip(*columns, strict=True)


def _intervals(ends: Iterable[End], write: Callable[[int], str], words: Sequence[str]) -> tuple[str, ...]:
    found: dict[End, str] = {}
    said = []
    for end in ends:
        if end not in found:
            found[end] = _interval(end, write, words)
        said.append(found[end])
    return tuple(said)


_NUMBER_WORDS = (">", "≥", "<", "≤")
_DATE_WORDS = ("after ", "on or after ", "before ", "on or before ")


def _interval(end: End, write: Callable[[int], str], words: Sequence[str]) -> str:
    low, high, low_open, high_open = end
    if low is None and high is None:
        return UNKNOWN
    if high is None:
        return words[0 if low_open else 1] + write(low or 0)
    if low is None:
        return words[2 if high_open else 3] + write(high)
    return write(low) if low == high else f"{write(low)} to {write(high)}"


def _writer(kind: Type, scale: int, is_day: bool) -> Callable[[int], str]:
    if isinstance(kind, Date):
        return lambda value: day_in_words(EPOCH + datetime.timedelta(days=value))
    if isinstance(kind, Number) and not is_day:
        if scale == 10**kind.decimals:
            return lambda value: _with_unit(scaled_text(value, kind.decimals), kind.unit, abs(value) == scale)
        return lambda value: number_text(Fraction(value, scale), kind)
    return (lambda value: f"day {value}") if is_day else span_text


def span_text(days: int) -> str:
    """6355 days (17.4 years)"""
    years = f" ({decimal_text(Fraction(days) / YEAR, 1)} years)" if abs(days) > YEAR else ""
    return number_text(Fraction(days), Number("d")) + years


def number_text(value: Fraction, kind: Number) -> str:
    """With the decimals that it is read with; of more than two, those that are not zeros."""
    return _with_unit(decimal_text(value, kind.decimals), kind.unit, abs(value) == 1)


_UNITS = {"a": "year", "mo": "month", "d": "day"}


def _with_unit(text: str, unit: str, is_one: bool) -> str:
    if unit in _UNITS:
        return f"{text} {_UNITS[unit]}{'' if is_one else 's'}"
    return f"{text} {printed(unit).removeprefix('1 ')}" if unit else text


def decimal_text(value: Fraction, decimals: int) -> str:
    """Half up; zeros behind the second decimal are left out."""
    scaled = floor(abs(value) * 10**decimals + Fraction(1, 2))
    return scaled_text(-scaled if value < 0 else scaled, decimals)


def scaled_text(scaled: int, decimals: int) -> str:
    """A number that is held as an integer: 67 with one decimal is 6.7."""
    sign = "−" if scaled < 0 else ""
    if not decimals:
        return f"{sign}{abs(scaled)}"
    digits = f"{abs(scaled):0{decimals + 1}d}"
    whole, behind = digits[:-decimals], digits[-decimals:]
    return f"{sign}{whole}.{behind[:2]}{behind[2:].rstrip('0')}"


def _quotients(frame: pl.DataFrame, name: str, held: Quotient) -> tuple[str, ...]:
    """The number itself where both parts are exact."""
    tops, bottoms = (_ends(frame, name + part, of) for part, of in ((TOP, held.top), (BOTTOM, held.bottom)))
    return tuple(
        UNKNOWN
        if top[0] is None or bottom[0] is None or top[0] != top[1] or bottom[0] != bottom[1]
        else decimal_text(Fraction(top[0], held.top.scale) / Fraction(bottom[0], held.bottom.scale), QUOTIENT_DECIMALS)
        for top, bottom in zip(tops, bottoms, strict=True)
    )
