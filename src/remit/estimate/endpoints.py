"""Endpoints at their visits: over each denominator, under each estimand, in each subgroup."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import polars as pl

from remit.estimate.contrasts import compared
from remit.estimate.judged import Judged, judged
from remit.estimate.proportions import proportion
from remit.estimate.unknown import UNKNOWN, left_out, unknown_is_null
from remit.language.query import digest
from remit.schema.cohort import arm_column, group_column, population_column
from remit.schema.results import ARM, DECIDED, Address, Denominator, Row, rows
from remit.study.analyses.kinds import Arms, Endpoints
from remit.study.study import Endpoint, Study

_PARTS = ("yes", "of", "missing", "outside")


@dataclass(frozen=True)
class _Place:
    """An endpoint at a visit in a population, and the ways of counting it."""

    address: Address
    definition: str
    counts: tuple[Judged, ...]

    def columns(self) -> Iterator[pl.Expr]:
        for count in self.counts:
            for part in _PARTS:
                counted: pl.Expr | None = getattr(count, part)
                yield (pl.lit(0) if counted is None else counted.sum()).alias(self.column(count, part))

    def column(self, count: Judged, part: str) -> str:
        return f"{self.address.variable}.{self.address.visit}.{count.handling}.{part}"

    def rows(self, found: Mapping[str, int], group_level: str | None = None) -> Iterator[Row]:
        for count in self.counts:
            yes, of, missing, outside = (found[self.column(count, part)] for part in _PARTS)
            at = replace(self.address, handling=count.handling, group_level=group_level)
            statistics = [replace(each, note=each.note or left_out(outside)) for each in proportion(yes, of)]
            yield from rows(at, statistics, Denominator(yes, of, missing, found["n"]), self.definition)


def estimate_endpoints(study: Study, analysis: Endpoints, patients: pl.DataFrame) -> Iterator[Row]:
    """All places of a population are counted together, in one pass over its members for each subgroup."""
    found: dict[tuple[str, str, str], list[Row]] = {}
    for population in analysis.every_population:
        asked = [
            (study.endpoints[name], visit)
            for name in analysis.endpoints
            for visit in study.endpoints[name].at
            if population in analysis.populations.get(visit, ())
        ]
        members = patients.lazy().filter(pl.col(population_column(population)))
        for group in (None, *((ARM,) if analysis.arms else ()), *analysis.subgroups):
            places = [_place(study, analysis, endpoint, visit, population, group) for endpoint, visit in asked]
            for place, counted in _counted(places, _levels(places, group, analysis.arms, members)):
                key = (place.address.variable or "", place.address.visit or "", population)
                found.setdefault(key, []).extend(counted)
                if group == ARM:
                    found[key].extend(compared(counted, analysis.arms))
    for name in analysis.endpoints:
        for visit in study.endpoints[name].at:
            for population in analysis.populations.get(visit, ()):
                yield from found[name, visit, population]


def _place(
    study: Study, analysis: Endpoints, endpoint: Endpoint, visit: str, population: str, group: str | None
) -> _Place:
    """Arms are counted as all patients are; subgroups over those decided and under each estimand."""
    counts = [*judged(study, endpoint, visit)]
    if group not in (None, ARM):
        counts = [count for count in counts if count.handling in (DECIDED, *study.estimands)]
    address = Address(analysis.name, population, group=group, visit=visit, variable=endpoint.name)
    return _Place(address, digest(endpoint.queries[visit]), tuple(counts))


_Levels = Mapping[str | None, Mapping[str, int]]


def _levels(places: list[_Place], group: str | None, arms: Arms | None, members: pl.LazyFrame) -> _Levels:
    """The counts of all places by level of the group. Patients of an unknown subgroup are a group of their own; those
    of an unknown arm are in none, and an arm without patients is counted as such."""
    columns = [pl.len().alias("n"), *(column for place in places for column in place.columns())]
    if group is None:
        return {None: members.select(columns).collect().row(0, named=True)}
    by = group_column(group) if arms is None or group != ARM else arm_column(arms.kind)
    found = members.group_by(unknown_is_null(by, members.collect_schema())).agg(columns).sort(by, nulls_last=True)
    levels: dict[str | None, Mapping[str, int]] = {_word(row[by]): row for row in found.collect().iter_rows(named=True)}
    if arms is None or group != ARM:
        return levels
    nobody = dict.fromkeys((column.meta.output_name() for column in columns), 0)
    return {name: levels.get(name, nobody) for name in arms.names}


def _counted(places: list[_Place], levels: _Levels) -> Iterator[tuple[_Place, list[Row]]]:
    for place in places:
        yield place, [row for level, counted in levels.items() for row in place.rows(counted, level)]


def _word(level: bool | str | None) -> str:
    if level is None:
        return UNKNOWN
    return level if isinstance(level, str) else "yes" if level else "no"
