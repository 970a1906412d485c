"""The people of a study: who belongs to its populations, arms and groups, and the definitions that say so."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Any, TypeVar

from remit.derive.define import queries
from remit.language.query import Query
from remit.schema.cohort import ELIGIBLE, Cohort, arm_column, passes_column, population_column
from remit.schema.results import ARM, Address
from remit.study.analyses.kinds import Arms
from remit.study.study import Study
from remit.trace.counted import Definition
from remit.trace.people import Bits, People, joined

Made = TypeVar("Made")


class NoTrace(ValueError):
    """A result of which it cannot be told who stands behind it: a fault of remit."""


class StudyPeople:
    """A study with its cohort's patients as sets."""

    def __init__(self, study: Study, cohort: Cohort) -> None:
        self.study = study
        self.cohort = cohort
        self.people = People(cohort.patients)
        self._kept: dict[str, Any] = {}

    def kept(self, name: str, make: Callable[[], Made]) -> Made:
        """What several results share, made when it is first asked for."""
        if name not in self._kept:
            self._kept[name] = make()
        found: Made = self._kept[name]
        return found

    @cached_property
    def queries(self) -> Mapping[str, Query]:
        """By the column of the cohort that it gives."""
        return dict(queries(self.study))

    @cached_property
    def visits(self) -> Mapping[str, str]:
        """As they are called inside a sentence."""
        return {visit.name: visit.label.lower() for visit in self.study.visits}

    def definition(self, column: str, label: str) -> Definition:
        return Definition(column, label, self.queries[column])

    # Populations

    def population(self, name: str | None) -> Bits:
        if name is None:
            raise NoTrace("this result is of no population")
        return self.people.yes(population_column(name))

    def of_population(self, name: str | None) -> tuple[Definition, ...]:
        """By which a patient belongs to it."""
        return *self.narrowed_by(name), *self.criteria

    def narrowed_by(self, name: str | None) -> tuple[Definition, ...]:
        """By which its patients are fewer than those who are eligible."""
        return self.kept(f"definitions of {name}", lambda: tuple(self._parts_of(name)))

    def _parts_of(self, name: str | None) -> Iterator[Definition]:
        population = self.study.populations[name or ELIGIBLE]
        if population.where is not None:
            yield Definition(f"where__{population.name}", population.label, population.where)
            yield from self._parts_of(population.of)

    @cached_property
    def criteria(self) -> tuple[Definition, ...]:
        return tuple(self.criterion(criterion.name) for criterion in self.study.criteria)

    def criterion(self, name: str) -> Definition:
        label = next(criterion.label for criterion in self.study.criteria if criterion.name == name)
        return self.definition(passes_column(name), label)

    # Arms

    def in_arms(self, at: Address, arms: Arms | None) -> Bits:
        """Everybody; of a result by arm those of the arm, of one that compares arms those of all that it compares."""
        if at.group != ARM:
            return self.people.everybody
        return joined(self.arm(_some(arms), name) for name in arms_of(at, _some(arms)))

    def arm(self, arms: Arms, name: str) -> Bits:
        return self.people.having(arm_column(arms.kind), name)

    def of_arm(self, at: Address, arms: Arms | None) -> tuple[Definition, ...]:
        if at.group != ARM:
            return ()
        kind = _some(arms).kind
        return (self.definition(arm_column(kind), f"{kind.capitalize()} arm"),)

    def members(self, at: Address, arms: Arms | None) -> Bits:
        """Those of the population, and of the arm or arms, if the result is of some."""
        return self.population(at.population) & self.in_arms(at, arms)


def arms_of(at: Address, arms: Arms) -> tuple[str, ...]:
    """One arm, the two that are compared (the reference last), or all."""
    if at.group_level is not None:
        return (at.group_level,)
    if at.contrast is None:
        return arms.names
    for one in arms.names:
        for other in arms.names:
            if at.contrast == f"{one} - {other}" and one != other:
                return one, other
    raise NoTrace(f"{at.contrast} are no two arms of the study")


def _some(arms: Arms | None) -> Arms:
    if arms is None:
        raise NoTrace("this result is by arm, and its analysis is not")
    return arms
