"""The time to one of several events that exclude one another: lines of the table of times, and sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from remit.report.arms import Group, groups_of
from remit.report.document import Cell, Row, Words, words
from remit.report.language import ENGLISH, Language
from remit.report.log_rank import p_lines
from remit.report.lookup import Lookup, Statistics
from remit.report.numbers import SPACE, count, note, p_words, percent
from remit.report.shares import share_cell
from remit.report.wording import capital
from remit.schema.results import ARM, REASON_UNKNOWN, Address
from remit.study.analyses.kinds import TimeToEvent
from remit.study.study import Study

_NOTE = (
    "The incidence of a reason is Aalen and Johansen’s: the share of those who have had the event for it until then. "
    f"With the share without the event the incidences add up to 100{SPACE}%.",
)


def reason_label(reason: str) -> str:
    return "reason not known" if reason == REASON_UNKNOWN else reason


def reasons_told(analysis: TimeToEvent, group: Group, lookup: Lookup) -> tuple[str, ...]:
    """Those that occur in the population, in the order of the results."""
    return lookup.levels(_at(analysis, group, "reason"))


def incidence(analysis: TimeToEvent, group: Group, reason: str, day: int, lookup: Lookup) -> Statistics:
    return lookup.at(replace(_at(analysis, group, "incidence"), level=reason, time=f"day {day}"))


def incidence_curve(analysis: TimeToEvent, group: Group, reason: str, lookup: Lookup) -> list[Statistics]:
    at = replace(_at(analysis, group, "incidence_curve"), level=reason)
    return [lookup.at(replace(at, time=time)) for time in lookup.times(at)]


def _at(analysis: TimeToEvent, group: Group, variable: str) -> Address:
    return group.at(Address(analysis.name, group.population, variable=variable))


# The table


def reason_counts(analysis: TimeToEvent, groups: Sequence[Group], lookup: Lookup) -> list[Row]:
    """How many had the event for each reason."""
    lines = []
    for reason in reasons_told(analysis, groups[-1], lookup):
        cells = tuple(_counted(analysis, group, reason, lookup) for group in groups)
        lines.append(Row((capital(reason_label(reason)),), cells, level=2))
    return lines


def _counted(analysis: TimeToEvent, group: Group, reason: str, lookup: Lookup) -> Cell:
    n = lookup.one(replace(_at(analysis, group, "reason"), level=reason), "n")
    return Cell((words(count(n)),), muted=not n.value)


def incidence_lines(analysis: TimeToEvent, groups: Sequence[Group], lookup: Lookup) -> list[Row]:
    """For each reason its incidence at each day, and whether the arms differ in it."""
    lines: list[Row] = []
    for reason in reasons_told(analysis, groups[-1], lookup):
        lines.append(Row((f"{capital(reason_label(reason))}, incidence, % (95{SPACE}% CI)",), heading=True))
        for day in analysis.days:
            if day > 0:
                cells = (share_cell(incidence(analysis, group, reason, day, lookup)) for group in groups)
                lines.append(Row((f"Day {day}",), tuple(cells), level=1))
        if analysis.arms and analysis.compare:
            at = Address(analysis.name, groups[-1].population, variable="gray", level=reason)
            lines += p_lines(analysis, at, groups, lookup, "Gray’s test ")
    return lines


def incidence_notes(analysis: TimeToEvent) -> tuple[Words, ...]:
    return () if analysis.reason is None else (_NOTE,)


# Sentences


def incidence_sentences(
    study: Study, analysis: TimeToEvent, population: str, lookup: Lookup, say: Language = ENGLISH
) -> Words:
    """By day 168: lack of efficacy in 14.1 % (95 % CI 6.9 to 23.7); whether the arms differ in it."""
    groups = groups_of(study, analysis, population, lookup)
    reasons = reasons_told(analysis, groups[-1], lookup)
    if not reasons:
        return ()
    said = words(*(_of_group(analysis, group, reasons, lookup, say) for group in groups))
    if not analysis.arms or not analysis.compare:
        return said
    tests = [_test(analysis, population, reason, lookup, say) for reason in reasons]
    return words(said, say(" Gray’s test over the arms: {tests}.", tests=say.listed(tests, comma="; ")))


def _of_group(analysis: TimeToEvent, group: Group, reasons: Sequence[str], lookup: Lookup, say: Language) -> Words:
    """At the last of the days until which anybody is observed."""
    for day in sorted(analysis.days, reverse=True):
        found = {reason: incidence(analysis, group, reason, day, lookup) for reason in reasons}
        if all(statistics["percent"].value is not None for statistics in found.values()):
            each = [
                say("{reason} in {share}", reason=_named(reason, say), share=_share(one, say))
                for reason, one in found.items()
            ]
            listing = say.listed(each, comma="; " if len(each) > 2 else ", ")
            if not analysis.arms:
                return say(" By day {day}: {reasons}.", day=str(day), reasons=listing)
            who = capital(say.label(group.arm) if group.arm else say.text("in total"))
            return say(" {who}, by day {day}: {reasons}.", who=who, day=str(day), reasons=listing)
    return ()


def _named(reason: str, say: Language) -> str:
    return say.text("reason not known") if reason == REASON_UNKNOWN else say.label(reason)


def _share(found: Statistics, say: Language) -> Words:
    """14.1 % (95 % CI 6.9 to 23.7); 0.0 %"""
    value = percent(found["percent"])
    if found["lower"].value is None:
        return say("{percent}~%", percent=value)
    low, high = percent(found["lower"]), percent(found["upper"])
    return say("{percent}~% (95~% CI {low} to {high})", percent=value, low=low, high=high)


def _test(analysis: TimeToEvent, population: str, reason: str, lookup: Lookup, say: Language) -> Words:
    at = Address(analysis.name, population, ARM, variable="gray", level=reason)
    found = lookup.at(at)
    if found["p"].value is None:
        return say("{reason}, not compared ({note})", reason=_named(reason, say), note=note(found["p"], say))
    return say("{reason}, {p}", reason=_named(reason, say), p=p_words(found["p"]))
