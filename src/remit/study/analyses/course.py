"""Numbers over the visits: from the study file's words to queries."""

from __future__ import annotations

from remit.language.types import Number
from remit.study.analyses.declared import Declared
from remit.study.analyses.kinds import Course
from remit.study.analyses.model import CoursePart
from remit.study.analyses.rows import refuse_constant, refuse_same, variable
from remit.study.analyses.visits import chosen
from remit.study.expressions import inside, refuse_type
from remit.study.place import Place


def course(name: str, title: str, part: CoursePart, place: Place, declared: Declared) -> Course:
    """Raises WrongInput."""
    visits = chosen("a course", part.visits, place, declared)
    rows = []
    for number, row in enumerate(part.rows):
        here = place / "rows" / number
        if row.among is not None:
            raise (here / "among").wrong_name("a course has no `among`", "Name a population of those asked.")
        variables = {visit: variable(row, here, declared, visit) for visit in visits}
        first = next(iter(variables.values()))
        refuse_type(first.query, (Number,), inside(here), "A course is of numbers.")
        queries = {visit: each.query for visit, each in variables.items()}
        refuse_constant(queries.values(), here, "Name a field of the visits, without @; or take it into a summary.")
        rows.append((first, queries))
    refuse_same([first for first, _ in rows], place / "rows")
    return Course(name, title, tuple(part.populations), tuple(rows), part.intervals)
