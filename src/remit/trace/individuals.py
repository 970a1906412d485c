"""Patients one by one, for figures in which each is drawn. Of a large cohort only some are: `report` says which."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from remit.derive.values import INDEX_DATE
from remit.language.columns import HIGH, LOW, is_interval
from remit.language.query import Query
from remit.language.types import Number
from remit.schema.cohort import ELIGIBLE, Cohort, population_column, variable_column
from remit.schema.profiles import Bar, Bars, Individuals, Line, Lines, Treatments
from remit.schema.records import PATIENT, Records
from remit.study.analyses.kinds import Analysis, Change, Course, Variable
from remit.study.study import Study
from remit.trace.treatment import amount_unit, treated

MOST_BARS = 1000
MOST_LINES = 100
_ARM = "_arm"


def individuals_of(study: Study, records: Records, cohort: Cohort) -> Individuals:
    bars, lines = {}, {}
    for analysis in study.analyses:
        if isinstance(analysis, Change):
            for population, variable, visit in _changes(analysis):
                key = analysis.name, population, variable.name, visit
                bars[key] = _bars(analysis, population, variable, visit, cohort.patients)
        if isinstance(analysis, Course):
            for population in analysis.populations:
                for variable, queries in _numbers(analysis):
                    key3 = analysis.name, population, variable.name
                    by_visit = {visit.name: queries[visit.name] for visit in study.visits if visit.name in queries}
                    lines[key3] = _lines(analysis, population, variable, by_visit, cohort.patients)
    return Individuals(bars, lines, _treatments(study, records, cohort))


def _numbers(analysis: Change | Course) -> Iterator[tuple[Variable, Mapping[str, Query]]]:
    """A quotient or a time is not drawn."""
    return ((variable, queries) for variable, queries in analysis.rows if isinstance(variable.query.type, Number))


def _changes(analysis: Change) -> Iterator[tuple[str, Variable, str]]:
    for population in analysis.populations:
        for variable, _ in _numbers(analysis):
            yield from ((population, variable, visit) for visit in analysis.to)


def _arm(analysis: Analysis) -> pl.Expr:
    arm = pl.lit(None, dtype=pl.String)
    return (arm if analysis.arms is None else pl.col(f"arm__{analysis.arms.kind}")).alias(_ARM)


def _ends(query: Query, column: str) -> tuple[pl.Expr, pl.Expr]:
    return (pl.col(column + LOW), pl.col(column + HIGH)) if is_interval(query.type) else (pl.col(column),) * 2


def _divisor(query: Query) -> int:
    return int(10**query.type.decimals) if isinstance(query.type, Number) else 1


def _bars(analysis: Change, population: str, variable: Variable, visit: str, patients: pl.DataFrame) -> Bars:
    queries = dict(analysis.rows)[variable]
    ends = {
        f"{at}_{end}": expr
        for at, on in (("before", analysis.origin), ("after", visit))
        for end, expr in zip(
            ("low", "high"), _ends(queries[on], variable_column(analysis.name, variable.name, on)), strict=True
        )
    }
    members = patients.lazy().filter(pl.col(population_column(population)))
    found = members.select(PATIENT, _arm(analysis), **ends).collect()
    both = found.filter(
        *(pl.col(f"{at}_low").is_not_null() | pl.col(f"{at}_high").is_not_null() for at in ("before", "after"))
    )
    exact = both.filter(*(pl.col(f"{at}_low") == pl.col(f"{at}_high") for at in ("before", "after")))
    of, unknown, beyond = found.height, found.height - both.height, both.height - exact.height
    if exact.height > MOST_BARS:
        return Bars((), of, unknown, beyond)
    change = exact.select(PATIENT, _ARM, change=pl.col("after_low") - pl.col("before_low"))
    ordered = change.sort("change", PATIENT, descending=[True, False])
    divisor = _divisor(queries[visit])
    return Bars(tuple(Bar(name, arm, value / divisor) for name, arm, value in ordered.iter_rows()), of, unknown, beyond)


def _lines(
    analysis: Course, population: str, variable: Variable, queries: Mapping[str, Query], patients: pl.DataFrame
) -> Lines:
    members = patients.lazy().filter(pl.col(population_column(population)))
    ends = {
        f"{visit}_{end}": expr
        for visit, query in queries.items()
        for end, expr in zip(
            ("low", "high"), _ends(query, variable_column(analysis.name, variable.name, visit)), strict=True
        )
    }
    asked = members.select(PATIENT, INDEX_DATE, _arm(analysis), **ends)
    of = int(members.select(pl.len()).collect().item())
    first = asked.bottom_k(MOST_LINES, by=[INDEX_DATE, PATIENT]).sort(INDEX_DATE, PATIENT).collect()
    lines, beyond = [], 0
    for row in first.iter_rows(named=True):
        values: list[float | None] = []
        for visit, query in queries.items():
            low, high = row[f"{visit}_low"], row[f"{visit}_high"]
            exact = low is not None and low == high
            beyond += not exact and (low is not None or high is not None)
            values.append(low / _divisor(query) if exact else None)
        lines.append(Line(row[PATIENT], row[_ARM], tuple(values)))
    return Lines(tuple(lines), of, beyond)


def _treatments(study: Study, records: Records, cohort: Cohort) -> Treatments | None:
    if study.dosing is None:
        return None
    eligible = cohort.patients.lazy().filter(ELIGIBLE).select(PATIENT, INDEX_DATE)
    first = eligible.bottom_k(MOST_LINES, by=[INDEX_DATE, PATIENT]).sort(INDEX_DATE, PATIENT).collect()
    of = int(eligible.select(pl.len()).collect().item())
    return Treatments(
        tuple(treated(study, records, cohort, first[PATIENT])), of, amount_unit(study.forms[study.dosing.form])
    )
