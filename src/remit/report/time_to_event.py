"""The time to an event: sentences and a table; the figure stands in `figures`."""

from __future__ import annotations

from dataclasses import dataclass, replace

from remit.report.addresses import size
from remit.report.arms import Group, groups_of, population_notes
from remit.report.by_reason import incidence_lines, incidence_notes, incidence_sentences, reason_counts
from remit.report.document import Cell, Column, Number, Paragraph, Row, Table, Words, words
from remit.report.hazards import hazard_cautions, hazard_lines, hazard_sentence
from remit.report.language import ENGLISH, Language
from remit.report.log_rank import log_rank_lines, log_rank_sentence
from remit.report.lookup import Lookup, Result, Statistics
from remit.report.numbers import NONE, SPACE, count, decimal, needed
from remit.report.shares import share_cell
from remit.report.wording import among, capital, small
from remit.schema.results import Address
from remit.study.analyses.kinds import TimeToEvent
from remit.study.study import Study

# Why a time is not known; `estimate` says which patient has which reason.
_REASONS = {
    "happened": "not known whether there was one",
    "event_date": "date of the event not known",
    "last_date": "end of observation not known",
    "before_start": "ends before it starts",
}
_NOTES = (
    "Shares are Kaplan-Meier’s, with 95 % confidence intervals. At risk: under observation and without the event until "
    "then. Days are counted from day 0, on which the time starts.",
)


@dataclass(frozen=True)
class Times:
    """The results of one group."""

    analysis: TimeToEvent
    group: Group
    lookup: Lookup

    @property
    def _address(self) -> Address:
        return self.group.at(Address(self.analysis.name, self.group.population))

    @property
    def whole(self) -> Statistics:
        """n, events, censored, and the median with its limits."""
        return self.lookup.at(replace(self._address, variable="time"))

    def unknown(self, reason: str) -> Result:
        return self.lookup.one(replace(self._address, variable="unknown", level=reason), "n")

    def free(self, day: int) -> Statistics:
        """The share without the event at a day, and how many are at risk."""
        return self.lookup.at(replace(self._address, variable="free", time=f"day {day}"))

    def curve(self) -> list[Statistics]:
        at = replace(self._address, variable="curve")
        return [self.lookup.at(replace(at, time=time)) for time in self.lookup.times(at)]

    def median(self, say: Language = ENGLISH) -> tuple[Number, Number, Number]:
        """With its limits; each may be "not reached"."""
        ends = [self.whole[name] for name in ("median", "median_lower", "median_upper")]
        decimals = needed([end.value for end in ends], 0)
        middle, low, high = (decimal(end, decimals, say) for end in ends)
        return middle, low, high

    @property
    def known(self) -> bool:
        return bool(self.whole["n"].denominator)


def times_of(study: Study, analysis: TimeToEvent, population: str, lookup: Lookup) -> list[Times]:
    """The arms and the total; without arms the population alone."""
    return [Times(analysis, group, lookup) for group in groups_of(study, analysis, population, lookup)]


# The table


def time_tables(study: Study, analysis: TimeToEvent, lookup: Lookup) -> tuple[Table, ...]:
    """One a population."""
    return tuple(_table(study, analysis, population, lookup) for population in analysis.populations)


def _table(study: Study, analysis: TimeToEvent, population: str, lookup: Lookup) -> Table:
    groups = times_of(study, analysis, population, lookup)
    label = f": {small(study.populations[population].label)}" if len(analysis.populations) > 1 else ""
    return Table(
        name=f"{analysis.name}-{population}",
        title=(f"{analysis.title}{label}",),
        stub="",
        columns=tuple(Column(times.group.head) for times in groups),
        rows=(
            *_counts(analysis, groups),
            *_shares(analysis, groups),
            *incidence_lines(analysis, [times.group for times in groups], lookup),
            *log_rank_lines(analysis, population, [times.group for times in groups], lookup),
            *hazard_lines(analysis, population, [times.group for times in groups], lookup),
        ),
        notes=(
            *hazard_cautions(analysis, population, lookup),
            _NOTES,
            *incidence_notes(analysis),
            *population_notes(analysis, population, lookup),
        ),
    )


def _counts(analysis: TimeToEvent, groups: list[Times]) -> list[Row]:
    def cells(statistic: str) -> tuple[Cell, ...]:
        return tuple(Cell((words(count(times.whole[statistic])),)) for times in groups)

    rows = [
        Row(("Time known",), cells("n")),
        Row((capital(analysis.label),), cells("events"), level=1),
        *reason_counts(analysis, [times.group for times in groups], groups[0].lookup),
        Row(("Observed without it to the end",), cells("censored"), level=1),
        Row(("Time not known",), tuple(_missing(times) for times in groups)),
    ]
    for reason, label in _REASONS.items():
        if any(times.unknown(reason).value for times in groups):
            found = tuple(Cell((words(count(times.unknown(reason))),)) for times in groups)
            rows.append(Row((capital(label),), found, level=1))
    rows.append(Row((f"Median, days (95{SPACE}% CI)",), tuple(_median_cell(times) for times in groups)))
    return rows


def _missing(times: Times) -> Cell:
    n = times.whole["n"]
    return Cell((words(count(n, "missing")),), muted=not n.missing)


def _median_cell(times: Times) -> Cell:
    if not times.known:
        return Cell(((NONE,),), muted=True)
    middle, low, high = times.median()
    return Cell((words(middle), words("(", _limits(low, high), ")")))


def _limits(low: Number, high: Number, say: Language = ENGLISH) -> Words:
    """30 to 60; not reached, if neither is"""
    if low.text == high.text and not low.text[:1].isdigit():
        return words(low)
    return say("{low} to {high}", low=low, high=high)


def _shares(analysis: TimeToEvent, groups: list[Times]) -> list[Row]:
    days = [day for day in analysis.days if day > 0]
    if not days:
        return []
    heading = Row((f"Without {analysis.label}, % (95{SPACE}% CI); at risk",), heading=True)
    return [
        heading,
        *(Row((f"Day {day}",), tuple(share_cell(times.free(day)) for times in groups), level=1) for day in days),
    ]


# Sentences


def time_sentences(
    study: Study, analysis: TimeToEvent, lookup: Lookup, say: Language = ENGLISH
) -> tuple[Paragraph, ...]:
    """Events of patients and the median, a paragraph a population."""
    found = []
    for population in analysis.populations:
        each = [_sentence(analysis, times, say) for times in times_of(study, analysis, population, lookup)]
        said = say(
            "{population} {size}: {times}.",
            population=capital(among(study.populations[population], say)),
            size=size(study, lookup, population),
            times=say.listed(each, comma="; "),
        )
        compared = log_rank_sentence(analysis, population, lookup, say)
        hazards = hazard_sentence(analysis, population, lookup, say)
        by_reason = incidence_sentences(study, analysis, population, lookup, say)
        found.append(Paragraph(words(said, compared, hazards, by_reason)))
    return tuple(found)


def _sentence(analysis: TimeToEvent, times: Times, say: Language) -> Words:
    """placebo: 29 of 86 had a skin event, median not reached; of 2 the time is not known"""
    whole = times.whole
    who = f"{say.label(times.group.arm) if times.group.arm else say.text('in total')}: " if analysis.arms else ""
    n, of = count(whole["events"]), count(whole["n"])
    if analysis.label == "event":
        had = say("{n} of {of} had the event", n=n, of=of)
    else:
        had = say("{n} of {of} had the event ({event})", n=n, of=of, event=say.label(analysis.label))
    unknown = count(whole["n"], "missing") if whole["n"].missing else None
    rest = say(", of {n} the time is not known", n=unknown) if unknown else ()
    return words(who, had, median_words(times, say), rest)


def median_words(times: Times, say: Language = ENGLISH) -> Words:
    """, median 45 days (95 % CI 30 to 60)"""
    if not times.known:
        return ()
    middle, low, high = times.median(say)
    limits = _limits(low, high, say)
    if times.whole["median"].value is None:
        return say(", median {median} (95~% CI {limits})", median=middle, limits=limits)
    return say(", median {median} days (95~% CI {limits})", median=middle, limits=limits)
