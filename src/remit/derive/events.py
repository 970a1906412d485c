"""Events of a form, with their study day, their period of follow-up and what they are of special interest for."""

from __future__ import annotations

import narwhals.stable.v2 as nw

from remit.derive.frames import Expr, Frame
from remit.derive.values import INDEX_DATE, Values
from remit.language.columns import column_of, columns_of, is_interval
from remit.language.evaluate import truth
from remit.language.fields import values as values_read
from remit.schema.cohort import event_column, special_column
from remit.schema.records import PATIENT, ROW
from remit.study.analyses.kinds import Events, Period
from remit.study.study import Study


def events_of(study: Study, analysis: Events, values: Values, patients: Frame) -> Frame:
    """One row an event of the analysis's form: see `schema.cohort`."""
    form = study.forms[analysis.form]
    of_patient = patients.select(PATIENT, *_needed(analysis, patients))
    joined = values.rows[form.name].join(of_patient, on=PATIENT, how="inner")
    columns: dict[str, Expr] = {
        "analysis": nw.lit(analysis.name),
        "term": nw.col(f"row__{analysis.term}"),
        "day": nw.col(f"row__{form.date or form.start}") - nw.col(INDEX_DATE),
        "period": _period(analysis.periods),
    }
    columns |= {field: nw.col(f"row__{field}") for field in analysis.by}
    columns |= {special_column(kind.name): truth(kind.where) for kind in analysis.special_interest}
    columns |= {
        event_column(form.name, held.removeprefix("row__")): nw.col(held)
        for held in values.rows[form.name].columns
        if held.startswith("row__")
    }
    return joined.select(PATIENT, ROW, *(expr.alias(name) for name, expr in columns.items()))


def _needed(analysis: Events, patients: Frame) -> list[str]:
    """The patient's columns that the periods read."""
    names = {INDEX_DATE: None}
    for period in analysis.periods:
        for value in values_read(period.where):
            names |= dict.fromkeys(columns_of(column_of(value), is_interval(value.type)))
    return [name for name in names if name in patients.columns]


def _period(periods: tuple[Period, ...]) -> Expr:
    """The first period whose condition holds; unknown if one before it cannot be decided."""
    found: Expr = nw.lit(None, dtype=nw.String)
    for period in reversed(periods):
        verdict = truth(period.where)
        later = nw.when(~verdict).then(found)
        found = nw.when(verdict).then(nw.lit(period.name)).otherwise(later)
    return found
