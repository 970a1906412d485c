"""Behind changes within patients: who has both values, in the charts or after imputation."""

from __future__ import annotations

from remit.schema.cohort import variable_column
from remit.schema.results import IMPUTATION, Address
from remit.study.analyses.kinds import Change
from remit.trace.completions import always_known
from remit.trace.counted import Counted, counted
from remit.trace.study_people import StudyPeople
from remit.trace.variables import known_of


def behind_change(of: StudyPeople, analysis: Change, at: Address) -> Counted:
    variable = next(row for row, _ in analysis.rows if row.name == at.variable)
    before, after = (
        of.definition(variable_column(analysis.name, variable.name, visit), f"{variable.label} at {of.visits[visit]}")
        for visit in (analysis.origin, at.visit or "")
    )
    asked, definitions = of.members(at, analysis.arms), (before, after, *of.of_arm(at, analysis.arms))
    if at.handling == IMPUTATION:
        whole = asked & always_known(of, before.column) & always_known(of, after.column)
        charted = of.people.known(before.column) & of.people.known(after.column)
        found = counted(asked, whole, None, *definitions, missing=whole & ~charted)
        return found.told("Not known is of whom a value was imputed.")
    both = asked & known_of(of.people, before) & known_of(of.people, after)
    return counted(asked, both, None, *definitions)
