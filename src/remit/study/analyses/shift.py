"""Levels at one visit against those at later ones, or one level of a patient against another: from the study file's
words to queries."""

from __future__ import annotations

from remit.language.query import Query
from remit.language.types import Level, Text, YesNo, name_of
from remit.study.analyses.declared import Declared
from remit.study.analyses.model import ShiftPart
from remit.study.analyses.rows import refuse_constant, refuse_same, variable
from remit.study.expressions import inside, refuse_type
from remit.study.place import Place
from remit.study.study import AFTER, BEFORE, Shift


def shift(name: str, title: str, part: ShiftPart, place: Place, declared: Declared) -> Shift:
    """Raises WrongInput."""
    for number, row in enumerate(part.rows):
        if row.among is not None:
            here = place / "rows" / number / "among"
            raise here.wrong_name("a shift has no `among`", "Name a population of those asked.")
    of_patients = any(row.origin is not None for row in part.rows)
    return (_of_patients if of_patients else _of_visits)(name, title, part, place, declared)


def _of_visits(name: str, title: str, part: ShiftPart, place: Place, declared: Declared) -> Shift:
    """Levels at one visit against those at later ones."""
    origin, to = _from_and_to(part, place, declared)
    rows = []
    for number, row in enumerate(part.rows):
        here = place / "rows" / number
        variables = {visit: variable(row, here, declared, visit) for visit in (origin, *to)}
        first = variables[origin]
        _refuse_other_than_levels(first.query, inside(here))
        queries = {visit: each.query for visit, each in variables.items()}
        remedy = "Name a field of the visits, without @; or say two levels: {from: …, is: …}."
        refuse_constant(queries.values(), here, remedy)
        rows.append((first, queries))
    refuse_same([first for first, _ in rows], place / "rows")
    return Shift(name, title, tuple(part.populations), origin, to, tuple(rows))


def _from_and_to(part: ShiftPart, place: Place, declared: Declared) -> tuple[str, tuple[str, ...]]:
    """The first visit and the later ones."""
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
    return origin, to


def _of_patients(name: str, title: str, part: ShiftPart, place: Place, declared: Declared) -> Shift:
    """One level of a patient against another."""
    for key, given in (("from", part.origin), ("to", part.to)):
        if given is not None:
            what = f"its rows say from which level they go, and `{key}` names a visit"
            raise (place / key).wrong_name(what, "Leave one of them.")
    rows, ends = [], {}
    label = declared.expressions.label
    for number, row in enumerate(part.rows):
        here = place / "rows" / number
        if row.origin is None:
            raise here.wrong_name("other rows say `from`, and this one does not", "Add `from:`, a level.")
        after, before = variable(row, here, declared), declared.expressions.query(row.origin, here / "from")
        _refuse_other_than_levels(after.query, inside(here))
        if before.type != after.query.type:
            what = f"this is {name_of(before.type)}, and `is` {name_of(after.query.type)}"
            raise (here / "from").wrong(what, "The two are levels of one list.")
        rows.append((after, {BEFORE: before, AFTER: after.query}))
        ends[after.name] = (label(row.origin, before), label(row.expression, after.query))
    refuse_same([after for after, _ in rows], place / "rows")
    return Shift(name, title, tuple(part.populations), BEFORE, (AFTER,), tuple(rows), ends)


def _refuse_other_than_levels(query: Query, place: Place) -> None:
    refuse_type(query, (Level, Text, YesNo), place, "A shift is of levels: take band(…), range_level(…) or if(…).")
