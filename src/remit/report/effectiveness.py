"""Endpoints in tables: over each denominator and under each estimand, never mixed, always with who is unknown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from remit.report.arms import (
    arm_columns,
    contrasts_of,
    difference_cell,
    difference_columns,
    groups_of,
    population_notes,
)
from remit.report.document import Cell, Column, Row, Table, Words, words
from remit.report.lookup import Lookup
from remit.report.numbers import NONE, count
from remit.report.places import Assessed, Place, handlings, places_of
from remit.report.proportions import Proportion, confidence, ends, share_of, unknown
from remit.report.wording import capital, listed_text, quoted, small
from remit.schema.results import COMPLETE, DECIDED, REQUIRED
from remit.study.analyses.kinds import Endpoints
from remit.study.study import Endpoint, Estimand, Study
from remit.study.written import Strategy

_KNOWN = ("Patients with a known outcome",)
_ALL = ("All patients, not known counted as “no”",)
_STRATUM = ("Patients of the stratum, not known counted as “no”",)
_HEADS = {
    DECIDED: Column(("Decided",), _KNOWN, ("the definition gives yes or no",)),
    COMPLETE: Column(("Complete",), _KNOWN, ("every part is known",)),
    REQUIRED: Column(("Required",), _KNOWN, ("has what the protocol asks for",)),
}
_BRIEFLY: dict[Strategy, str] = {  # treatment policy goes without saying
    "composite": "{} counts as “no”",
    "hypothetical": "as if there had been no {}",
    "while on treatment": "as last seen before {}",
    "principal stratum": "patients without {}",
}


def effectiveness_tables(study: Study, analysis: Endpoints, lookup: Lookup) -> tuple[Table, ...]:
    """One table a visit and population."""
    make = arms_table if analysis.arms else _table
    return tuple(make(place) for place in places_of(study, analysis, lookup))


def _table(place: Place) -> Table:
    columns = handlings(place.study, place.endpoints)
    return Table(
        name=place.name,
        title=words(title(place), " ", place.size),
        stub="Endpoint",
        columns=tuple(head(place.study, handling) for handling in columns),
        rows=tuple(_row(place, endpoint, columns) for endpoint in place.endpoints),
        notes=notes(place, columns),
        cards=True,
    )


def title(place: Place) -> str:
    return f"{place.analysis.title} at {place.at_visit}: {small(place.population.label)}"


def head(study: Study, handling: str) -> Column:
    if handling in _HEADS:
        return _HEADS[handling]
    estimand = study.estimands[handling]
    of = _STRATUM if estimand.of_stratum else _ALL
    return Column((capital(estimand.label),), of, (strategies_in_words(study, handling),))


def strategies_in_words(study: Study, estimand: str) -> str:
    """What becomes of intercurrent events, in few words."""
    said = said_of_events(study, study.estimands[estimand], _BRIEFLY)
    return f"estimand: {'; '.join(said)}" if said else "estimand: as assessed, whatever happened"


def said_of_events(study: Study, estimand: Estimand, sentences: Mapping[Strategy, str]) -> list[str]:
    """The sentence of each strategy that the estimand has, with the events that it is for."""
    events = {each: [small(study.events[name].label) for name in estimand.events(each)] for each in sentences}
    return [sentences[each].format(listed_text(named, "or")) for each, named in events.items() if named]


def notes(place: Place, columns: list[str]) -> tuple[Words, ...]:
    """How to read the cells."""
    interval = confidence(place.share(place.endpoints[0], DECIDED))
    cells = words("Each cell: n/N (percentage); ", interval, "; how many of the population are not known.")
    others = population_notes(place.analysis, place.population.name, place.lookup)
    estimands = [place.study.estimands[name] for name in columns if name in place.study.estimands]
    if not estimands:
        return (cells, *others)
    strata = strata_in_words(estimands)
    counted = "those not known are in N, and counted as not having reached it."
    return (cells, (f"Under an estimand N is the whole population{strata}; {counted}",), *others)


def strata_in_words(estimands: Iterable[Estimand]) -> str:
    """, under “Stayed” only those of it who are known to be without the event"""
    labels = [quoted(capital(estimand.label)) for estimand in estimands if estimand.of_stratum]
    return f", under {listed_text(labels)} only those of it who are known to be without the event" if labels else ""


# By arm


def arms_table(place: Place) -> Table:
    """What is a column without arms is a row: the denominators and estimands under each endpoint."""
    groups = groups_of(place.study, place.analysis, place.population.name, place.lookup)
    contrasts = contrasts_of(place.analysis)
    columns = handlings(place.study, place.endpoints)
    rows: list[Row] = []
    for endpoint in place.endpoints:
        detail: Words = (", primary endpoint",) if place.is_primary(endpoint) else ()
        rows.append(Row(words(capital(endpoint.label), detail), heading=True))
        for handling in columns:
            if handling == REQUIRED and not endpoint.requires:
                continue
            places = [place.of(group.arm) for group in groups]
            cells = [_cell(each, endpoint, handling, each.assessed(endpoint)) for each in places]
            at = replace(place.address(endpoint), handling=handling)
            cells += [difference_cell(place.lookup.at(each.at(at)), 1) for each in contrasts]
            column = head(place.study, handling)
            rows.append(Row(column.title, tuple(cells), level=1, detail=column.detail))
    points: tuple[Words, ...] = (("Differences are in percentage points.",),) if contrasts else ()
    return Table(
        name=place.name,
        title=words(title(place), " ", place.size),
        stub="Endpoint",
        columns=(*arm_columns(groups, contrasts), *difference_columns(contrasts)),
        rows=tuple(rows),
        notes=(*notes(place, columns), *points),
    )


# Cells


def _row(place: Place, endpoint: Endpoint, columns: list[str]) -> Row:
    assessed = place.assessed(endpoint)
    cells = tuple(_cell(place, endpoint, handling, assessed) for handling in columns)
    detail: Words = ("primary endpoint",) if place.is_primary(endpoint) else ()
    return Row((capital(endpoint.label),), cells, detail=detail)


def _cell(place: Place, endpoint: Endpoint, handling: str, assessed: Assessed) -> Cell:
    if handling == REQUIRED and not endpoint.requires:
        return Cell((("not defined",),), muted=True)
    share = place.share(endpoint, handling)
    if handling in place.study.estimands:
        return estimand_cell(share, assessed)
    cell = share_cell(share)
    if handling == DECIDED and assessed.biased_low:
        return replace(cell, muted=not assessed.could_be_reached, notes=(_biased(assessed),))
    return cell


def share_cell(share: Proportion) -> Cell:
    """n/N and percentage, the interval, how many are not known; or that nobody was assessed."""
    if not share.known:
        known = words(count(share.n, "denominator"), " of ", count(share.n, "population_n"), " known")
        return Cell((("not assessed",), known), muted=True)
    lines = [share_of(share), ends(share)]
    if share.unknown:
        lines.append(words(unknown(share), " not known"))
    return Cell(tuple(lines))


def estimand_cell(share: Proportion, assessed: Assessed) -> Cell:
    """Where nobody was assessed, or could have reached it, the estimand's 0 % is no finding: it is shown as such."""
    if not share.known:
        return Cell(((NONE,),), muted=True)
    cell = share_cell(share)
    if assessed.in_nobody:
        return replace(cell, muted=True, notes=(_nobody(assessed.decided), *left_out_notes(share)))
    if not assessed.could_be_reached:
        return replace(cell, muted=True, notes=(_biased(assessed), *left_out_notes(share)))
    return replace(cell, notes=left_out_notes(share))


def left_out_notes(share: Proportion) -> tuple[Words, ...]:
    """A footnote on those of whom it is not known whether they are asked, where there are any."""
    return (words(capital(share.n.note), "."),) if share.n.note else ()


def _nobody(decided: Proportion) -> Words:
    known = words(count(decided.n, "denominator"), " of ", count(decided.n, "population_n"))
    after = "): the percentage follows from counting the unknown as “no”, and says nothing of the treatment."
    return words("Nobody was assessed (outcome known in ", known, after)


def _biased(assessed: Assessed) -> Words:
    decided = count(assessed.decided.n, "denominator")
    if not assessed.could_be_reached:
        start = "Nobody has every part known, so that nobody could count as having reached it. In "
        return words(start, decided, " it is known to be “no” only because one part was not met.")
    complete = count(assessed.complete.n, "denominator")
    after = " of them have every part known; in the others one part that was not met decides."
    return words("Biased low: ", decided, " are decided, but only ", complete, after)
