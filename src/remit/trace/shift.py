"""Behind shifts: who went from which level to which."""

from __future__ import annotations

from collections.abc import Mapping

from remit.language.query import Query
from remit.language.types import Text, YesNo, possible_levels
from remit.schema.cohort import variable_column
from remit.schema.results import SHIFT_UNKNOWN, Address, shift_level
from remit.study.analyses.kinds import AFTER, Shift, Variable
from remit.trace.counted import Counted, Definition, counted
from remit.trace.people import NOBODY, Bits, People, joined
from remit.trace.study_people import NoTrace, StudyPeople

_Words = Mapping[str, Bits]  # of each level, who has it


def behind_shift(of: StudyPeople, analysis: Shift, at: Address) -> Counted:
    variable, queries = next((row, queries) for row, queries in analysis.rows if row.name == at.variable)
    to = at.visit or AFTER
    before, after = (_definition(of, analysis, variable, visit) for visit in (analysis.origin, to))
    levels = _levels(queries[to], of.people, before, after)
    origin, later = ({level: _at(of.people, each, level) for level in levels} for each in (before, after))
    asked = of.members(at, analysis.arms)
    definitions = (before, after, *of.of_arm(at, analysis.arms))
    return _shifts(at.level, origin, later, asked, definitions)


def _shifts(
    level: str | None, origin: _Words, later: _Words, asked: Bits, definitions: tuple[Definition, ...]
) -> Counted:
    """Percentages are of those with a level at first whose later level is known."""
    begun, ended = (asked & joined(words.values()) for words in (origin, later))
    if level is None:
        both = begun & ended
        same = joined(origin[name] & later[name] for name in origin)
        return counted(asked, both, both & ~same, *definitions)
    firsts = {**origin, SHIFT_UNKNOWN: asked & ~begun}
    if level in firsts:
        return counted(asked, asked, asked & firsts[level], *definitions, missing=NOBODY)
    for name, first in firsts.items():
        lost = asked & first & ~ended
        for other, last in later.items():
            if level == shift_level(name, other):
                known = asked & first & ended
                return counted(asked, known, known & last, *definitions, missing=lost)
        if level == shift_level(name, SHIFT_UNKNOWN):
            return counted(asked, asked & first, lost, *definitions, missing=lost)
    raise NoTrace(f"{level} is no shift of this variable")


def _definition(of: StudyPeople, analysis: Shift, variable: Variable, visit: str) -> Definition:
    ends = analysis.ends.get(variable.name)
    label = f"{variable.label} at {of.visits[visit]}" if ends is None else ends[visit == AFTER]
    return of.definition(variable_column(analysis.name, variable.name, visit), label)


def _levels(query: Query, people: People, *definitions: Definition) -> list[str]:
    """Each that is possible; of a text, each that occurs."""
    if isinstance(query.type, Text):
        return [str(value) for each in definitions for value in people.levels(each.column)]
    return [*(possible_levels(query.type) or ())]


def _at(people: People, definition: Definition, level: str) -> Bits:
    if isinstance(definition.query.type, YesNo):
        return people.yes(definition.column) if level == "yes" else people.no(definition.column)
    return people.having(definition.column, level)
