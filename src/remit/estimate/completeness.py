"""Of how many patients values are known at each visit."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from remit.estimate.arms import arm_columns, parts
from remit.estimate.proportions import share
from remit.language.query import digest
from remit.schema.cohort import population_column, variable_column
from remit.schema.results import Address, Denominator, Row, rows
from remit.study.analyses.kinds import Completeness


def estimate_completeness(analysis: Completeness, patients: pl.DataFrame) -> Iterator[Row]:
    """How many of a population are known, of all of it: also those who had left before the visit."""
    asked = [(variable.name, visit, query) for variable, queries in analysis.rows for visit, query in queries.items()]
    columns = {(name, visit): variable_column(analysis.name, name, visit) for name, visit, _ in asked}
    for population in analysis.populations:
        members = patients.lazy().filter(pl.col(population_column(population)))
        found = members.select(*columns.values(), *arm_columns(analysis.arms)).collect()
        for part in parts(found, analysis.arms):
            counts = part.patients.select(pl.col(column).sum() for column in columns.values()).row(0, named=True)
            of = part.patients.height
            for name, visit, query in asked:
                n = int(counts[columns[name, visit]])
                address = Address(analysis.name, population, visit=visit, variable=name)
                yield from rows(part.at(address), share(n, of), Denominator(n, of, of - n, of), digest(query))
