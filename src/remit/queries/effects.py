"""What a missing or doubtful cell could change: its patient is derived again with what it could read.

Each cell alone; and all that is missing in one row together, numbers at the ends of what is possible. What is found can
change; it is not proved that nothing else can.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import product
from typing import Any, Literal

import polars as pl

from remit.derive.define import queries
from remit.finished import Finished
from remit.language.fields import collected
from remit.language.types import Date, Level, Number, YesNo
from remit.moves.copies import Added, Changed, To, copies_of, without_imputation
from remit.moves.otherwise import Cell, Others, Otherwise
from remit.queries.doubts import Doubt
from remit.schema.cohort import ELIGIBLE, EXCLUDED_BY, Cohort, endpoint_column, population_column
from remit.schema.records import PATIENT, ROW
from remit.study.analyses.kinds import Sensitivity
from remit.study.forms import Field

Rank = Literal["conclusion", "primary endpoint", "another endpoint", "another number", "nothing", "not tried"]
RANKS: tuple[Rank, ...] = (
    "conclusion",
    "primary endpoint",
    "another endpoint",
    "another number",
    "nothing",
    "not tried",
)
_MEMBER = population_column("")
MOST_TRIED = 12  # readings of one cell
LEVEL = 0.05
_AGGREGATES = ("any__", "all__", "count__", "sum__", "min__", "max__", "first__", "last__")


@dataclass(frozen=True)
class Effect:
    """The most that a cell could change, and which endpoints. `together`: only with what else is missing in its row.
    `primary`: numerator and denominator of the primary result, as they are and as they would be."""

    rank: Rank
    endpoints: tuple[str, ...] = ()
    together: bool = False
    primary: tuple[tuple[int, int], tuple[int, int]] | None = None


@dataclass(frozen=True)
class _Try:
    doubts: tuple[int, ...]
    changed: Changed


def effects_of(run: Finished, doubts: Sequence[Doubt]) -> list[Effect]:
    """One for each doubt."""
    tries = [*_alone(run, doubts), *_together(run, doubts), *_visits(run, doubts)]
    people = [*dict.fromkeys(each.changed.patient for each in tries)]
    study = without_imputation(run.study)
    found = copies_of(study, run.records, [*map(Changed, people), *(each.changed for each in tries)])
    derived = [*_derived(found)]
    as_they_are = dict(zip(people, derived, strict=False))
    judge = _Judge(run)
    effects = [Effect("not tried" if doubt.problem == "queried" else "nothing") for doubt in doubts]
    for each, after in zip(tries, derived[len(people) :], strict=True):
        before, together = as_they_are[each.changed.patient], len(each.doubts) > 1
        changed = judge.changed(before, after)
        for number in each.doubts:
            own = judge.that_read(changed, doubts[number]) if together else changed
            effects[number] = min(effects[number], judge.effect(before, after, own, together), key=_order)
    return effects


@dataclass(frozen=True)
class _Derived:
    """A patient's columns of the cohort, and his events."""

    columns: Mapping[str, Any]
    events: Sequence[tuple[Any, ...]]


def _derived(copies: Cohort) -> Iterator[_Derived]:
    """In the order of the copies."""
    events: dict[str, list[tuple[Any, ...]]] = {}
    place = copies.events.columns.index(PATIENT)
    for row in copies.events.iter_rows():
        events.setdefault(row[place], []).append(row[:place] + row[place + 1 :])
    for columns in copies.patients.iter_rows(named=True):
        yield _Derived(columns, events.get(columns[PATIENT], []))


def _order(effect: Effect) -> tuple[int, bool]:
    return RANKS.index(effect.rank), effect.together


def _rows(run: Finished, doubts: Iterable[Doubt]) -> dict[tuple[str, int], dict[str, Any]]:
    forms = {doubt.form for doubt in doubts}
    return {(form, row[ROW]): row for form in forms for row in run.records.forms[form].iter_rows(named=True)}


def _alone(run: Finished, doubts: Sequence[Doubt]) -> Iterator[_Try]:
    others, rows = Others(run.study, run.records), _rows(run, doubts)
    for number, doubt in enumerate(doubts):
        if doubt.field is None or doubt.row is None:
            continue
        found = others.of(doubt.form, doubt.field, rows[doubt.form, doubt.row])
        for other in _some(found):
            yield _Try((number,), Changed(doubt.patient, (To(doubt.form, doubt.field, doubt.row, other),)))


def _some(found: list[Otherwise]) -> list[Otherwise]:
    """Of many, some from end to end."""
    if len(found) <= MOST_TRIED:
        return found
    return [found[round(place * (len(found) - 1) / (MOST_TRIED - 1))] for place in range(MOST_TRIED)]


def _together(run: Finished, doubts: Sequence[Doubt]) -> Iterator[_Try]:
    """All that is missing in one row."""
    of_row: dict[tuple[str, int], list[int]] = {}
    for number, doubt in enumerate(doubts):
        if doubt.is_unknown and doubt.row is not None:
            of_row.setdefault((doubt.form, doubt.row), []).append(number)
    ends = _Ends(run)
    for (form, row), numbers in of_row.items():
        if len(numbers) > 1:
            fields = [doubts[number].field or "" for number in numbers]
            for values in ends.of(form, fields):
                to = tuple(To(form, field, row, Otherwise("", value)) for field, value in values.items())
                yield _Try(tuple(numbers), Changed(doubts[numbers[0]].patient, to))


def _visits(run: Finished, doubts: Sequence[Doubt]) -> Iterator[_Try]:
    """A visit that is missing, on its planned day."""
    ends = _Ends(run)
    for number, doubt in enumerate(doubts):
        if doubt.problem == "missing visit" and doubt.date is not None:
            form = run.study.forms[doubt.form]
            fields = [name for name, field in form.fields.items() if not isinstance(field.type, Date)]
            for values in ends.of(doubt.form, fields):
                row: dict[str, Cell] = {form.date or "": doubt.date, **values}
                yield _Try((number,), Changed(doubt.patient, added=(Added(doubt.form, row),)))


class _Ends:
    """Several cells at once: numbers at one end, yes or no, the first level or the last."""

    def __init__(self, run: Finished) -> None:
        self._forms = run.study.forms
        self._others = Others(run.study, run.records)

    def of(self, form: str, fields: Sequence[str]) -> Iterator[Mapping[str, Cell]]:
        for last, truth in product((False, True), (False, True)):
            found = {name: self._end(form, self._forms[form].fields[name], last, truth) for name in fields}
            yield {name: value for name, value in found.items() if value is not None}

    def _end(self, form: str, field: Field, last: bool, truth: bool) -> Cell:
        match field.type:
            case YesNo():
                return truth
            case Level(levels=levels):
                return levels[-1 if last else 0]
            case Number() as kind:
                numbers = self._others.numbers(self._forms[form], field, kind)
                return numbers[-1 if last else 0] if numbers else None
        return None


class _Judge:
    """What is other in a patient, and what that means for the study."""

    def __init__(self, run: Finished) -> None:
        self._run, self._study = run, run.study
        self._endpoints = dict(self._columns())
        self._raw = (PATIENT, *_AGGREGATES, *(f"{form}__" for form in (*self._study.forms, "index", "dosing")))
        self._compared: list[str] = []
        self._read = {name: collected(query) for name, query in queries(run.study)}

    def _columns(self) -> Iterator[tuple[str, str]]:
        """The columns of endpoints, by what they are called."""
        for endpoint in self._study.endpoints.values():
            for visit in endpoint.queries:
                said = f"{endpoint.label} at {self._study.scope.visits[visit].label.lower()}"
                for basis in (None, *self._study.estimands):
                    yield endpoint_column(endpoint.name, visit, basis), said

    def changed(self, before: _Derived, after: _Derived) -> list[str]:
        """The columns of definitions that are other; of a patient in no population, those that say so."""
        one, other = before.columns, after.columns
        names = self._columns_of(one)
        if not any(each[name] for each in (one, other) for name in names if name.startswith(_MEMBER)):
            names = [name for name in names if name.startswith((_MEMBER, "passes__", ELIGIBLE, EXCLUDED_BY))]
        return [name for name in names if one[name] != other[name]]

    def that_read(self, columns: Sequence[str], doubt: Doubt) -> list[str]:
        """Those columns whose definition reads the cell."""
        at = (doubt.form, doubt.field)
        return [name for name in columns if name not in self._read or at in self._read[name]]

    def effect(self, before: _Derived, after: _Derived, changed: Sequence[str], together: bool) -> Effect:
        flipped = dict.fromkeys(self._endpoints[name] for name in changed if name in self._endpoints)
        primary = self._primary(before.columns, after.columns) if self._has_primary(changed) else None
        if primary:
            rank: Rank = "conclusion" if self._concludes_otherwise(primary) else "primary endpoint"
        elif flipped:
            rank = "another endpoint"
        elif changed or (before.events != after.events and not together):
            rank = "another number"
        else:
            rank = "nothing"
        return Effect(rank, tuple(flipped), together and rank != "nothing", self._moved(primary))

    def _moved(self, step: tuple[int, int] | None) -> tuple[tuple[int, int], tuple[int, int]] | None:
        if step is None or self._counts is None:
            return None
        n, of = self._counts
        return (n, of), (n + step[0], of + step[1])

    def _has_primary(self, columns: Sequence[str]) -> bool:
        primary = self._study.primary
        return primary is not None and not {
            endpoint_column(primary.endpoint, primary.visit, primary.estimand),
            population_column(primary.population),
        }.isdisjoint(columns)

    def _columns_of(self, columns: Mapping[str, Any]) -> list[str]:
        """Those of definitions, not of what they are made of."""
        self._compared = self._compared or [name for name in columns if not name.startswith(self._raw)]
        return self._compared

    def _primary(self, one: Mapping[str, Any], other: Mapping[str, Any]) -> tuple[int, int] | None:
        """By how much numerator and denominator of the primary result move; None: they do not."""
        primary = self._study.primary
        if primary is None:
            return None
        column = endpoint_column(primary.endpoint, primary.visit, primary.estimand)
        inside = population_column(primary.population)
        counted = [(each[inside] is True and each.get(column) is True, each[inside] is True) for each in (one, other)]
        step = tuple(int(counted[1][place]) - int(counted[0][place]) for place in (0, 1))
        return (step[0], step[1]) if step != (0, 0) else None

    def _concludes_otherwise(self, step: tuple[int, int]) -> bool:
        """Whether the primary proportion would differ from its benchmark where it does not now, or the other way."""
        if self._benchmark is None or self._counts is None:
            return False
        from remit.inference.benchmark import binomial_p

        n, of = self._counts
        now, then = (
            (float(binomial_p(count, size, float(self._benchmark))[()]) < LEVEL, count > float(self._benchmark) * size)
            for count, size in ((n, of), (n + step[0], of + step[1]))
        )
        return (now[0] or then[0]) and now != then

    @cached_property
    def _benchmark(self) -> Fraction | None:
        """That of the primary result, if an analysis of sensitivity has one."""
        primary = self._study.primary
        if primary is None:
            return None
        asked = [each for each in self._study.analyses if isinstance(each, Sensitivity) and each.benchmark is not None]
        at = primary.endpoint, primary.visit
        return next((each.benchmark for each in asked if (each.endpoint, each.visit) == at), None)

    @cached_property
    def _counts(self) -> tuple[int, int] | None:
        """Numerator and denominator of the primary result."""
        primary, table = self._study.primary, self._run.results.table
        if primary is None:
            return None
        found = table.filter(
            pl.col("group").is_null(),
            pl.col("level").is_null(),
            variable=primary.endpoint,
            visit=primary.visit,
            population=primary.population,
            handling=primary.estimand,
            statistic="percent",
        )
        return (found["numerator"][0], found["denominator"][0]) if found.height else None
