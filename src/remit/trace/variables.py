"""Behind what describes patients: variables of tables, and numbers over the visits."""

from __future__ import annotations

from remit.language.columns import BOTTOM, HIGH, LOW, TOP, is_interval
from remit.language.types import Level, Ratio, Text, YesNo
from remit.schema.cohort import among_column, variable_column
from remit.schema.results import Address
from remit.study.analyses.kinds import Course, Summary
from remit.trace.counted import Counted, Definition, counted
from remit.trace.people import Bits, People
from remit.trace.study_people import StudyPeople


def behind_summary(of: StudyPeople, analysis: Summary, at: Address) -> Counted:
    variable = next(row for row in analysis.rows if row.name == at.variable)
    definition = of.definition(variable_column(analysis.name, variable.name), variable.label)
    asked, definitions = of.members(at, analysis.arms), (definition, *of.of_arm(at, analysis.arms))
    if variable.among is not None:
        among = of.definition(among_column(analysis.name, variable.name), f"{variable.label}: of whom it is asked")
        asked, definitions = asked & of.people.yes(among.column), (*definitions, among)
    return _described(of.people, asked, at.level, definition, definitions)


def behind_course(of: StudyPeople, analysis: Course, at: Address) -> Counted:
    variable = next(row for row, _ in analysis.rows if row.name == at.variable)
    column = variable_column(analysis.name, variable.name, at.visit)
    definition = of.definition(column, f"{variable.label} at {of.visits[at.visit or '']}")
    definitions = (definition, *of.of_arm(at, analysis.arms))
    return _described(of.people, of.members(at, analysis.arms), at.level, definition, definitions)


def _described(
    people: People, asked: Bits, level: str | None, definition: Definition, definitions: tuple[Definition, ...]
) -> Counted:
    """Over those of whom it is known; counted are those who have the level, or of whom it is yes."""
    known = asked & known_of(people, definition)
    match definition.query.type:
        case YesNo():
            numerator: Bits | None = asked & people.yes(definition.column)
        case Level() | Text():
            numerator = asked & people.having(definition.column, level)
        case _:
            numerator = None
    return counted(asked, known, numerator, *definitions)


def known_of(people: People, definition: Definition) -> Bits:
    """Of whom a value is known, if only to lie beyond a limit."""
    column, kind = definition.column, definition.query.type
    if isinstance(kind, Ratio):
        return quotient(people, column)
    if is_interval(kind):
        return people.known(column + LOW) | people.known(column + HIGH)
    return people.known(column)


def quotient(people: People, column: str) -> Bits:
    """Nothing is divided by 0."""
    return people.known(column + TOP) & people.known(column + BOTTOM) & ~people.having(column + BOTTOM, 0)
