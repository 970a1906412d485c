"""Behind the analysis of covariance: who stands in the model."""

from __future__ import annotations

from remit.schema.cohort import arm_column, variable_column
from remit.schema.results import Address
from remit.study.analyses.kinds import Ancova
from remit.trace.counted import Counted, counted
from remit.trace.covariates import exactly_known
from remit.trace.people import joined
from remit.trace.study_people import NoTrace, StudyPeople


def behind_ancova(of: StudyPeople, analysis: Ancova, at: Address) -> Counted:
    """Of whom the arm and all that the model reads are known; over all arms, missing are also those of no arm."""
    if analysis.arms is None:
        raise NoTrace("an analysis of covariance is of arms")
    column = arm_column(analysis.arms.kind)
    whole = joined(of.people.having(column, name) for name in analysis.arms.names)
    definitions = []
    for each in analysis.variables:
        own = of.definition(variable_column(analysis.name, each.name), each.label)
        whole &= exactly_known(of.people, own.column, each.query)
        definitions.append(own)
    of_some = at.group_level is not None or at.contrast is not None
    asked = of.members(at, analysis.arms) if of_some else of.population(at.population)
    return counted(asked, asked & whole, None, *definitions, *of.of_arm(at, analysis.arms))
