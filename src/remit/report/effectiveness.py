"""Endpoints at their visits: over each denominator and under each estimand, never mixed, always with who is unknown."""

from __future__ import annotations

from dataclasses import replace

from remit.report.addresses import size
from remit.report.document import Cell, Column, Row, Table, Words, words
from remit.report.lookup import Lookup
from remit.report.numbers import NONE, count
from remit.report.proportions import Proportion, confidence, ends, proportion, share_of, unknown
from remit.report.wording import capital, small, visit_label
from remit.schema.results import COMPLETE, DECIDED, REQUIRED, Address
from remit.study.study import Endpoint, Endpoints, Study

_KNOWN = ("Patients with a known outcome",)
_ALL = ("All patients, not known counted as “no”",)
_HEADS = {
    DECIDED: Column(("Decided",), _KNOWN, ("the definition gives yes or no",)),
    COMPLETE: Column(("Complete",), _KNOWN, ("every part is known",)),
    REQUIRED: Column(("Required",), _KNOWN, ("has what the protocol asks for",)),
}


def handlings(study: Study, endpoints: list[Endpoint]) -> list[str]:
    """The denominators and estimands that any of these endpoints has."""
    required = [REQUIRED] if any(endpoint.requires for endpoint in endpoints) else []
    return [DECIDED, COMPLETE, *required, *study.estimands]


def places(study: Study, analysis: Endpoints) -> list[tuple[str, str]]:
    """Each visit with each population that endpoints are shown for."""
    return [
        (visit.name, population)
        for visit in study.visits
        for population in analysis.populations.get(visit.name, ())
        if endpoints_at(study, analysis, visit.name)
    ]


def endpoints_at(study: Study, analysis: Endpoints, visit: str) -> list[Endpoint]:
    return [study.endpoints[name] for name in analysis.endpoints if visit in study.endpoints[name].at]


def effectiveness_tables(study: Study, analysis: Endpoints, lookup: Lookup) -> tuple[Table, ...]:
    """One table a visit and population."""
    return tuple(_table(study, analysis, lookup, visit, population) for visit, population in places(study, analysis))


def _table(study: Study, analysis: Endpoints, lookup: Lookup, visit: str, population: str) -> Table:
    endpoints = endpoints_at(study, analysis, visit)
    columns = handlings(study, endpoints)
    rows = []
    for endpoint in endpoints:
        address = Address(analysis.name, population, visit=visit, variable=endpoint.name)
        cells = tuple(_cell(study, endpoint, replace(address, handling=name), lookup) for name in columns)
        rows.append(Row((capital(endpoint.label),), cells, detail=_primary(study, endpoint, visit)))
    return Table(
        name=f"{analysis.name}-{visit}-{population}",
        title=words(table_title(study, analysis, visit, population), " ", size(study, lookup, population)),
        stub="Endpoint",
        columns=tuple(head(study, name) for name in columns),
        rows=tuple(rows),
        notes=table_notes(study, columns, _some_interval(study, analysis, lookup, visit, population)),
        cards=True,
    )


def table_title(study: Study, analysis: Endpoints, visit: str, population: str) -> str:
    return f"{analysis.title} at {small(visit_label(study, visit))}: {small(study.populations[population].label)}"


def head(study: Study, handling: str) -> Column:
    if handling in _HEADS:
        return _HEADS[handling]
    return Column((capital(study.estimands[handling].label),), _ALL, (strategies(study, handling),))


def strategies(study: Study, estimand: str) -> str:
    """What happens with intercurrent events, in few words."""
    composite = [
        study.events[name].label for name, how in study.estimands[estimand].strategies.items() if how == "composite"
    ]
    if not composite:
        return "estimand: whatever happened"
    return f"estimand: {' or '.join(composite)} counts as “no”"


def _primary(study: Study, endpoint: Endpoint, visit: str) -> Words:
    primary = study.primary
    return ("primary endpoint",) if primary and (primary.endpoint, primary.visit) == (endpoint.name, visit) else ()


def _some_interval(study: Study, analysis: Endpoints, lookup: Lookup, visit: str, population: str) -> Words:
    """95 % CI, from any of the table's intervals."""
    endpoint = endpoints_at(study, analysis, visit)[0]
    address = Address(analysis.name, population, visit=visit, variable=endpoint.name, handling=DECIDED)
    return confidence(proportion(lookup.at(address)))


def table_notes(study: Study, columns: list[str], interval: Words) -> tuple[Words, ...]:
    said = [words("Each cell: n/N (percentage); ", interval, "; how many of the population are not known.")]
    if any(name in study.estimands for name in columns):
        said.append(
            (
                "Under an estimand N is the whole population, and those not known are counted in N as not having reached it.",
            )
        )
    return tuple(said)


def _cell(study: Study, endpoint: Endpoint, address: Address, lookup: Lookup) -> Cell:
    if address.handling == REQUIRED and not endpoint.requires:
        return Cell((("not asked for",),), muted=True)
    share = proportion(lookup.at(address))
    decided = proportion(lookup.at(replace(address, handling=DECIDED)))
    if address.handling in study.estimands:
        return estimand_cell(share, decided)
    cell = share_cell(share)
    complete = proportion(lookup.at(replace(address, handling=COMPLETE)))
    if address.handling == DECIDED and complete.of < decided.of:
        return replace(cell, notes=(_biased(decided, complete),))
    return cell


def share_cell(share: Proportion) -> Cell:
    """Percentage with its interval, n/N, and how many are not known; or that nobody was assessed."""
    if not share.known:
        known = words(count(share.n, "denominator"), " of ", _population(share), " known")
        return Cell((("not assessed",), known), muted=True)
    lines = [share_of(share), ends(share)]
    if share.unknown:
        lines.append(words(unknown(share), " not known"))
    return Cell(tuple(lines))


def estimand_cell(share: Proportion, decided: Proportion) -> Cell:
    """Where nobody was assessed, the estimand's 0 % says nothing of the drug: it is shown as such."""
    if not share.known:
        return Cell(((NONE,),), muted=True)
    cell = share_cell(share)
    return cell if decided.known else replace(cell, muted=True, notes=(_nobody(decided),))


def _nobody(decided: Proportion) -> Words:
    return words(
        "Nobody was assessed (outcome known in ", count(decided.n, "denominator"), " of ", _population(decided),
        "): the percentage follows from counting the unknown as “no”, and says nothing of the treatment.",
    )  # fmt: skip


def _biased(decided: Proportion, complete: Proportion) -> Words:
    if not complete.known:
        return words(
            "No patient has every part known. Of these ", count(decided.n, "denominator"), " it is known only because one "
            "part was not met: none of them could have counted as reached.",
        )  # fmt: skip
    return words(
        "Biased low: ", count(decided.n, "denominator"), " are decided, but only ", count(complete.n, "denominator"),
        " of them have every part known; for the others one part that was not met decides.",
    )  # fmt: skip


def _population(share: Proportion) -> Words:
    return words(count(share.n, "population_n"))
