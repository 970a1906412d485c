"""Covariates that may predict an endpoint: from the study file's words to queries."""

from __future__ import annotations

from remit.study.analyses.covariates import covariates_of
from remit.study.analyses.declared import Declared
from remit.study.analyses.kinds import Predictors
from remit.study.analyses.model import PredictorsPart
from remit.study.analyses.primary import endpoint_asked, estimand_asked
from remit.study.place import Place


def predictors(name: str, title: str, part: PredictorsPart, place: Place, declared: Declared) -> Predictors:
    """Raises WrongInput."""
    endpoint, visit, populations = endpoint_asked(name, part, place, declared)
    estimand = estimand_asked(part, place, declared)
    covariates = covariates_of(part.rows, place / "rows", declared)
    return Predictors(name, title, populations, endpoint, visit, estimand, covariates)
