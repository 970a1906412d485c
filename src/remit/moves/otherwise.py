"""What a cell could read instead: unknown, each other level, numbers just across what they are compared with."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import floor
from typing import cast

import polars as pl

from remit.derive.define import queries
from remit.language.query import Change, Compare, Constant, Divide, OneOf, Query, RowValue, Value, plain, walk
from remit.language.types import Date, Level, Number, Text, YesNo
from remit.schema.records import ONGOING, Records
from remit.study.forms import Field, Form
from remit.study.study import Study
from remit.trace.printed import date_text, number_text

Cell = int | bool | str | datetime.date | None
UNKNOWN = "unknown"
ANOTHER = "another text"
ALL_UP_TO = 30  # possible numbers; of more, those at the ends and across each threshold
DAYS = (-30, -1, 1, 30)


@dataclass(frozen=True)
class Otherwise:
    """A value that the cell could have, as in the records (numbers scaled), and as it is said. `ongoing`: of a stop
    that is empty because the period goes on."""

    said: str
    value: Cell
    ongoing: bool = False


def otherwise(study: Study, records: Records, form: str, field: str, row: dict[str, Cell]) -> list[Otherwise]:
    """row: that of the cell, in the records."""
    of, known = study.forms[form], records.forms[form][field]
    now = row[field]
    found = [Otherwise(UNKNOWN, None)] if now is not None or row.get(ONGOING) else []
    if field == of.stop and not row.get(ONGOING):
        found.append(Otherwise("going on", None, ongoing=True))
    start = row.get(of.date or of.start or "")
    found += [each for each in _values(study, of, of.fields[field], known, now, start) if each.value != now]
    return found


def _values(study: Study, form: Form, field: Field, known: pl.Series, now: Cell, start: Cell) -> Iterator[Otherwise]:
    match field.type:
        case YesNo():
            yield from (Otherwise("yes", True), Otherwise("no", False))
        case Level(levels=levels):
            yield from (Otherwise(level, level) for level in levels)
        case Number() as kind:
            for number in _numbers(study, form, field, kind, known):
                yield Otherwise(number_text(Fraction(number, 10**kind.decimals), kind), number)
        case Date():
            about = now if isinstance(now, datetime.date) else start
            if isinstance(about, datetime.date):
                days = (about + datetime.timedelta(days=days) for days in (DAYS if about == now else (0, *DAYS)))
                yield from (Otherwise(date_text(day), day) for day in days)
        case Text():
            named = [options[0] for options in _options(study, form.name, field.name)]
            yield from (Otherwise(f"“{text}”", text) for text in dict.fromkeys(named))
            yield Otherwise(ANOTHER, f"({ANOTHER})")


def _numbers(study: Study, form: Form, field: Field, kind: Number, known: pl.Series) -> list[int]:
    """Scaled. All that are possible, if they are few; else the ends of what is possible, or has been seen, and what
    lies at and beside each threshold."""
    scale = 10**kind.decimals
    seen = (cast("int | None", known.min()), cast("int | None", known.max()))
    low, high = (
        seen_end if end is None else int(end * scale)
        for end, seen_end in zip((field.low, field.high), seen, strict=True)
    )
    ends = [end for end in (low, high) if end is not None]
    if low is not None and high is not None and field.low is not None and high - low < ALL_UP_TO:
        return [*range(low, high + 1)]
    across = {
        number
        for threshold in _thresholds(study, form.name, field.name)
        for number in (floor(threshold * scale) - 1, floor(threshold * scale), floor(threshold * scale) + 1)
        if not ends or ends[0] <= number <= ends[-1]
    }
    return sorted({*ends, *across})


def _thresholds(study: Study, form: str, field: str) -> set[Fraction]:
    """What the field, or something made of it in its own unit that is no difference, is compared with."""
    unit, found = getattr(study.forms[form].fields[field].type, "unit", None), set[Fraction]()
    for part in asked(study):
        match part:
            case Compare(_, left, Constant(Fraction() as threshold, Number(unit=other))) if other == unit:
                inside = [*walk(left, lambda each: not isinstance(each, Change | Divide))]
                if any(
                    isinstance(each, Value | RowValue) and (each.form, each.field) == (form, field) for each in inside
                ):
                    found.add(threshold)
    return found


def _options(study: Study, form: str, field: str) -> Iterable[tuple[str, ...]]:
    """The texts that the field is asked for, in any definition."""
    for part in asked(study):
        if isinstance(part, OneOf):
            of = plain(part.operand)
            if isinstance(of, Value | RowValue) and (of.form, of.field) == (form, field):
                yield part.options


def asked(study: Study) -> list[Query]:
    """Each part of each definition, once."""
    return [*dict.fromkeys(part for _, query in queries(study) for part in walk(query))]
