"""What is judged: endpoints, intercurrent events, estimands and the primary result."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from remit.language.fields import values
from remit.language.query import Named, Query, Value, walk
from remit.language.types import YesNo
from remit.study.analyses.kinds import Analysis, Endpoints
from remit.study.at_start import can_move
from remit.study.expressions import Expressions, inside, refuse_type
from remit.study.model import EndpointPart, StudyFile
from remit.study.names import check_estimand, in_print
from remit.study.place import Place
from remit.study.selection import Timeline, after_start
from remit.study.study import AtStart, Endpoint, Estimand, IntercurrentEvent, Population, Primary, Visit


def make_endpoints(file: StudyFile, timeline: Timeline, expressions: Expressions, place: Place) -> dict[str, Endpoint]:
    """By name, each with its query at each of its visits. Raises WrongInput."""
    found = {}
    planned = [visit.name for visit in timeline.visits]
    later = later_visits(timeline.visits, expressions.scope.reference)
    for name, part in file.endpoints.items():
        here = place / "endpoints" / name
        (here / "at").each(part.at, planned, "visit")
        at = partial(_endpoint_query, name, part, here, expressions)
        requires = {
            visit: expressions.query(part.requires, here / "requires", YesNo, visit=visit)
            for visit in part.at
            if part.requires is not None
        }
        label = expressions.scope.definitions[name].label
        endpoint = make_endpoint(name, label, part.at, at, requires, later)
        found[name] = replace(endpoint, at_start=_at_start(endpoint, part, timeline, expressions, here))
    return found


def later_visits(visits: Sequence[Visit], reference: str | None) -> list[str]:
    """Those after the reference visit, in their order."""
    planned = [visit.name for visit in visits]
    return planned[planned.index(reference) + 1 :] if reference else planned


def make_endpoint(
    name: str,
    label: str,
    visits: Sequence[str],
    at: Callable[[str], Query],
    requires: Mapping[str, Query],
    later: Sequence[str],
) -> Endpoint:
    """at: the definition at a visit. later: those after the reference visit. Raises what `at` raises."""
    queries = {visit: at(visit) for visit in visits}
    course = {visit: queries[visit] if visit in queries else at(visit) for visit in later}
    course = {visit: query for visit, query in course.items() if not _looks_ahead(query, visit, later)}
    return Endpoint(name, label, tuple(visits), queries, requires, course)


def _at_start(
    endpoint: Endpoint, part: EndpointPart, timeline: Timeline, expressions: Expressions, place: Place
) -> AtStart | None:
    """The same definition at the reference visit, where it means the same there, and nothing of after it."""
    reference = expressions.scope.reference
    visit = next((visit for visit in endpoint.at if visit in endpoint.course), None)
    if reference is None or visit is None or not can_move(timeline, endpoint.queries[visit], [visit]):
        return None
    if not any(value.visit for value in values(endpoint.queries[visit])):
        return None  # it is the same at each visit
    query, required = _endpoint_query(endpoint.name, part, place, expressions, reference), None
    if after_start(timeline, query):
        return None
    if part.requires is not None and can_move(timeline, endpoint.requires[visit], [visit, reference]):
        required = expressions.query(part.requires, place / "requires", YesNo, visit=reference)
        required = None if after_start(timeline, required) else required
    return AtStart(reference, query, required)


def _looks_ahead(query: Query, visit: str, later: Sequence[str]) -> bool:
    """Whether a value of a visit after this one is read, as by `score@week12` at week 4."""
    read = {part.visit for part in walk(query) if isinstance(part, Value)}
    return any(name in read for name in later[later.index(visit) + 1 :])


def _endpoint_query(name: str, part: EndpointPart, place: Place, expressions: Expressions, visit: str) -> Query:
    if part.expression is not None:
        return Named(name, visit, expressions.query(part.expression, place / "is", YesNo, visit=visit))
    query = expressions.named(name, place / "definition", visit)
    refuse_type(query, (YesNo,), place / "definition", "An endpoint is yes or no: compare it in an `is:`.")
    return query


def make_events(
    file: StudyFile, visits: tuple[Visit, ...], expressions: Expressions, place: Place
) -> dict[str, IntercurrentEvent]:
    """By name, each with its query at each visit after day 0. Raises WrongInput."""
    found = {}
    for name, part in file.intercurrent_events.items():
        here = inside(place / "intercurrent_events" / name)
        queries = {
            visit.name: expressions.query(part.expression, here, YesNo, visit=visit.name)
            for visit in visits
            if visit.day > 0
        }
        found[name] = IntercurrentEvent(name, in_print(name, part.label), queries)
    return found


def make_estimands(file: StudyFile, place: Place) -> dict[str, Estimand]:
    """By name; each says how every intercurrent event is handled. Raises WrongInput."""
    found = {}
    for name, part in file.estimands.items():
        here = place / "estimands" / name
        check_estimand(name, here)
        for event in part.intercurrent:
            (here / "intercurrent" / event).known_key(file.intercurrent_events, "intercurrent event")
        for event in file.intercurrent_events:
            if event not in part.intercurrent:
                remedy = f"Add `{event}: treatment policy` or `{event}: composite`, say, under intercurrent."
                raise here.wrong_name(f"the estimand {name} does not say how '{event}' is handled", remedy)
        found[name] = Estimand(name, in_print(name, part.label), part.intercurrent, part.missing)
    return found


def make_primary(
    file: StudyFile,
    populations: Mapping[str, Population],
    endpoints: Mapping[str, Endpoint],
    place: Place,
) -> Primary | None:
    """The primary result. Raises WrongInput."""
    part, here = file.primary, place / "primary"
    if part is None:
        return None
    (here / "endpoint").known(part.endpoint, endpoints, "endpoint")
    (here / "visit").known(part.visit, endpoints[part.endpoint].at, f"visit of {part.endpoint}")
    (here / "population").known(part.population, populations, "population")
    (here / "estimand").known(part.estimand, file.estimands, "estimand")
    return Primary(part.endpoint, part.visit, part.population, part.estimand)


def refuse_primary_of_no_analysis(primary: Primary | None, analyses: tuple[Analysis, ...], place: Place) -> None:
    """Raises WrongInput if no analysis gives the primary result."""
    if primary is None:
        return
    shown = any(
        primary.endpoint in analysis.endpoints and primary.population in analysis.populations.get(primary.visit, ())
        for analysis in analyses
        if isinstance(analysis, Endpoints)
    )
    if not shown:
        what = f"no analysis gives {primary.endpoint} at {primary.visit} in {primary.population}"
        raise place.wrong_name(what, "Add an analysis with `kind: endpoints` that does.")
