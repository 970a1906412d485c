"""Numbers over the visits: a table, a figure, a sentence."""

from __future__ import annotations

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


def course_tables(study: Study, analysis: Course, lookup: Lookup) -> tuple[Table, ...]:
    return tuple(_table(study, analysis, lookup, population) for population in analysis.populations)


def visits_of(study: Study, analysis: Course, variable: str) -> list[Visit]:
    """The visits that a variable was asked at."""
    asked = next(queries for row, queries in analysis.rows if row.name == variable)
    return [visit for visit in study.visits if visit.name in asked]


def at_visit(analysis: Course, population: str, variable: str, visit: str, lookup: Lookup) -> Statistics:
    return lookup.at(Address(analysis.name, population, visit=visit, variable=variable, handling=OBSERVED))


def _table(study: Study, analysis: Course, lookup: Lookup, population: str) -> Table:
    rows: list[Row] = []
    for variable, _ in analysis.rows:
        visits = visits_of(study, analysis, variable.name)
        found = [at_visit(analysis, population, variable.name, visit.name, lookup) for visit in visits]
        rows.append(Row((with_unit(capital(variable.label), found[0]["median"].unit),), heading=True))
        rows += [_row(variable, visit, statistics) for visit, statistics in zip(visits, found, strict=True)]
    label = study.populations[population].label
    return Table(
        name=f"{analysis.name}-{population}",
        title=words(f"{analysis.title}: {small(label)} ", size(study, lookup, population)),
        stub="Visit",
        columns=tuple(Column((title,)) for title in _COLUMNS),
        rows=tuple(rows),
        notes=(("Observed values; nothing is carried forward or imputed. SD, standard deviation.",),),
        cards=True,
    )


def _row(variable: Variable, visit: Visit, statistics: Statistics) -> Row:
    base = decimals_of(variable.query.type)
    n = statistics["n"]
    if not n.denominator:
        nothing = Cell((words("not measured"),), muted=True)
        cells = [Cell((words(count(n)),)), unknown_cell(n), nothing, nothing, nothing]
    else:
        numbers = [make(statistics, base) for make in (mean_cell, median_cell, range_cell)]
        cells = [Cell((words(count(n)),)), unknown_cell(n), *numbers]
    return Row((visit.label,), tuple(cells), level=1)


def course_sentences(study: Study, analysis: Course, lookup: Lookup) -> tuple[Paragraph, ...]:
    """The median at each visit, with its quartiles and n."""
    found = []
    for population in analysis.populations:
        variables = [_sentence(study, analysis, population, variable, lookup) for variable, _ in analysis.rows]
        start = capital(among(study, population))
        opening = words(f"{start} ", size(study, lookup, population), ", medians (quartiles) were as follows.")
        found.append(Paragraph(words(opening, *(words(" ", said) for said in variables))))
    return tuple(found)


def _sentence(study: Study, analysis: Course, population: str, variable: Variable, lookup: Lookup) -> Words:
    parts: list[Words] = []
    unit = None
    for visit in visits_of(study, analysis, variable.name):
        statistics = at_visit(analysis, population, variable.name, visit.name, lookup)
        unit = statistics["median"].unit
        parts.append(words(_median(statistics, decimals_of(variable.query.type)), f" at {small(visit.label)}"))
    return words(f"{with_unit(capital(variable.label), unit)}: ", listed(parts), ".")


def _median(statistics: Statistics, base: int) -> Words:
    if not statistics["n"].denominator:
        return ("not measured",)
    quantiles = [statistics[name] for name in ("median", "q1", "q3")]
    decimals = needed((quantile.value for quantile in quantiles), base)
    median, q1, q3 = (decimal(quantile, decimals) for quantile in quantiles)
    return words(median, " (", q1, " to ", q3, f"; n{SPACE}={SPACE}", count(statistics["n"]), ")")


def censored_notes(analysis: Course, lookup: Lookup) -> tuple[Words, ...]:
    """Why a mean is not drawn, said once a variable."""
    found: dict[str, Words] = {}
    for address, result in lookup.noted():
        of_mean = address.analysis == analysis.name and result.statistic == "mean" and result.value is None
        if of_mean and result.denominator:
            label = next(variable.label for variable, _ in analysis.rows if variable.name == address.variable)
            said = words(
                f"{capital(label)}: no mean is drawn, for some values are known only to be beyond the assay’s limits."
            )
            found[plain(said)] = said
    return tuple(found.values())
