"""Who was counted for a result, and by which definitions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from remit.language.query import Query
from remit.trace.people import Bits, size

COUNTS = ("numerator", "denominator", "missing", "population_n")


@dataclass(frozen=True)
class Definition:
    """By which the value of a patient was decided: it stands in this column of the cohort's patients."""

    column: str
    label: str
    query: Query


@dataclass(frozen=True)
class Counted:
    """The sets behind a result; None: the result has no such number.

    `instead`: by name, counts of the result that are not the size of the set, because not patients are counted (events,
    ways, cells), or more than can be named; `note` then says what is counted.
    `rows`: of events, the keys of the rows that were counted, by the position of their patient.
    """

    population: Bits | None
    denominator: Bits | None
    numerator: Bits | None
    missing: Bits | None
    definitions: tuple[Definition, ...] = ()
    note: str | None = None
    instead: Mapping[str, int | None] = field(default_factory=dict)
    rows: Mapping[int, tuple[int, ...]] | None = None

    def within(self, some: Bits) -> Counted:
        """Only these patients."""
        population, denominator, numerator, missing = (None if each is None else each & some for each in self.sets)
        return replace(self, population=population, denominator=denominator, numerator=numerator, missing=missing)

    @property
    def sets(self) -> tuple[Bits | None, Bits | None, Bits | None, Bits | None]:
        return self.population, self.denominator, self.numerator, self.missing

    @property
    def counts(self) -> dict[str, int | None]:
        """What the result must say."""
        sets = (self.numerator, self.denominator, self.missing, self.population)
        found = {name: None if each is None else size(each) for name, each in zip(COUNTS, sets, strict=True)}
        return {**found, **self.instead}


def counted(
    population: Bits, denominator: Bits, numerator: Bits | None, *definitions: Definition, missing: Bits | None = None
) -> Counted:
    """Of some of a population; missing: without it, the rest of the population."""
    rest = population & ~denominator if missing is None else missing
    return Counted(population, denominator, numerator, rest, definitions)
