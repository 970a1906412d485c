"""Who is looked at: eligibility, populations and subgroups, from the study file's words to queries."""

from __future__ import annotations

from typing import Literal

from remit.language.query import Not, Query
from remit.language.types import Level, Text, YesNo
from remit.study.analyses.kinds import Variable
from remit.study.expressions import Expressions, inside, refuse_type
from remit.study.model import Criterion as CriterionPart
from remit.study.model import StudyFile
from remit.study.names import CRITERIA, check_population, named_by_label
from remit.study.place import Place
from remit.study.selection import Timeline, after_start
from remit.study.study import ELIGIBLE, Criterion, Population


def make_criteria(file: StudyFile, timeline: Timeline, expressions: Expressions, place: Place) -> tuple[Criterion, ...]:
    """In the order of the study file, in which a patient falls at the first that fails. Raises WrongInput.

    Whether it selects survivors is told by what it looks at, unless the study file says it.
    """
    found = []
    section = place / "eligibility"
    names = named_by_label(file.eligibility, section, CRITERIA)
    for label, part in file.eligibility.items():
        passes = _passes(label, part, expressions, section / label)
        later = after_start(timeline, passes)
        selects = bool(later) if part.selects_survivors is None else part.selects_survivors
        kind: Literal["include", "exclude"] = "exclude" if part.include is None else "include"
        found.append(Criterion(names[label], label, passes, kind, selects, later))
    return tuple(found)


def _passes(label: str, part: CriterionPart, expressions: Expressions, place: Place) -> Query:
    if part.include is not None and part.exclude is not None:
        remedy = "Make two criteria of it, each with a reason of its own."
        raise place.wrong_name(f"'{label}' both includes and excludes", remedy)
    if part.include is not None:
        return expressions.query(part.include, place / "include", YesNo)
    if part.exclude is not None:
        return Not(expressions.query(part.exclude, place / "exclude", YesNo))
    remedy = "Add `include:` with what must hold, or `exclude:` with what must not."
    raise place.wrong_name(f"'{label}' neither includes nor excludes", remedy)


def make_populations(file: StudyFile, expressions: Expressions, place: Place) -> dict[str, Population]:
    """By name; the first is all who are eligible. Raises WrongInput."""
    found = {ELIGIBLE: Population(ELIGIBLE, "Eligible patients", None, None)}
    for name, part in file.populations.items():
        here = place / "populations" / name
        check_population(name, here)
        if part.of not in found and part.of in file.populations:
            raise (here / "of").wrong(f"the population '{part.of}' comes only below", "Write it above this one.")
        (here / "of").known(part.of, found, "population")
        written = here if isinstance(here.document.at(here.key), str) else here / "where"
        where = expressions.query(part.where, written, YesNo)
        found[name] = Population(name, part.label or name.replace("_", " ").capitalize(), part.of, where)
    return found


def make_subgroups(file: StudyFile, expressions: Expressions, place: Place) -> dict[str, Variable]:
    """By name. Raises WrongInput."""
    found = {}
    for name, part in file.subgroups.items():
        here = inside(place / "subgroups" / name)
        query = expressions.query(part.expression, here)
        refuse_type(query, (YesNo, Level, Text), here, "Subgroups are of levels, texts or yes/no.")
        found[name] = Variable(name, part.label or expressions.label(part.expression, query), query)
    return found
