"""Events: by period and by what is known of them, by term, and those of special interest with their upper bound."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from remit.report.addresses import ALL_PERIODS, ANY, EVENTS, PATIENTS, SPECIAL_INTEREST, TERM, UNKNOWN, size
from remit.report.arms import (
    Contrast,
    Group,
    arms_in,
    contrasts_of,
    difference_cell,
    difference_columns,
    groups_of,
    population_notes,
)
from remit.report.document import Block, Cell, Column, Figure, Inline, Paragraph, Row, Section, Table, Words, words
from remit.report.language import ENGLISH, Language
from remit.report.lookup import Lookup, Result, Statistics
from remit.report.numbers import count, is_many
from remit.report.proportions import (
    Proportion,
    confidence,
    ends,
    in_percent,
    interval_words,
    proportion,
    share_of,
    spelled,
)
from remit.report.wording import among, capital, listed_text, plural, small
from remit.schema.results import Address
from remit.study.analyses.kinds import Events, SpecialInterest
from remit.study.study import Study

_LAST = 10**9
_ALL_PERIODS = "All periods"
_CELL_NOTE = ("Each cell: patients with at least one event, of all in the population (%); events.",)
_ARMS_NOTE = ("Each cell: patients with at least one event, of all in the arm or in total (%); events.",)
_ROWS_NOTE = ("A patient with several events stands in each row that applies, so that rows do not add up to “any”.",)
_NONE_NOTE = (
    "All periods. One event may belong to several kinds. That none occurred does not say that there is no risk: the "
    "upper end of the interval says what the data still allow.",
)
_DIFFERENCE_NOTE = ("Differences are in percentage points of patients; no allowance was made for the number of terms.",)
_PERIOD_NOTE = (
    "The denominator is the whole population in each period, also where some had left before the period began.",
)


def safety_section(study: Study, analysis: Events, lookup: Lookup, figure: Figure | None) -> Section:
    found = safeties(study, analysis, lookup)
    blocks: list[Block] = [safety.sentence() for safety in found]
    blocks += [figure] if figure else []
    for safety in found:
        blocks += safety.tables()
    return Section(f"analysis-{analysis.name}", analysis.title, tuple(blocks))


@dataclass(frozen=True)
class _Side:
    """A column: a period, in an arm or in total."""

    head: Words
    period: str
    arm: str | None = None


@dataclass(frozen=True)
class _Layout:
    """The columns of a table; what is the same in all of them is said by its title."""

    said: str
    name: str
    sides: list[_Side]


def safeties(study: Study, analysis: Events, lookup: Lookup) -> list[Safety]:
    """One a population."""
    return [Safety(study, analysis, lookup, population) for population in analysis.populations]


@dataclass(frozen=True)
class Safety:
    """The events of one population."""

    study: Study
    analysis: Events
    lookup: Lookup
    population: str

    def tables(self) -> Iterator[Table]:
        yield from (self._by_period(layout) for layout in self._layouts({ALL_PERIODS: _ALL_PERIODS, **self.periods()}))
        if self.levels(TERM):
            yield from self._by_term()
        if self.analysis.special_interest:
            yield self._of_special_interest()

    def at(self, period: str, variable: str = ANY, level: str | None = None, arm: str | None = None) -> Statistics:
        address = Address(self.analysis.name, self.population, period=period, variable=variable, level=level)
        return self.lookup.at(address.in_arm(arm))

    @property
    def groups(self) -> list[Group]:
        return groups_of(self.study, self.analysis, self.population, self.lookup)

    def _layouts(self, periods: dict[str, str]) -> list[_Layout]:
        """Periods are columns; beside arms they are tables."""
        if self.analysis.arms is None:
            return [_Layout("", "", [_Side((capital(label),), period) for period, label in periods.items()])]
        return [
            _Layout(f", {small(label)}", f"-{period}", [_Side(group.head, period, group.arm) for group in self.groups])
            for period, label in periods.items()
        ]

    def levels(self, variable: str) -> list[str]:
        address = Address(self.analysis.name, self.population, period=ALL_PERIODS, variable=variable)
        return _ordered(self.lookup.levels(address))

    def periods(self) -> dict[str, str]:
        """Each period's label; the unknown one where some event has no period."""
        named = {period.name: period.label for period in self.analysis.periods}
        unknown = Address(self.analysis.name, self.population, period=UNKNOWN, variable=ANY)
        return named | ({UNKNOWN: "period not known"} if self.lookup.has(unknown) else {})

    def _title(self, what: str) -> Words:
        label = small(self.study.populations[self.population].label)
        return words(f"{what}: {label} ", size(self.study, self.lookup, self.population))

    # In a sentence

    def sentence(self, say: Language = ENGLISH) -> Paragraph:
        found = self.at(ALL_PERIODS)
        share = proportion(found, PATIENTS)
        said = _recorded(
            is_many(found[EVENTS]),
            say,
            population=capital(among(self.study.populations[self.population], say)),
            events=count(found[EVENTS]),
            patients=spelled(share, say),
            percent=in_percent(share),
            interval=interval_words(share, say),
        )
        parts: list[Inline | Words] = []
        for period, label in self.periods().items():
            events, patients = (self.at(period)[name] for name in (EVENTS, PATIENTS))
            named = small(say.text(label) if period == UNKNOWN else say.label(label))
            inside = words(" (", _patients(patients, say), ")") if events.value else ()
            parts.append(words(f"{named} ", count(events), inside))
        by_period = say(". Events by period: {periods}", periods=say.listed(parts)) if parts else ()
        return Paragraph(words(said, by_period, ".", self._in_arms(say)))

    def _in_arms(self, say: Language) -> Words:
        """The patients with an event, by arm."""
        parts: list[Inline | Words] = []
        for arm in arms_in(self.analysis):
            found = self.at(ALL_PERIODS, arm=arm)
            share = proportion(found, PATIENTS)
            inside = words(in_percent(share), "; ", _events(found[EVENTS], say))
            parts.append(words(f"{say.label(arm)} ", spelled(share, say), " (", inside, ")"))
        return say(" Patients with an event by arm: {arms}.", arms=say.listed(parts)) if parts else ()

    # In tables

    @property
    def _notes(self) -> tuple[Words, ...]:
        """How to read a cell, and whose numbers they are."""
        arms = self.analysis.arms is not None
        return (_ARMS_NOTE if arms else _CELL_NOTE, *population_notes(self.analysis, self.population, self.lookup))

    def _by_period(self, layout: _Layout) -> Table:
        rows = [self._row("Any", layout.sides, ANY)]
        for field in self.analysis.by:
            label = self.study.scope.forms[self.analysis.form].fields[field].label
            rows.append(Row((capital(label),), heading=True))
            rows += [self._row(capital(level), layout.sides, field, level) for level in self.levels(field)]
        return Table(
            name=f"{self.analysis.name}-{self.population}-periods{layout.name}",
            title=self._title(f"{self.analysis.title}{layout.said or ' by period'}"),
            stub="Event",
            columns=tuple(Column(side.head) for side in layout.sides),
            rows=tuple(rows),
            notes=(*self._notes, _ROWS_NOTE, _PERIOD_NOTE),
            cards=True,
        )

    def _by_term(self) -> Iterator[Table]:
        """Of the periods, those in which there was an event."""
        some = {period: label for period, label in self.periods().items() if self.at(period)[EVENTS].value}
        none = [small(label) for period, label in self.periods().items() if period not in some]
        periods = {ALL_PERIODS: _ALL_PERIODS, **(some if len(some) > 1 or none else {})}
        left_out: tuple[Words, ...] = ((f"No event began in: {listed_text(none)}.",),) if none else ()
        contrasts = contrasts_of(self.analysis)
        head: Words = ("Arm",) if contrasts else ()
        for layout in self._layouts(periods):
            terms = [term for term in self.levels(TERM) if self._any(layout, term)]
            yield Table(
                name=f"{self.analysis.name}-{self.population}-terms{layout.name}",
                title=self._title(f"{self.analysis.title} by term{layout.said}"),
                stub="Term",
                columns=(*(Column(side.head, head) for side in layout.sides), *difference_columns(contrasts)),
                rows=tuple(self._compared(capital(term), layout, term, contrasts) for term in terms),
                notes=(*self._notes, *left_out, *((_DIFFERENCE_NOTE,) if contrasts else ())),
                cards=True,
            )

    def _compared(self, label: str, layout: _Layout, term: str, contrasts: list[Contrast]) -> Row:
        """With the differences from the reference."""
        row = self._row(label, layout.sides, TERM, term)
        found = [self.difference(layout.sides[0].period, term, contrast) for contrast in contrasts]
        return replace(row, cells=(*row.cells, *(difference_cell(each, 1) for each in found)))

    def difference(self, period: str, term: str, contrast: Contrast) -> Statistics:
        """How many more patients have it than in the reference, in percentage points."""
        address = Address(self.analysis.name, self.population, period=period, variable=TERM, level=term)
        return self.lookup.at(contrast.at(address))

    def _any(self, layout: _Layout, term: str) -> bool:
        """Whether there is such an event in any of the columns."""
        return any(self.at(side.period, TERM, term, side.arm)[EVENTS].value for side in layout.sides)

    def _row(self, label: str, sides: list[_Side], variable: str, level: str | None = None) -> Row:
        cells = tuple(_cell(self.at(side.period, variable, level, side.arm)) for side in sides)
        return Row((label,), cells, level=0 if variable in (ANY, TERM) else 1)

    def _of_special_interest(self) -> Table:
        source = self.analysis.special_interest_source
        columns, rows = self._special_by_arm() if self.analysis.arms else self._special()
        return Table(
            name=f"{self.analysis.name}-{self.population}-special-interest",
            title=self._title("Events of special interest"),
            stub="Event",
            columns=columns,
            rows=rows,
            notes=(
                _NONE_NOTE,
                *population_notes(self.analysis, self.population, self.lookup),
                *(((f"Source of the list: {source}",),) if source else ()),
            ),
        )

    def _kind(self, kind: SpecialInterest, arm: str | None = None) -> Statistics:
        return self.at(ALL_PERIODS, SPECIAL_INTEREST, kind.name, arm)

    def _special(self) -> tuple[tuple[Column, ...], tuple[Row, ...]]:
        kinds = self.analysis.special_interest
        columns = (
            Column(("Events",)),
            Column(("Patients, n/N (%)",)),
            Column(confidence(proportion(self._kind(kinds[0]), PATIENTS)), detail=("none: its upper end",)),
            Column(("Events not decided",)),
        )
        return columns, tuple(Row((capital(kind.label),), _special_cells(self._kind(kind))) for kind in kinds)

    def _special_by_arm(self) -> tuple[tuple[Column, ...], tuple[Row, ...]]:
        """What stands in columns of its own in a study without arms is a line of the cell."""
        rows = []
        for kind in self.analysis.special_interest:
            cells = (_special_lines(self._kind(kind, group.arm)) for group in self.groups)
            rows.append(Row((capital(kind.label),), tuple(cells)))
        return tuple(Column(group.head) for group in self.groups), tuple(rows)


def safety_sentences(study: Study, analysis: Events, lookup: Lookup, say: Language = ENGLISH) -> list[Paragraph]:
    """A paragraph a population."""
    return [Safety(study, analysis, lookup, population).sentence(say) for population in analysis.populations]


def _recorded(many: bool, say: Language, **parts: Inline | Words) -> Words:
    if many:
        return say(
            "{population}, {events} events were recorded, in {patients} patients ({percent}, {interval})", **parts
        )
    return say("{population}, {events} event was recorded, in {patients} patients ({percent}, {interval})", **parts)


def _patients(result: Result, say: Language) -> Words:
    return say("{n} patients", n=count(result)) if is_many(result) else say("{n} patient", n=count(result))


def _events(result: Result, say: Language) -> Words:
    return say("{n} events", n=count(result)) if is_many(result) else say("{n} event", n=count(result))


def _ordered(names: tuple[str, ...]) -> list[str]:
    """Grades by their number, yes before no; else as the results have them; unknown last."""

    def place(name: str) -> int:
        if name == UNKNOWN:
            return _LAST
        return int(name) if name.isdigit() else {"yes": 0, "no": 1}.get(name, 2)

    return sorted(names, key=place)


def _cell(found: Statistics) -> Cell:
    events = found[EVENTS]
    said = words(count(events), " ", plural("event", is_many(events)))
    return Cell((share_of(proportion(found, PATIENTS)), said), muted=not events.value)


def _special_cells(found: Statistics) -> tuple[Cell, ...]:
    share, events = proportion(found, PATIENTS), found[EVENTS]
    none = not events.value
    return (
        Cell((words(count(events)),), muted=none),
        Cell((share_of(share),), muted=none),
        Cell((_bound(share) if none else ends(share),)),
        Cell((words(count(events, "missing")),), muted=not events.missing),
    )


def _bound(share: Proportion) -> Words:
    """What the data still allow where none occurred."""
    return words("up to ", in_percent(replace(share, percent=share.upper)))


def _special_lines(found: Statistics) -> Cell:
    share, events = proportion(found, PATIENTS), found[EVENTS]
    cell = _cell(found)
    more = [words(confidence(share), " ", ends(share) if events.value else _bound(share))] if share.known else []
    if events.missing:
        more.append(words(count(events, "missing"), " not decided"))
    return replace(cell, lines=(*cell.lines, *more))
