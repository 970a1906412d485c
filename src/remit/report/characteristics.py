"""A summary of characteristics: a row a variable, a column a population; counts, means, medians, ranges."""

from __future__ import annotations

from dataclasses import replace

from remit.language.query import digest
from remit.language.types import Level, Number, Ratio, Span, Text, YesNo
from remit.report.addresses import size
from remit.report.document import Cell, Column, Row, Section, Table, Words, words
from remit.report.lookup import Lookup, Result, Statistics
from remit.report.numbers import DASH, NONE, SPACE, count, decimal, decimals_of, needed, note
from remit.report.proportions import proportion, share_of, unknown_cell
from remit.report.wording import capital, small, with_unit
from remit.schema.results import OBSERVED, Address
from remit.study.study import Study, Summary, Variable

_NOTHING = Cell()


def summary_section(study: Study, analysis: Summary, lookup: Lookup) -> Section:
    return Section(f"analysis-{analysis.name}", analysis.title, (summary_table(study, analysis, lookup),))


def summary_table(study: Study, analysis: Summary, lookup: Lookup) -> Table:
    several = len(analysis.populations) > 1
    columns: list[Column] = []
    for population in analysis.populations:
        label = study.populations[population].label
        head = words(capital(label), " ", size(study, lookup, population))
        columns += [Column(("n/N (%)",) if several else head, head if several else ()), Column(("Unknown",), head)]
    if not several:
        columns = [replace(column, group=()) for column in columns]
    rows = [row for variable in analysis.rows for row in _rows(analysis, variable, lookup)]
    return Table(
        name=analysis.name,
        title=(analysis.title,),
        stub="Characteristic",
        columns=tuple(columns),
        rows=tuple(rows),
        notes=_reading_notes(analysis),
    )


def _reading_notes(analysis: Summary) -> tuple[Words, ...]:
    """How to read the table."""
    said = ["n/N (%): N is the number of patients in whom the characteristic is known; Unknown is the rest."]
    if any(_is_number(variable) for variable in analysis.rows):
        said.append("SD, standard deviation. Quartiles are averages of adjacent order statistics.")
    return tuple((line,) for line in said)


def _is_number(variable: Variable) -> bool:
    return isinstance(variable.query.type, Number | Span | Ratio)


def _rows(analysis: Summary, variable: Variable, lookup: Lookup) -> list[Row]:
    addresses = [
        Address(analysis.name, population, variable=variable.name, handling=OBSERVED)
        for population in analysis.populations
    ]
    label = words(capital(variable.label), _asked_of(analysis, variable))
    match variable.query.type:
        case YesNo():
            return [_yes_no(label, addresses, lookup)]
        case Level() | Text():
            return _levels(label, addresses, lookup)
    return number_rows(variable, [lookup.at(address) for address in addresses], _asked_of(analysis, variable))


def _asked_of(analysis: Summary, variable: Variable) -> Words:
    """Of whom a row is asked, where not of all: in the words of the row that asks it, if there is one."""
    if variable.among is None:
        return ()
    for other in analysis.rows:
        if digest(other.query) == digest(variable.among):
            return (f" (of those: {small(other.label)})",)
    return (" (of those asked)",)


def _yes_no(label: Words, addresses: list[Address], lookup: Lookup) -> Row:
    cells: list[Cell] = []
    for address in addresses:
        share = proportion(lookup.at(address))
        cells += [Cell((share_of(share),), muted=not share.known), unknown_cell(share.n)]
    return Row(label, tuple(cells))


def _levels(label: Words, addresses: list[Address], lookup: Lookup) -> list[Row]:
    """A row for the variable with how many are unknown, and one for each level that any population has."""
    levels = list(dict.fromkeys(level for address in addresses for level in lookup.levels(address)))
    heads: list[Cell] = []
    for address in addresses:
        own = lookup.levels(address)
        some = lookup.at(replace(address, level=own[0])) if own else None
        heads += [_NOTHING, unknown_cell(some["n"])] if some else [Cell((("none recorded",),), muted=True), _NOTHING]
    return [
        Row(label, tuple(heads)),
        *(Row((capital(level),), _level_cells(level, addresses, lookup), level=1) for level in levels),
    ]


def _level_cells(level: str, addresses: list[Address], lookup: Lookup) -> tuple[Cell, ...]:
    cells: list[Cell] = []
    for address in addresses:
        at = replace(address, level=level)
        if lookup.has(at):
            share = proportion(lookup.at(at))
            cells += [Cell((share_of(share),), muted=not share.n.value), _NOTHING]
        else:  # a text that nobody of this population has
            cells += [Cell((("none",),), muted=True), _NOTHING]
    return tuple(cells)


# Numbers


def number_rows(variable: Variable, found: list[Statistics], asked: Words = ()) -> list[Row]:
    """Mean, median and range, each a row under the variable's own."""
    base = decimals_of(variable.query.type)
    label = words(with_unit(capital(variable.label), found[0]["n"].unit or found[0]["median"].unit), asked)
    heads = [cell for statistics in found for cell in (_known_cell(statistics["n"]), unknown_cell(statistics["n"]))]
    rows = [Row(label, tuple(heads))]
    for title, cell in (("Mean (SD)", mean_cell), ("Median (quartiles)", median_cell), ("Range", range_cell)):
        cells = [part for statistics in found for part in (cell(statistics, base), _NOTHING)]
        rows.append(Row((title,), tuple(cells), level=1))
    return rows


def _known_cell(n: Result) -> Cell:
    return Cell((words(f"n{SPACE}={SPACE}", count(n)),), muted=True)


def mean_cell(statistics: Statistics, base: int) -> Cell:
    """41.3 (8.2); where values beyond a limit forbid a mean, its footnote says so."""
    mean, sd = statistics["mean"], statistics["sd"]
    if mean.value is None:
        return _not_given(mean)
    if sd.value is None:
        return Cell((words(decimal(mean, base + 1), f" ({NONE})"),), (note(sd),))
    return Cell((words(decimal(mean, base + 1), " (", decimal(sd, base + 1), ")"),))


def median_cell(statistics: Statistics, base: int) -> Cell:
    quantiles = [statistics[name] for name in ("median", "q1", "q3")]
    if not statistics["n"].denominator:
        return _not_given(quantiles[0])
    decimals = needed((quantile.value for quantile in quantiles), base)
    median, q1, q3 = (decimal(quantile, decimals) for quantile in quantiles)
    return Cell((words(median, " (", q1, _to(q1.text, q3.text), q3, ")"),))


def range_cell(statistics: Statistics, base: int) -> Cell:
    least, greatest = statistics["min"], statistics["max"]
    if not statistics["n"].denominator:
        return _not_given(least)
    decimals = needed((least.value, greatest.value), base)
    low, high = decimal(least, decimals), decimal(greatest, decimals)
    return Cell((words(low, _to(low.text, high.text), high),))


def _to(low: str, high: str) -> str:
    """A dash, or the word where one of the ends is a bound or negative: "160 to >2717"."""
    return DASH if all(text[:1].isdigit() for text in (low, high)) and " " not in low + high else " to "


def _not_given(result: Result) -> Cell:
    if not result.denominator:
        return Cell(((NONE,),), muted=True)
    return Cell((("not given",),), (note(result),), muted=True)
