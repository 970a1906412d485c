"""Levels at one visit against those at later ones: from the study file's words to queries."""

from __future__ import annotations

from remit.language.types import Level, Text, YesNo
from remit.study.analyses.declared import Declared
from remit.study.analyses.model import ShiftPart
from remit.study.analyses.rows import refuse_constant, refuse_same, variable
from remit.study.expressions import inside, refuse_type
from remit.study.place import Place
from remit.study.study import Shift


def shift(name: str, title: str, part: ShiftPart, place: Place, declared: Declared) -> Shift:
    """Raises WrongInput."""
    planned = [visit.name for visit in declared.visits]
    origin = part.origin or declared.expressions.scope.reference
    if origin is None:
        what = "a shift goes from a visit to later ones, and the study has no reference visit"
        raise place.wrong_name(what, "Declare a visit on day 0 or before, or name one: `from: …`.")
    (place / "from").known(origin, planned, "visit")
    if part.to is not None:
        (place / "to").each(part.to, planned, "visit")
    day = next(visit.day for visit in declared.visits if visit.name == origin)
    later = [visit.name for visit in declared.visits if visit.day > day]
    to = tuple(visit for visit in later if part.to is None or visit in part.to)
    if not to or len(to) < len(part.to or ()):
        what = f"a shift goes from {origin} to visits after it"
        raise (place / "to" if part.to else place / "from").wrong_name(what, "Name later visits: `to: [week24]`.")
    rows = []
    for number, row in enumerate(part.rows):
        here = place / "rows" / number
        if row.among is not None:
            raise (here / "among").wrong_name("a shift has no `among`", "Name a population of those asked.")
        variables = {visit: variable(row, here, declared, visit) for visit in (origin, *to)}
        first = variables[origin]
        refuse_type(first.query, (Level, Text, YesNo), inside(here), "A shift is of levels: take band(…), or if(…).")
        queries = {visit: each.query for visit, each in variables.items()}
        refuse_constant(queries.values(), here, "Name a field of the visits, without @.")
        rows.append((first, queries))
    refuse_same([first for first, _ in rows], place / "rows")
    return Shift(name, title, tuple(part.populations), origin, to, tuple(rows))
