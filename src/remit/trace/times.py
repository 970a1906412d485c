"""Behind times to an event: whose time is known, who had the event, who was at risk."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from remit.schema.cohort import arm_column, variable_column
from remit.schema.results import ARM, MULTIVARIABLE, REASON_UNKNOWN, UNIVARIABLE, Address
from remit.study.analyses.kinds import EVENT_DAY, HAPPENED, LAST_DAY, REASON, Covariate, TimeToEvent
from remit.trace.counted import Counted, Definition, counted
from remit.trace.covariates import covariate_known, with_level
from remit.trace.people import Bits, size
from remit.trace.study_people import NoTrace, StudyPeople

AT_RISK = "at_risk"
_BY_REASON = ("reason", "incidence", "incidence_curve", "gray")


def behind_times(of: StudyPeople, analysis: TimeToEvent, at: Address, statistic: str) -> Counted:
    asked, times = of.members(at, analysis.arms), _times_of(of, analysis)
    definitions = (*_definitions(of, analysis), *of.of_arm(at, analysis.arms))
    if at.handling is not None:
        return _hazard(of, analysis, at, statistic, times, asked)
    had = times.event
    if at.variable in _BY_REASON:
        had &= _by(of, analysis, at.level)
        definitions = (of.definition(variable_column(analysis.name, REASON), "Reason"), *definitions)
    found = counted(asked, asked & times.known, asked & had, *definitions)
    if at.variable == "unknown":
        return _why_unknown(found, asked & times.unknown[at.level or ""], asked)
    if statistic == AT_RISK:
        return _at_risk(of, analysis, at, found)
    return found


# Times


@dataclass(frozen=True)
class _Times:
    """Whose time is known, who of them had the event; and the others, by why it is not known."""

    known: Bits
    event: Bits
    unknown: dict[str, Bits]


def _times_of(of: StudyPeople, analysis: TimeToEvent) -> _Times:
    return of.kept(f"times of {analysis.name}", lambda: _read(of, analysis))


def _read(of: StudyPeople, analysis: TimeToEvent) -> _Times:
    """An event counts if its day is known and observation did not end before; else the last day of observation does."""
    people = of.people
    event_day, happened, last_day = (variable_column(analysis.name, name) for name in (EVENT_DAY, HAPPENED, LAST_DAY))
    dated, followed = people.known(event_day), people.known(last_day)
    too_late = followed & people.where(pl.col(event_day) > pl.col(last_day))
    event = people.yes(happened) & dated & ~too_late
    negative = (event & people.where(pl.col(event_day) < 0)) | (~event & people.where(pl.col(last_day) < 0))
    unknown, rest = {}, people.everybody
    for reason, who in {
        "happened": people.unknown(happened),
        "event_date": people.yes(happened) & ~dated,
        "last_date": people.everybody & ~(event | followed),
        "before_start": negative,
    }.items():
        unknown[reason] = rest & who
        rest &= ~who
    return _Times(rest, event & rest, unknown)


def _definitions(of: StudyPeople, analysis: TimeToEvent) -> tuple[Definition, ...]:
    labels = {
        HAPPENED: f"{analysis.label}: whether it happened",
        EVENT_DAY: f"{analysis.label}: on which day",
        LAST_DAY: "Last day of observation",
    }
    return tuple(of.definition(variable_column(analysis.name, name), label) for name, label in labels.items())


def _by(of: StudyPeople, analysis: TimeToEvent, reason: str | None) -> Bits:
    column = variable_column(analysis.name, REASON)
    return of.people.unknown(column) if reason == REASON_UNKNOWN else of.people.having(column, reason)


def _why_unknown(found: Counted, who: Bits, asked: Bits) -> Counted:
    return counted(asked, asked, who, *found.definitions, missing=found.missing)


def _at_risk(of: StudyPeople, analysis: TimeToEvent, at: Address, found: Counted) -> Counted:
    """Observed until the day or longer, and without the event before it."""
    day = int((at.time or "").removeprefix("day "))
    names = [variable_column(analysis.name, name) for name in (EVENT_DAY, LAST_DAY)]
    until, last = (of.people.where(pl.col(name) >= day) for name in names)
    times = _times_of(of, analysis)
    there = times.known & ((times.event & until) | (last & ~times.event))
    return Counted(
        found.population,
        found.denominator,
        (found.population or 0) & there,
        found.missing,
        found.definitions,
        note="Counted are events; listed are those at risk on this day: observed until then, without the event before.",
        instead={"numerator": size(found.numerator or 0)},
    )


# Hazards


def _hazard(of: StudyPeople, analysis: TimeToEvent, at: Address, statistic: str, times: _Times, asked: Bits) -> Counted:
    """A model is of those of whom the time and its covariates are known."""
    covariates = [
        each for each in analysis.modelled if at.handling == MULTIVARIABLE or each.variable.name == at.variable
    ]
    if at.handling not in (UNIVARIABLE, MULTIVARIABLE) or not covariates:
        raise NoTrace(f"{analysis.name} has no model {at.handling} of {at.variable}")
    columns = {each.variable.name: _column(analysis, each) for each in covariates}
    known = asked & times.known
    for each in covariates:
        known &= covariate_known(of.people, each, columns[each.variable.name])
    own = [of.definition(columns[each.variable.name], _label(analysis, each)) for each in covariates]
    definitions = (*_definitions(of, analysis), *own)
    if at.handling == UNIVARIABLE and statistic in ("n", "events"):
        level = known & with_level(of.people, covariates[0], columns[covariates[0].variable.name], at.level)
        return counted(asked, level, level & times.event, *definitions, missing=asked & ~known)
    return counted(asked, known, known & times.event, *definitions)


def _column(analysis: TimeToEvent, covariate: Covariate) -> str:
    name = covariate.variable.name
    return arm_column(analysis.arms.kind) if analysis.arms and name == ARM else variable_column(analysis.name, name)


def _label(analysis: TimeToEvent, covariate: Covariate) -> str:
    if analysis.arms and covariate.variable.name == ARM:
        return f"{analysis.arms.kind.capitalize()} arm"
    return covariate.variable.label
