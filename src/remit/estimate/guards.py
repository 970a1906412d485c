"""Guards as results; what limits the covariates of a model."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import polars as pl

from remit.estimate.covariates import beyond_limit
from remit.inference.estimate import Guard
from remit.schema.results import Address, Denominator, Row, Statistic, guard, rows
from remit.study.analyses.kinds import Covariate, Variable
from remit.study.selection import after_start, timeline_of
from remit.study.study import Study


def guard_rows(at: Address, guards: Iterable[Guard], behind: Denominator, definition: str) -> list[Row]:
    """A row a name; of several of one name, all that is told."""
    notes: dict[str, list[str]] = {}
    for each in guards:
        notes.setdefault(each.name, []).append(each.told)
    found = [Statistic(guard(name), None, note=" ".join(told)) for name, told in notes.items()]
    return rows(at, found, behind, definition)


def no_model(note: str | None) -> Iterator[Guard]:
    if note:
        yield Guard("no model", note)


def beyond(covariate: Covariate, column: str, patients: pl.DataFrame) -> Iterator[Guard]:
    """Of whom a number is known only to lie beyond a limit."""
    if found := beyond_limit(covariate, column, patients):
        told = f"{covariate.variable.label}: known only to lie beyond a limit in {found} patients, who are left out."
        yield Guard("beyond limit", told)


def left_out(count: int, of: int, unknown: dict[str, int]) -> Iterator[Guard]:
    """unknown: of how many something that the model of all covariates asks for is not known, by what it is."""
    if count:
        named = ", ".join(f"{name} (in {number})" for name, number in unknown.items() if number)
        who = f"{count} of {of} patients"
        yield Guard("left out", f"{who} are left out of the model of all covariates; not known: {named}.")


def later(study: Study, covariates: Iterable[Variable], consequence: str) -> Iterator[Guard]:
    """Covariates that look at what came after the start."""
    for variable in covariates:
        if reasons := after_start(timeline_of(study), variable.query):
            what = f"{variable.label} looks at what came after the start of treatment ({'; '.join(reasons)})"
            yield Guard("covariate after start", f"{what}: {consequence}")
