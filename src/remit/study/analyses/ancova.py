"""An outcome by arm and covariates: from the study file's words to queries."""

from __future__ import annotations

from remit.language.types import Level, Number, Span, Text, Type, YesNo
from remit.schema.results import ARM
from remit.study.analyses.declared import Declared
from remit.study.analyses.model import AncovaPart, LabelledPart
from remit.study.analyses.rows import variable
from remit.study.expressions import inside, refuse_type
from remit.study.place import Place
from remit.study.study import Ancova, Variable


def ancova(name: str, title: str, part: AncovaPart, place: Place, declared: Declared) -> Ancova:
    """Raises WrongInput."""
    if declared.file.arms is None or part.arm == "none":
        what = "an analysis of covariance compares arms"
        raise place.wrong_name(what, "Add `arms:` to the study; or show the outcome in a summary.")
    numbers, remedy = (Number, Span), "An outcome and a dose are numbers or times."
    outcome = _variable(part.outcome, place / "outcome", declared, numbers, remedy)
    dose = None if part.dose is None else _variable(part.dose, place / "dose", declared, numbers, remedy)
    taken = (Number, Span, Level, Text, YesNo)
    remedy = "A covariate is a number, a time, a level or yes/no."
    covariates = []
    used = {ARM, *_names(outcome), *(_names(dose) if dose else ())}
    for number, row in enumerate(part.covariates):
        here = place / "covariates" / number
        covariate = _variable(row, here, declared, taken, remedy)
        if used & _names(covariate):
            what = f"'{covariate.label}' stands in this model already"
            raise here.wrong(what, "Remove it, or give it a `name:` and a `label:` of its own.")
        used |= _names(covariate)
        covariates.append(covariate)
    return Ancova(name, title, tuple(part.populations), outcome, tuple(covariates), part.weights, dose)


def _variable(
    row: LabelledPart, place: Place, declared: Declared, types: tuple[type[Type], ...], remedy: str
) -> Variable:
    found = variable(row, place, declared)
    refuse_type(found.query, types, inside(place), remedy)
    return found


def _names(variable: Variable) -> set[str]:
    """Columns have the name, the model's messages the label."""
    return {variable.name, variable.label}
