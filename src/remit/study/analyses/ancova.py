"""An outcome by arm and covariates: from the study file's words to queries."""

from __future__ import annotations

from remit.language.types import Number, Span
from remit.schema.results import ARM
from remit.study.analyses.covariates import names_of, variable_of, variables_of
from remit.study.analyses.declared import Declared
from remit.study.analyses.kinds import Ancova
from remit.study.analyses.model import AncovaPart
from remit.study.place import Place


def ancova(name: str, title: str, part: AncovaPart, place: Place, declared: Declared) -> Ancova:
    """Raises WrongInput."""
    if declared.file.arms is None or part.arm == "none":
        what = "an analysis of covariance compares arms"
        raise place.wrong_name(what, "Add `arms:` to the study; or show the outcome in a summary.")
    remedy = "An outcome and a dose are numbers or times."
    outcome = variable_of(part.outcome, place / "outcome", declared, (Number, Span), remedy)
    dose = None if part.dose is None else variable_of(part.dose, place / "dose", declared, (Number, Span), remedy)
    used = {ARM, *names_of(outcome), *(names_of(dose) if dose else ())}
    covariates = variables_of(part.covariates, place / "covariates", declared, used)
    return Ancova(name, title, tuple(part.populations), outcome, covariates, part.weights, dose)
