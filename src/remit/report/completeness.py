"""Of how many patients values are known at each visit: a sentence and a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from remit.report.addresses import size
from remit.report.arms import Group, groups_of, population_notes
from remit.report.document import Block, Cell, Column, Figure, Paragraph, Row, Section, Table, Words, words
from remit.report.lookup import Lookup, Statistics
from remit.report.numbers import SPACE, count, percent
from remit.report.wording import among, capital, small, visit_label
from remit.schema.results import Address
from remit.study.analyses.kinds import Completeness, Variable
from remit.study.study import Study

_OF_ALL: Words = (
    "Known, of all patients of the population (%): also of those who had left before the visit, or were not seen.",
)


@dataclass(frozen=True)
class KnownOf:
    """Of how many of a population, or of one arm of it, the values are known."""

    study: Study
    analysis: Completeness
    group: Group
    lookup: Lookup

    @property
    def variables(self) -> list[Variable]:
        return [variable for variable, _ in self.analysis.rows]

    def at(self, variable: Variable, visit: str) -> Statistics | None:
        """None where it is not asked: what is told once is asked at the first visit."""
        if visit not in dict(self.analysis.rows)[variable]:
            return None
        address = Address(self.analysis.name, self.group.population, variable=variable.name)
        return self.lookup.at(self.group.at(replace(address, visit=visit)))


def known_of(study: Study, analysis: Completeness, lookup: Lookup) -> list[list[KnownOf]]:
    """For each population: the arms and the total; without arms the population alone."""
    return [
        [KnownOf(study, analysis, group, lookup) for group in groups_of(study, analysis, population, lookup)]
        for population in analysis.populations
    ]


def completeness_section(study: Study, analysis: Completeness, lookup: Lookup, figure: Figure | None) -> Section:
    every = known_of(study, analysis, lookup)
    blocks: list[Block] = [_sentence(groups[-1]) for groups in every]
    blocks += [figure] if figure else []
    blocks += [_table(groups) for groups in every]
    return Section(f"analysis-{analysis.name}", analysis.title, tuple(blocks))


def share_words(found: Statistics) -> Words:
    """60/64 (93.8 %)"""
    n, of = count(found["n"]), count(found["n"], "denominator")
    share = words(" (", percent(found["percent"]), f"{SPACE}%)") if found["n"].denominator else ()
    return words(n, "/", of, share)


def _sentence(total: KnownOf) -> Paragraph:
    """Of which value least is known."""
    start = f"{capital(among(total.study.populations[total.group.population]))} "
    head = words(start, size(total.study, total.lookup, total.group.population))
    cells = [
        (found["percent"].value, variable, visit, found)
        for variable in total.variables
        for visit in total.analysis.visits
        if (found := total.at(variable, visit)) and found["percent"].value is not None
    ]
    if not cells:
        return Paragraph(words(head, " there is nobody of whom a value could be known."))
    if all(share == 100 for share, *_ in cells):
        return Paragraph(words(head, " each value is known at each visit."))
    _, variable, visit, found = min(cells, key=lambda cell: cell[0] or 0)
    where = f" at {small(visit_label(total.study, visit))}"
    return Paragraph(words(head, f" least is known of {variable.label}{where}: ", share_words(found), "."))


def _table(groups: Sequence[KnownOf]) -> Table:
    """A row a value, a column a visit; by arm a part each."""
    one, rows = groups[0], []
    for known in groups:
        if one.analysis.arms:
            rows.append(Row(known.group.head, heading=True))
        for variable in one.variables:
            cells = tuple(_cell(known.at(variable, visit)) for visit in one.analysis.visits)
            rows.append(Row((capital(variable.label),), cells, level=1 if one.analysis.arms else 0))
    label = small(one.study.populations[one.group.population].label)
    return Table(
        name=f"{one.analysis.name}-{one.group.population}",
        title=words(f"{one.analysis.title}: {label} ", size(one.study, one.lookup, one.group.population)),
        stub="Value",
        columns=tuple(Column((visit_label(one.study, visit),)) for visit in one.analysis.visits),
        rows=tuple(rows),
        notes=(_OF_ALL, *population_notes(one.analysis, one.group.population, one.lookup)),
    )


def _cell(found: Statistics | None) -> Cell:
    return Cell() if found is None else Cell((share_words(found),), muted=not found["n"].value)
