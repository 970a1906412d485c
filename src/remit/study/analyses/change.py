"""Numbers at one visit against those at later ones: from the study file's words to queries."""

from __future__ import annotations

from remit.language.query import Query
from remit.language.types import Number
from remit.study.analyses.declared import Declared
from remit.study.analyses.kinds import Change
from remit.study.analyses.model import ChangePart
from remit.study.analyses.rows import refuse_constant, refuse_same, variable
from remit.study.analyses.visits import from_and_to
from remit.study.expressions import inside, refuse_type
from remit.study.imputation import imputable
from remit.study.place import Place


def change(name: str, title: str, part: ChangePart, place: Place, declared: Declared) -> Change:
    """Raises WrongInput."""
    origin, to = from_and_to("a change", part.origin, part.to, place, declared)
    rows = []
    for number, row in enumerate(part.rows):
        here = place / "rows" / number
        if row.among is not None:
            raise (here / "among").wrong_name("a change has no `among`", "Name a population of those asked.")
        variables = {visit: variable(row, here, declared, visit) for visit in (origin, *to)}
        first = variables[origin]
        refuse_type(first.query, (Number,), inside(here), "A change is of numbers; of levels take a shift.")
        queries = {visit: each.query for visit, each in variables.items()}
        refuse_constant(queries.values(), here, "Name a field of the visits, without @.")
        rows.append((first, queries))
    refuse_same([first for first, _ in rows], place / "rows")
    _check_missing(part, [query for _, queries in rows for query in queries.values()], place, declared)
    return Change(name, title, tuple(part.populations), origin, to, tuple(rows), tuple(part.missing))


def _check_missing(part: ChangePart, queries: list[Query], place: Place, declared: Declared) -> None:
    if "imputation" not in part.missing:
        return
    here = place / "missing" / part.missing.index("imputation")
    if declared.file.imputation is None:
        raise here.wrong("'imputation' cannot be had here", "Add `imputation: {seed: …}` to the study.")
    if not all(imputable(query, declared.forms) for query in queries):
        what = "'imputation' cannot be had here: a row reads no number of a patient that could be imputed"
        raise here.wrong(what, "Name fields of the visits, without rows of other forms.")
