"""Patients derived again with other cells: each change in a copy of the patient of its own, all in one derivation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import polars as pl

from remit.derive.derive import derive_cohort
from remit.moves.otherwise import Otherwise
from remit.schema.cohort import Cohort
from remit.schema.records import ONGOING, PATIENT, ROW, Records, censored_column
from remit.study.study import Change, Sensitivity, Study
from remit.study.written import IMPUTED

_COPY = "_copy"
FRAMES = ("patients", "visits", "events", "periods")


@dataclass(frozen=True)
class Changed:
    """A patient whose cell is another. None: nothing is."""

    patient: str
    form: str
    field: str
    row: int
    to: Otherwise | None


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
    copies = pl.DataFrame({PATIENT: [each.patient for each in changes], _COPY: range(len(changes))})
    step = 1 + max((int(key) for key in records.rows[ROW]), default=0)
    forms = {
        name: _changed(study, name, _copied(frame, copies, step), changes, step)
        for name, frame in records.forms.items()
    }
    made = Records(forms, records.rows.clear(), records.columns, records.ledger.clear(), records.synthetic)
    cohort = derive_cohort(study, made)
    return [*_each(cohort, changes, step)]


def _copied(frame: pl.DataFrame, copies: pl.DataFrame, step: int) -> pl.DataFrame:
    """The rows of each copy, under the copy's number as its id; `_row` tells the copy, too."""
    rows = frame.join(copies, on=PATIENT, how="inner", maintain_order="right_left")
    number = pl.col(_COPY).cast(pl.String).str.zfill(9)
    keyed = rows.with_columns(number.alias(PATIENT), (pl.col(ROW) + step * pl.col(_COPY)).cast(pl.Int64).alias(ROW))
    return keyed.select(frame.columns).sort(ROW)


def _changed(study: Study, form: str, frame: pl.DataFrame, changes: Sequence[Changed], step: int) -> pl.DataFrame:
    of_form = [(number, each) for number, each in enumerate(changes) if each.form == form and each.to is not None]
    for field in dict.fromkeys(each.field for _, each in of_form):
        found = [(number * step + each.row, each.to) for number, each in of_form if each.field == field and each.to]
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


def _each(cohort: Cohort, changes: Sequence[Changed], step: int) -> Iterator[Cohort]:
    """The cohort of each copy, under the patient's own id, with the keys of its rows."""
    frames: dict[str, dict[Any, pl.DataFrame]] = {}
    for name in FRAMES:
        frame: pl.DataFrame = getattr(cohort, name)
        keys = [column for column in frame.columns if column == ROW or f"__{ROW}" in column]
        frame = frame.with_columns(pl.col(key) % step for key in keys)
        frames[name] = {key[0]: part for key, part in frame.partition_by(PATIENT, as_dict=True).items()}
    for number, change in enumerate(changes):
        own = {
            name: frames[name]
            .get(f"{number:09d}", getattr(cohort, name).clear())
            .with_columns(pl.lit(change.patient).alias(PATIENT))
            for name in FRAMES
        }
        yield Cohort(**own, ledger=cohort.ledger.clear())


def with_patient(cohort: Cohort, own: Cohort, patient: str) -> Cohort:
    """The cohort with this patient's rows in place of those that he has."""
    frames = {}
    for name in FRAMES:
        frame: pl.DataFrame = getattr(cohort, name)
        others = frame.filter(pl.col(PATIENT) != patient)
        theirs = getattr(own, name).select(others.columns).cast(dict(others.schema))
        frames[name] = pl.concat([others, theirs]).sort(PATIENT, maintain_order=True)
    return Cohort(**frames, ledger=cohort.ledger)
