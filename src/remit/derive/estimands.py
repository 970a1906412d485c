"""An endpoint under an estimand: what becomes of intercurrent events. What is missing stays unknown here."""

from __future__ import annotations

from collections.abc import Iterator
from functools import reduce

from remit.language.query import YES_NO, And, If, LastObserved, Not, Or, Query
from remit.schema.cohort import carried_column, endpoint_column, stratum_column
from remit.study.study import Endpoint, Estimand, Study
from remit.study.written import Strategy


def estimand_queries(study: Study, estimand: Estimand, endpoint: Endpoint, visit: str) -> Iterator[tuple[str, Query]]:
    """The endpoint under the estimand; the same with the last known value carried forward; who is in the stratum."""
    at = (endpoint.name, visit, estimand.name)
    value = _assessed(study, estimand, endpoint, visit)
    earlier = [_assessed(study, estimand, endpoint, before) for before in endpoint.until(visit)]
    yield endpoint_column(*at), _with_failures(study, estimand, visit, value)
    if study.carries(endpoint, visit):
        carried = LastObserved(tuple(earlier), YES_NO)
        yield carried_column(*at), _with_failures(study, estimand, visit, carried)
    if had := _any_event(study, estimand, "principal stratum", visit):
        yield stratum_column(*at), Not(had)


def _with_failures(study: Study, estimand: Estimand, visit: str, value: Query) -> Query:
    """Composite: an event is a failure, whatever was assessed."""
    had = _any_event(study, estimand, "composite", visit)
    return value if had is None else And(value, Not(had))


def _assessed(study: Study, estimand: Estimand, endpoint: Endpoint, visit: str) -> Query:
    """While on treatment: the value of the last visit before an event, known or not."""
    before = endpoint.until(visit)[1:]
    value = _without_event(study, estimand, endpoint, visit)
    had = _any_event(study, estimand, "while on treatment", visit)
    if had is None:
        return value
    earlier = _assessed(study, estimand, endpoint, before[0]) if before else None
    return If(Not(had), value, earlier, YES_NO)


def _without_event(study: Study, estimand: Estimand, endpoint: Endpoint, visit: str) -> Query:
    """Hypothetical: after an event the value is not what is asked for, and so is missing."""
    value = endpoint.course[visit] if visit in endpoint.course else endpoint.queries[visit]
    had = _any_event(study, estimand, "hypothetical", visit)
    return value if had is None else If(Not(had), value, None, YES_NO)


def _any_event(study: Study, estimand: Estimand, strategy: Strategy, visit: str) -> Query | None:
    """Whether there was one of the events that are handled so; None if the estimand has none."""
    queries = [
        study.events[event].queries[visit]
        for event in estimand.events(strategy)
        if visit in study.events[event].queries
    ]
    return reduce(Or, queries) if queries else None
