"""Of how many patients values are known at each visit: from the study file's words to queries."""

from __future__ import annotations

from remit.language.query import Known
from remit.study.analyses.declared import Declared
from remit.study.analyses.kinds import Completeness
from remit.study.analyses.model import CompletenessPart
from remit.study.analyses.rows import refuse_same, variable
from remit.study.analyses.visits import chosen
from remit.study.place import Place


def completeness(name: str, title: str, part: CompletenessPart, place: Place, declared: Declared) -> Completeness:
    """Raises WrongInput."""
    visits = chosen("the completeness of values", part.visits, place, declared)
    rows = []
    for number, row in enumerate(part.rows):
        variables = {visit: variable(row, place / "rows" / number, declared, visit) for visit in visits}
        queries = {visit: each.query for visit, each in variables.items()}
        once = len(set(queries.values())) == 1
        rows.append(
            (variables[visits[0]], {visit: Known(queries[visit]) for visit in (visits[:1] if once else visits)})
        )
    refuse_same([first for first, _ in rows], place / "rows")
    return Completeness(name, title, tuple(part.populations), tuple(visits), tuple(rows))
