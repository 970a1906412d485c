"""The rows of forms of periods and events: when they begin and end, and how stops and interruptions cut the doses."""

from __future__ import annotations

import narwhals.stable.v2 as nw
import numpy as np
import polars as pl
from numpy.typing import NDArray

from remit.language.evaluate import truth
from remit.schema.records import ONGOING
from remit.simulate import columns, curves, defaults
from remit.simulate.columns import Array, Column, Mask
from remit.simulate.forms import PLACE, Drawing, Patients, Sheet, fill
from remit.simulate.timeline import last_day, time_to
from remit.study.forms import Form
from remit.study.simulation import INDEX, Rows, Shape, Shares, Stop

YEAR = 365.25
START, STOP, PLAN = "_start", "_stop", "_plan"
NEVER = 2**40  # a day that no period reaches: it goes on


def draw_rows(drawing: Drawing, form: Form) -> pl.DataFrame:
    """The rows by patient and start; a period that outlasts the last contact goes on."""
    plans = defaults.rows_of(drawing.study, form)
    frames = [_planned(drawing, form, number, rows) for number, rows in enumerate(plans)]
    if not frames:
        return _empty(drawing, form)
    found = pl.concat(frames)
    dosing = drawing.study.dosing
    if dosing is not None and dosing.form == form.name:
        found = _dosed(drawing, form, found)
    found = found.filter(pl.col(START) <= _of_patient(drawing.timeline.observed)).sort(PLACE, START, PLAN)
    if form.rows == "period":
        found = _ended(drawing, form, found)
    return found.drop(START, STOP, PLAN)


def _empty(drawing: Drawing, form: Form) -> pl.DataFrame:
    none = _planned(drawing, form, 0, Rows(share=0.0))
    return (_ended(drawing, form, none) if form.rows == "period" else none).drop(START, STOP, PLAN)


def _of_patient(values: Array | pl.Series) -> pl.Expr:
    """A number of each patient, at that patient's rows."""
    return pl.lit(values if isinstance(values, pl.Series) else pl.Series(values)).gather(pl.col(PLACE))


# As planned


def _planned(drawing: Drawing, form: Form, number: int, rows: Rows) -> pl.DataFrame:
    patients, start, stop = _times(drawing, form, number, rows)
    sheet = Sheet(form, patients, plan=number)
    sheet.dates[INDEX] = drawing.timeline.index[patients].astype(np.int64)
    first = np.minimum(drawing.born, drawing.timeline.observed)[patients]
    start = np.maximum(start, first)
    name = form.start if form.rows == "period" else form.date
    sheet.put_date(name or "", start)
    if form.stop:
        sheet.put_date(form.stop, start)  # until the end is known

    def draw(column: Column) -> tuple[Array, Mask]:
        shape, streams = column.shape, drawing.crowd.streams
        values = column.values(drawing.crowd.of_rows(form.name, column.field.name, shape, patients, number))
        random = streams.of(form.name, column.field.name, "missing", number).random(len(patients))
        return values, random < shape.missing[None]

    fill(drawing, sheet, draw, rows)
    times = [pl.Series(START, start), pl.Series(STOP, np.maximum(stop, start + 1))]
    frame = sheet.frame().with_columns(*times, pl.lit(number).alias(PLAN))
    return frame.select(PLACE, START, STOP, PLAN, *_in_order(form, frame))


def _in_order(form: Form, frame: pl.DataFrame) -> list[str]:
    return [column for column in frame.columns if column.split("__")[0] in form.fields]


def _times(
    drawing: Drawing, form: Form, number: int, rows: Rows
) -> tuple[Patients, NDArray[np.int64], NDArray[np.int64]]:
    """The patient, the first day and the first day after it of each row."""
    streams, timeline = drawing.crowd.streams, drawing.timeline
    index = timeline.index.astype(np.int64)
    among = np.ones(drawing.count, bool) if rows.among is None else drawing.says_yes[rows.among]
    if rows.rate is not None:
        followed = timeline.observed - index
        counts = streams.of(form.name, "rate", number).poisson(rows.rate * followed / YEAR) * among
        patients = np.repeat(np.arange(drawing.count), counts)
        day = np.floor(streams.of(form.name, "day", number).random(len(patients)) * (followed[patients] + 1))
        start = index[patients] + day.astype(np.int64)
    else:
        patients = np.nonzero(among & (streams.of(form.name, "share", number).random(drawing.count) < rows.share))[0]
        z = streams.of(form.name, "from", number).standard_normal(len(patients))
        day = np.rint(curves.numbers(z, rows.start or defaults.NOW))
        start = index[patients] + day.astype(np.int64)
    stop = np.full(len(patients), NEVER)
    if rows.length is not None:
        z = streams.of(form.name, "days", number).standard_normal(len(patients))
        stop = start + np.maximum(np.rint(curves.numbers(z, rows.length, low=1, step=1)).astype(np.int64), 1)
    if rows.to is not None:
        stop = np.minimum(stop, index[patients] + rows.to)
    return patients, start, stop


# As it came


def _dosed(drawing: Drawing, form: Form, found: pl.DataFrame) -> pl.DataFrame:
    """The drug's periods, cut where it was interrupted, stopped for good, or the patient left."""
    told, study, timeline = defaults.form_shape(drawing.study, form), drawing.study, drawing.timeline
    last, streams, index = last_day(study), drawing.crowd.streams, timeline.index.astype(np.int64)
    of_drug = _of_drug(drawing, found)
    stops = index + time_to(told.stop.share if told.stop else 0.0, last, streams, form.name, "stop", size=drawing.count)
    drug, others = found.filter(of_drug), found.filter(~of_drug)
    if told.interruptions is not None:
        drug = _interrupted(drawing, form, drug, told.interruptions, stops)
    drug = _cut(drawing, form, drug, stops, told.stop, "stop")
    left = study.simulation.drop_out
    if left is not None and left.reasons is not None:
        gone = np.where(timeline.dropped, timeline.observed.astype(np.int64), NEVER)
        drug = _cut(drawing, form, drug, gone, left, "left")
    return pl.concat([drug, others])


def _of_drug(drawing: Drawing, found: pl.DataFrame) -> pl.Series:
    """Which rows the study's `dosing: where` speaks of."""
    dosing = drawing.study.dosing
    assert dosing is not None
    rows = found.select(pl.all().exclude(PLACE, START, STOP, PLAN).name.prefix("row__"), pl.lit(1).alias(PLACE))
    told = nw.from_native(rows).with_columns(truth(dosing.where).alias(PLAN)).to_native()
    return told[PLAN].fill_null(value=False)


def _interrupted(drawing: Drawing, form: Form, drug: pl.DataFrame, told: Stop, stops: Array) -> pl.DataFrame:
    """Of those who are still on the drug, and go on with it afterwards, a share interrupts it once."""
    streams, index, count = drawing.crowd.streams, drawing.timeline.index.astype(np.int64), drawing.count
    begins = index + streams.of(form.name, "interrupted").integers(1, max(last_day(drawing.study), 2), count)
    z = streams.of(form.name, "interruption").standard_normal(count)
    ends = begins + np.maximum(np.rint(curves.numbers(z, told.days or defaults.NOW, low=1, step=1)).astype(np.int64), 1)
    goes_on = (ends < stops) & (ends < drawing.timeline.observed)
    chosen = goes_on & (streams.of(form.name, "interrupts").random(count) < told.share)
    begins, ends = np.where(chosen, begins, NEVER), np.where(chosen, ends, NEVER)
    before = _cut(drawing, form, drug, begins, told, "interrupted")
    start = pl.max_horizontal(START, _of_patient(ends))
    after = drug.filter(_of_patient(ends) < pl.col(STOP)).filter(pl.col(STOP) > _of_patient(begins))
    return pl.concat([before, after.with_columns(start.alias(START))])


def _cut(drawing: Drawing, form: Form, drug: pl.DataFrame, days: Array, told: Stop | None, why: str) -> pl.DataFrame:
    """The periods until a day of each patient, with the reason for the end of those that it ends."""
    end = _of_patient(days)
    kept = drug.filter(pl.col(START) < end)
    reason = drawing.study.dosing.reason if drawing.study.dosing else None
    if told is not None and told.reasons is not None and reason is not None:
        z = drawing.crowd.streams.of(form.name, why, "reason").standard_normal(drawing.count)
        because = _reasons(form, reason, z, told.reasons)
        cut = pl.when(pl.col(STOP) >= end)
        kept = kept.with_columns(cut.then(_of_patient(because)).otherwise(pl.col(reason)).alias(reason))
    return kept.with_columns(pl.min_horizontal(STOP, end).alias(STOP))


def _reasons(form: Form, field: str, z: Array, reasons: Shares) -> pl.Series:
    column = columns.column(form.fields[field], Shape(draws={None: reasons}))
    return column.series(column.values(z), np.zeros(len(z), bool))[0]


def _ended(drawing: Drawing, form: Form, found: pl.DataFrame) -> pl.DataFrame:
    """Start and stop as dates. What goes on at the last contact has no stop, and no reason for one."""
    going_on = pl.col(STOP) > _of_patient(drawing.timeline.observed)
    stop = pl.when(~going_on).then(pl.col(STOP)).cast(pl.Int32).cast(pl.Date)
    dated = [pl.col(START).cast(pl.Int32).cast(pl.Date).alias(form.start or ""), stop.alias(form.stop or "")]
    dosing = drawing.study.dosing
    if dosing is not None and dosing.form == form.name and dosing.reason is not None:
        dated.append(pl.when(~going_on).then(pl.col(dosing.reason)).alias(dosing.reason))
    return found.with_columns(*dated, going_on.alias(ONGOING))
