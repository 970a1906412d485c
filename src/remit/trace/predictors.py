"""Behind predictors: who reached the endpoint, by covariate, and who stands in the models."""

from __future__ import annotations

from remit.schema.cohort import variable_column
from remit.schema.results import MULTIVARIABLE, UNIVARIABLE, Address, modelled
from remit.study.analyses.kinds import Covariate, Predictors
from remit.trace.counted import Counted, Definition, counted
from remit.trace.covariates import covariate_known, with_level
from remit.trace.outcomes import Outcome, outcome_of
from remit.trace.people import Bits
from remit.trace.study_people import NoTrace, StudyPeople


def behind_predictors(of: StudyPeople, analysis: Predictors, at: Address) -> Counted:
    outcome = outcome_of(of, analysis, at.population)
    own = next((each for each in analysis.covariates if each.variable.name == at.variable), None)
    if at.handling == modelled(analysis.estimand, MULTIVARIABLE):
        return _model(of, analysis, outcome, analysis.covariates)
    if at.handling == modelled(analysis.estimand, UNIVARIABLE) and own is not None:
        return _model(of, analysis, outcome, (own,))
    if at.handling != analysis.estimand:
        raise NoTrace(f"{analysis.name} has no model {at.handling}")
    if own is None:
        return counted(
            outcome.population, outcome.counted, outcome.reached, *outcome.definitions, missing=outcome.unknown
        )
    return _crude(of, analysis, outcome, own, at.level)


def _crude(of: StudyPeople, analysis: Predictors, outcome: Outcome, covariate: Covariate, level: str | None) -> Counted:
    """Who has a level; of a number, of whom it is known. Missing is who of those asked is counted at no level."""
    column = variable_column(analysis.name, covariate.variable.name)
    known = outcome.counted & covariate_known(of.people, covariate, column)
    inside = known & with_level(of.people, covariate, column, level)
    definitions = (*outcome.definitions, *_definitions(of, analysis, (covariate,)))
    return counted(outcome.population, inside, inside & outcome.reached, *definitions, missing=outcome.asked & ~known)


def _model(of: StudyPeople, analysis: Predictors, outcome: Outcome, covariates: tuple[Covariate, ...]) -> Counted:
    """Those of whom outcome and covariates are known; missing are the others who are asked."""
    known: Bits = outcome.counted
    for each in covariates:
        known &= covariate_known(of.people, each, variable_column(analysis.name, each.variable.name))
    definitions = (*outcome.definitions, *_definitions(of, analysis, covariates))
    return counted(outcome.population, known, known & outcome.reached, *definitions, missing=outcome.asked & ~known)


def _definitions(of: StudyPeople, analysis: Predictors, covariates: tuple[Covariate, ...]) -> tuple[Definition, ...]:
    return tuple(
        of.definition(variable_column(analysis.name, each.variable.name), each.variable.label) for each in covariates
    )
