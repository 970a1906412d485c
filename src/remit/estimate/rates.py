"""Events per 100 patient-years of exposure, with exact intervals; of arms, their ratios."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from remit.estimate.arms import arm_columns, parts
from remit.language.columns import HIGH, LOW, is_interval
from remit.language.query import Query, digest
from remit.schema.cohort import population_column, variable_column
from remit.schema.results import Address, Denominator, Row, Statistic, rows
from remit.study.analyses.kinds import EXPOSURE, Rates, Variable

DAYS_OF_A_YEAR = 365.25
RATE = "per 100 patient-years"
NO_TIME = "there are events, and no time of exposure"


@dataclass(frozen=True)
class _Counted:
    """The events of those of whom both they and the exposure are known, how many had one, and their patient-years.

    known: how many these are. below: in how many others a number is below 0, which cannot be.
    """

    events: int
    having: int
    years: float
    known: int
    below: int
    population: int

    @property
    def behind(self) -> Denominator:
        return Denominator(self.events, self.known, self.population - self.known, self.population)

    @property
    def in_no_time(self) -> bool:
        return self.events > 0 and not self.years


def estimate_rates(analysis: Rates, patients: pl.DataFrame) -> Iterator[Row]:
    """For each population and arm: each row's events, the patients with one, the patient-years and the rate; then each
    arm against the reference."""
    columns = [
        _exactly(variable_column(analysis.name, name), query).alias(name) for name, query in analysis.queries.items()
    ]
    for population in analysis.populations:
        inside = patients.lazy().filter(pl.col(population_column(population)))
        members = inside.select(*columns, *arm_columns(analysis.arms)).collect()
        counted = {
            part.arm: {row.name: _counted(part.patients, row) for row in analysis.rows}
            for part in parts(members, analysis.arms)
        }
        for arm, by_row in counted.items():
            for row in analysis.rows:
                address = Address(analysis.name, population, variable=row.name).in_arm(arm)
                found = by_row[row.name]
                yield from rows(address, _rate(found), found.behind, digest(row.query))
        yield from _compared(analysis, population, counted)


def _exactly(column: str, query: Query) -> pl.Expr:
    """The value, where it is known to be one."""
    if not is_interval(query.type):
        return pl.col(column)
    return pl.when(pl.col(column + LOW) == pl.col(column + HIGH)).then(pl.col(column + LOW))


def _counted(members: pl.DataFrame, row: Variable) -> _Counted:
    possible = (pl.col(row.name) >= 0) & (pl.col(EXPOSURE) >= 0)
    known, below = members.filter(possible), members.filter(~possible).height
    events, years = int(known[row.name].sum()), int(known[EXPOSURE].sum()) / DAYS_OF_A_YEAR
    return _Counted(events, int((known[row.name] > 0).sum()), years, known.height, below, members.height)


def _rate(counted: _Counted) -> list[Statistic]:
    from remit.inference.rates import rate, upper_bound

    events, years, below = counted.events, counted.years, counted.below
    wrong = f"in {below} the events or the exposure are below 0, which cannot be" if below else None
    found = [
        Statistic("events", float(events), note=wrong),
        Statistic("patients", float(counted.having)),
        Statistic("patient_years", years, "patient-years"),
    ]
    if counted.in_no_time:
        return [*found, *_given(dict.fromkeys(("rate", "lower", "upper", "upper_bound")), "", NO_TIME)]
    exact, bound = rate(events, years), upper_bound(events, years)
    ends = _given({"rate": exact.value, "lower": exact.lower, "upper": exact.upper}, exact.method, exact.note)
    return [*found, *ends, *_given({"upper_bound": bound.upper}, bound.method, bound.note)]


def _compared(analysis: Rates, population: str, counted: Mapping[str | None, Mapping[str, _Counted]]) -> Iterator[Row]:
    """The rate of each arm over that of the reference."""
    if analysis.arms is None or analysis.arms.reference is None:
        return
    reference = analysis.arms.reference
    for row in analysis.rows:
        for arm in analysis.arms.compared:
            one, two = counted[arm][row.name], counted[reference][row.name]
            address = Address(analysis.name, population, variable=row.name).between(arm, reference)
            both = Denominator(
                one.events + two.events,
                one.known + two.known,
                one.population - one.known + two.population - two.known,
                one.population + two.population,
            )
            yield from rows(address, _ratio(one, two, reference), both, digest(row.query))


def _ratio(one: _Counted, two: _Counted, reference: str) -> list[Statistic]:
    from remit.inference.rates import rate_ratio

    names = ("rate_ratio", "lower", "upper", "p")
    if one.in_no_time or two.in_no_time:
        return [Statistic(name, None, note=NO_TIME) for name in names]
    found = rate_ratio(one.events, one.years, two.events, two.years)
    why = found.note
    if one.events and not two.events:
        why = f"no events with {reference}: the ratio would divide by 0"
    values = zip(names, (found.value, found.lower, found.upper, found.p), strict=True)
    return [
        Statistic(name, value, method=found.method)
        if value is not None and math.isfinite(value)
        else Statistic(name, None, method=found.method, note=why or "it may be however high")
        for name, value in values
    ]


def _given(found: dict[str, float | None], method: str, note: str | None) -> list[Statistic]:
    return [
        Statistic(name, value, RATE, method or None, note if value is None else None) for name, value in found.items()
    ]
