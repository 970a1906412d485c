"""Patients derived again with other cells: each change in a copy of the patient of its own, all in one derivation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from remit.derive.derive import derive_cohort
from remit.moves.otherwise import Cell, Otherwise
from remit.schema.cohort import Cohort
from remit.schema.records import CENTRE, ONGOING, PATIENT, ROW, Records, censored_column
from remit.study.analyses.kinds import Change, Sensitivity
from remit.study.study import Study
from remit.study.written import IMPUTED

_COPY = "_copy"
DIGITS = 9  # of the id of a copy, so that they sort as they count
FRAMES = ("patients", "visits", "events", "periods")


@dataclass(frozen=True)
class To:
    """A cell of a row that is there, by the row's key, and what it reads instead."""

    form: str
    field: str
    row: int
    value: Otherwise


@dataclass(frozen=True)
class Added:
    """A row that is not there: of its fields, what they read."""

    form: str
    values: Mapping[str, Cell]


@dataclass(frozen=True)
class Changed:
    """A patient with other cells, and rows that are not there; as it is, without any."""

    patient: str
    to: tuple[To, ...] = ()
    added: tuple[Added, ...] = ()


def without_imputation(study: Study) -> Study:
    """The study without what is imputed, many times, which takes too long to be tried for a cell."""
    analyses = tuple(
        replace(analysis, missing=tuple(each for each in analysis.missing if each not in IMPUTED))
        if isinstance(analysis, Sensitivity)
        else replace(analysis, missing=("observed",))
        if isinstance(analysis, Change)
        else analysis
        for analysis in study.analyses
    )
    return replace(study, analyses=analyses)


def derived_with(study: Study, records: Records, changes: Sequence[Changed]) -> list[Cohort]:
    """For each change, a cohort of the one patient."""
    return [*_each(copies_of(study, records, changes), changes)]


def copies_of(study: Study, records: Records, changes: Sequence[Changed]) -> Cohort:
    """A cohort of all, in which a patient is called by the number of the change. Rows have the keys that they have in
    the charts."""
    copies = pl.DataFrame({PATIENT: [each.patient for each in changes], _COPY: range(len(changes))})
    last = max((int(key) for key in records.rows[ROW]), default=0)
    step = last + 1 + max((len(each.added) for each in changes), default=0)
    forms = {
        name: _changed(
            study, name, _with_added(name, _copied(frame, copies, step), changes, step, last + 1), changes, step
        )
        for name, frame in records.forms.items()
    }
    made = Records(forms, records.rows.clear(), records.columns, records.ledger.clear(), records.synthetic)
    return _with_own_keys(derive_cohort(study, made), step)


def _with_own_keys(cohort: Cohort, step: int) -> Cohort:
    frames: dict[str, Any] = {}
    for name in FRAMES:
        frame: pl.DataFrame = getattr(cohort, name)
        keys = [column for column in frame.columns if column == ROW or f"__{ROW}" in column]
        frames[name] = frame.with_columns(pl.col(key) % step for key in keys)
    return Cohort(**frames, ledger=cohort.ledger.clear())


def _copied(frame: pl.DataFrame, copies: pl.DataFrame, step: int) -> pl.DataFrame:
    """The rows of each copy, under the copy's number as its id; `_row` tells the copy, too."""
    rows = frame.join(copies, on=PATIENT, how="inner", maintain_order="right_left")
    number = pl.col(_COPY).cast(pl.String).str.zfill(DIGITS)
    keyed = rows.with_columns(number.alias(PATIENT), (pl.col(ROW) + step * pl.col(_COPY)).cast(pl.Int64).alias(ROW))
    return keyed.select(frame.columns).sort(ROW)


def _with_added(form: str, frame: pl.DataFrame, changes: Sequence[Changed], step: int, first: int) -> pl.DataFrame:
    """With the rows that are not there, under keys that no other row has."""
    rows: list[dict[str, object]] = []
    for number, change in enumerate(changes):
        for place, each in enumerate(change.added):
            if each.form == form:
                keys = {PATIENT: f"{number:0{DIGITS}d}", CENTRE: "", ROW: number * step + first + place}
                exact = {
                    censored_column(field): 0
                    for field, value in each.values.items()
                    if value is not None and censored_column(field) in frame.columns
                }
                rows.append({**keys, **each.values, **exact})
    return pl.concat([frame, pl.DataFrame(rows, schema=frame.schema)]).sort(ROW) if rows else frame


def _changed(study: Study, form: str, frame: pl.DataFrame, changes: Sequence[Changed], step: int) -> pl.DataFrame:
    of_form = [(number, to) for number, each in enumerate(changes) for to in each.to if to.form == form]
    for field in dict.fromkeys(to.field for _, to in of_form):
        found = [(number * step + to.row, to.value) for number, to in of_form if to.field == field]
        told = pl.DataFrame(
            {ROW: [row for row, _ in found], "_to": [to.value for _, to in found]},
            schema={ROW: pl.Int64, "_to": frame.schema[field]},
        ).with_columns(pl.Series("_on", [to.ongoing for _, to in found], pl.Boolean), _here=pl.lit(value=True))
        here = pl.col("_here").fill_null(value=False)
        columns = {field: pl.when(here).then("_to").otherwise(field)}
        if (censored := censored_column(field)) in frame.columns:
            exact = pl.when(pl.col("_to").is_not_null()).then(pl.lit(0, pl.Int8))
            columns[censored] = pl.when(here).then(exact).otherwise(censored)
        if field == study.forms[form].stop:
            columns[ONGOING] = pl.when(here).then("_on").otherwise(ONGOING)
        joined = frame.join(told, on=ROW, how="left", maintain_order="left")
        frame = joined.with_columns(expr.alias(name) for name, expr in columns.items()).select(frame.columns)
    return frame


def _each(cohort: Cohort, changes: Sequence[Changed]) -> Iterator[Cohort]:
    """The cohort of each copy, under the patient's own id."""
    for number, change in enumerate(changes):
        own = {
            name: getattr(cohort, name)
            .filter(pl.col(PATIENT) == f"{number:0{DIGITS}d}")
            .with_columns(pl.lit(change.patient).alias(PATIENT))
            for name in FRAMES
        }
        yield Cohort(**own, ledger=cohort.ledger)


def with_patient(cohort: Cohort, own: Cohort, patient: str) -> Cohort:
    """The cohort with this patient's rows in place of those that he has."""
    frames = {}
    for name in FRAMES:
        frame: pl.DataFrame = getattr(cohort, name)
        others = frame.filter(pl.col(PATIENT) != patient)
        theirs = getattr(own, name).select(others.columns).cast(dict(others.schema))
        frames[name] = pl.concat([others, theirs]).sort(PATIENT, maintain_order=True)
    return Cohort(**frames, ledger=cohort.ledger)
