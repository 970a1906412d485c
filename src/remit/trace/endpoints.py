"""Behind endpoints: who reached one at a visit, over each denominator, under each estimand, by arm and subgroup."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from remit.schema.cohort import endpoint_column, group_column, stratum_column
from remit.schema.results import ALREADY, ARM, CHANGING, COMPLETE, DECIDED, REQUIRED, Address, guard
from remit.study.analyses.kinds import Arms, Endpoints
from remit.study.study import Endpoint
from remit.trace.counted import Counted, Definition, counted
from remit.trace.people import Bits, size
from remit.trace.study_people import NoTrace, StudyPeople
from remit.trace.unknown import level_of


def behind_endpoints(of: StudyPeople, analysis: Endpoints, at: Address, statistic: str) -> Counted:
    if statistic == guard(CHANGING):
        return _changing(of, analysis, at)
    endpoint = of.study.endpoints[at.variable or ""]
    if statistic == guard(ALREADY):
        return _at_start(of, endpoint, at)
    asked = _group(of, analysis.arms, at)
    found = handled(of, endpoint, at.visit or "", at.handling or "")
    definitions = (*found.definitions, *_of_group(of, analysis.arms, at))
    return counted(asked, asked & found.of, asked & found.yes, *definitions, missing=asked & found.missing)


# Groups


def _group(of: StudyPeople, arms: Arms | None, at: Address) -> Bits:
    """Who of the population is in the arm or arms, or in the subgroup."""
    if at.group in (None, ARM):
        return of.members(at, arms)
    return of.population(at.population) & level_of(of.people, group_column(at.group), at.group_level)


def _of_group(of: StudyPeople, arms: Arms | None, at: Address) -> tuple[Definition, ...]:
    if at.group in (None, ARM):
        return of.of_arm(at, arms)
    return (of.definition(group_column(at.group), of.study.subgroups[at.group].label),)


# Handlings


@dataclass(frozen=True)
class Handled:
    """An endpoint at a visit, of all patients: who is counted as yes, of whom, and who of those asked is missing."""

    yes: Bits
    of: Bits
    missing: Bits
    definitions: tuple[Definition, ...]


def handled(of: StudyPeople, endpoint: Endpoint, visit: str, handling: str) -> Handled:
    people, column = of.people, endpoint_column(endpoint.name, visit)
    own = of.definition(column, f"{endpoint.label} at {of.visits[visit]}")
    if handling == DECIDED:
        return Handled(people.yes(column), people.known(column), people.unknown(column), (own,))
    if handling in (COMPLETE, REQUIRED):
        basis = _basis(of, endpoint, visit, handling)
        inside = people.known(column) & people.yes(basis.column)
        return Handled(people.yes(column) & inside, inside, people.everybody & ~inside, (own, basis))
    return estimated(of, endpoint, visit, handling)


def _basis(of: StudyPeople, endpoint: Endpoint, visit: str, handling: str) -> Definition:
    told = "all that it reads is known" if handling == COMPLETE else "what it requires"
    label = f"{endpoint.label} at {of.visits[visit]}: {told}"
    return of.definition(endpoint_column(endpoint.name, visit, handling), label)


def estimated(of: StudyPeople, endpoint: Endpoint, visit: str, estimand: str) -> Handled:
    """Under an estimand who is not known did not reach it, and stays in the denominator."""
    definitions = of_estimand(of, endpoint, visit, estimand)
    inside = asked_by(of, endpoint, visit, estimand)
    column = endpoint_column(endpoint.name, visit, estimand)
    return Handled(of.people.yes(column) & inside, inside, of.people.unknown(column) & inside, definitions)


def of_estimand(of: StudyPeople, endpoint: Endpoint, visit: str, estimand: str) -> tuple[Definition, ...]:
    """The endpoint under the estimand, its own definition, and, where not all are asked, that of who is."""
    plain = f"{endpoint.label} at {of.visits[visit]}"
    label = of.study.estimands[estimand].label
    under = of.definition(endpoint_column(endpoint.name, visit, estimand), f"{plain}, under “{label}”")
    own = of.definition(endpoint_column(endpoint.name, visit), plain)
    stratum = stratum_column(endpoint.name, visit, estimand)
    if stratum not in of.queries:
        return under, own
    return under, own, of.definition(stratum, f"{plain}: of whom “{label}” asks")


def asked_by(of: StudyPeople, endpoint: Endpoint, visit: str, estimand: str) -> Bits:
    """Everybody, or who surely belongs to the principal stratum."""
    stratum = stratum_column(endpoint.name, visit, estimand)
    return of.people.yes(stratum) if stratum in of.queries else of.people.everybody


# Guards


def _at_start(of: StudyPeople, endpoint: Endpoint, at: Address) -> Counted:
    """Who fulfils the endpoint at the reference visit already, of those in whom that is known."""
    visit = at.visit or ""
    found = handled(of, endpoint, visit, at.handling or "")
    asked = of.population(at.population)
    return counted(asked, asked & found.of, asked & found.yes, *found.definitions)


def _changing(of: StudyPeople, analysis: Endpoints, at: Address) -> Counted:
    """The least of the denominators that are not all the same, where anybody was assessed."""
    asked, least = of.members(at, analysis.arms), None
    for handling in (DECIDED, COMPLETE, REQUIRED):
        found = [
            (asked & each.of, each.definitions)
            for each in _places(of, analysis, at.population or "", handling)
            if asked & each.of
        ]
        if len({size(denominator) for denominator, _ in found}) > 1:
            smallest = min(found, key=lambda each: size(each[0]))
            least = smallest if least is None or size(smallest[0]) < size(least[0]) else least
    if least is None:
        raise NoTrace("no denominators differ")
    denominator, definitions = least
    return counted(asked, denominator, None, *definitions)


def _places(of: StudyPeople, analysis: Endpoints, population: str, handling: str) -> Iterator[Handled]:
    for name in analysis.endpoints:
        endpoint = of.study.endpoints[name]
        for visit in endpoint.at:
            if population in analysis.populations.get(visit, ()) and (
                handling != REQUIRED or visit in endpoint.requires
            ):
                yield handled(of, endpoint, visit, handling)
