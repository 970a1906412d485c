"""Behind states of patients at visits, behind those who go from one to another, and behind what is known at visits."""

from __future__ import annotations

from remit.schema.cohort import variable_column
from remit.schema.results import STATE_UNKNOWN, Address
from remit.study.analyses.kinds import Completeness, States
from remit.trace.counted import Counted, counted
from remit.trace.people import Bits, People
from remit.trace.study_people import StudyPeople


def behind_states(of: StudyPeople, analysis: States, at: Address) -> Counted:
    """At a visit, of all patients; from one visit to the next, of those who were in the first state."""
    variable = next(row for row, _ in analysis.rows if row.name == at.variable)
    visit, level = at.visit or "", at.level or ""
    definitions = {
        each: of.definition(
            variable_column(analysis.name, variable.name, each), f"{variable.label} at {of.visits[each]}"
        )
        for each in analysis.visits
    }
    here = definitions[visit]
    asked, arm = of.members(at, analysis.arms), of.of_arm(at, analysis.arms)
    unknown = of.people.unknown(here.column)
    if level in (*analysis.levels[variable.name], STATE_UNKNOWN):
        return counted(asked, asked, asked & _in(of.people, here.column, level), here, *arm, missing=asked & unknown)
    one, other = analysis.ways(variable)[level]
    before = definitions[analysis.visits[analysis.visits.index(visit) - 1]]
    were = asked & _in(of.people, before.column, one)
    are = were & _in(of.people, here.column, other)
    return counted(asked, were, are, before, here, *arm, missing=were & unknown)


def _in(people: People, column: str, level: str) -> Bits:
    """Who is in a state."""
    if level == STATE_UNKNOWN:
        return people.unknown(column)
    if people.is_yes_no(column):
        return people.yes(column) if level == "yes" else people.no(column)
    return people.having(column, level)


def behind_completeness(of: StudyPeople, analysis: Completeness, at: Address) -> Counted:
    variable = next(row for row, _ in analysis.rows if row.name == at.variable)
    column = variable_column(analysis.name, variable.name, at.visit)
    definition = of.definition(column, f"{variable.label} is known at {of.visits[at.visit or '']}")
    asked = of.members(at, analysis.arms)
    known = asked & of.people.yes(column)
    return counted(asked, asked, known, definition, *of.of_arm(at, analysis.arms), missing=asked & ~known)
