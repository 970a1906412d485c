"""What is followed over the visits: the numbers of courses and changes, and what endpoints read at visits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

import polars as pl

from remit.derive.engines import collect
from remit.language.evaluate import Bounds, evaluate, held_columns
from remit.language.fields import aggregates, values
from remit.language.query import Aggregate, LastObserved, Named, Query, Value, children, digest, plain, walk
from remit.language.query import Change as Difference
from remit.language.types import Date, Number, Type
from remit.language.units import in_words
from remit.schema.cohort import Cohort
from remit.schema.profiles import Measure, Measured
from remit.schema.records import PATIENT, Records
from remit.study.analyses.kinds import Change, Course, RepeatedMeasures, Variable
from remit.study.study import Study
from remit.trace.printed import UNKNOWN, texts
from remit.trace.rows import ENGINE, RowsOf

Day = Mapping[tuple[str, str, str], int | None]  # by patient, visit and form


@dataclass(frozen=True)
class Asked:
    """`queries`: by visit, in the order of the visits."""

    label: str
    queries: Mapping[str, Query]

    @property
    def type(self) -> Type:
        return next(iter(self.queries.values())).type

    @property
    def observed(self) -> bool:
        parts = [part for query in self.queries.values() for part in walk(query)]
        return not any(isinstance(part, LastObserved | Difference) for part in parts)

    @property
    def unit(self) -> str | None:
        kind = self.type
        return in_words(kind.unit) if isinstance(kind, Number) and kind.unit else None


def measures_of(study: Study, records: Records, cohort: Cohort, patients: pl.DataFrame) -> list[tuple[Measure, ...]]:
    """Of each of these patients of the cohort, in their order."""
    asked = asked_of(study)
    rows = RowsOf(study, records, patients.with_columns(pl.selectors.date().cast(pl.Int32).cast(pl.Int64)))
    needed = [part for each in asked for query in each.queries.values() for part in aggregates(query)]
    frame = rows.with_aggregates([*dict.fromkeys(needed)])
    days = _days(cohort, patients)
    by_measure = [_of_each(study, each, frame, days) for each in asked]
    return [tuple(each[place] for each in by_measure) for place in range(patients.height)]


def _days(cohort: Cohort, patients: pl.DataFrame) -> Day:
    theirs = cohort.visits.join(patients.select(PATIENT), on=PATIENT, how="semi")
    return {
        (patient, visit, form): day
        for patient, visit, form, day in theirs.select(PATIENT, "visit", "form", "day").iter_rows()
    }


def _of_each(study: Study, asked: Asked, frame: pl.DataFrame, days: Day) -> list[Measure]:
    labels = {visit.name: visit.label for visit in study.visits}
    columns = {visit: _values(query, frame) for visit, query in asked.queries.items()}
    forms = {visit: _form(query) for visit, query in asked.queries.items()}
    found = []
    for place, patient in enumerate(frame[PATIENT]):
        told = tuple(
            Measured(labels[visit], days.get((patient, visit, forms[visit])), *column[place])
            for visit, column in columns.items()
        )
        found.append(Measure(asked.label, asked.unit, isinstance(asked.type, Number), told, asked.observed))
    return found


def _form(query: Query) -> str:
    """The form whose visit it is: of the first value that it reads there."""
    return next((value.form for value in values(query) if value.visit is not None), "")


def _values(query: Query, frame: pl.DataFrame) -> list[tuple[str | None, float | None, float | None]]:
    """As printed, with the bounds of a number."""
    held = evaluate(query)
    wide = collect(
        ENGINE.load(frame).with_columns(expr.alias(name) for name, expr in held_columns("_value", held).items())
    )
    said = [None if text == UNKNOWN else text for text in texts(wide, "_value", held, query.type)]
    if not isinstance(query.type, Number) or not isinstance(held, Bounds):
        return [(text, None, None) for text in said]
    low, high = (wide["_value"],) * 2 if held.exact else (wide["_value__low"], wide["_value__high"])
    return [
        (text, _scaled(one, held.scale), _scaled(two, held.scale))
        for text, one, two in zip(said, low, high, strict=True)
    ]


def _scaled(value: int | None, scale: int) -> float | None:
    return None if value is None else float(Fraction(value, scale))


# What is asked


def asked_of(study: Study) -> list[Asked]:
    """Each once: what means the same is one."""
    found: dict[str, dict[str, Query]] = {}
    labels: dict[str, str] = {}
    for label, queries in _candidates(study):
        own = {visit: query for visit, query in queries.items() if not isinstance(query.type, Date)}
        if not own:
            continue
        same = {digest(query) for query in own.values()}
        key = next((key for key, told in found.items() if same & {digest(query) for query in told.values()}), None)
        key = key or f"{len(found)}"
        labels.setdefault(key, label)
        found[key] = {**own, **found.get(key, {})}
    order = [visit.name for visit in study.visits]
    return [
        Asked(labels[key], {visit: queries[visit] for visit in order if visit in queries})
        for key, queries in found.items()
    ]


def _candidates(study: Study) -> Iterator[tuple[str, Mapping[str, Query]]]:
    for variable, queries in _followed(study):
        yield variable.label, queries
    read: dict[tuple[str, str], dict[str, Query]] = {}
    labels: dict[tuple[str, str], str] = {}
    for endpoint in study.endpoints.values():
        for query in endpoint.queries.values():
            for part in _read(study, plain(query)):
                key = ("", part.name) if isinstance(part, Named) else (part.form, part.field)
                labels[key] = _called(study, part)
                read.setdefault(key, {}).update(_at_visits(study, part))
    yield from ((labels[key], queries) for key, queries in read.items())


def _followed(study: Study) -> Iterator[tuple[Variable, Mapping[str, Query]]]:
    for analysis in study.analyses:
        if isinstance(analysis, Course | Change):
            yield from analysis.rows
        elif isinstance(analysis, RepeatedMeasures):
            yield analysis.outcome, analysis.queries


def _read(study: Study, query: Query) -> Iterator[Named | Value]:
    """What an endpoint reads at visits: numbers that have a name, and fields. Other endpoints are told themselves."""
    match query:
        case Aggregate():
            return
        case Named(name=name, visit=visit):
            if name in study.endpoints:
                return
            if visit is not None and name in study.scope.definitions and _is_computed(query):
                yield query
                return
            yield from _read(study, query.inner)
        case Value(visit=visit) if visit is not None:
            yield query
        case _:
            for part in children(query):
                yield from _read(study, part)


def _is_computed(query: Named) -> bool:
    """A number that is not just a field by another name."""
    return isinstance(query.type, Number) and not isinstance(plain(query), Value)


def _called(study: Study, part: Named | Value) -> str:
    if isinstance(part, Named):
        return study.scope.definitions[part.name].label
    return study.scope.forms[part.form].fields[part.field].label


def _at_visits(study: Study, part: Named | Value) -> dict[str, Query]:
    """A field has a value at each visit."""
    if isinstance(part, Named):
        return {part.visit or "": part}
    return {visit.name: Value(part.form, part.field, visit.name, part.type) for visit in study.visits}
