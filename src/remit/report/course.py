"""Numbers over the visits: a table and a sentence; the figure stands in `figures`."""

from __future__ import annotations

from dataclasses import dataclass

from remit.language.fields import carries_forward
from remit.report.addresses import size
from remit.report.arms import arms_in, contrasts_of, difference, groups_of, population_notes
from remit.report.characteristics import (
    ends_of,
    mean_cell,
    median_cell,
    number_rows,
    range_cell,
    sides_of,
    summary_columns,
)
from remit.report.document import Cell, Column, Paragraph, Row, Table, Words, plain, words
from remit.report.language import ENGLISH, Language
from remit.report.lookup import Lookup, Statistics
from remit.report.numbers import SPACE, count, decimal, decimals_shown, needed
from remit.report.proportions import unknown_cell
from remit.report.wording import among, capital, small, with_unit
from remit.schema.results import OBSERVED, Address
from remit.study.analyses.kinds import Course, Variable
from remit.study.study import Study, Visit

_COLUMNS = ("Known", "Unknown", "Mean (SD)", "Median (quartiles)", "Range")
_OBSERVED: Words = ("Observed values; nothing is carried forward or imputed. SD, standard deviation.",)
_CARRIED: Words = ("Carried forward where the methods say so; nothing else is imputed. SD, standard deviation.",)
_NO_MEAN = "no mean is drawn, for some values are known only to be beyond the assay’s limits."


@dataclass(frozen=True)
class Series:
    """One variable in one population, or in one arm of it, at its visits."""

    name: str
    variable: Variable
    population: str
    visits: list[Visit]
    found: list[Statistics]
    arm: str | None = None

    @property
    def unit(self) -> str | None:
        return self.found[0]["median"].unit

    @property
    def base(self) -> int:
        return decimals_shown(self.variable.query.type, ends_of(self.found))

    def median(self, statistics: Statistics, say: Language = ENGLISH) -> Words:
        """11 (9 to 15; n = 63)"""
        if not statistics["n"].denominator:
            return say("not measured")
        quantiles = [statistics[name] for name in ("median", "q1", "q3")]
        decimals = needed((quantile.value for quantile in quantiles), self.base)
        median, q1, q3 = (decimal(quantile, decimals, say) for quantile in quantiles)
        return say("{median} ({q1} to {q3}; n~=~{n})", median=median, q1=q1, q3=q3, n=count(statistics["n"]))

    def mean(self, statistics: Statistics) -> Words:
        """11.4 (9.2 to 13.6; n = 63), of a mean that has its interval"""
        if statistics["mean"].value is None:
            return ("no mean",)
        mean, low, high = (decimal(statistics[name], self.base + 1) for name in ("mean", "mean_lower", "mean_upper"))
        return words(mean, " (", low, " to ", high, f"; n{SPACE}={SPACE}", count(statistics["n"]), ")")


def series_of(study: Study, analysis: Course, lookup: Lookup) -> list[Series]:
    """Each variable in each population, in total."""
    return [
        _series(study, analysis, population, variable, lookup)
        for population in analysis.populations
        for variable, _ in analysis.rows
    ]


def series_by_arm(study: Study, analysis: Course, series: Series, lookup: Lookup) -> list[Series]:
    """The same in each arm; without arms in total."""
    arms = arms_in(analysis)
    return [_series(study, analysis, series.population, series.variable, lookup, arm) for arm in arms] or [series]


def _series(
    study: Study, analysis: Course, population: str, variable: Variable, lookup: Lookup, arm: str | None = None
) -> Series:
    visits = [visit for visit in study.visits if visit.name in dict(analysis.rows)[variable]]
    at = [_address(analysis, population, variable, visit).in_arm(arm) for visit in visits]
    name = f"{analysis.name}-{population}-{variable.name}"
    return Series(name, variable, population, visits, [lookup.at(address) for address in at], arm)


def _address(analysis: Course, population: str, variable: Variable, visit: Visit) -> Address:
    return Address(analysis.name, population, visit=visit.name, variable=variable.name, handling=OBSERVED)


def course_tables(study: Study, analysis: Course, lookup: Lookup) -> tuple[Table, ...]:
    """One table a population."""
    series = series_of(study, analysis, lookup)
    make = _arms_table if analysis.arms else _table
    return tuple(
        make(study, analysis, population, [one for one in series if one.population == population], lookup)
        for population in analysis.populations
    )


def _table(study: Study, analysis: Course, population: str, series: list[Series], lookup: Lookup) -> Table:
    rows: list[Row] = []
    for one in series:
        rows.append(Row((with_unit(capital(one.variable.label), one.unit),), heading=True))
        rows += [_row(visit, statistics, one.base) for visit, statistics in zip(one.visits, one.found, strict=True)]
    label = small(study.populations[population].label)
    return Table(
        name=f"{analysis.name}-{population}",
        title=words(f"{analysis.title}: {label} ", size(study, lookup, population)),
        stub="Visit",
        columns=tuple(Column((title,)) for title in _COLUMNS),
        rows=tuple(rows),
        notes=(_note(analysis), *population_notes(analysis, population, lookup)),
        cards=True,
    )


def _arms_table(study: Study, analysis: Course, population: str, series: list[Series], lookup: Lookup) -> Table:
    """What is a column without arms is a row."""
    groups, contrasts = groups_of(study, analysis, population, lookup), contrasts_of(analysis)
    rows: list[Row] = []
    for one in series:
        rows.append(Row((with_unit(capital(one.variable.label), one.unit),), heading=True))
        for visit in one.visits:
            sides = sides_of(_address(analysis, population, one.variable, visit), groups, contrasts)
            rows += number_rows((visit.label,), one.base, sides, lookup)
    label = small(study.populations[population].label)
    return Table(
        name=f"{analysis.name}-{population}",
        title=words(f"{analysis.title}: {label} ", size(study, lookup, population)),
        stub="Visit",
        columns=summary_columns(groups, contrasts),
        rows=tuple(rows),
        notes=(_note(analysis), *population_notes(analysis, population, lookup)),
    )


def _note(analysis: Course) -> Words:
    asked = [query for _, queries in analysis.rows for query in queries.values()]
    return _CARRIED if carries_forward(asked) else _OBSERVED


def _row(visit: Visit, statistics: Statistics, base: int) -> Row:
    n = statistics["n"]
    if n.denominator:
        numbers = [make(statistics, base) for make in (mean_cell, median_cell, range_cell)]
    else:
        numbers = [Cell((("not measured",),), muted=True)] * 3
    return Row((visit.label,), (Cell((words(count(n)),)), unknown_cell(n), *numbers), level=1)


def course_sentences(study: Study, analysis: Course, lookup: Lookup, say: Language = ENGLISH) -> tuple[Paragraph, ...]:
    """The median at each visit, with its quartiles and n: a paragraph a population."""
    found = []
    series = series_of(study, analysis, lookup)
    for population in analysis.populations:
        said = say(
            "{population} {size}, medians (quartiles) were as follows.",
            population=capital(among(study.populations[population], say)),
            size=size(study, lookup, population),
        )
        for one in (one for one in series if one.population == population):
            each = [_medians(own, say) for own in series_by_arm(study, analysis, one, lookup)]
            label = with_unit(capital(say.label(one.variable.label)), one.unit, say)
            listing = words(f" {label}: ", say.listed(each, comma="; "), ".")
            said = words(said, listing, _differences(analysis, one, lookup, say))
        found.append(Paragraph(said))
    return tuple(found)


def _medians(series: Series, say: Language) -> Words:
    pairs = zip(series.visits, series.found, strict=True)
    parts = [
        say("{median} at {visit}", median=series.median(statistics, say), visit=small(say.label(visit.label)))
        for visit, statistics in pairs
    ]
    if series.arm is None:
        return say.listed(parts)
    return say("with {arm} {medians}", arm=say.label(series.arm), medians=say.listed(parts))


def _differences(analysis: Course, series: Series, lookup: Lookup, say: Language) -> Words:
    """Of the arms' means at the last visit."""
    last = series.visits[-1]
    at = _address(analysis, series.population, series.variable, last)
    contrasts = [(each, lookup.at(each.at(at))) for each in contrasts_of(analysis)]
    known = [(each, found) for each, found in contrasts if found["difference"].value is not None]
    if not known:
        return ()
    parts = [
        say("{numbers} with {arm}", numbers=difference(found, series.base + 1, say), arm=say.label(each.arm))
        for each, found in known
    ]
    return say(
        " At {visit} the mean differed from that with {reference} by {differences} (95~% CI).",
        visit=small(say.label(last.label)),
        reference=say.label(known[0][0].reference),
        differences=say.listed(parts),
    )


def censored_notes(analysis: Course, lookup: Lookup) -> tuple[Words, ...]:
    """Why a mean is not drawn, said once a variable."""
    found: dict[str, Words] = {}
    labels = {variable.name: variable.label for variable, _ in analysis.rows}
    for address, result in lookup.noted():
        of_mean = address.analysis == analysis.name and result.statistic == "mean" and result.value is None
        if of_mean and result.denominator:
            said = words(f"{capital(labels[address.variable or ''])}: {_NO_MEAN}")
            found[plain(said)] = said
    return tuple(found.values())
