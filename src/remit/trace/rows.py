"""Conditions on the rows of a form: which rows each patient has, for which it holds, and what they read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import polars as pl

from remit.derive.dates import check_dates
from remit.derive.engines import collect, engine_named
from remit.derive.frames import Frame, add_aggregates
from remit.derive.values import OBSERVED, row_values, with_day_numbers
from remit.language.columns import column_of, columns_of, is_interval
from remit.language.evaluate import Held, evaluate, held_columns, truth
from remit.language.fields import aggregates, values
from remit.language.query import EVERY_ROW, Aggregate, Query, RowValue, Value, walk
from remit.schema.records import ONGOING, PATIENT, ROW, Records
from remit.schema.trace import CountedRows, Truth
from remit.study.analyses.kinds import Events
from remit.study.study import Study
from remit.trace.printed import texts

ENGINE = engine_named("polars")
GOING_ON = "going on"
_GOING = f"row__{ONGOING}"


@dataclass(frozen=True)
class Asked:
    """Of which rows of a form something is asked: those for which `where` holds; `fields` are told of each."""

    form: str
    where: Query
    fields: tuple[RowValue, ...]


def asked_of(aggregate: Aggregate) -> Asked:
    """What the aggregate looks at: the fields of its condition, its value, and what orders the rows."""
    read = [aggregate.order, *walk(aggregate.where), *(walk(aggregate.field) if aggregate.field else ())]
    own = (part for part in read if isinstance(part, RowValue) and part.form == aggregate.form)
    return Asked(aggregate.form, aggregate.where, tuple(dict.fromkeys(own)))


class RowsOf:
    """The rows of the traced patients. patients: of the cohort."""

    def __init__(self, study: Study, records: Records, patients: pl.DataFrame) -> None:
        self._study, self._all, self._patients = study, records, with_day_numbers(patients)
        self._frames: dict[str, Frame] = {}

    @cached_property
    def _records(self) -> Records:
        """Theirs, without what lies after the data cut-off."""
        ids = self._patients[PATIENT].implode()
        forms = {name: frame.filter(pl.col(PATIENT).is_in(ids)) for name, frame in self._all.forms.items()}
        used, _ = check_dates(self._study, replace(self._all, forms=forms))
        return used

    def frame(self, form: str) -> Frame:
        """`patient`, `_row` and `row__<field>`, as conditions read them."""
        if form not in self._frames:
            self._frames[form] = ENGINE.hold(self._frame(form))
        return self._frames[form]

    def _frame(self, form: str) -> Frame:
        native = ENGINE.load(with_day_numbers(self._records.forms[form]))
        known = ENGINE.load(self._patients.select(PATIENT, OBSERVED))
        return row_values(self._study, self._study.forms[form], native, known)

    def with_aggregates(self, asked: Sequence[Aggregate]) -> pl.DataFrame:
        """The patients with dates as day numbers, and with the columns of these aggregates."""
        missing = [each for each in asked if column_of(each) not in self._patients.columns]
        if not missing:
            return self._patients
        frames = {each.form: self.frame(each.form) for each in missing}
        return collect(add_aggregates(ENGINE.load(self._patients), frames, missing, ENGINE))

    def counted(self, asked: Asked, patients: pl.DataFrame) -> CountedRows:
        """patients: with the columns that the condition reads."""
        labels = self._study.scope.forms[asked.form].fields
        rows = self.frame(asked.form).join(
            ENGINE.load(patients.select(PATIENT, *_read(asked.where))), on=PATIENT, how="inner"
        )
        held = {field: evaluate(field) for field in asked.fields}
        read = {name: expr for field in held for name, expr in held_columns(f"_{field.field}", held[field]).items()}
        read["_holds"] = truth(asked.where)
        frame = collect(rows.with_columns(expr.alias(name) for name, expr in read.items()))
        told = [self._texts(frame, field, held[field]) for field in asked.fields]
        each = zip(*told, strict=True) if told else iter([()] * frame.height)
        of_patients: dict[str, list[tuple[int, Truth, tuple[str, ...]]]] = {}
        for patient, row, holds, cells in zip(frame[PATIENT], frame[ROW], frame["_holds"], each, strict=True):
            of_patients.setdefault(patient, []).append((row, holds, cells))
        return CountedRows(
            asked.form,
            tuple(field.field for field in asked.fields),
            tuple(labels[field.field].label for field in asked.fields),
            tuple(tuple(sorted(of_patients.get(patient, []))) for patient in patients[PATIENT]),
        )

    def _texts(self, frame: pl.DataFrame, field: RowValue, held: Held) -> tuple[str, ...]:
        """A stop that is empty because the period goes on is said so."""
        said = texts(frame, f"_{field.field}", held, field.type)
        if field.field != self._study.forms[field.form].stop or _GOING not in frame.columns:
            return said
        return tuple(GOING_ON if ongoing else text for text, ongoing in zip(said, frame[_GOING], strict=True))


def _read(where: Query) -> list[str]:
    """The patient's columns that a condition on rows reads."""
    read: dict[str, None] = {}
    parts: list[Value | Aggregate] = [*values(where), *aggregates(where)]
    for part in parts:
        read.update(dict.fromkeys(columns_of(column_of(part), is_interval(part.type))))
    return [*read]


def events_of(study: Study, records: Records, patients: pl.DataFrame) -> tuple[CountedRows, ...]:
    """Of each form of events that an analysis counts, the rows with all fields."""
    forms = dict.fromkeys(analysis.form for analysis in study.analyses if isinstance(analysis, Events))
    rows = RowsOf(study, records, patients)
    return tuple(rows.counted(_whole(study, form), patients) for form in forms)


def _whole(study: Study, form: str) -> Asked:
    fields = study.scope.forms[form].fields
    return Asked(form, EVERY_ROW, tuple(RowValue(form, name, field.type) for name, field in fields.items()))
