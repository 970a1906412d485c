"""Events: by period and by what is known of them, by term, and those of special interest with their upper bound."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from remit.report.addresses import ALL_PERIODS, ANY, EVENTS, PATIENTS, SPECIAL_INTEREST, TERM, UNKNOWN, size
from remit.report.document import Block, Cell, Column, Inline, Paragraph, Row, Section, Table, Words, words
from remit.report.lookup import Lookup, Statistics
from remit.report.numbers import count, is_many
from remit.report.proportions import confidence, ends, in_percent, interval_words, proportion, share_of, spelled
from remit.report.wording import among, capital, listed, listed_text, plural, small
from remit.schema.results import Address
from remit.study.study import Events, Study

_LAST = 10**9
_CELL_NOTE = ("Each cell: patients with at least one event, of all in the population (%); events.",)
_ROWS_NOTE = ("A patient with several events stands in each row that applies, so that rows do not add up to “any”.",)
_NONE_NOTE = (
    "All periods. One event may belong to several kinds. That none occurred does not say that there is no risk: the "
    "upper end of the interval says what the data still allow.",
)
_PERIOD_NOTE = (
    "The denominator is the whole population in each period, also where some had left before the period began.",
)


def safety_section(study: Study, analysis: Events, lookup: Lookup) -> Section:
    blocks: list[Block] = []
    for population in analysis.populations:
        blocks += _Safety(study, analysis, lookup, population).blocks()
    return Section(f"analysis-{analysis.name}", analysis.title, tuple(blocks))


@dataclass(frozen=True)
class _Safety:
    """The events of one population."""

    study: Study
    analysis: Events
    lookup: Lookup
    population: str

    def blocks(self) -> Iterator[Block]:
        yield self._sentence()
        yield self._by_period()
        if self._levels(TERM):
            yield self._by_term()
        if self.analysis.special_interest:
            yield self._of_special_interest()

    def _at(self, period: str, variable: str = ANY, level: str | None = None) -> Statistics:
        address = Address(self.analysis.name, self.population, period=period, variable=variable, level=level)
        return self.lookup.at(address)

    def _levels(self, variable: str) -> list[str]:
        address = Address(self.analysis.name, self.population, period=ALL_PERIODS, variable=variable)
        return _ordered(self.lookup.levels(address))

    def _periods(self) -> dict[str, str]:
        """Each period's label; the unknown one where some event has no period."""
        named = {period.name: period.label for period in self.analysis.periods}
        unknown = Address(self.analysis.name, self.population, period=UNKNOWN, variable=ANY)
        return named | ({UNKNOWN: "period not known"} if self.lookup.has(unknown) else {})

    def _title(self, what: str) -> Words:
        label = small(self.study.populations[self.population].label)
        return words(f"{what}: {label} ", size(self.study, self.lookup, self.population))

    # In a sentence

    def _sentence(self) -> Paragraph:
        found = self._at(ALL_PERIODS)
        share, many = proportion(found, PATIENTS), is_many(found[EVENTS])
        said = words(
            capital(among(self.study.populations[self.population])),
            ", ",
            count(found[EVENTS]),
            " ",
            plural("event", many),
            " were" if many else " was",
            " recorded, in ",
            spelled(share),
            " patients (",
            in_percent(share),
            ", ",
            interval_words(share),
            ")",
        )
        parts: list[Inline | Words] = []
        for period, label in self._periods().items():
            events, patients = (self._at(period)[name] for name in (EVENTS, PATIENTS))
            inside = (
                words(" (", count(patients), " ", plural("patient", is_many(patients)), ")") if events.value else ()
            )
            parts.append(words(f"{small(label)} ", count(events), inside))
        by_period = words(". Events by period: ", listed(parts)) if parts else ()
        return Paragraph(words(said, by_period, "."))

    # In tables

    def _by_period(self) -> Table:
        periods = {ALL_PERIODS: "All periods", **self._periods()}
        rows = [self._row("Any", list(periods), ANY)]
        for field in self.analysis.by:
            label = self.study.scope.forms[self.analysis.form].fields[field].label
            rows.append(Row((capital(label),), heading=True))
            rows += [self._row(capital(level), list(periods), field, level) for level in self._levels(field)]
        return Table(
            name=f"{self.analysis.name}-{self.population}-periods",
            title=self._title(f"{self.analysis.title} by period"),
            stub="Event",
            columns=tuple(Column((capital(label),)) for label in periods.values()),
            rows=tuple(rows),
            notes=(_CELL_NOTE, _ROWS_NOTE, _PERIOD_NOTE),
            cards=True,
        )

    def _by_term(self) -> Table:
        """Of the periods, those in which there was an event."""
        some = {period: label for period, label in self._periods().items() if self._at(period)[EVENTS].value}
        none = [small(label) for period, label in self._periods().items() if period not in some]
        periods = {ALL_PERIODS: "All periods", **(some if len(some) > 1 or none else {})}
        terms = self._levels(TERM)
        left_out = (f"No event began in: {listed_text(none)}.",) if none else ()
        return Table(
            name=f"{self.analysis.name}-{self.population}-terms",
            title=self._title(f"{self.analysis.title} by term"),
            stub="Term",
            columns=tuple(Column((capital(label),)) for label in periods.values()),
            rows=tuple(self._row(capital(term), list(periods), TERM, term) for term in terms),
            notes=(_CELL_NOTE, *((left_out,) if left_out else ())),
            cards=True,
        )

    def _row(self, label: str, periods: list[str], variable: str, level: str | None = None) -> Row:
        cells = tuple(_cell(self._at(period, variable, level)) for period in periods)
        return Row((label,), cells, level=0 if variable in (ANY, TERM) else 1)

    def _of_special_interest(self) -> Table:
        found = {kind: self._at(ALL_PERIODS, SPECIAL_INTEREST, kind.name) for kind in self.analysis.special_interest}
        source = self.analysis.special_interest_source
        return Table(
            name=f"{self.analysis.name}-{self.population}-special-interest",
            title=self._title("Events of special interest"),
            stub="Event",
            columns=(
                Column(("Events",)),
                Column(("Patients, n/N (%)",)),
                Column(confidence(proportion(next(iter(found.values())), PATIENTS)), detail=("none: its upper end",)),
                Column(("Events not decided",)),
            ),
            rows=tuple(Row((capital(kind.label),), _special_cells(statistics)) for kind, statistics in found.items()),
            notes=(_NONE_NOTE, *(((f"Source of the list: {source}",),) if source else ())),
        )


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
    interval = words("up to ", in_percent(replace(share, percent=share.upper))) if none else ends(share)
    return (
        Cell((words(count(events)),), muted=none),
        Cell((share_of(share),), muted=none),
        Cell((interval,)),
        Cell((words(count(events, "missing")),), muted=not events.missing),
    )
