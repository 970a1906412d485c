"""States of patients at visits: from the study file's words to queries."""

from __future__ import annotations

from remit.language.query import Query
from remit.language.types import Level, Text, YesNo, possible_levels
from remit.study.analyses.declared import Declared
from remit.study.analyses.kinds import States
from remit.study.analyses.model import StatesPart, StatesRowPart
from remit.study.analyses.rows import refuse_constant, refuse_same, variable
from remit.study.analyses.visits import chosen
from remit.study.expressions import inside, refuse_type, texts_chosen
from remit.study.place import Place

_TAKE = "Take band(…), range_level(…), or if(…) of texts: a state is one of a list."


def states(name: str, title: str, part: StatesPart, place: Place, declared: Declared) -> States:
    """Raises WrongInput."""
    visits = chosen("an analysis of states", part.visits, place, declared)
    if len(visits) < 2:
        raise (place / "visits").wrong_name("states go from visit to visit, and this is one", "Name another visit.")
    rows, levels = [], {}
    for number, row in enumerate(part.rows):
        here = place / "rows" / number
        later = visits if row.start is None else visits[1:]
        variables = {visit: variable(row, here, declared, visit) for visit in later}
        first = variables[later[0]]
        queries = {visit: each.query for visit, each in variables.items()}
        refuse_constant(queries.values(), here, "Name a level of the visits, without @.")
        found = _possible(first.query, inside(here))
        if row.start is not None:
            at_start = declared.expressions.query(row.start, here / "start", visit=visits[0])
            queries = {visits[0]: at_start, **queries}
            found = (*_possible(at_start, here / "start"), *found)
        rows.append((first, queries))
        levels[first.name] = _ordered(row, tuple(dict.fromkeys(found)), here)
    refuse_same([first for first, _ in rows], place / "rows")
    return States(name, title, tuple(part.populations), tuple(visits), tuple(rows), levels)


def _possible(query: Query, place: Place) -> tuple[str, ...]:
    """Each state that there may be."""
    refuse_type(query, (Level, YesNo, Text), place, _TAKE)
    found = possible_levels(query.type) or tuple(texts_chosen(query))
    if not found:
        raise place.wrong("this may be any text", _TAKE)
    return found


def _ordered(row: StatesRowPart, found: tuple[str, ...], place: Place) -> tuple[str, ...]:
    """In the order in which they are shown."""
    if row.levels is None:
        return found
    (place / "levels").each(row.levels, found, "state")
    if lacking := [level for level in found if level not in row.levels]:
        raise (place / "levels").wrong_name(f"'{lacking[0]}' is not among them", "Name each state once.")
    return tuple(dict.fromkeys(row.levels))
