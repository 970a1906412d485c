"""What is to be imputed, and for which endpoints: read off the study, before there are any patients."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from remit.derive.estimands import estimand_queries
from remit.language.fields import aggregates
from remit.language.query import Query, Value, outside_rows, walk
from remit.schema.cohort import endpoint_column, had_column, predictor_column, variable_column
from remit.study.analyses.kinds import Change, Sensitivity
from remit.study.imputation import imputable
from remit.study.study import Endpoint, Estimand, Study
from remit.study.written import IMPUTED, Strategy


@dataclass(frozen=True)
class Completion:
    """Endpoints under estimands, and numbers, that are asked of completed cohorts. `after`: the intercurrent events
    after which values are set aside and imputed, as they would have been without the event; `queries`: by column."""

    after: tuple[str, ...]
    queries: dict[str, Query]


def completions(study: Study) -> list[Completion]:
    """One for each set of hypothetical events: the values that are missing are not the same."""
    found: dict[tuple[str, ...], dict[str, Query]] = {}
    for endpoint, visit, estimand in _asked(study):
        after = estimand.events("hypothetical")
        name = endpoint_column(endpoint.name, visit, estimand.name)
        found.setdefault(after, {})[name] = _completed(study, endpoint, visit, estimand)
    if numbers := dict(_numbers(study)):
        found[()] = found.get((), {}) | numbers
    return [Completion(after, queries) for after, queries in found.items()]


def imputation_queries(study: Study) -> Iterator[tuple[str, Query]]:
    """What imputation needs of each patient, beside the values themselves: predictors, and who had which event."""
    if study.imputation is None:
        return
    for variable in study.imputation.predictors:
        yield predictor_column(variable.name), variable.query
    events = {*study.imputation.non_response_after, *(event for each in completions(study) for event in each.after)}
    for name, event in study.events.items():
        if name in events:
            for visit, query in event.queries.items():
                yield had_column(name, visit), query


def _numbers(study: Study) -> Iterator[tuple[str, Query]]:
    for analysis in study.analyses:
        if isinstance(analysis, Change) and "imputation" in analysis.missing:
            for variable, queries in analysis.rows:
                for visit in (analysis.origin, *analysis.to):
                    yield variable_column(analysis.name, variable.name, visit), queries[visit]


def _asked(study: Study) -> Iterator[tuple[Endpoint, str, Estimand]]:
    asked = dict.fromkeys(
        (analysis.endpoint, analysis.visit, estimand)
        for analysis in study.analyses
        if isinstance(analysis, Sensitivity) and any(missing in IMPUTED for missing in analysis.missing)
        for estimand in analysis.estimands
    )
    return ((study.endpoints[endpoint], visit, study.estimands[estimand]) for endpoint, visit, estimand in asked)


def _completed(study: Study, endpoint: Endpoint, visit: str, estimand: Estimand) -> Query:
    """The endpoint under the estimand. After a hypothetical event what is imputed is what would have been without it,
    so the endpoint is not unknown there: unless it reads what is not imputed, which is as the event left it."""
    if _imputed_throughout(study, endpoint.queries[visit]):
        kept: dict[str, Strategy] = {
            event: "treatment policy" if how == "hypothetical" else how for event, how in estimand.strategies.items()
        }
        estimand = replace(estimand, strategies=kept)
    queries = dict(estimand_queries(study, estimand, endpoint, visit))
    return queries[endpoint_column(endpoint.name, visit, estimand.name)]


def _imputed_throughout(study: Study, query: Query) -> bool:
    values = [part for part in walk(query, outside_rows) if isinstance(part, Value)]
    at_visits = any(value.visit for value in values)  # what is asked once is not set aside after an event
    return at_visits and not aggregates(query) and set(values) == set(imputable(query, study.forms))
