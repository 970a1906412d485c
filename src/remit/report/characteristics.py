"""A summary of characteristics: a row a variable, a column a population; counts, means, medians, ranges."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from remit.language.describe import describe
from remit.language.query import Named, digest
from remit.language.types import Level, Number, Ratio, Span, Text, YesNo
from remit.report.arms import (
    Contrast,
    Group,
    arm_columns,
    contrasts_of,
    difference_cell,
    difference_columns,
    groups_of,
    population_notes,
)
from remit.report.document import Cell, Column, Row, Section, Table, Words, words
from remit.report.language import ENGLISH, Language
from remit.report.lookup import Lookup, Result, Statistics
from remit.report.numbers import DASH, NONE, SPACE, count, decimal, decimals_shown, needed, note
from remit.report.proportions import level_of, proportion, share_of, unknown_cell
from remit.report.wording import capital, small, with_unit
from remit.schema.results import OBSERVED, Address
from remit.study.analyses.kinds import Summary, Variable
from remit.study.study import Study

_NOTHING = Cell()


def summary_section(study: Study, analysis: Summary, lookup: Lookup) -> Section:
    return Section(f"analysis-{analysis.name}", analysis.title, summary_tables(study, analysis, lookup))


def summary_tables(study: Study, analysis: Summary, lookup: Lookup) -> tuple[Table, ...]:
    """The populations side by side; with arms, one table a population."""
    together = [[population] for population in analysis.populations] if analysis.arms else [[*analysis.populations]]
    return tuple(_table(study, analysis, populations, lookup) for populations in together)


def _table(study: Study, analysis: Summary, populations: list[str], lookup: Lookup) -> Table:
    groups = [group for name in populations for group in groups_of(study, analysis, name, lookup)]
    contrasts = contrasts_of(analysis)
    several = len(analysis.populations) > 1 and analysis.arms is not None
    titled = f": {small(study.populations[populations[0]].label)}" if several else ""
    rows = [row for variable in analysis.rows for row in _rows(study, analysis, variable, groups, contrasts, lookup)]
    said = [note for name in populations for note in population_notes(analysis, name, lookup)]
    return Table(
        name=f"{analysis.name}-{populations[0]}" if several else analysis.name,
        title=(f"{analysis.title}{titled}",),
        stub="Characteristic",
        columns=summary_columns(groups, contrasts),
        rows=tuple(rows),
        notes=(*_reading_notes(analysis), *said),
    )


def summary_columns(groups: list[Group], contrasts: list[Contrast]) -> tuple[Column, ...]:
    """Two columns a population, of what is known and of how many are not; one an arm; then what differs."""
    if groups[0].arm is not None:
        return (*arm_columns(groups, contrasts), *difference_columns(contrasts))
    if len(groups) == 1:
        return Column(groups[0].head), Column(("Unknown",))
    titles = ("n/N (%)", "Unknown")
    return tuple(Column((title,), group.head) for group in groups for title in titles)


def _reading_notes(analysis: Summary) -> tuple[Words, ...]:
    """How to read the table."""
    said = ["n/N (%): N is the number of patients in whom the characteristic is known; Unknown is the rest."]
    if analysis.arms:
        said = ["N in a cell is the number of patients in whom the characteristic is known; the rest is unknown."]
    if any(_is_number(variable) for variable in analysis.rows):
        said.append("SD, standard deviation. Quartiles are averages of adjacent order statistics.")
    return tuple((line,) for line in said)


def _is_number(variable: Variable) -> bool:
    return isinstance(variable.query.type, Number | Span | Ratio)


@dataclass(frozen=True)
class Sides:
    """Where the numbers of a variable stand: an address a group, and one a contrast."""

    groups: list[Address]
    contrasts: list[Address]

    def of_level(self, level: str) -> Sides:
        groups, contrasts = ([replace(each, level=level) for each in side] for side in (self.groups, self.contrasts))
        return Sides(groups, contrasts)

    def cells(self, cell: Cell, counted: Result | None = None) -> list[Cell]:
        """What a group shows: the cell, and how many are not known; these have no column of their own beside arms."""
        if self.groups[0].group is None:
            return [cell, unknown_cell(counted) if counted else _NOTHING]
        if counted is None or not counted.missing:
            return [cell]
        return [replace(cell, lines=(*cell.lines, words(count(counted, "missing"), " unknown")))]


def sides_of(address: Address, groups: list[Group], contrasts: list[Contrast]) -> Sides:
    """Of a variable; contrasts are those of one population."""
    at = [group.at(replace(address, population=group.population)) for group in groups]
    return Sides(at, [each.at(address) for each in contrasts])


def _rows(
    study: Study, analysis: Summary, variable: Variable, groups: list[Group], contrasts: list[Contrast], lookup: Lookup
) -> list[Row]:
    address = Address(analysis.name, groups[0].population, variable=variable.name, handling=OBSERVED)
    sides, asked = sides_of(address, groups, contrasts), asked_of(study, analysis, variable)
    label = words(capital(variable.label), asked)
    match variable.query.type:
        case YesNo():
            return [_yes_no(label, sides, lookup)]
        case Level() | Text():
            return _levels(label, sides, lookup)
    some = lookup.at(sides.groups[0])
    label = words(with_unit(capital(variable.label), some["n"].unit or some["median"].unit), asked)
    ends = ends_of(lookup.at(each) for each in sides.groups)
    return number_rows(label, decimals_shown(variable.query.type, ends), sides, lookup)


def asked_of(study: Study, analysis: Summary, variable: Variable, say: Language = ENGLISH) -> Words:
    """Of whom a row is asked, where not of all: in the words of the row that asks it, if there is one, or by name."""
    if variable.among is None:
        return ()
    for other in analysis.rows:
        if digest(other.query) == digest(variable.among):
            return say(" (of those: {row})", row=small(say.label(other.label)))
    if isinstance(variable.among, Named) and variable.among.name in study.scope.definitions:
        return say(" (of those: {row})", row=small(say.label(study.scope.definitions[variable.among.name].label)))
    return say(" (of those of whom this holds: {definition})", definition=describe(variable.among, study.scope))


def _yes_no(label: Words, sides: Sides, lookup: Lookup) -> Row:
    cells: list[Cell] = []
    for address in sides.groups:
        share = proportion(lookup.at(address))
        cells += sides.cells(Cell((share_of(share),), muted=not share.known), share.n)
    return Row(label, (*cells, *_points(sides, lookup)))


def _points(sides: Sides, lookup: Lookup) -> list[Cell]:
    """What differs, in percentage points."""
    return [difference_cell(lookup.at(address), 1) for address in sides.contrasts]


def _levels(label: Words, sides: Sides, lookup: Lookup) -> list[Row]:
    """A row for the variable with how many are unknown, and one for each level that any group has."""
    levels = list(dict.fromkeys(level for address in sides.groups for level in lookup.levels(address)))
    heads: list[Cell] = []
    for address in sides.groups:
        own = lookup.levels(address)
        if own:
            heads += sides.cells(_NOTHING, lookup.at(replace(address, level=own[0]))["n"])
        else:
            heads += sides.cells(Cell((("none recorded",),), muted=True))
    return [
        Row(label, (*heads, *[_NOTHING] * len(sides.contrasts))),
        *(Row((capital(level),), _level_cells(sides.of_level(level), lookup), level=1) for level in levels),
    ]


def _level_cells(sides: Sides, lookup: Lookup) -> tuple[Cell, ...]:
    cells: list[Cell] = []
    for address in sides.groups:
        if lookup.has(address):
            share = proportion(lookup.at(address))
            cells += sides.cells(Cell((share_of(share),), muted=not share.n.value))
        else:  # a text that nobody of this population has
            cells += sides.cells(Cell((("none",),), muted=True))
    return (*cells, *_points(sides, lookup))


# Numbers


def number_rows(label: Words, base: int, sides: Sides, lookup: Lookup) -> list[Row]:
    """Mean, median and range, each a row under the variable's own; `base`: the decimals of the values."""
    found = [lookup.at(address) for address in sides.groups]
    heads = [cell for statistics in found for cell in sides.cells(_known_cell(statistics["n"]), statistics["n"])]
    nothing = [_NOTHING] * len(sides.contrasts)
    rows = [Row(label, (*heads, *nothing))]
    for title, cell in (("Mean (SD)", mean_cell), ("Median (quartiles)", median_cell), ("Range", range_cell)):
        cells = [part for statistics in found for part in sides.cells(cell(statistics, base))]
        differences = [difference_cell(lookup.at(address), base + 1) for address in sides.contrasts]
        rows.append(Row((title,), (*cells, *(differences if cell is mean_cell else nothing)), level=1))
    return rows


def ends_of(found: Iterable[Statistics]) -> list[float | None]:
    """The least and the greatest values."""
    return [statistics[name].value for statistics in found for name in ("min", "max")]


def _known_cell(n: Result) -> Cell:
    return Cell((words(f"n{SPACE}={SPACE}", count(n)),), muted=True)


def mean_cell(statistics: Statistics, base: int) -> Cell:
    """41.3 (8.2); where values beyond a limit forbid a mean, its footnote says so."""
    mean, sd = statistics["mean"], statistics["sd"]
    if mean.value is None:
        return _not_given(mean)
    if sd.value is None:
        return Cell((words(decimal(mean, base + 1), f" ({NONE})"),), (note(sd),))
    return Cell((words(decimal(mean, base + 1), " (", decimal(sd, base + 1), ")"), *_interval_of(statistics, base)))


def _interval_of(statistics: Statistics, base: int) -> tuple[Words, ...]:
    """95 % CI 38.1 to 44.5, of a mean that has its interval."""
    if "mean_lower" not in statistics:
        return ()
    low, high = (decimal(statistics[name], base + 1) for name in ("mean_lower", "mean_upper"))
    return (words(level_of(statistics["mean_lower"]), f"{SPACE}CI ", low, " to ", high),)


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
