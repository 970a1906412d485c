"""Arms that chance did not assign, adjusted for covariates: from the study file's words to queries."""

from __future__ import annotations

from collections.abc import Sequence, Set
from fractions import Fraction

from remit.schema.results import PROPENSITY
from remit.study.analyses.covariates import measured
from remit.study.analyses.declared import Declared
from remit.study.analyses.kinds import AdjustedComparison, Covariate
from remit.study.analyses.model import AdjustedPart
from remit.study.analyses.primary import endpoint_asked, estimand_asked
from remit.study.place import Place
from remit.study.selection import after_start


def adjusted(name: str, title: str, part: AdjustedPart, place: Place, declared: Declared) -> AdjustedComparison:
    """Raises WrongInput."""
    arms = declared.file.arms
    if arms is None or part.arm == "none":
        what = "an adjusted comparison is of arms"
        raise place.wrong_name(what, "Add `arms:` to the study, with the cohorts or drugs that are compared.")
    if arms.reference is None:
        what = "an adjusted comparison is of each arm against another"
        raise (declared.place / "arms").wrong_name(
            what, "Add `reference:` with the arm that the others are compared with."
        )
    endpoint, visit, populations = endpoint_asked(name, part, place, declared)
    estimand = estimand_asked(part, place, declared)
    covariates = measured(part.covariates, place / "covariates", declared)
    _refuse_later(covariates, place / "covariates", declared)
    _refuse_same_name(covariates, {endpoint, PROPENSITY}, place / "covariates")
    if part.truncate is not None and part.truncate >= Fraction(1, 2):
        raise (place / "truncate").wrong("this leaves no weight as it is", "Cut less than half at each end, as in 1 %.")
    methods = tuple(dict.fromkeys(part.methods))
    return AdjustedComparison(
        name, title, populations, endpoint, visit, estimand, covariates, part.target, methods, part.truncate
    )


def _refuse_same_name(covariates: Sequence[Covariate], taken: Set[str], place: Place) -> None:
    for number, covariate in enumerate(covariates):
        if covariate.variable.name in taken:
            what = f"'{covariate.variable.name}' is the name of something else in the results of this analysis"
            raise (place / number).wrong(what, "Give the covariate a `name:` of its own.")


def _refuse_later(covariates: Sequence[Covariate], place: Place, declared: Declared) -> None:
    """What came after day 0 may be an effect of the treatment: to adjust for it takes some of the effect away."""
    for number, covariate in enumerate(covariates):
        if reasons := after_start(declared.timeline, covariate.variable.query):
            what = f"{covariate.variable.label} looks at what came after day 0 ({'; '.join(reasons)})"
            remedy = "Take it as it was on day 0 or before, as in score@baseline: what comes later may be an effect."
            raise (place / number).wrong(what, remedy)
