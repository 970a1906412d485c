"""What simulated patients look like where the study file does not say: plain shapes that fit the field."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from remit.language.fields import aggregates
from remit.language.query import And, Constant, Named, OneOf, Query, RowValue, Same, Value, walk
from remit.language.types import Date, Level, Number, Text, YesNo
from remit.study.forms import Field, Form
from remit.study.needs import queries
from remit.study.simulation import (
    INDEX,
    Anchor,
    Draw,
    FormShape,
    Known,
    Normal,
    Quartiles,
    Rows,
    Shape,
    Shares,
    Uniform,
)
from remit.study.study import Study

NOW = Shares((0.0,), (1.0,))
AGE, PAST = Quartiles(33, 45, 58), Quartiles(2, 5, 10)  # years before the index date
ADULTS = (Fraction(18), Fraction(90))
YEARS_AGO = Anchor(INDEX, -1, 365.25)
EVENTS_A_YEAR = 0.5
COURSE = Rows(share=0.3, start=Uniform(-90, 90), length=Quartiles(30, 60, 120))
LARGEST_SCORE = 300  # a range from 0 to more than this is of something that is seldom large
UNBOUNDED_ITEM = 5  # how wide an item without a highest value is taken to be


def form_shape(study: Study, form: Form) -> FormShape:
    return study.simulation.forms.get(form.name, FormShape())


def rows_of(study: Study, form: Form) -> tuple[Rows, ...]:
    """The rows of a form of periods or events. One that the index date or the dosing asks for begins on day 0."""
    told = form_shape(study, form).rows
    if told is not None:
        return told
    asked = {aggregate.form for aggregate in aggregates(study.index)} | ({study.dosing.form} if study.dosing else set())
    if form.name in asked:
        return (Rows(start=NOW),)
    return (Rows(rate=EVENTS_A_YEAR),) if form.rows == "event" else (COURSE,)


def shape_of(study: Study, form: Form, field: Field, rows: Rows | None = None) -> Shape:
    """The shape of a field, complete: of these rows, else of the form, else a plain one."""
    told = form_shape(study, form).shapes.get(field.name, Shape(low=field.low, high=field.high))
    if rows is not None:
        told = rows.shapes.get(field.name, told)
    return completed(study, form, field, told)


def completed(study: Study, form: Form, field: Field, told: Shape) -> Shape:
    visits = _visits(study, form)
    if isinstance(field.type, Date):
        told = _date(study, form, field, told)
    if isinstance(field.type, Number) and not told.draws:
        told = plausible(field, told)
    draws = told.draws or dict.fromkeys(visits, _draw(study, form, field, told))
    missing = {visit: told.missing.get(visit, _missing(study, field)) for visit in visits}
    return replace(told, draws=draws, missing=missing)


def _missing(study: Study, field: Field) -> float:
    """Dates are never missing where nothing is told: without them nothing can be derived."""
    return 0.0 if isinstance(field.type, Date) else study.simulation.missing


def _date(study: Study, form: Form, field: Field, told: Shape) -> Shape:
    if told.anchor is not None:
        return told
    here = f"{form.name}.{field.name}"
    if form.rows != "once":
        return replace(told, anchor=Anchor(form.date or form.start or INDEX, 1, 1.0))
    if is_index(study, form, field):
        return replace(told, anchor=Anchor(INDEX, 1, 1.0), draws={None: NOW})
    if here == study.birth:
        return replace(told, anchor=YEARS_AGO, draws={None: AGE}, low=ADULTS[0], high=ADULTS[1])
    return replace(told, anchor=YEARS_AGO, draws={None: PAST}, low=Fraction(0))


def is_index(study: Study, form: Form, field: Field) -> bool:
    index = study.index.inner if isinstance(study.index, Named) else study.index
    return isinstance(index, Value) and (index.form, index.field) == (form.name, field.name)


def _draw(study: Study, form: Form, field: Field, told: Shape) -> Draw:
    match field.type:
        case Number():
            return number(told.low, told.high)
        case YesNo():
            return _asked_for(study, form).get(field.name, Shares((False, True), (0.5, 0.5)))
        case Level(levels=levels):
            return _asked_for(study, form).get(field.name, _equal(levels))
        case Text():
            words = _asked_for(study, form).get(field.name)
            texts = tuple(_texts(study, form, field)) or (f"{field.label} 1", f"{field.label} 2")
            return words or _equal(texts)
    return NOW


def _equal(values: tuple[Known, ...]) -> Shares:
    return Shares(values, (1 / len(values),) * len(values))


def plausible(field: Field, told: Shape) -> Shape:
    """Only values that nobody asks about, where the pack says which these are."""
    low, high = field.plausible
    within = replace(
        told,
        low=low if told.low is None or (low is not None and low > told.low) else told.low,
        high=high if told.high is None or (high is not None and high < told.high) else told.high,
    )
    if within.low is not None and within.high is not None and within.low > within.high:
        return told
    return within


def number(low: Fraction | None, high: Fraction | None) -> Draw:
    """In the middle of the range; skewed towards its lower end where it goes from 0 to more than a score does."""
    if low is not None and high is not None:
        if low == high:
            return Shares((float(low),), (1.0,))
        if low == 0 and high > LARGEST_SCORE:
            return Quartiles(float(high) / 50, float(high) / 25, float(high) / 10)
        return Normal(float(low + high) / 2, float(high - low) / 6)
    if low is not None:
        return Quartiles(float(low) + 5, float(low) + 10, float(low) + 20)
    return Normal(float(high) - 20 if high is not None else 50.0, 5.0)


def is_told(study: Study, form: Form, field: str, rows: Rows | None) -> bool:
    return field in form_shape(study, form).shapes or (rows is not None and field in rows.shapes)


def total_shape(study: Study, form: Form, name: str, rows: Rows | None) -> Shape:
    """The shape of an instrument's total, with the share of each item; a third of what its items can give."""
    items = study.simulation.instruments[form.name][name]
    told = form_shape(study, form).shapes.get(name, Shape())
    if rows is not None:
        told = rows.shapes.get(name, told)
    widths = {item.field: (item.low + UNBOUNDED_ITEM if item.high is None else item.high) - item.low for item in items}
    least, widest = sum(item.low for item in items), sum(widths.values())
    most = None if any(item.high is None for item in items) else Fraction(least + widest)
    low = max(Fraction(least), told.low or Fraction(least))
    high = told.high if most is None else min(most, most if told.high is None else told.high)
    draws = dict.fromkeys(_visits(study, form), Normal(least + widest / 3, max(widest / 9, 0.5)))
    return replace(
        told,
        low=low,
        high=high,
        draws=told.draws or draws,
        missing={visit: told.missing.get(visit, study.simulation.missing) for visit in draws},
        items=told.items or {field: width / max(widest, 1) for field, width in widths.items()},
    )


def _visits(study: Study, form: Form) -> list[str | None]:
    return [visit.name for visit in study.visits] if form.rows == "visit" else [None]


# What the definitions ask of a row


def _asked_for(study: Study, form: Form) -> dict[str, Shares]:
    """Values without which a row is none of the drug, or does not give the index date."""
    wanted = [aggregate.where for aggregate in aggregates(study.index) if aggregate.form == form.name]
    if study.dosing is not None and study.dosing.form == form.name:
        wanted.append(study.dosing.where)
    found: dict[str, Shares] = {}
    for where in wanted:
        for part in _parts(where):
            for field, options in _compared(part):
                found.setdefault(field.field, Shares((options[0],), (1.0,)))
    return found


def _parts(where: Query) -> Iterator[Query]:
    if isinstance(where, And):
        yield from _parts(where.left)
        yield from _parts(where.right)
    else:
        yield where


def _compared(part: Query) -> Iterator[tuple[Value | RowValue, tuple[Known, ...]]]:
    """A field with what it is compared with, where it is a level, a text or yes/no."""
    match part:
        case RowValue(type=YesNo()):
            yield part, (True,)
        case Same(left=Value() | RowValue() as field, right=Constant(value=str() as option)):
            yield field, (option,)
        case Same(left=Constant(value=str() as option), right=Value() | RowValue() as field):
            yield field, (option,)
        case OneOf(operand=Value() | RowValue() as field, options=options):
            yield field, options


def _texts(study: Study, form: Form, field: Field) -> Iterator[str]:
    """The texts that the study's definitions speak of."""
    found: dict[str, None] = {}
    for _, query in queries(study):
        for part in walk(query):
            for known, options in _compared(part):
                if (known.form, known.field) == (form.name, field.name):
                    found |= {str(option): None for option in options}
    yield from found
