"""Behind an adjusted comparison: who of the arms is compared, and who of them reached the endpoint."""

from __future__ import annotations

from collections.abc import Sequence

from remit.schema.cohort import arm_column, variable_column
from remit.schema.results import Address
from remit.study.analyses.kinds import AdjustedComparison, Arms
from remit.trace.counted import Counted, counted
from remit.trace.covariates import covariate_known, with_level
from remit.trace.outcomes import outcome_of
from remit.trace.people import Bits, joined
from remit.trace.study_people import NoTrace, StudyPeople


def behind_adjusted(of: StudyPeople, analysis: AdjustedComparison, at: Address) -> Counted:
    """Of whom the arm, the endpoint and all covariates are known; missing are the others of these arms."""
    if analysis.arms is None:
        raise NoTrace("an adjusted comparison is of arms")
    outcome, column = outcome_of(of, analysis, at.population), arm_column(analysis.arms.kind)
    whole = outcome.counted & joined(of.people.having(column, name) for name in analysis.arms.names)
    definitions = []
    for each in analysis.covariates:
        own = of.definition(variable_column(analysis.name, each.variable.name), each.variable.label)
        whole &= covariate_known(of.people, each, own.column)
        definitions.append(own)
    names = _arms(analysis.arms, at)
    inside = of.people.everybody if names is None else joined(of.people.having(column, name) for name in names)
    found = counted(
        outcome.population,
        whole,
        _numerator(of, analysis, at, outcome.reached, whole),
        *outcome.definitions,
        *definitions,
        *of.of_arm(at, analysis.arms),
        missing=outcome.asked & ~whole,
    )
    return found.within(inside)


def _arms(arms: Arms, at: Address) -> Sequence[str] | None:
    """Of whom the result is; None: of all arms. What compares two arms is of both, also where it speaks of one."""
    if at.contrast is not None:
        return [name for name in arms.compared if f"{name} - {arms.reference}" == at.contrast] + [arms.reference or ""]
    return None if at.group_level is None else [at.group_level]


def _numerator(of: StudyPeople, analysis: AdjustedComparison, at: Address, reached: Bits, whole: Bits) -> Bits | None:
    """Who reached the endpoint; of a covariate as the arms have it, who has the level."""
    if at.variable == analysis.endpoint:
        return whole & reached
    if at.level is None or at.contrast is not None:
        return None
    own = next(each for each in analysis.covariates if each.variable.name == at.variable)
    return whole & with_level(of.people, own, variable_column(analysis.name, own.variable.name), at.level)
