"""Rows of tables: from the study file's words to queries."""

from __future__ import annotations

import re
from collections.abc import Collection

from remit.language.query import Named, Query
from remit.language.types import Span, YesNo
from remit.study.analyses.declared import Declared
from remit.study.analyses.kinds import Variable
from remit.study.analyses.model import LabelledPart, RowPart
from remit.study.expressions import inside
from remit.study.names import slug
from remit.study.place import Place


def variable(part: LabelledPart, place: Place, declared: Declared, visit: str | None = None) -> Variable:
    """A row; its query at `visit`, or of the patient. Raises WrongInput."""
    query = declared.expressions.query(part.expression, inside(place), visit=visit)
    among = None
    if isinstance(part, RowPart) and part.among is not None:
        among = declared.expressions.query(part.among, place / "among", YesNo, visit=visit)
    label = part.label or declared.expressions.label(part.expression, query)
    plain = re.fullmatch(r"[a-z0-9_]+", part.expression) is not None
    name = part.name or (part.expression if plain else slug(label))
    if not name:
        raise place.wrong("no name can be made of this label", "Add `name:` with small letters.")
    return Variable(name, label, query, _unit(query, declared), among)


def _unit(query: Query, declared: Declared) -> str | None:
    if not isinstance(query.type, Span):
        return None
    part = declared.file.derived.get(query.name) if isinstance(query, Named) else None
    return (part.unit if part else None) or "days"


def refuse_same(rows: list[Variable], place: Place) -> None:
    """No two rows have one name. `place`: of the rows."""
    first: dict[str, int] = {}
    for number, row in enumerate(rows):
        if first.setdefault(row.name, number) != number:
            what = f"two rows are called '{row.name}': this one and row {first[row.name] + 1}"
            raise (place / number).wrong(what, "Give one a `name:` or a `label:` of its own.")


def refuse_constant(queries: Collection[Query], place: Place, remedy: str) -> None:
    """What is asked at several visits is not one query."""
    if len(queries) > 1 and len(set(queries)) == 1:
        raise inside(place).wrong("this is the same at each visit", remedy)
