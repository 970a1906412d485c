"""What is told by what came after day 0: who is chosen by it is there because of how they fared."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeGuard

from remit.language.query import (
    EVERY_ROW,
    FLIPPED,
    Aggregate,
    And,
    Between,
    Compare,
    Constant,
    InDays,
    Operator,
    Query,
    RowValue,
    Shift,
    Value,
    plain,
    walk,
)
from remit.language.scope import Scope
from remit.language.types import Date, Number
from remit.study.study import Criterion, Study, Visit


@dataclass(frozen=True)
class Timeline:
    """What of a study says when something is known. `observed_until`: the form.field of the end of observation."""

    scope: Scope
    index: Query
    visits: tuple[Visit, ...]
    observed_until: str | None


def timeline_of(study: Study) -> Timeline:
    return Timeline(study.scope, study.index, study.visits, study.observed_until)


def told_of(criterion: Criterion) -> str:
    """What is to be known of a criterion that selects survivors."""
    after = f" ({'; '.join(criterion.after_start)})" if criterion.after_start else ""
    return (
        f"The criterion “{criterion.label}” looks at what came after the start of treatment{after}: patients are in "
        "the cohort because of how they fared, and those who were lost, stopped or died early may be missing. What is "
        "found is of this selection, and may flatter the treatment."
    )


def selected_by(study: Study, population: str) -> tuple[str, ...]:
    """What of the definition of a population, or of those that it is a part of, is of after day 0: in words.

    A patient who has to live, stay or respond to be counted is a survivor: time before that is immortal (S. Suissa,
    American Journal of Epidemiology 2008;167:492-9). Rows of a form count unless their date is asked to lie on day 0 or
    before. Fields that are filled once are taken as of the start, but for the end of observation and for dates that are
    asked to lie after the index date.
    """
    found: dict[str, None] = {}
    part = study.populations[population]
    while part.where is not None:
        found |= dict.fromkeys(after_start(timeline_of(study), part.where))
        part = study.populations[part.of or population]
    return tuple(found)


def after_start(timeline: Timeline, query: Query) -> tuple[str, ...]:
    """What of a definition is of after day 0, in words."""
    return tuple(dict.fromkeys(_after_start(timeline, query)))


def _after_start(timeline: Timeline, query: Query) -> Iterator[str]:
    scope, later = timeline.scope, {visit.name: visit.label for visit in timeline.visits if visit.day > 0}
    for part in walk(query):
        match part:
            case Value(visit=str(visit)) if visit in later:
                yield later[visit]
            case Value(form="dosing", field=field):
                yield scope.patient[f"dosing.{field}"].label
            case Value(form="index", field="observed_day"):
                yield scope.patient["observed_day"].label
            case Value(form=form, field=field) if f"{form}.{field}" == timeline.observed_until:
                yield scope.forms[form].fields[field].label
            case Aggregate(form=form) if not is_before(timeline, part):
                yield f"{scope.forms[form].label}, also after the start"
            case Compare() if date := _later_date(part):
                yield scope.forms[date.form].fields[date.field].label


# Dates that are filled once


def _later_date(query: Compare) -> Value | None:
    """The patient's date that is compared with a day after the index date, or asked to lie on it or after it."""
    for operator, one, other in (
        (query.operator, query.left, query.right),
        (FLIPPED[query.operator], query.right, query.left),
    ):
        (date, moved), (start, days) = _day(one), _day(other)
        if _is_of_patient(date) and is_index(start) and _is_later(operator, days - moved):
            return date
        if isinstance(span := _span(one), Between) and (asked := _number(other)) is not None:
            start, end = plain(span.start), plain(span.end)
            if is_index(start) and _is_of_patient(end) and _is_later(operator, asked):
                return end
            if is_index(end) and _is_of_patient(start) and _is_later(FLIPPED[operator], -asked):
                return start
    return None


def _is_later(operator: Operator, days: Fraction) -> bool:
    """Whether "the date is ≥ index date + days", or another such comparison, is told by days after the index date."""
    return days > 0 or (days == 0 and operator in (">", ">="))


def _is_of_patient(query: Query) -> TypeGuard[Value]:
    """A date of a form that is filled once."""
    return isinstance(query, Value) and query.visit is None and isinstance(query.type, Date) and not is_index(query)


def _day(query: Query) -> tuple[Query, Fraction]:
    """A date, and by how many days it is moved."""
    inner = plain(query)
    if isinstance(inner, Shift) and (days := _number(inner.days)) is not None:
        return plain(inner.date), days
    return inner, Fraction(0)


def _span(query: Query) -> Query:
    inner = plain(query)
    return plain(inner.operand) if isinstance(inner, InDays) else inner


def _number(query: Query) -> Fraction | None:
    inner = plain(query)
    return Fraction(inner.value) if isinstance(inner, Constant) and isinstance(inner.type, Number) else None


# Rows


def is_before(timeline: Timeline, query: Aggregate) -> bool:
    """Whether these are rows whose date is asked to lie on day 0 or before, or of which all have one on day 0."""
    return any(_bounds(timeline, part) for part in _all_of(query.where)) or _makes_day_0(timeline, query)


def _makes_day_0(timeline: Timeline, query: Aggregate) -> bool:
    """Whether it asks for any of the rows that the index date is taken from: that of day 0 is one."""
    index = plain(timeline.index)
    if query.kind != "any" or not isinstance(index, Aggregate) or index.form != query.form:
        return False
    return set(_all_of(query.where)) <= {EVERY_ROW, *_all_of(index.where)}


def _all_of(query: Query) -> Iterator[Query]:
    """The parts that hold together."""
    inner = plain(query)
    if isinstance(inner, And):
        yield from _all_of(inner.left)
        yield from _all_of(inner.right)
    else:
        yield inner


def _bounds(timeline: Timeline, query: Query) -> bool:
    match query:
        case Compare("<" | "<=", date, bound) | Compare(">" | ">=", bound, date):
            return (_is_date(date) and _is_start(timeline, bound)) or (_is_day(date) and _is_not_positive(bound))
    return False


def _is_date(query: Query) -> bool:
    """Of the row."""
    return isinstance(plain(query), RowValue) and isinstance(query.type, Date)


def _is_day(query: Query) -> bool:
    """The days from day 0 to a date of the row."""
    inner = _span(query)
    return isinstance(inner, Between) and is_index(inner.start) and _is_date(inner.end)


def _is_start(timeline: Timeline, query: Query) -> bool:
    """Whether a date lies on day 0 or before: the index date, days before it, that of a visit then."""
    match plain(query):
        case Shift(date=date, days=days):
            return is_index(date) and _is_not_positive(days)
        case Value(visit=str(visit)):
            return any(each.name == visit and each.day <= 0 for each in timeline.visits)
        case other:
            return is_index(other)


def is_index(query: Query) -> bool:
    inner = plain(query)
    return isinstance(inner, Value) and (inner.form, inner.field) == ("index", "date")


def _is_not_positive(query: Query) -> bool:
    number = _number(query)
    return number is not None and number <= 0
