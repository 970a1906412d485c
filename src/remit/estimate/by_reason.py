"""The time to one of several events that exclude one another: the cumulative incidence of each, and Gray's test."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from remit.estimate.arms import comparisons
from remit.estimate.log_rank import statistics_of
from remit.language.query import digest
from remit.language.types import Level
from remit.schema.cohort import arm_column, variable_column
from remit.schema.results import REASON_UNKNOWN, Address, Denominator, Row, Statistic, rows
from remit.study.analyses.kinds import REASON, TimeToEvent

if TYPE_CHECKING:
    from remit.inference.cumulative_incidence import Probability

AALEN_JOHANSEN = "Aalen-Johansen, log-log 95 %"


def cause(analysis: TimeToEvent) -> list[pl.Expr]:
    """The column `reason` of each patient; an event counts by it if `outcome` says that there was one."""
    if analysis.reason is None:
        return []
    return [pl.col(variable_column(analysis.name, REASON)).alias("reason")]


def reasons_of(analysis: TimeToEvent, members: pl.DataFrame) -> list[str]:
    """Those that occur: in the order of the levels, of a text the most frequent first; last that it is not known."""
    if analysis.reason is None:
        return []
    counts = dict(_causes(members).drop_nulls().value_counts().sort("reason").iter_rows())
    kind = analysis.reason.type
    known = [reason for reason in counts if reason != REASON_UNKNOWN]
    named = sorted(known, key=kind.levels.index if isinstance(kind, Level) else lambda reason: -counts[reason])
    return [*named, *([REASON_UNKNOWN] if REASON_UNKNOWN in counts else [])]


def _causes(members: pl.DataFrame) -> pl.Series:
    """Of those whose time is known: the reason; null of those without an event."""
    reason = pl.when(pl.col("event")).then(pl.col("reason").fill_null(REASON_UNKNOWN))
    return members.filter(pl.col("unknown").is_null()).select(reason.alias("reason")).to_series()


def reason_rows(
    analysis: TimeToEvent, address: Address, members: pl.DataFrame, reasons: Sequence[str]
) -> Iterator[Row]:
    """For each reason: how many ended by it, its cumulative incidence at the days asked for, and its curve."""
    if analysis.reason is None:
        return
    from remit.inference.cumulative_incidence import at_time, cumulative_incidence  # with numpy, which takes a while

    definition = digest(analysis.reason)
    causes = _causes(members)
    days = members.filter(pl.col("unknown").is_null())["day"]
    steps = cumulative_incidence(days.to_list(), causes.to_list(), reasons)
    for reason in reasons:
        behind = _behind(members, reason)
        counted = Statistic("n", float(behind.numerator or 0))
        yield from rows(replace(address, variable="reason", level=reason), [counted], behind, definition)
        for day in sorted({0, *analysis.days}):
            at = replace(address, variable="incidence", level=reason, time=f"day {day}")
            step = at_time(steps, day)
            yield from rows(at, _percent(step.incidence[reason] if step else None), behind, definition)
        for step in steps:
            if step.events[reason] or step is steps[-1]:
                at = replace(address, variable="incidence_curve", level=reason, time=f"day {step.time:.0f}")
                found = [Statistic("day", float(step.time), "d"), *_percent(step.incidence[reason])]
                yield from rows(at, found, behind, definition)


def _behind(members: pl.DataFrame, reason: str) -> Denominator:
    causes = _causes(members)
    return Denominator(int((causes == reason).sum()), len(causes), members.height - len(causes), members.height)


def _percent(found: Probability | None) -> list[Statistic]:
    why = "nobody is observed so long" if found is None else "there is no interval where none or all have it"
    ends: dict[str, float | None] = dict.fromkeys(("percent", "lower", "upper"))
    if found is not None:
        ends = {"percent": found.value, "lower": found.lower, "upper": found.upper}
    return [
        Statistic(name, None if end is None else 100 * end, "%", AALEN_JOHANSEN, why if end is None else None)
        for name, end in ends.items()
    ]


def gray_rows(analysis: TimeToEvent, address: Address, members: pl.DataFrame) -> Iterator[Row]:
    """For each reason: Gray's test over the arms, and of each arm against the reference."""
    arms = analysis.arms
    if analysis.reason is None or arms is None or not analysis.compare:
        return
    from remit.inference.gray import gray

    column = arm_column(arms.kind)
    for reason in reasons_of(analysis, members):
        at = replace(address, variable="gray", level=reason)
        for place, names in comparisons(at, arms):
            asked = members.filter(pl.col(column).is_in(names))
            known = asked.filter(pl.col("unknown").is_null())
            test = gray(known["day"].to_list(), _causes(asked).to_list(), known[column].to_list(), reason)
            yield from rows(place, statistics_of(test), _behind(asked, reason), digest(analysis.reason))
