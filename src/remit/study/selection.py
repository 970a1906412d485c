"""Populations that are told by what came after day 0: who is in them is there because of how they fared."""

from __future__ import annotations

from collections.abc import Iterator

from remit.language.query import (
    EVERY_ROW,
    Aggregate,
    And,
    Between,
    Compare,
    Constant,
    InDays,
    Query,
    RowValue,
    Shift,
    Value,
    plain,
    walk,
)
from remit.language.types import Date
from remit.study.study import Study


def selected_by(study: Study, population: str) -> tuple[str, ...]:
    """What of the definition of a population, or of those that it is a part of, is of after day 0: in words.

    A patient who has to live, stay or respond to be counted is a survivor: time before that is immortal (S. Suissa,
    American Journal of Epidemiology 2008;167:492-9). Rows of a form count unless their date is asked to lie on day 0 or
    before. Fields that are filled once are taken as of the start, but for the end of observation.
    """
    found: dict[str, None] = {}
    part = study.populations[population]
    while part.where is not None:
        found |= dict.fromkeys(after_start(study, part.where))
        part = study.populations[part.of or population]
    return tuple(found)


def after_start(study: Study, query: Query) -> Iterator[str]:
    """What of a definition is of after day 0, in words; the same may come twice."""
    later = {visit.name: visit.label for visit in study.visits if visit.day > 0}

    def enter(part: Query) -> bool:
        return not _is_before(study, part)

    for part in walk(query, enter):
        match part:
            case Value(visit=str(visit)) if visit in later:
                yield later[visit]
            case Value(form="dosing", field=field):
                yield study.scope.patient[f"dosing.{field}"].label
            case Value(form="index", field="observed_day"):
                yield study.scope.patient["observed_day"].label
            case Value(form=form, field=field) if f"{form}.{field}" == study.observed_until:
                yield study.scope.forms[form].fields[field].label
            case Aggregate(form=form) if enter(part):
                yield f"{study.scope.forms[form].label}, also after the start"


def _is_before(study: Study, query: Query) -> bool:
    """Whether these are rows whose date is asked to lie on day 0 or before, or of which all have one on day 0."""
    if not isinstance(query, Aggregate):
        return False
    return any(_bounds(study, part) for part in _all_of(query.where)) or _makes_day_0(study, query)


def _makes_day_0(study: Study, query: Aggregate) -> bool:
    """Whether it asks for any of the rows that the index date is taken from: that of day 0 is one."""
    index = plain(study.index)
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


def _bounds(study: Study, query: Query) -> bool:
    match query:
        case Compare("<" | "<=", date, bound) | Compare(">" | ">=", bound, date):
            return (_is_date(date) and _is_start(study, bound)) or (_is_day(date) and _is_not_positive(bound))
    return False


def _is_date(query: Query) -> bool:
    """Of the row."""
    return isinstance(plain(query), RowValue) and isinstance(query.type, Date)


def _is_day(query: Query) -> bool:
    """The days from day 0 to a date of the row."""
    inner = plain(query)
    if isinstance(inner, InDays):
        inner = plain(inner.operand)
    return isinstance(inner, Between) and _is_index(inner.start) and _is_date(inner.end)


def _is_start(study: Study, query: Query) -> bool:
    """Whether a date lies on day 0 or before: the index date, days before it, that of a visit then."""
    match plain(query):
        case Shift(date=date, days=days):
            return _is_index(date) and _is_not_positive(days)
        case Value(visit=str(visit)):
            return any(each.name == visit and each.day <= 0 for each in study.visits)
        case other:
            return _is_index(other)


def _is_index(query: Query) -> bool:
    inner = plain(query)
    return isinstance(inner, Value) and (inner.form, inner.field) == ("index", "date")


def _is_not_positive(query: Query) -> bool:
    inner = plain(query)
    return isinstance(inner, Constant) and not isinstance(inner.value, str) and inner.value <= 0
