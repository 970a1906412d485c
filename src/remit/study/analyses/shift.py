"""Levels at one visit against those at later ones, or one level of a patient against another: from the study file's
words to queries."""

from __future__ import annotations

from remit.language.query import Query
from remit.language.types import Level, Text, YesNo, name_of
from remit.study.analyses.declared import Declared
from remit.study.analyses.kinds import AFTER, BEFORE, Shift
from remit.study.analyses.model import ShiftPart
from remit.study.analyses.rows import refuse_constant, refuse_same, variable
from remit.study.analyses.visits import from_and_to
from remit.study.expressions import inside, refuse_type
from remit.study.place import Place


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
    origin, to = from_and_to("a shift", part.origin, part.to, place, declared)
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
