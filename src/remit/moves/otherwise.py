"""What a cell could read instead: unknown, each other level, numbers just across what they are compared with."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import floor
from typing import cast

from remit.derive.define import queries
from remit.language.query import Change, Compare, Constant, Divide, OneOf, Query, RowValue, Value, plain, walk
from remit.language.types import Date, Level, Number, Text, YesNo
from remit.language.words import day_in_words
from remit.schema.records import ONGOING, Records
from remit.study.forms import Field, Form
from remit.study.study import Study
from remit.trace.printed import number_text

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


class Others:
    """What cells of a study's charts could read instead. What a field is compared with is sought once."""

    def __init__(self, study: Study, records: Records) -> None:
        self._study, self._records = study, records
        self._asked = [*dict.fromkeys(part for _, query in queries(study) for part in walk(query))]
        self._numbers_of: dict[tuple[str, str], list[int]] = {}

    def of(self, form: str, field: str, row: Mapping[str, Cell]) -> list[Otherwise]:
        """row: that of the cell, in the records."""
        of, now = self._study.forms[form], row[field]
        found = [Otherwise(UNKNOWN, None)] if now is not None or row.get(ONGOING) else []
        if field == of.stop and not row.get(ONGOING):
            found.append(Otherwise("going on", None, ongoing=True))
        start = row.get(of.date or of.start or "")
        return found + [each for each in self._values(of, of.fields[field], now, start) if each.value != now]

    def _values(self, form: Form, field: Field, now: Cell, start: Cell) -> Iterator[Otherwise]:
        match field.type:
            case YesNo():
                yield from (Otherwise("yes", True), Otherwise("no", False))
            case Level(levels=levels):
                yield from (Otherwise(level, level) for level in levels)
            case Number() as kind:
                for number in self.numbers(form, field, kind):
                    yield Otherwise(number_text(Fraction(number, 10**kind.decimals), kind), number)
            case Date():
                about = now if isinstance(now, datetime.date) else start
                if isinstance(about, datetime.date):
                    moved = (about + datetime.timedelta(days=days) for days in (DAYS if about == now else (0, *DAYS)))
                    yield from (Otherwise(day_in_words(day), day) for day in moved)
            case Text():
                named = [options[0] for options in self._options(form.name, field.name)]
                yield from (Otherwise(f"“{text}”", text) for text in dict.fromkeys(named))
                yield Otherwise(ANOTHER, f"({ANOTHER})")

    def numbers(self, form: Form, field: Field, kind: Number) -> list[int]:
        """Scaled. All that are possible, if they are few; else the ends of what is possible, or has been seen, and what
        lies at and beside each threshold."""
        found = self._numbers_of.get((form.name, field.name))
        if found is None:
            found = self._numbers_of[form.name, field.name] = self._numbers(form, field, kind)
        return found

    def _numbers(self, form: Form, field: Field, kind: Number) -> list[int]:
        scale, known = 10**kind.decimals, self._records.forms[form.name][field.name]
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
            for threshold in self._thresholds(form.name, field)
            for number in (floor(threshold * scale) - 1, floor(threshold * scale), floor(threshold * scale) + 1)
            if not ends or ends[0] <= number <= ends[-1]
        }
        return sorted({*ends, *across})

    def _thresholds(self, form: str, field: Field) -> set[Fraction]:
        """What the field, or something made of it in its own unit that is no difference, is compared with."""
        unit, found = getattr(field.type, "unit", None), set[Fraction]()
        for part in self._asked:
            match part:
                case Compare(_, left, Constant(Fraction() as threshold, Number(unit=other))) if other == unit:
                    inside = walk(left, lambda each: not isinstance(each, Change | Divide))
                    if any(_is(each, form, field.name) for each in inside):
                        found.add(threshold)
        return found

    def _options(self, form: str, field: str) -> Iterator[tuple[str, ...]]:
        """The texts that the field is asked for, in any definition."""
        for part in self._asked:
            if isinstance(part, OneOf) and _is(plain(part.operand), form, field):
                yield part.options


def _is(query: Query, form: str, field: str) -> bool:
    return isinstance(query, Value | RowValue) and (query.form, query.field) == (form, field)
