"""Covariates of a model: from the study file's words to queries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from remit.language.types import Level, Number, Ratio, Span, YesNo
from remit.study.analyses.declared import Declared
from remit.study.analyses.model import CovariatePart
from remit.study.analyses.rows import refuse_same, variable
from remit.study.expressions import inside, refuse_type
from remit.study.place import Place
from remit.study.study import Covariate


def covariates_of(parts: Sequence[CovariatePart], place: Place, declared: Declared) -> tuple[Covariate, ...]:
    """`place`: of them all. Raises WrongInput."""
    covariates = tuple(_covariate(part, place / number, declared) for number, part in enumerate(parts))
    refuse_same([covariate.variable for covariate in covariates], place)
    _refuse_same_label(covariates, place)
    return covariates


def _covariate(part: CovariatePart, place: Place, declared: Declared) -> Covariate:
    row = variable(part, place, declared)
    remedy = "A covariate is a number, a level or yes/no; of a date take the time to another."
    refuse_type(row.query, (Number, Ratio, Span, Level, YesNo), inside(place), remedy)
    covariate = Covariate(row, part.per, part.reference)
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
