"""How missing values are imputed: from the study file's words to queries."""

from __future__ import annotations

from collections.abc import Mapping

from remit.language.query import Query, Value, outside_rows, walk
from remit.language.types import Level, Number, Span, YesNo
from remit.study.analyses.declared import Declared
from remit.study.analyses.rows import refuse_same, variable
from remit.study.expressions import inside, refuse_type
from remit.study.forms import Form
from remit.study.study import Imputation


def make_imputation(declared: Declared) -> Imputation | None:
    """Raises WrongInput."""
    part, place = declared.file.imputation, declared.place / "imputation"
    if part is None:
        return None
    (place / "non_response_after").each(
        part.non_response_after, declared.file.intercurrent_events, "intercurrent event"
    )
    predictors = []
    for number, written in enumerate(part.predictors):
        here = place / "predictors" / number
        row = variable(written, here, declared)
        remedy = "A predictor is a number, a level or yes/no; of a date take the time to another."
        refuse_type(row.query, (Number, Span, Level, YesNo), inside(here), remedy)
        predictors.append(row)
    refuse_same(predictors, place / "predictors")
    return Imputation(
        part.seed,
        part.imputations,
        part.iterations,
        tuple(predictors),
        tuple(part.non_response_after),
        tuple(part.shifts),
    )


def imputable(query: Query, forms: Mapping[str, Form]) -> list[Value]:
    """The values of charts that it reads and that can be imputed: numbers, levels, yes and no. What it reads from many
    rows cannot be, nor can dates."""
    read = (part for part in walk(query, outside_rows) if isinstance(part, Value) and part.form in forms)
    return [value for value in dict.fromkeys(read) if isinstance(value.type, Number | Level | YesNo)]
