"""The time to an event: who had it and when, who was observed until when, and of whom it is not known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import polars as pl

from remit.estimate.arms import arm_columns, parts
from remit.estimate.by_reason import cause, gray_rows, reason_rows, reasons_of
from remit.estimate.log_rank import log_rank_rows
from remit.inference.estimate import Estimate
from remit.inference.kaplan_meier import Step, at_time, kaplan_meier, median
from remit.language.query import digest
from remit.schema.cohort import population_column, variable_column
from remit.schema.results import Address, Denominator, Row, Statistic, rows
from remit.schema.times import outcome
from remit.study.analyses.kinds import EVENT_DAY, HAPPENED, LAST_DAY, TimeToEvent
from remit.study.study import Study

KAPLAN_MEIER = "Kaplan-Meier, log-log 95 %"

# Why a patient's time is not known, in the order in which it is asked.
REASONS = ("happened", "event_date", "last_date", "before_start")


def estimate_times(study: Study, analysis: TimeToEvent, patients: pl.DataFrame) -> Iterator[Row]:
    """For each population and arm: counts, the median, the shares at day 0 and at the days asked for, and the curve;
    then what compares them."""
    names = [variable_column(analysis.name, name) for name in (EVENT_DAY, HAPPENED, LAST_DAY)]
    for population in analysis.populations:
        columns = [*outcome(*names), *cause(analysis), *arm_columns(analysis.arms), *_covariates(analysis)]
        members = patients.lazy().filter(pl.col(population_column(population))).select(columns).collect()
        address = Address(analysis.name, population)
        for part in parts(members, analysis.arms):
            yield from _group(analysis, part.at(address), part.patients)
            yield from reason_rows(analysis, part.at(address), part.patients, reasons_of(analysis, members))
        yield from log_rank_rows(analysis, address, members)
        yield from gray_rows(analysis, address, members)
        if analysis.modelled:
            from remit.estimate.hazards import hazard_rows  # models need numpy, which takes a while

            yield from hazard_rows(study, analysis, address, members)


def _covariates(analysis: TimeToEvent) -> list[pl.Expr]:
    """Their columns; a quotient, or a number that may be beyond a limit, has several."""
    names = [variable_column(analysis.name, each.variable.name) for each in analysis.covariates]
    return [pl.selectors.starts_with(*names).as_expr()] if names else []


def _group(analysis: TimeToEvent, address: Address, members: pl.DataFrame) -> Iterator[Row]:
    definition = digest(analysis.queries[EVENT_DAY])
    known = members.filter(pl.col("unknown").is_null()).select("day", "event")
    missing = members.height - known.height
    events = int(known["event"].sum())
    behind = Denominator(events, known.height, missing, members.height)
    steps = kaplan_meier(known["day"].to_list(), known["event"].to_list())
    found = [
        Statistic("n", float(known.height)),
        Statistic("events", float(events)),
        Statistic("censored", float(known.height - events)),
        *_median(median(steps), known.height),
    ]
    time = replace(address, variable="time")
    yield from rows(time, found, behind, definition)
    for reason in REASONS:
        n = int((members["unknown"] == reason).sum())
        told = Denominator(n, members.height, missing, members.height)
        one = Statistic("n", float(n))
        yield from rows(replace(address, variable="unknown", level=reason), [one], told, definition)
    for day in sorted({0, *analysis.days}):
        at = replace(address, variable="free", time=f"day {day}")
        yield from rows(at, _share(at_time(steps, day)), behind, definition)
    yield from _curve(address, steps, behind, definition)


def _median(found: Estimate, n: int) -> list[Statistic]:
    """A limit before a median that is reached cannot be "not reached": where all have the event on one day, there is
    none."""
    why = "not reached" if n else "of nobody the time is known"
    no_limits = found.value is not None and found.lower is None
    whys = {"median": why, **dict.fromkeys(("median_lower", "median_upper"), "not given" if no_limits else why)}
    ends = {"median": found.value, "median_lower": found.lower, "median_upper": found.upper}
    return [
        Statistic(name, day, "d", KAPLAN_MEIER, None if day is not None else whys[name]) for name, day in ends.items()
    ]


def _share(step: Step | None) -> list[Statistic]:
    if step is None:
        why = "nobody is observed so long"
        none = [Statistic(name, None, "%", KAPLAN_MEIER, why) for name in ("percent", "lower", "upper")]
        return [Statistic("at_risk", 0.0), *none]
    return [Statistic("at_risk", float(step.at_risk)), *_percent(step)]


def _percent(step: Step) -> list[Statistic]:
    why = "there is no interval where all or none are without the event"
    limits = {"lower": step.lower, "upper": step.upper}
    return [
        Statistic("percent", 100 * step.survival, "%", KAPLAN_MEIER),
        *(
            Statistic(name, None if end is None else 100 * end, "%", KAPLAN_MEIER, why if end is None else None)
            for name, end in limits.items()
        ),
    ]


def _curve(address: Address, steps: Sequence[Step], behind: Denominator, definition: str) -> Iterator[Row]:
    """A step at each day with an event, and the last day of anybody, where the curve ends."""
    for step in steps:
        if step.events or step is steps[-1]:
            at = replace(address, variable="curve", time=f"day {step.time:.0f}")
            yield from rows(at, [Statistic("day", float(step.time), "d"), *_percent(step)], behind, definition)
