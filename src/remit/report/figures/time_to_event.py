"""The share without an event, by day: a step curve with its band for each group, and under it who is at risk."""

from __future__ import annotations

from collections.abc import Sequence

from remit.report.document import Figure, Words, plain, words
from remit.report.figures.steps import AtRisk, Curve, Steps
from remit.report.lookup import Lookup
from remit.report.numbers import count
from remit.report.shares import share
from remit.report.time_to_event import Times, median_words, times_of
from remit.report.wording import capital, small
from remit.study.analyses.kinds import TimeToEvent
from remit.study.study import Study


def time_figure(study: Study, analysis: TimeToEvent, lookup: Lookup) -> Figure | None:
    """A panel a population; None where nobody's time is known."""
    by_population = {population: _drawn(study, analysis, population, lookup) for population in analysis.populations}
    known = {population: drawn for population, drawn in by_population.items() if any(times.known for times in drawn)}
    if not known:
        return None
    curves = [_curve(times, number) for number, times in enumerate(by_population[analysis.populations[0]])]
    return Figure(
        name=f"{analysis.name}-curve",
        title=(analysis.title,),
        panels=tuple(_drawing(study, analysis, population, drawn).panel() for population, drawn in known.items()),
        legend=tuple(curve.key for curve in curves) if analysis.arms else (),
        notes=(
            (f"Share without {analysis.label}, in percent, with its 95 % band; under it how many are at risk.",),
            ("A mark stands at each day that the table gives, and at the end of a curve.",),
        ),
    )


def _drawn(study: Study, analysis: TimeToEvent, population: str, lookup: Lookup) -> list[Times]:
    """By arm without the total, or the population alone."""
    groups = times_of(study, analysis, population, lookup)
    return groups[:-1] if analysis.arms else groups


def _drawing(study: Study, analysis: TimeToEvent, population: str, drawn: Sequence[Times]) -> Steps:
    title: Words = (f"Without {analysis.label}, %",)
    if len(analysis.populations) > 1:
        title = words(title, f": {small(study.populations[population].label)}")
    return Steps(
        name=f"{analysis.name}-{population}-curve",
        title=title,
        curves=[_curve(times, number) for number, times in enumerate(drawn)],
        at_risk=[at_risk(times, capital(times.group.arm or "")) for times in drawn],
        asked=analysis.days,
        synthetic=study.identity.synthetic is not None,
    )


def at_risk(times: Times, label: str) -> AtRisk:
    return AtRisk(label, lambda day: times.free(day)["at_risk"])


def _curve(times: Times, number: int) -> Curve:
    def told(days: Sequence[int]) -> str:
        if not times.known:
            return ""
        at = {day: times.free(day) for day in days}
        each = [
            f"day {day} {plain(share(found))}, {count(found['at_risk']).text} at risk"
            for day, found in at.items()
            if found["percent"].value is not None
        ]
        return f"{label}: {'; '.join(each)}{plain(median_words(times))}."

    label = capital(times.group.arm or "all")
    steps = [(int(found["day"].value or 0), found) for found in times.curve()]
    return Curve(label, number, 100.0, steps, times.free, told)
