"""Changes of a number over the visits, as one model: from the study file's words to queries."""

from __future__ import annotations

from remit.language.types import Number
from remit.schema.results import ARM
from remit.study.analyses.covariates import names_of, variables_of
from remit.study.analyses.declared import Declared
from remit.study.analyses.kinds import RepeatedMeasures
from remit.study.analyses.model import RepeatedMeasuresPart
from remit.study.analyses.rows import refuse_constant, variable
from remit.study.analyses.visits import from_and_to
from remit.study.expressions import inside, refuse_type
from remit.study.place import Place


def repeated_measures(
    name: str, title: str, part: RepeatedMeasuresPart, place: Place, declared: Declared
) -> RepeatedMeasures:
    """Raises WrongInput."""
    origin, to = from_and_to("a change", part.origin, part.to, place, declared)
    here = place / "outcome"
    variables = {visit: variable(part.outcome, here, declared, visit) for visit in (origin, *to)}
    outcome = variables[origin]
    refuse_type(outcome.query, (Number,), inside(here), "A change is of numbers; of levels take a shift.")
    queries = {visit: each.query for visit, each in variables.items()}
    refuse_constant(queries.values(), here, "Name a field of the visits, without @.")
    covariates = variables_of(part.covariates, place / "covariates", declared, {ARM, *names_of(outcome)})
    populations = tuple(part.populations)
    return RepeatedMeasures(
        name, title, populations, outcome, queries, origin, to, covariates, part.weights, part.errors
    )
