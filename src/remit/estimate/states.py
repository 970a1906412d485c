"""In which state patients are at each visit, and from which to which they go until the next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

import polars as pl

from remit.estimate.arms import arm_columns, parts
from remit.estimate.proportions import share
from remit.language.query import Query, digest
from remit.language.types import YesNo
from remit.schema.cohort import population_column, variable_column
from remit.schema.results import STATE_UNKNOWN, Address, Denominator, Row, rows, shift_level
from remit.study.analyses.kinds import States


def estimate_states(analysis: States, patients: pl.DataFrame) -> Iterator[Row]:
    """Of each variable, by population and arm. That a state is not known is a state, too: all patients are in each."""
    for population in analysis.populations:
        members = patients.lazy().filter(pl.col(population_column(population)))
        for variable, queries in analysis.rows:
            columns = [
                _in_words(query, variable_column(analysis.name, variable.name, visit)).alias(visit)
                for visit, query in queries.items()
            ]
            found = members.select(*columns, *arm_columns(analysis.arms)).collect()
            address = Address(analysis.name, population, variable=variable.name)
            for part in parts(found, analysis.arms):
                levels = analysis.levels[variable.name]
                yield from _states(part.at(address), part.patients, levels, queries)
                yield from _flows(part.at(address), part.patients, levels, queries)


def _in_words(query: Query, column: str) -> pl.Expr:
    """Yes and no as words; what is not known as a state."""
    found = pl.col(column)
    if isinstance(query.type, YesNo):
        found = pl.when(found).then(pl.lit("yes")).when(~found).then(pl.lit("no"))
    return found.fill_null(STATE_UNKNOWN)


def _states(
    address: Address, patients: pl.DataFrame, levels: Sequence[str], queries: Mapping[str, Query]
) -> Iterator[Row]:
    """How many of all are in each state at a visit."""
    of = patients.height
    for visit, query in queries.items():
        counts = Counter(patients[visit].to_list())
        for level in (*levels, STATE_UNKNOWN):
            behind = Denominator(counts[level], of, counts[STATE_UNKNOWN], of)
            at = replace(address, visit=visit, level=level)
            yield from rows(at, share(counts[level], of), behind, digest(query))


def _flows(
    address: Address, patients: pl.DataFrame, levels: Sequence[str], queries: Mapping[str, Query]
) -> Iterator[Row]:
    """How many of those in a state at one visit are in which at the next; under the later visit."""
    for one, other in pairwise(queries):
        counts = {(before, after): n for before, after, n in patients.group_by(one, other).len().iter_rows()}
        for before in (*levels, STATE_UNKNOWN):
            of = sum(n for (start, _), n in counts.items() if start == before)
            missing = counts.get((before, STATE_UNKNOWN), 0)
            for after in (*levels, STATE_UNKNOWN):
                n = counts.get((before, after), 0)
                at = replace(address, visit=other, level=shift_level(before, after))
                yield from rows(at, share(n, of), Denominator(n, of, missing, patients.height), digest(queries[other]))
