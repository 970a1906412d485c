"""Endpoints by subgroup: the primary one drawn, all in tables that a reader opens; its figure stands in `figures`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from remit.language.types import Level, YesNo
from remit.report.addresses import UNKNOWN
from remit.report.arms import population_notes
from remit.report.document import Block, Cell, Column, Figure, Fold, Interval, Row, Section, Table, Words, words
from remit.report.effectiveness import estimand_cell, head, notes, share_cell, title
from remit.report.lookup import Lookup
from remit.report.numbers import NONE
from remit.report.places import Assessed, Place, main_handling, places_of, primary_place
from remit.report.proportions import Proportion, confidence, drawn, ends, share_of, unknown_cell
from remit.report.wording import capital, quoted
from remit.schema.results import DECIDED
from remit.study.analyses.kinds import Endpoints
from remit.study.study import Endpoint, Study

_CAUTION = (
    "Subgroups are small and were not randomised; nothing was tested, and no allowance was made for their number: "
    "the intervals show how little each one says alone.",
)
_ALL_ARMS = ("All arms together: this says nothing of how the arms differ in a subgroup.",)
_LINE = ("Dashed line: all patients. Those not known are in N, and counted as not having reached it.",)


def subgroup_section(study: Study, analysis: Endpoints, lookup: Lookup, figure: Figure | None) -> Section | None:
    """None if the analysis has no subgroups. `figure`: the primary endpoint's, if it is of this analysis."""
    places = places_of(study, analysis, lookup)
    if not analysis.subgroups or not places:
        return None
    blocks: list[Block] = [figure] if figure else []
    primary = primary_place(study, lookup)
    if primary and primary[0].analysis.name == analysis.name:
        blocks.append(Fold("The primary endpoint by subgroup", (_forest(*primary),)))
    blocks.append(Fold("All endpoints by subgroup", tuple(_table(place) for place in places)))
    return Section(f"analysis-{analysis.name}-subgroups", "Subgroups", tuple(blocks))


def cautions(place: Place) -> tuple[Words, ...]:
    """What is to be known of all numbers by subgroup."""
    return (_CAUTION, _ALL_ARMS) if place.analysis.arms else (_CAUTION,)


def levels(place: Place, endpoint: Endpoint, group: str) -> list[str]:
    """The subgroup's levels in the study's order: yes before no, unknown last."""
    found = place.lookup.groups(replace(place.address(endpoint), handling=DECIDED, group=group))
    kind = place.study.subgroups[group].query.type
    order = kind.levels if isinstance(kind, Level) else ("yes", "no") if isinstance(kind, YesNo) else ()
    places = {level: position for position, level in enumerate(order)}
    return sorted(found, key=lambda level: (level == UNKNOWN, places.get(level, len(places)), level))


# The primary endpoint, drawn


def _forest(place: Place, endpoint: Endpoint) -> Table:
    handling = main_handling(place.study)
    overall = place.share(endpoint, handling)
    rows = [_drawn_row(("All patients",), overall, overall)]
    for group in place.analysis.subgroups:
        rows.append(Row((capital(place.study.subgroups[group].label),), (_line(overall),), heading=True))
        for level in levels(place, endpoint, group):
            rows.append(_drawn_row((capital(level),), place.share(endpoint, handling, group, level), overall, level=1))
    estimand = quoted(place.study.estimands[handling].label)
    said = f"{capital(endpoint.label)} at {place.at_visit} by subgroup, under the estimand {estimand} "
    columns = (("n/N (%)",), confidence(overall), ("Not known",))
    return Table(
        name=f"{place.analysis.name}-forest",
        title=words(said, place.size),
        stub="Subgroup",
        columns=(*(Column(column) for column in columns), Column(("Percentage with interval",), scale=True)),
        rows=tuple(rows),
        notes=(*cautions(place), *population_notes(place.analysis, place.population.name, place.lookup), _LINE),
    )


def _line(overall: Proportion) -> Cell:
    """The reference alone, so that it runs through the table."""
    return Cell(interval=Interval(None, overall.percent.value or 0))


def _drawn_row(label: Words, share: Proportion, overall: Proportion, level: int = 0) -> Row:
    cells = [Cell((said,)) for said in (share_of(share), ends(share) if share.known else (NONE,))]
    drawing = Cell(interval=drawn(share, overall.percent.value or 0))
    return Row(label, (*cells, unknown_cell(share.n), drawing), level)


# All endpoints


def _table(place: Place) -> Table:
    columns = [DECIDED, *place.study.estimands]
    rows: list[Row] = []
    for endpoint in place.endpoints:
        rows.append(Row((capital(endpoint.label),), heading=True))
        rows += _level_rows(place, endpoint, columns)
    return Table(
        name=f"{place.name}-subgroups",
        title=words(f"{title(place)}, by subgroup"),
        stub="Endpoint and subgroup",
        columns=tuple(head(place.study, name) for name in columns),
        rows=tuple(rows),
        notes=(*notes(place, columns), *cautions(place)),
        cards=True,
    )


def _level_rows(place: Place, endpoint: Endpoint, columns: list[str]) -> Iterator[Row]:
    assessed = place.assessed(endpoint)
    for group in place.analysis.subgroups:
        label = capital(place.study.subgroups[group].label)
        for level in levels(place, endpoint, group):
            cells = tuple(_cell(place.share(endpoint, name, group, level), name, place, assessed) for name in columns)
            yield Row((f"{label}: {level}",), cells, level=1)


def _cell(share: Proportion, handling: str, place: Place, assessed: Assessed) -> Cell:
    if handling not in place.study.estimands:
        return share_cell(share)
    return replace(estimand_cell(share, assessed), notes=())  # the notes stand in the table of all patients
