"""An endpoint by centre: in each, whether they differ and how far, and without each of them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import polars as pl

from remit.estimate.contrasts import POINTS
from remit.estimate.outcome import Outcome, outcome_of
from remit.estimate.proportions import proportion
from remit.estimate.unknown import left_out
from remit.inference.centres.counts import Count, told
from remit.inference.centres.heterogeneity import heterogeneity
from remit.inference.estimate import Estimate
from remit.language.query import digest
from remit.schema.cohort import population_column
from remit.schema.records import CENTRE as COLUMN
from remit.schema.results import (
    CENTRE,
    RANDOM_INTERCEPT,
    WITHOUT_CENTRE,
    Address,
    Denominator,
    Row,
    Statistic,
    guard,
    modelled,
    rows,
)
from remit.study.analyses.kinds import Centres
from remit.study.study import Study


@dataclass(frozen=True)
class _Centre:
    """Who of a centre's patients of a population reached the endpoint, of how many, and of how many it is unknown."""

    name: str
    yes: int
    of: int
    unknown: int
    population: int


def estimate_centres(study: Study, analysis: Centres, patients: pl.DataFrame) -> Iterator[Row]:
    """A population: all of it with the test that centres do not differ, each centre, all but each, and the model."""
    endpoint, visit, estimand = analysis.endpoint, analysis.visit, analysis.estimand
    definition = digest(study.endpoints[endpoint].queries[visit])
    for population in analysis.populations:
        outcome = outcome_of(study, endpoint, visit, estimand, population, patients, [COLUMN])
        centres = _by_centre(outcome, population, patients)
        address = Address(analysis.name, population, visit=visit, variable=endpoint, handling=estimand)
        everybody = _together(centres)
        note = left_out(outcome.outside)
        counts = [Count(centre.name, centre.yes, centre.of) for centre in centres]
        overall = [*_share(everybody, note), *_differences(counts)]
        yield from rows(address, overall, _behind(everybody), definition)
        guards = [Statistic(guard(each.name), None, note=each.told) for each in told(counts)]
        yield from rows(address, guards, _behind(everybody), definition)
        for centre in centres:
            at = replace(address, group=CENTRE, group_level=centre.name)
            yield from rows(at, _share(centre, note), _behind(centre), definition)
        for centre in centres:
            at = replace(address, group=WITHOUT_CENTRE, group_level=centre.name)
            others = _together([other for other in centres if other is not centre])
            statistics = [*_share(others, note), _moved(others, everybody)]
            yield from rows(at, statistics, _behind(others), definition)
        at = replace(address, handling=modelled(estimand, RANDOM_INTERCEPT))
        yield from rows(at, _model(counts), _behind(everybody), definition)


def _by_centre(outcome: Outcome, population: str, patients: pl.DataFrame) -> list[_Centre]:
    """Each centre of the study, in the order of their names; also those without a patient of the population."""
    asked = pl.DataFrame({COLUMN: outcome.patients[COLUMN], "reached": outcome.reached, "known": outcome.known})
    counts = asked.group_by(COLUMN).agg(
        pl.col("reached").sum().alias("yes"),
        pl.col("reached").count().alias("of"),
        (~pl.col("known")).sum().alias("unknown"),
    )
    members = patients.group_by(COLUMN).agg(pl.col(population_column(population)).sum().alias("population"))
    found = members.join(counts, on=COLUMN, how="left").fill_null(0).sort(COLUMN)
    return [_Centre(*row) for row in found.select(COLUMN, "yes", "of", "unknown", "population").iter_rows()]


def _together(centres: Sequence[_Centre]) -> _Centre:
    parts = [(centre.yes, centre.of, centre.unknown, centre.population) for centre in centres]
    yes, of, unknown, population = (sum(column) for column in zip(*parts, strict=True)) if parts else (0, 0, 0, 0)
    return _Centre("", yes, of, unknown, population)


def _behind(centre: _Centre) -> Denominator:
    return Denominator(centre.yes, centre.of, centre.unknown, centre.population)


def _share(centre: _Centre, note: str | None) -> list[Statistic]:
    return [replace(each, note=each.note or note) for each in proportion(centre.yes, centre.of)]


def _differences(counts: Sequence[Count]) -> list[Statistic]:
    found = heterogeneity(counts)
    statistic = Statistic("likelihood_ratio", found.statistic, note=found.note)
    freedom = Statistic("degrees_of_freedom", found.freedom, note=found.note)
    return [Statistic("p", found.p, method=found.method, note=found.note), statistic, freedom]


def _moved(others: _Centre, everybody: _Centre) -> Statistic:
    """How far the percentage moves if a centre is left out."""
    if not others.of:
        return Statistic("moved", None, POINTS, note="nobody is left")
    return Statistic("moved", 100 * others.yes / others.of - 100 * everybody.yes / everybody.of, POINTS)


def _model(counts: Sequence[Count]) -> list[Statistic]:
    """The average of such centres, and their spread: the standard deviation of log odds, and the median odds ratio."""
    from remit.inference.centres.proportions import proportions

    found = proportions(counts)
    return [
        *_given("percent", "", found.average, 100, "%"),
        *_given("spread", "spread_", found.spread),
        Statistic("spread_p", found.spread.p, method=found.spread.method, note=found.spread.note),
        *_given("median_odds_ratio", "median_odds_ratio_", found.median_odds_ratio),
    ]


def _given(name: str, before: str, found: Estimate, times: float = 1, unit: str | None = None) -> Iterator[Statistic]:
    for named, value in ((name, found.value), (f"{before}lower", found.lower), (f"{before}upper", found.upper)):
        finite = value is not None and math.isfinite(value)
        why = found.note or (None if finite else "these centres set no limit")
        yield Statistic(named, times * value if value is not None and finite else None, unit, found.method, why)
