"""The cumulative incidence of each of several events that exclude one another, by day: a panel a group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from remit.report.by_reason import incidence, incidence_curve, reason_label, reasons_told
from remit.report.document import Figure, plain
from remit.report.figures.steps import Curve, Steps
from remit.report.figures.time_to_event import at_risk
from remit.report.lookup import Lookup, Statistics
from remit.report.shares import share
from remit.report.time_to_event import Times, times_of
from remit.report.wording import capital, small
from remit.study.analyses.kinds import TimeToEvent
from remit.study.study import Study

TOPS = (10, 20, 40, 60, 80, 100)  # percentages at which the axis may end


def incidence_figure(study: Study, analysis: TimeToEvent, lookup: Lookup) -> Figure | None:
    """A panel a population and arm, all to one scale; None where nobody has an event, or the study tells no reasons."""
    by_population = [times_of(study, analysis, population, lookup) for population in analysis.populations]
    reasons = dict.fromkeys(
        reason for groups in by_population for reason in reasons_told(analysis, groups[-1].group, lookup)
    )
    numbers = {reason: number for number, reason in enumerate(reasons)}
    drawings: list[Steps] = []
    for groups in by_population:
        told = reasons_told(analysis, groups[-1].group, lookup)
        for times in groups[:-1] if analysis.arms else groups:
            if told and times.known:
                drawings.append(_drawing(study, times, {reason: numbers[reason] for reason in told}, len(drawings)))
    if not drawings:
        return None
    highest = max(curve.highest for drawing in drawings for curve in drawing.curves)
    top = next(top for top in TOPS if top >= highest)
    keys = {curve.label: curve.key for drawing in drawings for curve in drawing.curves}
    return Figure(
        name=f"{analysis.name}-incidence",
        title=(f"{analysis.title}: by reason",),
        panels=tuple(replace(drawing, top=top).panel() for drawing in drawings),
        legend=tuple(keys.values()),
        notes=(
            (f"Share who have had the event ({analysis.label}) for each reason, in percent, with its 95 % band.",),
            (f"The axis ends at {top} %. Under it: how many are at risk.",)
            if top < 100
            else ("Under it: how many are at risk.",),
        ),
    )


def _drawing(study: Study, times: Times, looks: Mapping[str, int], place: int) -> Steps:
    """looks: of each reason, the same in all panels. place: of the panel."""
    analysis, group = times.analysis, times.group
    parts = [capital(group.arm)] if group.arm else []
    if len(analysis.populations) > 1:
        parts.append(small(study.populations[group.population].label))
    title = f"{capital(analysis.label)}, by reason, %"
    return Steps(
        name=f"{analysis.name}-{place}-incidence",
        title=(": ".join([title, ", ".join(parts)] if parts else [title]),),
        curves=[_curve(times, reason, number) for reason, number in looks.items()],
        at_risk=[at_risk(times, "")],
        asked=analysis.days,
        synthetic=study.identity.synthetic is not None,
    )


def _curve(times: Times, reason: str, number: int) -> Curve:
    def at(day: int) -> Statistics:
        return incidence(times.analysis, times.group, reason, day, times.lookup)

    def told(days: Sequence[int]) -> str:
        found = {day: at(day) for day in days}
        known = [f"day {day} {plain(share(one))}" for day, one in found.items() if one["percent"].value is not None]
        return f"{label}: {'; '.join(known)}."

    label = capital(reason_label(reason))
    curve = incidence_curve(times.analysis, times.group, reason, times.lookup)
    steps = [(int(found["day"].value or 0), found) for found in curve]
    return Curve(label, number, 0.0, steps, at, told)
