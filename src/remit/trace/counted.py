"""Who was counted for a result, and by which definitions."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from remit.language.query import Query
from remit.schema.trace import Source
from remit.trace.people import Bits, Places, set_of

COUNTS = ("numerator", "denominator", "missing", "population_n")


@dataclass(frozen=True)
class Definition:
    """By which the value of a patient was decided: it stands in this column of the cohort's patients."""

    column: str
    label: str
    query: Query


@dataclass(frozen=True)
class PatientRows:
    """Rows of a form: of each the position of its patient, in ascending order, and its key."""

    patients: Sequence[int]
    keys: Sequence[int]

    @cached_property
    def set(self) -> Bits:
        """Who has one."""
        return set_of(self.patients)

    def count(self, who: Bits) -> int:
        """How many are theirs."""
        return len(Places(self.patients).inside(who))

    def of(self, patient: int) -> tuple[int, ...]:
        """The keys of a patient's rows."""
        start = bisect_left(self.patients, patient)
        return tuple(self.keys[start : bisect_right(self.patients, patient, lo=start)])


@dataclass(frozen=True)
class Counted:
    """The sets behind a result; None: the result has no such number.

    `instead`: by name, counts of the result that are not the size of the set, for something else is counted than these
    patients: events, ways, tests. `unnamed`: counts that are of no patients in particular. `note` says what is counted.
    `rows`: of events, those that were counted. `source`: of a published number, or of what is compared with one.
    `pooled`: of what is pooled, all that it is made of.
    """

    population: Bits | None
    denominator: Bits | None
    numerator: Bits | None
    missing: Bits | None
    definitions: tuple[Definition, ...] = ()
    note: str | None = None
    instead: Mapping[str, int | None] = field(default_factory=dict)
    unnamed: tuple[str, ...] = ()
    rows: PatientRows | None = None
    source: Source | None = None
    pooled: tuple[Source, ...] = ()

    def within(self, some: Bits) -> Counted:
        """Only these patients."""
        population, denominator, numerator, missing = (None if each is None else each & some for each in self.sets)
        return replace(self, population=population, denominator=denominator, numerator=numerator, missing=missing)

    @property
    def without_sets(self) -> Counted:
        return replace(self, population=None, denominator=None, numerator=None, missing=None)

    def told(self, note: str, **instead: int | None) -> Counted:
        """The same with a note, and with counts that are not the size of the set."""
        return replace(self, note=note, instead={**self.instead, **instead})

    def of_source(self, source: Source) -> Counted:
        """The same, compared with what is published there."""
        return replace(self, source=source)

    @property
    def sets(self) -> tuple[Bits | None, Bits | None, Bits | None, Bits | None]:
        return self.population, self.denominator, self.numerator, self.missing


def counted(
    population: Bits, denominator: Bits, numerator: Bits | None, *definitions: Definition, missing: Bits | None = None
) -> Counted:
    """Of some of a population; missing: without it, the rest of the population."""
    rest = population & ~denominator if missing is None else missing
    return Counted(population, denominator, numerator, rest, definitions)
