"""Covariates of a model: from the study file's words to queries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from remit.language.types import Level, Number, Ratio, Span, Text, Type, YesNo
from remit.study.analyses.declared import Declared
from remit.study.analyses.kinds import Covariate, Variable
from remit.study.analyses.model import CovariatePart, LabelledPart
from remit.study.analyses.rows import refuse_same, variable
from remit.study.expressions import inside, refuse_type
from remit.study.place import Place


def covariates_of(parts: Sequence[CovariatePart], place: Place, declared: Declared) -> tuple[Covariate, ...]:
    """`place`: of them all. Raises WrongInput."""
    covariates = tuple(_covariate(part, place / number, declared) for number, part in enumerate(parts))
    refuse_same([covariate.variable for covariate in covariates], place)
    _refuse_same_label(covariates, place)
    return covariates


def measured(parts: Sequence[LabelledPart], place: Place, declared: Declared) -> tuple[Covariate, ...]:
    """Covariates of which no ratio is told. `place`: of them all. Raises WrongInput."""
    covariates = tuple(Covariate(_variable(part, place / number, declared)) for number, part in enumerate(parts))
    refuse_same([covariate.variable for covariate in covariates], place)
    _refuse_same_label(covariates, place)
    return covariates


def _variable(part: LabelledPart, place: Place, declared: Declared) -> Variable:
    row = variable(part, place, declared)
    remedy = "A covariate is a number, a level or yes/no; of a date take the time to another."
    refuse_type(row.query, (Number, Ratio, Span, Level, YesNo), inside(place), remedy)
    return row


def _covariate(part: CovariatePart, place: Place, declared: Declared) -> Covariate:
    covariate = Covariate(_variable(part, place, declared), part.per, part.reference)
    if covariate.levels:
        if part.per is not None:
            raise (place / "per").wrong("this covariate is no number", "Leave `per` out: its levels are compared.")
        (place / "reference").known(covariate.reference, covariate.levels, "level")
    elif part.reference is not None:
        raise (place / "reference").wrong("this covariate is a number", "Leave `reference` out, which is a level.")
    return covariate


def _refuse_same_label(covariates: Sequence[Covariate], place: Place) -> None:
    """A model tells of its covariates by their labels."""
    counts = Counter(covariate.variable.label for covariate in covariates)
    for number, covariate in enumerate(covariates):
        if counts[covariate.variable.label] > 1:
            what = f"two covariates are labelled '{covariate.variable.label}'"
            raise (place / number).wrong(what, "Give each a `label:` of its own.")


# Of means that are adjusted


def variables_of(
    parts: Sequence[LabelledPart], place: Place, declared: Declared, used: set[str]
) -> tuple[Variable, ...]:
    """Covariates whose names and labels are none of those `used`. `place`: of them all. Raises WrongInput."""
    taken, found = (Number, Span, Level, Text, YesNo), []
    for number, part in enumerate(parts):
        here = place / number
        covariate = variable_of(part, here, declared, taken, "A covariate is a number, a time, a level or yes/no.")
        if used & names_of(covariate):
            what = f"'{covariate.label}' stands in this model already"
            raise here.wrong(what, "Remove it, or give it a `name:` and a `label:` of its own.")
        used = used | names_of(covariate)
        found.append(covariate)
    return tuple(found)


def variable_of(
    part: LabelledPart, place: Place, declared: Declared, types: tuple[type[Type], ...], remedy: str
) -> Variable:
    """Of one of these types. Raises WrongInput."""
    found = variable(part, place, declared)
    refuse_type(found.query, types, inside(place), remedy)
    return found


def names_of(variable: Variable) -> set[str]:
    """Columns have the name, the model's messages the label."""
    return {variable.name, variable.label}
