"""Behind the mixed model: who stands in it, and whose change at a visit does."""

from __future__ import annotations

from dataclasses import replace

from remit.schema.cohort import arm_column, variable_column
from remit.schema.results import Address
from remit.study.analyses.kinds import RepeatedMeasures
from remit.trace.counted import Counted, Definition, counted
from remit.trace.covariates import exactly_known
from remit.trace.people import Bits, joined
from remit.trace.study_people import StudyPeople


def behind_repeated(of: StudyPeople, analysis: RepeatedMeasures, at: Address) -> Counted:
    """In the model is of whom arm, covariates, the first value and any later one are known."""
    visits = analysis.to if at.visit is None else (at.visit,)
    seen = joined(_changed(of, analysis, visit) for visit in analysis.to)
    own = joined(_changed(of, analysis, visit) for visit in visits)
    asked = of.members(at, analysis.arms)
    return counted(asked, asked & _told(of, analysis) & seen & own, None, *_definitions(of, analysis, visits, at))


def _told(of: StudyPeople, analysis: RepeatedMeasures) -> Bits:
    """Of whom the arm and the covariates are known."""
    found = of.people.everybody
    if analysis.arms is not None:
        column = arm_column(analysis.arms.kind)
        found &= joined(of.people.having(column, name) for name in analysis.arms.names)
    for each in analysis.covariates:
        found &= exactly_known(of.people, variable_column(analysis.name, each.name), each.query)
    return found


def _changed(of: StudyPeople, analysis: RepeatedMeasures, visit: str) -> Bits:
    """Whose value is known at the first visit and at this one."""
    columns = (variable_column(analysis.name, analysis.outcome.name, each) for each in (analysis.origin, visit))
    first, later = (of.people.known(column) for column in columns)
    return first & later


def _definitions(
    of: StudyPeople, analysis: RepeatedMeasures, visits: tuple[str, ...], at: Address
) -> tuple[Definition, ...]:
    outcome = analysis.outcome
    values = (
        of.definition(variable_column(analysis.name, outcome.name, visit), f"{outcome.label} at {of.visits[visit]}")
        for visit in (*visits, analysis.origin)
    )
    others = (of.definition(variable_column(analysis.name, each.name), each.label) for each in analysis.covariates)
    arms = of.of_arm(replace(at, group="arm"), analysis.arms) if analysis.arms else ()
    return *values, *others, *arms
