"""The few frame operations that derivation is made of, written once for all engines.

Raw narwhals stays here and in `language.evaluate`. Rows of a form have the columns `patient`, `_row` and
`row__<field>`; patients have `patient` and the columns that `language.columns` names. Ties are broken by `_row`, so
that all engines pick the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, cast

import narwhals.stable.v2 as nw

from remit.derive.engines import Engine
from remit.language.columns import HIGH, HIGH_OPEN, LOW, LOW_OPEN, column_of, columns_of, is_interval
from remit.language.evaluate import Bounds, columns, interval_columns, truth
from remit.language.fields import aggregates as aggregates_in
from remit.language.fields import values
from remit.language.intervals import any_of, decided, filled, integer, one_if, where
from remit.language.query import Aggregate, Query, RowValue, Value
from remit.schema.records import PATIENT, ROW

__all__ = ["Expr", "Frame", "add_aggregates", "filled", "integer", "one_if", "pick"]

Frame = nw.LazyFrame[Any]
Expr = nw.Expr

# Dates and row numbers are packed into one integer to be ordered by: day first, then row.
ROWS_BOUND = 2**40


def pick(rows: Frame, *order: Expr) -> Frame:
    """Of each patient's rows the one that comes first by `order` (unique within the patient); null before all."""
    names = [f"_order{place}" for place in range(len(order))]
    ordered = rows.with_columns(expr.alias(name) for name, expr in zip(names, order, strict=True))
    return ordered.unique([PATIENT], keep="first", order_by=[PATIENT, *names]).drop(names)


# Aggregates over rows


def add_aggregates(
    patients: Frame, rows: Mapping[str, Frame], aggregates: Iterable[Aggregate], engine: Engine
) -> Frame:
    """Add to each patient the columns of these aggregates, inner ones first.

    patients: one row a patient. rows: by form. An aggregate whose condition needs another comes after it. The patients
    are held before the next round and at the end: they are joined with rows again and again, and an engine that only
    plans would double its plan each time (see `derive.engines`).
    """
    present = set(patients.columns)
    waiting = [each for each in dict.fromkeys(aggregates) if _columns(each)[-1] not in present]
    while waiting:
        ready = [each for each in waiting if not any(inner in waiting for inner in _inside(each))]
        known = patients
        for form in dict.fromkeys(each.form for each in ready):
            of_form = [each for each in ready if each.form == form]
            patients = _add_of_form(patients, known, rows[form], of_form, engine)
        patients = engine.hold(patients)
        waiting = [each for each in waiting if each not in ready]
    return patients


def _columns(aggregate: Aggregate) -> list[str]:
    return columns_of(column_of(aggregate), is_interval(aggregate.type))


def _inside(aggregate: Aggregate) -> list[Aggregate]:
    return [each for each in aggregates_in(aggregate) if each != aggregate]


def _add_of_form(patients: Frame, known: Frame, rows: Frame, aggregates: Sequence[Aggregate], engine: Engine) -> Frame:
    """Verdicts on each row, which row comes first, then counts and totals of a patient's rows.

    known: the patients with the columns that the conditions read.
    """
    overs = [_over(number, aggregate) for number, aggregate in enumerate(aggregates)]
    needed = _needed(aggregates)
    if needed:
        rows = rows.join(known.select(PATIENT, *needed), on=PATIENT, how="inner")
    rows = rows.with_columns(**_all(over.verdicts() for over in overs))
    rows = rows.with_columns(**_all(over.on_row() for over in overs))
    picked = [over for over in overs if isinstance(over, _Picked)]
    totals = [total for over in overs if isinstance(over, _Counted) for total in over.totals()]
    if len(picked) + bool(totals) > 1:
        rows = engine.hold(rows)
    found = [over.picked(rows) for over in picked]
    if totals:
        found.append(rows.group_by(PATIENT).agg(nw.len().alias("_rows"), *totals))
    temporary = [name for frame in found for name in frame.columns if name != PATIENT]
    patients = engine.widen(patients, found)
    patients = patients.with_columns(**_all(over.result() for over in overs))
    return patients.drop(temporary)


def _all(parts: Iterable[Mapping[str, Expr]]) -> dict[str, Expr]:
    return {name: expr for part in parts for name, expr in part.items()}


def _needed(aggregates: Sequence[Aggregate]) -> list[str]:
    """The patient's columns that the conditions read."""
    names: dict[str, None] = {}
    for aggregate in aggregates:
        read: list[Value | Aggregate] = [*values(aggregate), *_inside(aggregate)]
        for value in read:
            names.update(dict.fromkeys(columns_of(column_of(value), is_interval(value.type))))
    return list(names)


def _over(number: int, aggregate: Aggregate) -> _Counted | _Picked:
    if aggregate.kind in ("first", "last"):
        return _Picked(number, aggregate)
    return _Counted(number, aggregate) if aggregate.field is None else _Totalled(number, aggregate)


class _Over:
    """An aggregate's columns on rows and patients are told apart by its number. `counts`: whether a row surely counts;
    `may`: whether it may."""

    def __init__(self, number: int, aggregate: Aggregate) -> None:
        self.number, self.aggregate, self.name = number, aggregate, column_of(aggregate)
        self.counts = nw.col(self._named("verdict"))
        self.may = self.counts | self.counts.is_null()

    def _named(self, what: str) -> str:
        return f"_{what}{self.number}"

    def verdicts(self) -> dict[str, Expr]:
        return {self._named("verdict"): truth(self.aggregate.where)}


class _Counted(_Over):
    """any, all, count: from how many rows surely hold, and how many may hold."""

    def _count(self, what: str, end: str = "") -> Expr:
        """A count of the patient's rows; a patient without rows has none."""
        return nw.col(self._named(what) + end).cast(nw.Int64).fill_null(0)

    def on_row(self) -> dict[str, Expr]:
        return {self._named("yes"): one_if(self.counts), self._named("may"): one_if(self.may)}

    def totals(self) -> Iterator[Expr]:
        yield from (nw.col(self._named(what)).sum() for what in ("yes", "may"))

    def result(self) -> dict[str, Expr]:
        sure, possible = self._count("yes"), self._count("may")
        if self.aggregate.kind == "count":
            return interval_columns(self.name, Bounds(sure, possible))
        if self.aggregate.kind == "any":
            holds, fails = sure > 0, possible == 0
        else:
            rows = nw.col("_rows").cast(nw.Int64).fill_null(0)
            holds, fails = sure == rows, possible < rows
        return {self.name: decided(holds, fails)}


class _Totalled(_Counted):
    """sum, min, max of a value over the rows that count.

    Unknown if a row may or may not count, or one that counts has no value. An end of the interval needs that end of
    each row, but for the low end of a greatest and the high end of a least: the other rows can only push it on.
    """

    def __init__(self, number: int, aggregate: Aggregate) -> None:
        super().__init__(number, aggregate)
        self.field = cast("Query", aggregate.field)
        self.interval = is_interval(self.field.type)
        self.ends = [LOW, HIGH] if self.interval else [""]

    def _total(self, column: str) -> Expr:
        """Of a column of numbers, as the kind says."""
        value = nw.col(column)
        return {"sum": value.sum(), "min": value.min(), "max": value.max()}[self.aggregate.kind]

    def _pushes(self, end: str) -> bool:
        return (self.aggregate.kind, end) in (("max", LOW), ("min", HIGH))

    def verdicts(self) -> dict[str, Expr]:
        return {**super().verdicts(), **columns(self._named("field"), self.field)}

    def on_row(self) -> dict[str, Expr]:
        field = self._named("field")
        ends = {end: where(self.counts, nw.col(field + end)) for end in self.ends}
        found = super().on_row()
        found |= {self._named("value") + end: value for end, value in ends.items()}
        found |= {self._named("has") + end: one_if(~value.is_null()) for end, value in ends.items()}
        found[self._named("known")] = one_if(any_of([~value.is_null() for value in ends.values()]))
        if self.interval:
            for end, flag in ((LOW, LOW_OPEN), (HIGH, HIGH_OPEN)):
                is_open = filled(nw.col(field + flag))
                # Of a sum: is an end open; of an extreme: the ends that are open if they push, else those closed.
                if self.aggregate.kind == "sum":
                    found[self._named("open") + end] = one_if(is_open & ~ends[end].is_null())
                else:
                    found[self._named("open") + end] = where(is_open if self._pushes(end) else ~is_open, ends[end])
        return found

    def totals(self) -> Iterator[Expr]:
        yield from super().totals()
        yield nw.col(self._named("known")).sum()
        for end in self.ends:
            yield self._total(self._named("value") + end)
            yield nw.col(self._named("has") + end).sum()
            if self.interval:
                yield self._total(self._named("open") + end)

    def result(self) -> dict[str, Expr]:
        ends = [self._end(end) for end in self.ends]
        if not self.interval:
            return {self.name: ends[0]}
        return interval_columns(self.name, Bounds(ends[0], ends[1], 1, self._open(LOW), self._open(HIGH)))

    def _end(self, end: str) -> Expr:
        sure = self._count("yes")
        decided = (sure == self._count("may")) & (self._count("known") == sure)
        if not self._pushes(end):
            decided = decided & (self._count("has", end) == sure)
        total = nw.col(self._named("value") + end).cast(nw.Int64)
        return where(decided, total.fill_null(0) if self.aggregate.kind == "sum" else total)

    def _open(self, end: str) -> Expr:
        marked = nw.col(self._named("open") + end)
        if self.aggregate.kind == "sum":
            return filled(marked > 0)
        at_end = filled(marked == nw.col(self._named("value") + end))
        return at_end if self._pushes(end) else ~at_end


class _Picked(_Over):
    """first, last: the row that comes first among those that may count, one without a date before all; unknown if it is
    not sure that it counts, or it has no date."""

    def __init__(self, number: int, aggregate: Aggregate) -> None:
        super().__init__(number, aggregate)
        self.field = cast("Query", aggregate.field)
        self.parts = columns_of("", is_interval(self.field.type))

    def verdicts(self) -> dict[str, Expr]:
        return {**super().verdicts(), **columns(self._named("field"), self.field)}

    def on_row(self) -> dict[str, Expr]:
        day = nw.col(column_of(cast("RowValue", self.aggregate.order)))
        position = day * ROWS_BOUND + nw.col(ROW)
        return {self._named("position"): position if self.aggregate.kind == "first" else 0 - position}

    def picked(self, rows: Frame) -> Frame:
        position = nw.col(self._named("position"))
        sure = filled(self.counts & ~position.is_null()).alias(self._named("sure"))
        return pick(rows.filter(self.may), position).select(
            PATIENT, sure, *(self._named("field") + part for part in self.parts)
        )

    def result(self) -> dict[str, Expr]:
        sure = nw.col(self._named("sure"))
        found = {part: nw.col(self._named("field") + part) for part in self.parts}
        return {
            self.name + part: filled(sure & value) if part in (LOW_OPEN, HIGH_OPEN) else where(sure, value)
            for part, value in found.items()
        }
