"""Adverse events, as events and as patients: by period, term, grade and what else is asked; of special interest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

import polars as pl

from remit.estimate.proportions import proportion
from remit.estimate.unknown import UNKNOWN, unknown_is_null
from remit.schema.cohort import population_column, special_column
from remit.schema.records import PATIENT
from remit.schema.results import Address, Denominator, Row, Statistic, rows
from remit.study.study import Events, Study

ANY, ALL_PERIODS = "any", "all"


def estimate_events(study: Study, analysis: Events, patients: pl.DataFrame, events: pl.DataFrame) -> Iterator[Row]:
    for population in analysis.populations:
        members = patients.filter(pl.col(population_column(population)))
        ours = events.filter(pl.col("analysis") == analysis.name).join(members.select(PATIENT), on=PATIENT, how="semi")
        ours = ours.with_columns(unknown_is_null(field, ours) for field in ("term", *analysis.by))
        levels = {field: _levels(ours[field]) for field in ("term", *analysis.by)}
        for period in [ALL_PERIODS, *(period.name for period in study.periods), UNKNOWN]:
            inside = _in_period(ours, period)
            if period == UNKNOWN and not inside.height:
                continue
            address = Address(analysis.name, population, period=period)
            yield from _of_period(analysis, address, inside, members.height, levels)


def _in_period(events: pl.DataFrame, period: str) -> pl.DataFrame:
    if period == ALL_PERIODS:
        return events
    return events.filter(pl.col("period").is_null() if period == UNKNOWN else pl.col("period") == period)


def _of_period(
    analysis: Events, address: Address, events: pl.DataFrame, of: int, levels: Mapping[str, list[object]]
) -> Iterator[Row]:
    """Each level that occurs in any period is counted in each: a zero is a number too."""
    yield from _counted(replace(address, variable=ANY), events, of)
    for field in ("term", *analysis.by):
        for level in levels[field]:
            inside = events.filter(pl.col(field).is_null() if level is None else pl.col(field) == level)
            at = replace(address, variable=field, level=_word(level))
            yield from _counted(at, inside, of)
    for kind in analysis.special_interest:
        verdict = pl.col(special_column(kind.name))
        at = replace(address, variable="special_interest", level=kind.name)
        yield from _counted(at, events.filter(verdict), of, unknown=events.filter(verdict.is_null()).height)


def _levels(values: pl.Series) -> list[object]:
    """Most frequent first, then by name; unknown last."""
    counts: list[tuple[object, int]] = list(values.value_counts().iter_rows())
    ordered = sorted(counts, key=lambda pair: (pair[0] is None, -pair[1], str(pair[0])))
    return [level for level, _ in ordered]


def _word(level: object) -> str:
    if level is None:
        return UNKNOWN
    if isinstance(level, bool):
        return "yes" if level else "no"
    return str(level)


def _counted(address: Address, events: pl.DataFrame, of: int, unknown: int = 0) -> list[Row]:
    """Events, and patients with at least one, with the share of the population."""
    patients = events[PATIENT].n_unique()
    behind = Denominator(patients, of, unknown, of)
    counted, *share = proportion(patients, of)
    statistics = [Statistic("events", float(events.height)), replace(counted, name="patients"), *share]
    return rows(address, statistics, behind, None)
