"""Records → the value of each field at each visit, with the row that it was picked from.

`load_values` takes the records to an engine; dates become days since 1970-01-01, censored numbers their bounds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import cast

import narwhals.stable.v2 as nw
import polars as pl

from remit.derive.engines import Engine
from remit.derive.frames import Expr, Frame, add_aggregates, filled, integer, pick
from remit.language.columns import columns_of, is_interval, patient_column
from remit.language.evaluate import Bounds, bounds, interval_columns
from remit.language.fields import aggregates
from remit.language.resolve import EPOCH
from remit.language.scope import FormName
from remit.language.types import Date
from remit.schema.records import CENTRE, ONGOING, PATIENT, ROW, Records, censored_column
from remit.study.forms import Form
from remit.study.study import Study, Visit

INDEX_DATE = patient_column("index", "date", None)
OBSERVED = patient_column("index", "observed_date", None)
OBSERVED_DAY = patient_column("index", "observed_day", None)
CENTRE_VALUE = patient_column("index", "centre", None)


@dataclass(frozen=True)
class Values:
    """`patients`: one row a patient, wide. `rows`: by form, one row each. `visits`: the visit rows, with the window
    each fell into (`visit`, null if none) and whether it was `picked`."""

    patients: Frame
    rows: Mapping[str, Frame]
    visits: Mapping[str, Frame]


def load_values(study: Study, records: Records, engine: Engine) -> Values:
    frames = {name: engine.load(with_day_numbers(frame)) for name, frame in records.forms.items()}
    patients = engine.hold(_observed(study, _patients(study, frames, engine)))
    rows = {
        form.name: engine.hold(row_values(study, form, frames[form.name], patients))
        for form in study.forms.values()
        if form.rows != "once"
    }
    patients = add_aggregates(patients, rows, aggregates(study.index), engine)
    patients = patients.with_columns(bounds(study.index).low.alias(INDEX_DATE))
    patients = patients.with_columns((nw.col(OBSERVED) - nw.col(INDEX_DATE)).alias(OBSERVED_DAY))
    values = Values(engine.hold(patients), rows, {})
    for form in study.forms.values():
        if form.rows == "visit":
            values = _add_visits(study, form, values, engine)
    return values


def with_day_numbers(frame: pl.DataFrame) -> pl.DataFrame:
    """Dates as days since 1970-01-01: no two engines subtract dates alike, and integers they do."""
    return frame.with_columns(pl.selectors.date().cast(pl.Int32).cast(pl.Int64))


def _patients(study: Study, frames: Mapping[str, Frame], engine: Engine) -> Frame:
    """The forms filled once, side by side; the first says who the patients are."""
    once = [form for form in study.forms.values() if form.rows == "once"]
    parts = []
    for form in once:
        names: dict[str, Expr] = {f"{form.name}__{ROW}": nw.col(ROW)}
        for field in form.fields:
            names |= _held(study.scope.forms[form.name], field, patient_column(form.name, field, None))
        kept = [PATIENT, CENTRE] if form is once[0] else [PATIENT]
        parts.append(frames[form.name].select(*kept, *(expr.alias(name) for name, expr in names.items())))
    patients = engine.widen(parts[0], parts[1:])
    return patients.with_columns(nw.col(CENTRE).alias(CENTRE_VALUE))


def _held(form: FormName, field: str, name: str) -> dict[str, Expr]:
    """A field of the records as the language holds it."""
    kind = form.fields[field].type
    value = nw.col(field)
    if isinstance(kind, Date) or not is_interval(kind):
        return {name: value}
    sign = nw.col(censored_column(field))
    low = nw.when(sign >= 0).then(value)
    high = nw.when(sign <= 0).then(value)
    open_end = nw.when(sign != 0).then(nw.lit(True)).otherwise(nw.lit(False))
    return interval_columns(name, Bounds(low, high, 1, open_end, open_end))


def _observed(study: Study, patients: Frame) -> Frame:
    """The last day on which the patient is known about: the last contact, or the data cut-off if that is earlier."""
    cutoff = study.data_cutoff
    limit = integer((cutoff - EPOCH).days) if cutoff else None
    if study.observed_until is None:
        return patients.with_columns((limit if limit is not None else _no_day()).alias(OBSERVED))
    contact = nw.col(patient_column(*cast("tuple[str, str]", tuple(study.observed_until.split("."))), None))
    if limit is None:
        return patients.with_columns(contact.alias(OBSERVED))
    return patients.with_columns(nw.when(contact > limit).then(limit).otherwise(contact).alias(OBSERVED))


def _no_day() -> Expr:
    return nw.lit(None, dtype=nw.Int64)


def row_values(study: Study, form: Form, frame: Frame, patients: Frame) -> Frame:
    """A form's rows, with `row__<field>`; the stop of a period that goes on lies beyond the end of observation."""
    name = study.scope.forms[form.name]
    columns: dict[str, Expr] = {}
    for field in form.fields:
        if field != form.stop or form.rows != "period":
            columns |= _held(name, field, f"row__{field}")
    rows = frame
    if form.rows == "period" and form.stop:
        rows = frame.join(patients.select(PATIENT, OBSERVED), on=PATIENT, how="inner")
        columns |= {"row__ongoing": nw.col(ONGOING), **_stop(form)}
    return rows.select(PATIENT, ROW, *(expr.alias(column) for column, expr in columns.items()))


def _stop(form: Form) -> dict[str, Expr]:
    """The interval in which a period's stop lies. Going on: after the last day of observation. Not known (refused, or
    marked as not done): any day from the start on."""
    stop, going_on = nw.col(form.stop or ""), nw.col(ONGOING)
    started = nw.when(stop.is_null()).then(nw.col(form.start or "")).otherwise(stop)
    low = nw.when(going_on).then(nw.col(OBSERVED)).otherwise(started)
    never = nw.lit(False, dtype=nw.Boolean)
    return interval_columns(f"row__{form.stop}", Bounds(low, stop, 1, going_on, never))


def _add_visits(study: Study, form: Form, values: Values, engine: Engine) -> Values:
    """Of the rows whose day falls into a visit's window, the one that the visit's rule picks."""
    dated = values.rows[form.name].join(values.patients.select(PATIENT, INDEX_DATE), on=PATIENT, how="inner")
    day = nw.col(f"row__{form.date}") - nw.col(INDEX_DATE)
    dated = dated.with_columns(day.alias("_day"))
    dated = dated.with_columns(_window(study.visits).alias("visit"), _distance(study.visits).alias("_distance"))
    dated = engine.hold(_with_picked(study, engine.hold(dated)))
    at_visits = [
        dated.filter(nw.col("picked") & (nw.col("visit") == visit.name)).select(PATIENT, *_at_visit(study, form, visit))
        for visit in study.visits
    ]
    patients = engine.hold(engine.widen(values.patients, at_visits))
    marked = dated.select(PATIENT, ROW, "visit", nw.col("_day").alias("day"), "picked")
    return replace(values, patients=patients, visits={**values.visits, form.name: marked})


def _with_picked(study: Study, dated: Frame) -> Frame:
    """The rows with whether each is the one that counts at its visit."""
    of_visits = [
        dated.select(PATIENT, ROW, "visit", "_distance").filter(nw.col("visit") == visit.name) for visit in study.visits
    ]
    picked = nw.concat([pick(rows, nw.col("_distance"), nw.col(ROW)).select(ROW) for rows in of_visits])
    marked = dated.join(picked.with_columns(nw.lit(True).alias("picked")), on=ROW, how="left")
    return marked.with_columns(filled(nw.col("picked")).alias("picked"))


def _window(visits: tuple[Visit, ...]) -> Expr:
    found: Expr = nw.lit(None, dtype=nw.String)
    for visit in visits:
        inside = (nw.col("_day") >= visit.low) & (nw.col("_day") <= visit.high)
        found = nw.when(inside).then(nw.lit(visit.name)).otherwise(found)
    return found


def _distance(visits: tuple[Visit, ...]) -> Expr:
    """The least is picked. Nearest: days from the target, of two equally near the later; last, first: by the day."""
    found: Expr = _no_day()
    day = nw.col("_day")
    for visit in visits:
        if visit.pick == "nearest":
            late = nw.when(day >= visit.day).then(integer(0)).otherwise(integer(1))
            order = (day - visit.day).abs() * 2 + late
        else:
            order = visit.high - day if visit.pick == "last" else day - visit.low
        found = nw.when((day >= visit.low) & (day <= visit.high)).then(order).otherwise(found)
    return found


def _at_visit(study: Study, form: Form, visit: Visit) -> list[Expr]:
    columns = [nw.col(ROW).alias(f"{form.name}__{ROW}__{visit.name}")]
    for field in form.fields:
        interval = is_interval(study.scope.forms[form.name].fields[field].type)
        name = patient_column(form.name, field, visit.name)
        parts = zip(columns_of(f"row__{field}", interval), columns_of(name, interval), strict=True)
        columns += [nw.col(part).alias(column) for part, column in parts]
    return columns
