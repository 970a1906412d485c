"""Endpoints by subgroup: the primary one drawn, all in tables that a reader opens."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from remit.language.types import Level, YesNo
from remit.report.addresses import UNKNOWN, size
from remit.report.document import Block, Cell, Column, Fold, Interval, Row, Section, Table, Words, words
from remit.report.effectiveness import (
    endpoints_at,
    estimand_cell,
    head,
    places,
    share_cell,
    table_notes,
    table_title,
)
from remit.report.lookup import Lookup
from remit.report.numbers import NONE
from remit.report.proportions import (
    Proportion,
    confidence,
    drawn,
    ends,
    fraction,
    in_percent,
    proportion,
    unknown_cell,
)
from remit.report.sentences import main_handling, primary_address
from remit.report.wording import capital, quoted, small, visit_label
from remit.schema.results import DECIDED, Address
from remit.study.study import Endpoints, Study

_CAUTION = (
    "Subgroups are small and were not randomised; nothing was tested, and no allowance was made for their number: "
    "the intervals show how little each one says alone.",
)


def subgroup_section(study: Study, analysis: Endpoints, lookup: Lookup) -> Section | None:
    """None if the analysis has no subgroups."""
    if not analysis.subgroups:
        return None
    blocks: list[Block] = []
    primary = study.primary and primary_address(study, study.primary)
    if primary and primary.analysis == analysis.name:
        blocks.append(_forest(study, analysis, primary, lookup))
    tables = tuple(_table(study, analysis, visit, population, lookup) for visit, population in places(study, analysis))
    blocks.append(Fold("All endpoints by subgroup", tables))
    return Section(f"analysis-{analysis.name}-subgroups", "Subgroups", tuple(blocks))


def levels(study: Study, address: Address, lookup: Lookup) -> list[str]:
    """The subgroup's levels in the study's order: yes before no, unknown last."""
    found = lookup.groups(address)
    kind = study.subgroups[address.group or ""].query.type
    order = kind.levels if isinstance(kind, Level) else ("yes", "no") if isinstance(kind, YesNo) else ()
    places = {level: place for place, level in enumerate(order)}
    return sorted(found, key=lambda level: (level == UNKNOWN, places.get(level, len(places)), level))


def _forest(study: Study, analysis: Endpoints, primary: Address, lookup: Lookup) -> Table:
    address = replace(primary, handling=main_handling(study))
    overall = proportion(lookup.at(address))
    rows = [_drawn_row(("All patients",), overall, overall)]
    for group in analysis.subgroups:
        rows.append(Row((capital(study.subgroups[group].label),), (_line(overall),), heading=True))
        for level in levels(study, replace(address, group=group), lookup):
            share = proportion(lookup.at(replace(address, group=group, group_level=level)))
            rows.append(_drawn_row((capital(level),), share, overall, level=1))
    endpoint = study.endpoints[primary.variable or ""]
    estimand = study.estimands[address.handling or ""]
    return Table(
        name=f"{analysis.name}-forest",
        title=words(
            f"{capital(endpoint.label)} at {small(visit_label(study, primary.visit or ''))} by subgroup, ",
            f"under the estimand {quoted(estimand.label)} ",
            size(study, lookup, primary.population or ""),
        ),  # fmt: skip
        stub="Subgroup",
        columns=(
            Column(("n/N",)),
            Column(("%",)),
            Column(confidence(overall)),
            Column(("Not known",)),
            Column(("Percentage with interval",), scale=True),
        ),
        rows=tuple(rows),
        notes=(
            _CAUTION,
            ("Dashed line: all patients. Those not known are in N, and are counted as not having reached it.",),
        ),
    )


def _line(overall: Proportion) -> Cell:
    """The reference alone, so that it runs through the table."""
    return Cell(interval=Interval(None, overall.percent.value or 0))


def _drawn_row(label: Words, share: Proportion, overall: Proportion, level: int = 0) -> Row:
    numbers = [fraction(share), in_percent(share), ends(share) if share.known else (NONE,)]
    cells = [Cell((said,)) for said in numbers]
    return Row(label, (*cells, unknown_cell(share.n), Cell(interval=drawn(share, overall.percent.value or 0))), level)


def _table(study: Study, analysis: Endpoints, visit: str, population: str, lookup: Lookup) -> Table:
    columns = [DECIDED, *study.estimands]
    rows: list[Row] = []
    for endpoint in endpoints_at(study, analysis, visit):
        address = Address(analysis.name, population, visit=visit, variable=endpoint.name)
        rows.append(Row((capital(endpoint.label),), heading=True))
        rows += _level_rows(study, analysis, address, columns, lookup)
    first = endpoints_at(study, analysis, visit)[0].name
    some = Address(analysis.name, population, visit=visit, variable=first, handling=DECIDED)
    return Table(
        name=f"{analysis.name}-subgroups-{visit}-{population}",
        title=words(f"{table_title(study, analysis, visit, population)}, by subgroup"),
        stub="Endpoint and subgroup",
        columns=tuple(head(study, name) for name in columns),
        rows=tuple(rows),
        notes=(*table_notes(study, columns, confidence(proportion(lookup.at(some)))), _CAUTION),
        cards=True,
    )


def _level_rows(
    study: Study, analysis: Endpoints, address: Address, columns: list[str], lookup: Lookup
) -> Iterator[Row]:
    for group in analysis.subgroups:
        label = capital(study.subgroups[group].label)
        at = replace(address, group=group)
        for level in levels(study, replace(at, handling=DECIDED), lookup):
            cells = tuple(_cell(study, replace(at, group_level=level, handling=name), lookup) for name in columns)
            yield Row((f"{label}: {level}",), cells, level=1)


def _cell(study: Study, address: Address, lookup: Lookup) -> Cell:
    share = proportion(lookup.at(address))
    if address.handling not in study.estimands:
        return share_cell(share)
    cell = estimand_cell(share, proportion(lookup.at(replace(address, handling=DECIDED))))
    return replace(cell, notes=())  # said once, in the table of all patients
