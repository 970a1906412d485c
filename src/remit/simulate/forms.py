"""A form's rows, field by field: one row a patient, or one a visit; the rows of other forms come from `rows`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np
import polars as pl
from numpy.typing import NDArray

from remit.language.types import Date, Number, YesNo
from remit.simulate import columns, defaults
from remit.simulate.columns import Array, Column, Mask
from remit.simulate.latent import Crowd
from remit.simulate.timeline import Timeline
from remit.study.forms import Field, Form
from remit.study.simulation import INDEX, Rows
from remit.study.study import Study

Patients = NDArray[np.intp]


@dataclass
class Drawing:
    """What forms are drawn from, and what those drawn before say of each patient: `born`, the first day that a date
    may have, and by form and field of whom a yes/no field says yes."""

    study: Study
    crowd: Crowd
    timeline: Timeline
    born: NDArray[np.int64]
    says_yes: dict[tuple[str, str], Mask] = field(default_factory=dict)

    @property
    def count(self) -> int:
        return len(self.timeline.index)


@dataclass
class Sheet:
    """Rows of a form being drawn: the patient of each, and the columns and dates that are there. `plan`: which of the
    form's declared rows they are."""

    form: Form
    patients: Patients
    made: dict[str, pl.Series] = field(default_factory=dict)
    dates: dict[str, NDArray[np.int64]] = field(default_factory=dict)
    plan: int = 0

    def put_date(self, name: str, days: NDArray[np.int64]) -> None:
        self.dates[name] = days
        self.made[name] = columns.nullable(name, days.astype(np.int32), np.zeros(len(days), bool)).cast(pl.Date)

    def frame(self) -> pl.DataFrame:
        return pl.DataFrame({PLACE: self.patients.astype(np.int64), **self.made})


PLACE = "_place"  # of the patient among all


@dataclass(frozen=True)
class Grid:
    """Standard normal numbers and shares for patients × visits, of which `there` are the rows."""

    drawing: Drawing
    form: Form
    visits: tuple[str | None, ...]
    there: Mask

    def draw(self, column: Column) -> tuple[Array, Mask]:
        """The values of the rows, and where they are not known."""
        name, shape, crowd = column.field.name, column.shape, self.drawing.crowd
        z = crowd.latent(self.form.name, name, shape, len(self.visits))
        parts = [column.values(z[:, number], visit) for number, visit in enumerate(self.visits)]
        values = np.stack(parts, axis=1)[self.there]
        shares = np.array([shape.missing[visit] for visit in self.visits], np.float32)
        if not shares.any():
            return values, np.zeros(len(values), bool)
        random = crowd.streams.of(self.form.name, name, "missing").random(self.there.shape, dtype=np.float32)
        return values, (random < shares)[self.there]


def draw_once(drawing: Drawing, form: Form) -> Sheet:
    """One row a patient. `drawing` learns of the dates of birth, and of the yes/no fields."""
    timeline, study = drawing.timeline, drawing.study
    sheet = Sheet(form, np.arange(drawing.count))
    sheet.dates[INDEX] = timeline.index.astype(np.int64)
    home, _, seen = (study.observed_until or "").partition(".")
    if home == form.name:
        sheet.put_date(seen, timeline.observed.astype(np.int64))
    grid = Grid(drawing, form, (None,), np.ones((drawing.count, 1), bool))
    fill(drawing, sheet, grid.draw, None)
    return sheet


def draw_visits(drawing: Drawing, form: Form) -> Sheet:
    """One row a visit that took place, by patient and visit."""
    timeline = drawing.timeline
    there = timeline.attended & (timeline.visit_days >= drawing.born[:, None])
    sheet = Sheet(form, np.nonzero(there)[0])
    sheet.dates[INDEX] = timeline.index[sheet.patients].astype(np.int64)
    sheet.put_date(form.date or "", timeline.visit_days[there].astype(np.int64))
    visits = tuple(visit.name for visit in drawing.study.visits)
    fill(drawing, sheet, Grid(drawing, form, visits, there).draw, None)
    return sheet


def fill(drawing: Drawing, sheet: Sheet, draw: Callable[[Column], tuple[Array, Mask]], rows: Rows | None) -> None:
    """Draw each field that is not there yet. `draw`: what gives a column's values, and where they are not known."""
    study, form = drawing.study, sheet.form
    for name, items in study.simulation.instruments.get(form.name, {}).items():
        if not any(defaults.is_told(study, form, item.field, rows) for item in items):
            _fill_instrument(drawing, sheet, draw, name, rows)
    for each in _birth_first(study, form):
        if each.name in sheet.made:
            continue
        column = columns.column(each, defaults.shape_of(study, form, each, rows))
        values, unknown = _asked(drawing, sheet, column, *draw(column))
        if isinstance(each.type, Date):
            values = _date(drawing, sheet, column, values)
        if form.rows == "once" and isinstance(each.type, YesNo):
            drawing.says_yes[form.name, each.name] = values & ~unknown
        sheet.made |= {series.name: series for series in column.series(values, unknown)}


def _fill_instrument(
    drawing: Drawing, sheet: Sheet, draw: Callable[[Column], tuple[Array, Mask]], name: str, rows: Rows | None
) -> None:
    """The total is drawn, and split into its items."""
    study, form = drawing.study, sheet.form
    items = study.simulation.instruments[form.name][name]
    shape = defaults.total_shape(study, form, name, rows)
    low, high = shape.low or 0, shape.high
    total = Field(name, name, Number(), name, low=Fraction(low), high=high)
    column = columns.column(total, shape)
    values, unknown = _asked(drawing, sheet, column, *draw(column))
    random = drawing.crowd.streams.of(form.name, name, "items", sheet.plan)
    parts = columns.split(values, [(each.low, each.high, shape.items[each.field]) for each in items], random)
    for each, part in zip(items, parts, strict=True):
        sheet.made[each.field] = columns.nullable(each.field, part, unknown)


def _birth_first(study: Study, form: Form) -> list[Field]:
    """No other date may lie before it."""
    return sorted(form.fields.values(), key=lambda each: f"{form.name}.{each.name}" != study.birth)


def _asked(drawing: Drawing, sheet: Sheet, column: Column, values: Array, unknown: Mask) -> tuple[Array, Mask]:
    """Of those among whom a field is not asked, yes/no says no, and any other field nothing."""
    if column.shape.among is None:
        return values, unknown
    among = drawing.says_yes[column.shape.among][sheet.patients]
    if isinstance(column.field.type, YesNo):
        return values & among, unknown & among
    return values, unknown | ~among


def _date(drawing: Drawing, sheet: Sheet, column: Column, days: Array) -> NDArray[np.int64]:
    """Days from the origin → the day, brought between birth and last contact."""
    shape, name = column.shape, column.field.name
    origin = sheet.dates[shape.anchor.origin if shape.anchor else INDEX]
    observed = drawing.timeline.observed[sheet.patients]
    if f"{sheet.form.name}.{name}" == drawing.study.birth:
        day = drawing.born = np.clip(origin + days, columns.LONG_AGO, observed)
    else:
        day = np.clip(origin + days, np.minimum(drawing.born[sheet.patients], observed), observed)
    sheet.dates[name] = day
    return day
