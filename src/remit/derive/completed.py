"""Cohorts in which missing values are imputed, and what endpoints are then: the definitions are the study's own.

Only what endpoints read at visits is imputed, for patients who are eligible. Who is eligible, and in which arm, is told
by the charts alone. What is known stays as it is in each completed cohort.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import narwhals.stable.v2 as nw
import numpy as np
import polars as pl

from remit.derive.imputable import Completion, completions
from remit.derive.imputation_table import (
    Component,
    Reasons,
    component_column,
    components,
    predictor_columns,
    predictor_labels,
    set_aside,
)
from remit.derive.steps import add_columns
from remit.inference.imputation.chain import impute
from remit.inference.imputation.imputed import Filled, Imputed, Model
from remit.inference.imputation.table import Between, Column
from remit.language.columns import HIGH, HIGH_OPEN, LOW, LOW_OPEN, column_of, columns_of, is_interval
from remit.language.query import Aggregate, Query, Value, outside_rows, walk
from remit.language.types import Level, Number, YesNo
from remit.schema.cohort import ELIGIBLE, IMPUTED_SCHEMA, MODELS_SCHEMA, Completed
from remit.schema.records import PATIENT, ROW, Records
from remit.study.selection import after_start, timeline_of
from remit.study.study import Imputation, Study

IMPUTATION = "imputation"

_Rows = list[dict[str, Any]]


def complete_cohort(study: Study, patients: pl.DataFrame, records: Records) -> Completed | None:
    """`patients`: the cohort's, sorted. None if no endpoint is asked of completed cohorts."""
    asked = completions(study)
    members = patients.filter(pl.col(ELIGIBLE)).with_columns(pl.selectors.date().cast(pl.Int32).cast(pl.Int64))
    if study.imputation is None or not asked:
        return None
    reasons = _reasons(records)
    parts = [_complete(study, study.imputation, members, completion, reasons) for completion in asked]
    return Completed(
        patients=pl.concat(
            [parts[0].patients, *(part.patients.drop(PATIENT, IMPUTATION) for part in parts[1:])], how="horizontal"
        ),
        imputed=pl.concat([part.imputed for part in parts]),
        models=pl.concat([part.models for part in parts]),
        guards=tuple(dict.fromkeys(guard for part in parts for guard in part.guards)),
    )


def _complete(
    study: Study, how: Imputation, members: pl.DataFrame, completion: Completion, reasons: Reasons
) -> Completed:
    parts = components(study, completion.queries)
    columns = [component_column(study, part, members, completion.after, reasons) for part in parts]
    imputed = impute(
        [*columns, *predictor_columns(study, members)], how.seed, how.imputations, iterations=how.iterations
    )
    by_name = {part.name: part for part in parts}
    filled = [each for each in imputed.ledger if each.column in by_name]
    frame = _stacked(members, completion.queries, imputed.m)
    frame = frame.with_columns(
        series
        for part, column in zip(parts, columns, strict=True)
        for series in _completed_columns(part, column, imputed, frame)
    )
    derived = nw.from_native(frame.lazy())
    told = add_columns(derived, completion.queries).to_native().collect()
    lost = {
        part.value: [row for row, _ in set_aside(part.value, members, completion.after)]
        for part in parts
        if part.name not in imputed.values
    }
    endpoints = [
        _kept(told[name], members[name], _lost(query, lost), imputed.m) for name, query in completion.queries.items()
    ]
    found = told.select(PATIENT, IMPUTATION, *endpoints)
    after = ", ".join(completion.after) or None
    labels = {part.name: _label(study, part) for part in parts} | predictor_labels(study)
    return Completed(
        patients=found,
        imputed=_frame(IMPUTED_SCHEMA, [_cell(each, by_name[each.column], imputed, members, after) for each in filled]),
        models=_frame(
            MODELS_SCHEMA,
            [_model(model, by_name[model.column], after) for model in imputed.models if model.column in by_name],
        ),
        guards=(*(_told(guard.told, labels) for guard in imputed.guards), *_leaking(study, how, completion)),
    )


def _stacked(members: pl.DataFrame, queries: Mapping[str, Query], m: int) -> pl.DataFrame:
    """The columns that the queries read, m times below one another."""
    read = dict.fromkeys(
        column
        for query in queries.values()
        for part in walk(query, outside_rows)
        if isinstance(part, Value | Aggregate)
        for column in columns_of(column_of(part), is_interval(part.type))
    )
    one = members.select(PATIENT, *read)
    return pl.concat([one.with_columns(pl.lit(number).alias(IMPUTATION)) for number in range(m)])


def _lost(query: Query, lost: Mapping[Value, list[int]]) -> set[int]:
    """Whose endpoint reads a value that was set aside, and of which nothing is known that it could be drawn from."""
    return {row for part in walk(query, outside_rows) if isinstance(part, Value) for row in lost.get(part, ())}


def _kept(told: pl.Series, charted: pl.Series, lost: set[int], m: int) -> pl.Series:
    """The endpoint of each completed cohort where the charts do not tell it. Where they do it stays, also if its
    definition makes something of what is missing, as `known`, `sum_known` and `last_observed` do: which must not take
    what is lost for missing."""
    known = pl.concat([charted] * m)
    still = pl.concat([pl.Series([row in lost for row in range(len(charted))], dtype=pl.Boolean)] * m)
    return known.zip_with(known.is_not_null() | still, told)


def _completed_columns(part: Component, column: Column, imputed: Imputed, frame: pl.DataFrame) -> list[pl.Series]:
    """The columns of a component, with new values where it was not known, or set aside; none if no query reads it."""
    name, kind = column_of(part.value), part.value.type
    if name not in frame.columns:
        return []
    known = np.asarray([cell is not None and not isinstance(cell, Between) for cell in column.cells], dtype=np.bool_)
    kept = pl.Series(np.tile(known, imputed.m))
    drawn = _held(kind, imputed, part.name) if part.name in imputed.values else pl.Series([None] * len(kept))
    found = [_where(kept, frame[name], drawn)]
    if is_interval(kind):
        found += [_where(kept, frame[name + end], drawn) for end in (LOW, HIGH)]
        closed = pl.Series([False]).new_from_index(0, len(kept))
        found += [_where(kept, frame[name + end], closed) for end in (LOW_OPEN, HIGH_OPEN)]
    return found


def _where(kept: pl.Series, old: pl.Series, new: pl.Series) -> pl.Series:
    return old.zip_with(kept, new.cast(old.dtype)).alias(old.name)


def _held(kind: object, imputed: Imputed, name: str) -> pl.Series:
    """The values of all completed cohorts, one below the other, as the cohort holds them."""
    codes = imputed.values[name].reshape(-1)
    match kind:
        case YesNo():
            return pl.Series(codes == 1)
        case Level(levels=levels):
            return pl.Series([levels[int(code)] for code in codes], dtype=pl.String)
        case Number(decimals=decimals):
            return pl.Series(np.rint(codes * 10**decimals).astype(np.int64))
    raise TypeError(f"{name} is not of a type that is imputed")


def _reasons(records: Records) -> Reasons:
    """Of cells that say nothing: were they refused, or marked as not done?"""
    told = {"refused": "refused at intake", "missing": "marked as not done"}
    entries = records.ledger.filter(pl.col("action").is_in([*told]), pl.col("field").is_not_null())
    where = ["form", "file", "sheet", "row"]
    placed = entries.join(records.rows, on=where, how="inner", nulls_equal=True)
    return {
        (form, field, row): told[action]
        for form, field, row, action in placed.select("form", "field", ROW, "action").iter_rows()
    }


def _cell(each: Filled, part: Component, imputed: Imputed, members: pl.DataFrame, after: str | None) -> dict[str, Any]:
    low, high = each.interval or (None, None)
    drawn = [imputed.values[each.column][number, each.row] for number in range(imputed.m)]
    return {
        "patient": members[PATIENT][each.row],
        "form": part.value.form,
        "field": part.value.field,
        "visit": part.value.visit,
        "after": after,
        "why": each.why,
        "low": None if low is None or np.isinf(low) else low,
        "high": None if high is None or np.isinf(high) else high,
        "method": each.method,
        "values": [_written(part.value.type, code) for code in drawn],
    }


def _written(kind: object, code: float) -> str:
    match kind:
        case YesNo():
            return "yes" if code == 1 else "no"
        case Level(levels=levels):
            return levels[int(code)]
        case Number(decimals=decimals):
            return f"{code:.{decimals}f}"
    return str(code)


def _model(model: Model, part: Component, after: str | None) -> dict[str, Any]:
    return {
        "after": after,
        "form": part.value.form,
        "field": part.value.field,
        "visit": part.value.visit,
        "method": model.method,
        "known": model.known,
        "within": model.within,
        "missing": model.missing,
        "predictors": [*model.predictors],
        "left_out": [*model.left_out],
    }


def _leaking(study: Study, how: Imputation, completion: Completion) -> Iterator[str]:
    """Predictors that may be as a hypothetical event left them: they are not set aside after it."""
    for variable in how.predictors if completion.after else ():
        if reasons := after_start(timeline_of(study), variable.query):
            after = " or ".join(study.events[event].label for event in completion.after)
            yield (
                f"{variable.label}: it looks at what came after the start of treatment ({'; '.join(reasons)}), so it "
                f"may foretell values as they are after {after}, which are to be as they would be without."
            )


def _frame(schema: Mapping[str, pl.DataType], rows: _Rows) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=schema, orient="row")


def _label(study: Study, part: Component) -> str:
    label = study.forms[part.value.form].fields[part.value.field].label
    visits = {visit.name: visit.label for visit in study.visits}
    return f"{label}, {visits[part.value.visit]}" if part.value.visit else label


def _told(told: str, labels: Mapping[str, str]) -> str:
    """A warning names its column first."""
    name, rest = told.split(": ", 1)
    return f"{labels.get(name, name)}: {rest}"
