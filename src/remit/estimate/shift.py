"""Levels at one visit against those at a later one, or one level of a patient against another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import polars as pl

from remit.estimate.arms import arm_columns, parts
from remit.estimate.proportions import proportion, share
from remit.language.query import Query, digest
from remit.language.types import YesNo, possible_levels
from remit.schema.cohort import population_column, variable_column
from remit.schema.results import OBSERVED, SHIFT_UNKNOWN, Address, Denominator, Row, Statistic, rows, shift_level
from remit.study.analyses.kinds import Shift


def estimate_shift(analysis: Shift, patients: pl.DataFrame) -> Iterator[Row]:
    """For each variable and later level: how many have another level, and from which level to which."""
    for population in analysis.populations:
        members = patients.lazy().filter(pl.col(population_column(population)))
        for variable, queries in analysis.rows:
            for visit in analysis.to:
                at = {"origin": analysis.origin, "to": visit}
                words = [
                    _in_words(queries[visit], variable_column(analysis.name, variable.name, visit)).alias(name)
                    for name, visit in at.items()
                ]
                found = members.select(*words, *arm_columns(analysis.arms)).collect()
                at_visit = analysis.visit(visit)
                address = Address(analysis.name, population, visit=at_visit, variable=variable.name, handling=OBSERVED)
                levels, definition = _levels(queries[visit], found), digest(queries[visit])
                for part in parts(found, analysis.arms):
                    yield from _shifts(part.at(address), part.patients, levels, definition)


def _in_words(query: Query, column: str) -> pl.Expr:
    """Yes and no as words; what is not known as null."""
    if not isinstance(query.type, YesNo):
        return pl.col(column)
    return pl.when(pl.col(column)).then(pl.lit("yes")).when(~pl.col(column)).then(pl.lit("no"))


def _levels(query: Query, found: pl.DataFrame) -> tuple[str, ...]:
    """Each level, also one that nobody has; of a text, those that occur."""
    return possible_levels(query.type) or tuple(sorted({*found["origin"].drop_nulls(), *found["to"].drop_nulls()}))


def _shifts(address: Address, patients: pl.DataFrame, levels: Sequence[str], definition: str) -> Iterator[Row]:
    """The percentages are of those with a level at the first visit whose level at the later one is known."""
    counted = patients.group_by("origin", "to").len().iter_rows()
    n: dict[tuple[str | None, str | None], int] = {(origin, to): count for origin, to, count in counted}
    known = sum(n.get((one, other), 0) for one in levels for other in levels)
    same = sum(n.get((level, level), 0) for level in levels)
    behind = Denominator(known - same, known, patients.height - known, patients.height)
    yield from rows(address, proportion(known - same, known), behind, definition)
    for origin in (*levels, None):
        of = sum(n.get((origin, to), 0) for to in levels)
        missing = n.get((origin, None), 0)
        behind = Denominator(of + missing, patients.height, 0, patients.height)
        level = origin or SHIFT_UNKNOWN
        yield from rows(replace(address, level=level), [Statistic("n", float(of + missing))], behind, definition)
        for to in (*levels, None):
            count = n.get((origin, to), 0)
            behind = Denominator(count, of + (missing if to is None else 0), missing, patients.height)
            at = replace(address, level=shift_level(level, to or SHIFT_UNKNOWN))
            whole = origin is not None and to is not None
            yield from rows(at, share(count, of) if whole else [Statistic("n", float(count))], behind, definition)
