"""Events per 100 patient-years of exposure, with exact intervals."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from remit.estimate.arms import arm_columns, parts
from remit.language.columns import HIGH, LOW, is_interval
from remit.language.query import Query, digest
from remit.schema.cohort import population_column, variable_column
from remit.schema.results import Address, Denominator, Row, Statistic, rows
from remit.study.study import EXPOSURE, Rates, Variable

DAYS_OF_A_YEAR = 365.25
RATE = "per 100 patient-years"


def estimate_rates(analysis: Rates, patients: pl.DataFrame) -> Iterator[Row]:
    """For each population and arm: each row's events, the patients with one, the patient-years and the rate."""
    columns = [
        _exactly(variable_column(analysis.name, name), query).alias(name) for name, query in analysis.queries.items()
    ]
    for population in analysis.populations:
        inside = patients.lazy().filter(pl.col(population_column(population)))
        members = inside.select(*columns, *arm_columns(analysis.arms)).collect()
        for part in parts(members, analysis.arms):
            for row in analysis.rows:
                address = part.at(Address(analysis.name, population, variable=row.name))
                yield from _rate(address, part.patients, row)


def _exactly(column: str, query: Query) -> pl.Expr:
    """The value, where it is known to be one."""
    if not is_interval(query.type):
        return pl.col(column)
    return pl.when(pl.col(column + LOW) == pl.col(column + HIGH)).then(pl.col(column + LOW))


def _rate(address: Address, members: pl.DataFrame, row: Variable) -> Iterator[Row]:
    """Over those of whom both the events and the exposure are known. Numbers below 0 are none, as the note says."""
    from remit.inference.rates import rate, upper_bound

    possible = (pl.col(row.name) >= 0) & (pl.col(EXPOSURE) >= 0)
    known, below = members.filter(possible), members.filter(~possible).height
    events, years = int(known[row.name].sum()), int(known[EXPOSURE].sum()) / DAYS_OF_A_YEAR
    behind = Denominator(events, known.height, members.height - known.height, members.height)
    at_all = int((known[row.name] > 0).sum())
    wrong = f"in {below} the events or the exposure are below 0, which cannot be" if below else None
    counts = [Statistic("events", float(events), note=wrong), Statistic("patients", float(at_all))]
    exposed = Statistic("patient_years", years, "patient-years")
    if events and not years:
        why = "there are events, and no time of exposure"
        names = ("rate", "lower", "upper", "upper_bound")
        yield from rows(address, [*counts, exposed, *_given(dict.fromkeys(names), "", why)], behind, digest(row.query))
        return
    found, bound = rate(events, years), upper_bound(events, years)
    ends = _given({"rate": found.value, "lower": found.lower, "upper": found.upper}, found.method, found.note)
    bounds = _given({"upper_bound": bound.upper}, bound.method, bound.note)
    yield from rows(address, [*counts, exposed, *ends, *bounds], behind, digest(row.query))


def _given(found: dict[str, float | None], method: str, note: str | None) -> list[Statistic]:
    return [
        Statistic(name, value, RATE, method or None, note if value is None else None) for name, value in found.items()
    ]
