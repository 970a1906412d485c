"""Numbers over the visits: a table and a sentence; the figure stands in `figures`."""

from __future__ import annotations

from dataclasses import dataclass

from remit.report.addresses import size
from remit.report.characteristics import mean_cell, median_cell, range_cell
from remit.report.document import Cell, Column, Paragraph, Row, Table, Words, plain, words
from remit.report.lookup import Lookup, Statistics
from remit.report.numbers import SPACE, count, decimal, decimals_of, needed
from remit.report.proportions import unknown_cell
from remit.report.wording import among, capital, listed, small, with_unit
from remit.schema.results import OBSERVED, Address
from remit.study.study import Course, Study, Variable, Visit

_COLUMNS = ("Known", "Unknown", "Mean (SD)", "Median (quartiles)", "Range")
_NOTE = ("Observed values; nothing is carried forward or imputed. SD, standard deviation.",)
_NO_MEAN = "no mean is drawn, for some values are known only to be beyond the assay’s limits."


@dataclass(frozen=True)
class Series:
    """One variable in one population, at its visits."""

    name: str
    variable: Variable
    population: str
    visits: list[Visit]
    found: list[Statistics]

    @property
    def unit(self) -> str | None:
        return self.found[0]["median"].unit

    @property
    def base(self) -> int:
        return decimals_of(self.variable.query.type)

    def median(self, statistics: Statistics) -> Words:
        """11 (9 to 15; n = 63)"""
        if not statistics["n"].denominator:
            return ("not measured",)
        quantiles = [statistics[name] for name in ("median", "q1", "q3")]
        decimals = needed((quantile.value for quantile in quantiles), self.base)
        median, q1, q3 = (decimal(quantile, decimals) for quantile in quantiles)
        return words(median, " (", q1, " to ", q3, f"; n{SPACE}={SPACE}", count(statistics["n"]), ")")


def series_of(study: Study, analysis: Course, lookup: Lookup) -> list[Series]:
    return [
        _series(study, analysis, population, number, lookup)
        for population in analysis.populations
        for number in range(len(analysis.rows))
    ]


def _series(study: Study, analysis: Course, population: str, number: int, lookup: Lookup) -> Series:
    variable, queries = analysis.rows[number]
    visits = [visit for visit in study.visits if visit.name in queries]
    at = [Address(analysis.name, population, visit=v.name, variable=variable.name, handling=OBSERVED) for v in visits]
    name = f"{analysis.name}-{population}-{variable.name}"
    return Series(name, variable, population, visits, [lookup.at(address) for address in at])


def course_tables(study: Study, analysis: Course, lookup: Lookup) -> tuple[Table, ...]:
    """One table a population."""
    series = series_of(study, analysis, lookup)
    return tuple(
        _table(study, analysis, population, [one for one in series if one.population == population], lookup)
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
        notes=(_NOTE,),
        cards=True,
    )


def _row(visit: Visit, statistics: Statistics, base: int) -> Row:
    n = statistics["n"]
    if n.denominator:
        numbers = [make(statistics, base) for make in (mean_cell, median_cell, range_cell)]
    else:
        numbers = [Cell((("not measured",),), muted=True)] * 3
    return Row((visit.label,), (Cell((words(count(n)),)), unknown_cell(n), *numbers), level=1)


def course_sentences(study: Study, analysis: Course, lookup: Lookup) -> tuple[Paragraph, ...]:
    """The median at each visit, with its quartiles and n: a paragraph a population."""
    found = []
    series = series_of(study, analysis, lookup)
    for population in analysis.populations:
        start = capital(among(study.populations[population]))
        said = words(f"{start} ", size(study, lookup, population), ", medians (quartiles) were as follows.")
        ours = [words(" ", _sentence(one)) for one in series if one.population == population]
        found.append(Paragraph(words(said, *ours)))
    return tuple(found)


def _sentence(series: Series) -> Words:
    pairs = zip(series.visits, series.found, strict=True)
    parts = [words(series.median(statistics), f" at {small(visit.label)}") for visit, statistics in pairs]
    return words(f"{with_unit(capital(series.variable.label), series.unit)}: ", listed(parts), ".")


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
