"""Adverse events, as events and as patients: by period, term, grade and what else is asked; of special interest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import polars as pl

from remit.estimate.arms import arm_columns, parts
from remit.estimate.contrasts import compared
from remit.estimate.proportions import proportion
from remit.estimate.unknown import UNKNOWN, unknown_is_null
from remit.schema.cohort import population_column, special_column
from remit.schema.records import PATIENT
from remit.schema.results import Address, Denominator, Row, Statistic, rows
from remit.study.analyses.kinds import Arms, Events
from remit.study.study import Study

ANY, TERM, ALL_PERIODS = "any", "term", "all"


def estimate_events(study: Study, analysis: Events, patients: pl.DataFrame, events: pl.DataFrame) -> Iterator[Row]:
    for population in analysis.populations:
        columns = [PATIENT, *arm_columns(analysis.arms)]
        members = patients.lazy().filter(pl.col(population_column(population))).select(columns).collect()
        ours = events.filter(pl.col("analysis") == analysis.name).join(members, on=PATIENT, how="semi")
        ours = ours.with_columns(unknown_is_null(field, ours.schema) for field in ("term", *analysis.by))
        in_period = {ALL_PERIODS: ours, **{period.name: ours.filter(period=period.name) for period in study.periods}}
        unknown = ours.filter(pl.col("period").is_null())
        if unknown.height:
            in_period[UNKNOWN] = unknown
        levels = {field: _levels(ours[field]) for field in ("term", *analysis.by)}
        for period, inside in in_period.items():
            found: list[Row] = []
            for part in parts(members, analysis.arms):
                events_of = inside if part.arm is None else inside.join(part.patients, on=PATIENT, how="semi")
                address = part.at(Address(analysis.name, population, period=period))
                found += _of_period(analysis, address, events_of, part.patients.height, levels)
            yield from (*found, *_compared(found, analysis.arms))


def _compared(found: Sequence[Row], arms: Arms | None) -> list[Row]:
    """Of any event and of each term, how many patients more have one than in the reference, in percentage points."""
    by_term = [row for row in found if row["variable"] in (ANY, TERM) and row["statistic"] != "events"]
    return compared([{**row, "statistic": "n"} if row["statistic"] == "patients" else row for row in by_term], arms)


def _of_period(
    analysis: Events, address: Address, events: pl.DataFrame, of: int, levels: Mapping[str, list[object]]
) -> Iterator[Row]:
    """Each level that occurs in any period is counted in each: a zero is a number too."""
    yield from _rows(replace(address, variable=ANY), _counted(events), of)
    for field in ("term", *analysis.by):
        found = {level: tuple(counts) for level, *counts in events.group_by(field).agg(_COUNTS).iter_rows()}
        for level in levels[field]:
            yield from _rows(replace(address, variable=field, level=_word(level)), found.get(level, (0, 0)), of)
    for kind in analysis.special_interest:
        verdict = events[special_column(kind.name)]
        at = replace(address, variable="special_interest", level=kind.name)
        yield from _rows(at, _counted(events.filter(verdict)), of, unknown=verdict.null_count())


_COUNTS = (pl.len(), pl.col(PATIENT).n_unique())


def _counted(events: pl.DataFrame) -> tuple[int, int]:
    """Events, and patients with at least one."""
    return events.height, events[PATIENT].n_unique()


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


def _rows(address: Address, counts: tuple[int, int], of: int, unknown: int = 0) -> list[Row]:
    """Events, and patients with at least one, with the share of the population."""
    events, patients = counts
    counted, *share = proportion(patients, of)
    statistics = [Statistic("events", float(events)), replace(counted, name="patients"), *share]
    return rows(address, statistics, Denominator(patients, of, unknown, of), None)
