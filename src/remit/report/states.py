"""In which state patients are at each visit, and from which to which they go: sentences and tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from remit.report.addresses import size
from remit.report.arms import Group, groups_of, population_notes
from remit.report.document import Block, Cell, Column, Figure, Fold, Paragraph, Row, Section, Table, Words, words
from remit.report.lookup import Lookup, Statistics
from remit.report.numbers import SPACE, count, percent
from remit.report.wording import among, capital, listed, small, visit_label
from remit.schema.results import STATE_UNKNOWN, Address, shift_level
from remit.study.analyses.kinds import States, Variable
from remit.study.study import Study

_OF_ALL: Words = ("Percentages are of all patients: that a state is not known is a state of its own.",)
_OF_ROW: Words = (
    "Rows: the earlier visit; columns: the later one. Percentages are of the row, also of those of whom the later "
    "state is not known.",
)


@dataclass(frozen=True)
class StatesOf:
    """The states of one variable in a population, or in one arm of it."""

    study: Study
    analysis: States
    variable: Variable
    group: Group
    lookup: Lookup

    @property
    def levels(self) -> tuple[str, ...]:
        """All that there may be; last that it is not known."""
        return *self.analysis.levels[self.variable.name], STATE_UNKNOWN

    @property
    def steps(self) -> list[tuple[str, str]]:
        """Each visit and the next."""
        return list(pairwise(self.analysis.visits))

    def at(self, visit: str, level: str) -> Statistics:
        address = Address(self.analysis.name, self.group.population, variable=self.variable.name)
        return self.lookup.at(self.group.at(replace(address, visit=visit, level=level)))

    def flow(self, to: str, before: str, after: str) -> Statistics:
        """Those who are in `after` at the visit `to`, of those who were in `before` at the visit before it."""
        return self.at(to, shift_level(before, after))


def states_of(study: Study, analysis: States, lookup: Lookup) -> list[list[StatesOf]]:
    """For each population and variable: the arms and the total; without arms the population alone."""
    return [
        [StatesOf(study, analysis, variable, group, lookup) for group in groups_of(study, analysis, population, lookup)]
        for population in analysis.populations
        for variable, _ in analysis.rows
    ]


def state_label(level: str) -> str:
    return "not known" if level == STATE_UNKNOWN else level


def states_section(study: Study, analysis: States, lookup: Lookup, figure: Figure | None) -> Section:
    every = states_of(study, analysis, lookup)
    blocks: list[Block] = [_sentence(groups) for groups in every]
    blocks += [figure] if figure else []
    blocks += [_table(groups) for groups in every]
    flows = tuple(_flows(groups) for groups in every)
    return Section(f"analysis-{analysis.name}", analysis.title, (*blocks, Fold("From visit to visit", flows)))


# Sentences


def _sentence(groups: Sequence[StatesOf]) -> Paragraph:
    """Who is in which state at each visit."""
    one = groups[0]
    start = f"{capital(among(one.study.populations[one.group.population]))} "
    head = words(start, size(one.study, one.lookup, one.group.population), f", {small(one.variable.label)}")
    return Paragraph(words(head, *(words(_visits(states), ".") for states in groups)))


def _visits(states: StatesOf) -> Words:
    who = f" {states.group.arm or 'in total'}, " if states.analysis.arms else " "
    each = []
    for visit in states.analysis.visits:
        found = [(level, states.at(visit, level)) for level in states.levels]
        parts = [words(f"{state_label(level)} ", _share(its)) for level, its in found if its["n"].value]
        if parts:
            each.append(words(f"at {small(visit_label(states.study, visit))} ", listed(parts)))
    return words(who, listed(each, comma="; ") if each else "nobody")


def _share(found: Statistics) -> Words:
    """21 (32.8 %)"""
    n = count(found["n"])
    return words(n, " (", percent(found["percent"]), f"{SPACE}%)") if found["n"].denominator else words(n)


# Tables


def _cell(found: Statistics) -> Cell:
    return Cell((_share(found),), muted=not found["n"].value)


def _table(groups: Sequence[StatesOf]) -> Table:
    """A row a state, a column a visit."""
    one = groups[0]
    rows: list[Row] = []
    for states in groups:
        if states.analysis.arms:
            rows.append(Row(states.group.head, heading=True))
        for level in states.levels:
            cells = tuple(_cell(states.at(visit, level)) for visit in states.analysis.visits)
            rows.append(Row((capital(state_label(level)),), cells, level=1 if states.analysis.arms else 0))
    return Table(
        name=f"{one.analysis.name}-{one.group.population}-{one.variable.name}",
        title=_title(one, ""),
        stub="State",
        columns=tuple(Column((visit_label(one.study, visit),)) for visit in one.analysis.visits),
        rows=tuple(rows),
        notes=(_OF_ALL, *population_notes(one.analysis, one.group.population, one.lookup)),
    )


def _flows(groups: Sequence[StatesOf]) -> Table:
    """A row an earlier state, a column a later one; a part for each two visits, and arm."""
    one = groups[0]
    rows = [row for states in groups for before, after in one.steps for row in _step(states, before, after)]
    return Table(
        name=f"{one.analysis.name}-{one.group.population}-{one.variable.name}-flows",
        title=_title(one, ", from visit to visit"),
        stub="State before",
        columns=tuple(Column((capital(state_label(level)),)) for level in one.levels),
        rows=tuple(rows),
        notes=(_OF_ROW, *population_notes(one.analysis, one.group.population, one.lookup)),
    )


def _step(states: StatesOf, before: str, after: str) -> Iterator[Row]:
    visits = f"{visit_label(states.study, before)} to {small(visit_label(states.study, after))}"
    yield Row(words(visits, words(", ", states.group.head) if states.analysis.arms else ()), heading=True)
    for level in states.levels:
        cells = tuple(_cell(states.flow(after, level, to)) for to in states.levels)
        yield Row((capital(state_label(level)),), cells, level=1)


def _title(one: StatesOf, more: str) -> Words:
    population = one.study.populations[one.group.population]
    said = f"{one.analysis.title}, {small(one.variable.label)}{more}: {small(population.label)} "
    return words(said, size(one.study, one.lookup, population.name))
