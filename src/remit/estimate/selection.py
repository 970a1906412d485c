"""A guard for each analysis in a population that is told by what came after day 0."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from remit.language.query import digest
from remit.schema.cohort import population_column
from remit.schema.results import SELECTED, Address, Denominator, Row, Statistic, guard, rows
from remit.study.analyses.kinds import Analysis, Endpoints
from remit.study.selection import selected_by
from remit.study.study import Study


def estimate_selection(study: Study, analysis: Analysis, patients: pl.DataFrame) -> Iterator[Row]:
    """One row a population that selects; behind it, how many of those whom it is a part of belong to it."""
    for name in analysis.every_population if isinstance(analysis, Endpoints) else analysis.populations:
        reasons = selected_by(study, name)
        if not reasons:
            continue
        population = study.populations[name]
        inside = patients[population_column(name)].filter(patients[population_column(population.of or name)])
        unknown = inside.null_count()
        behind = Denominator(int(inside.sum()), len(inside), unknown, len(inside))
        told = (
            f"“{population.label}” looks at what came after the start of treatment ({'; '.join(reasons)}): patients "
            "are in it because of how they fared. What is found in it is of this selection, "
            "and may flatter the treatment."
        )
        definition = digest(population.where) if population.where is not None else None
        yield from rows(Address(analysis.name, name), [Statistic(guard(SELECTED), None, note=told)], behind, definition)
