"""Levels at one visit against those at a later one, or one of a patient against another: sentences and tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from remit.language.query import Query
from remit.language.types import possible_levels
from remit.report.addresses import size
from remit.report.arms import Group, groups_of, population_notes
from remit.report.document import Block, Cell, Column, Paragraph, Row, Section, Table, Words, words
from remit.report.lookup import Lookup
from remit.report.numbers import SPACE, count, percent
from remit.report.proportions import proportion, share_of
from remit.report.wording import among, capital, listed, small, visit_label
from remit.schema.results import OBSERVED, SHIFT_UNKNOWN, Address, shift_level
from remit.study.analyses.kinds import Shift, Variable
from remit.study.study import Study


def shift_section(study: Study, analysis: Shift, lookup: Lookup) -> Section:
    blocks: tuple[Block, ...] = (*_sentences(study, analysis, lookup), *_tables(study, analysis, lookup))
    return Section(f"analysis-{analysis.name}", analysis.title, blocks)


def _address(analysis: Shift, group: Group, variable: Variable, to: str) -> Address:
    visit = analysis.visit(to)
    return group.at(Address(analysis.name, group.population, visit=visit, variable=variable.name, handling=OBSERVED))


def _origin(study: Study, analysis: Shift) -> str:
    return f"at {small(visit_label(study, analysis.origin))}"


def _from(study: Study, analysis: Shift, variable: Variable) -> str:
    """What the rows of a table are."""
    return analysis.ends[variable.name][0] if analysis.ends else _origin(study, analysis)


def _to(study: Study, analysis: Shift, variable: Variable, to: str) -> str:
    """What the columns of a part of a table are."""
    return analysis.ends[variable.name][1] if analysis.ends else visit_label(study, to)


def _tables(study: Study, analysis: Shift, lookup: Lookup) -> list[Table]:
    """One a population and variable; of each later visit and arm a part."""
    return [
        _table(study, analysis, population, variable, queries[analysis.origin], lookup)
        for population in analysis.populations
        for variable, queries in analysis.rows
    ]


def _table(study: Study, analysis: Shift, population: str, variable: Variable, query: Query, lookup: Lookup) -> Table:
    groups = groups_of(study, analysis, population, lookup)
    levels = _levels(analysis, groups[-1], variable, query, lookup)
    rows: list[Row] = []
    for visit in analysis.to:
        for group in groups:
            head = words(
                capital(_to(study, analysis, variable, visit)), words(", ", group.head) if analysis.arms else ()
            )
            rows.append(Row(head, heading=True))
            address = _address(analysis, group, variable, visit)
            rows += [_row(address, origin, levels, lookup) for origin in (*levels, SHIFT_UNKNOWN)]
    label = small(study.populations[population].label)
    return Table(
        name=f"{analysis.name}-{population}-{variable.name}",
        title=words(f"{analysis.title}, {small(variable.label)}: {label} ", size(study, lookup, population)),
        stub=capital(_from(study, analysis, variable)),
        columns=tuple(Column((title,)) for title in (*map(_named, (*levels, SHIFT_UNKNOWN)), "All")),
        rows=tuple(rows),
        notes=((_note(study, analysis, variable),), *population_notes(analysis, population, lookup)),
    )


def _note(study: Study, analysis: Shift, variable: Variable) -> str:
    of_visits = "at the later visit", "whose level at the later visit is known"
    columns, known = (small(analysis.ends[variable.name][1]), "for whom it is known") if analysis.ends else of_visits
    rows = small(_from(study, analysis, variable))
    return f"Rows: {rows}; columns: {columns}. Percentages are of those of the row {known}."


def _levels(analysis: Shift, total: Group, variable: Variable, query: Query, lookup: Lookup) -> Sequence[str]:
    """In their order; of a text those that were found at any of the visits."""
    possible = possible_levels(query.type)
    if possible is not None:
        return possible
    found: set[str] = set()
    for visit in analysis.to:
        here = {*lookup.levels(_address(analysis, total, variable, visit))}
        found |= {level for level in here if shift_level(level, level) in here}
    return sorted(found - {SHIFT_UNKNOWN})


def _named(level: str) -> str:
    return "Unknown" if level == SHIFT_UNKNOWN else capital(level)


def _row(address: Address, origin: str, levels: Sequence[str], lookup: Lookup) -> Row:
    at = [replace(address, level=shift_level(origin, to)) for to in (*levels, SHIFT_UNKNOWN)]
    cells = [_cell(each, lookup) for each in (*at, replace(address, level=origin))]
    return Row((_named(origin),), tuple(cells), level=1)


def _cell(at: Address, lookup: Lookup) -> Cell:
    """5 (62.5 %); of unknown levels, and of all, the number alone."""
    if not lookup.has(at):  # a text that nobody had at this visit
        return Cell((("0",),), muted=True)
    found = lookup.at(at)
    n = count(found["n"])
    if "percent" not in found or not found["n"].denominator:
        return Cell((words(n),), muted=not found["n"].value)
    return Cell((words(n, " (", percent(found["percent"]), f"{SPACE}%)"),), muted=not found["n"].value)


def _sentences(study: Study, analysis: Shift, lookup: Lookup) -> list[Paragraph]:
    """How many have another level than at first, a paragraph a population."""
    found = []
    for population in analysis.populations:
        groups = groups_of(study, analysis, population, lookup)
        start = capital(among(study.populations[population]))
        other = "at another level" if analysis.ends else f"at another level than {_origin(study, analysis)}"
        said = words(f"{start} ", size(study, lookup, population), f", {other} were:")
        each = [
            words(" ", _sentence(study, analysis, groups, variable, visit, lookup))
            for variable, _ in analysis.rows
            for visit in analysis.to
        ]
        found.append(Paragraph(words(said, *each)))
    return found


def _sentence(
    study: Study, analysis: Shift, groups: list[Group], variable: Variable, visit: str, lookup: Lookup
) -> Words:
    shares = []
    for group in groups:
        share = proportion(lookup.at(_address(analysis, group, variable, visit)))
        who = f"{group.arm or 'in total'} " if analysis.arms else ""
        shares.append(words(who, share_of(share)))
    return words(f"{capital(_compared(study, analysis, variable, visit))}: ", listed(shares, comma="; "), ".")


def _compared(study: Study, analysis: Shift, variable: Variable, visit: str) -> str:
    """What the level is of, and where that does not tell it, what it is compared with."""
    if not analysis.ends:
        return f"{variable.label} at {small(visit_label(study, visit))}"
    before, after = analysis.ends[variable.name]
    return f"{after}, against {small(before)}"
