"""Behind models: of whom a covariate is known, so that they stand in the model."""

from __future__ import annotations

from remit.language.query import Query
from remit.language.types import Level, Ratio, Text, YesNo
from remit.study.analyses.kinds import Covariate
from remit.trace.people import Bits, People, joined
from remit.trace.variables import quotient


def exactly_known(people: People, column: str, query: Query) -> Bits:
    """Of whom a value is known, and not only to lie beyond a limit."""
    return quotient(people, column) if isinstance(query.type, Ratio) else people.known(column)


def covariate_known(people: People, covariate: Covariate, column: str) -> Bits:
    """Of a level, who has one of those that are taken."""
    if isinstance(covariate.variable.query.type, Level | Text):
        return joined(people.having(column, level) for level in covariate.levels)
    return exactly_known(people, column, covariate.variable.query)


def with_level(people: People, covariate: Covariate, column: str, level: str | None) -> Bits:
    """Who has a level; of a number, of whom it is known."""
    if level is None:
        return covariate_known(people, covariate, column)
    if isinstance(covariate.variable.query.type, YesNo):
        return people.yes(column) if level == "yes" else people.no(column)
    return people.having(column, level)
