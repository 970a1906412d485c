"""Numbers over the visits: from the study file's words to queries."""

from __future__ import annotations

from remit.language.types import Number
from remit.study.analyses.declared import Declared
from remit.study.analyses.model import CoursePart
from remit.study.analyses.rows import refuse_constant, refuse_same, variable
from remit.study.expressions import inside, refuse_type
from remit.study.place import Place
from remit.study.study import Course


def course(name: str, title: str, part: CoursePart, place: Place, declared: Declared) -> Course:
    """Raises WrongInput."""
    planned = [visit.name for visit in declared.visits]
    if part.visits is not None:
        (place / "visits").each(part.visits, planned, "visit")
    visits = [visit for visit in planned if part.visits is None or visit in part.visits]
    if not visits:
        raise place.wrong_name("a course goes over visits, and the study has none", "Add `visits:` to the study.")
    rows = []
    for number, row in enumerate(part.rows):
        here = place / "rows" / number
        variables = {visit: variable(row, here, declared, visit) for visit in visits}
        first = next(iter(variables.values()))
        refuse_type(first.query, (Number,), inside(here), "A course is of numbers.")
        queries = {visit: each.query for visit, each in variables.items()}
        refuse_constant(queries.values(), here, "Name a field of the visits, without @; or take it into a summary.")
        rows.append((first, queries))
    refuse_same([first for first, _ in rows], place / "rows")
    return Course(name, title, tuple(part.populations), tuple(rows))
