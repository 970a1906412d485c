"""Behind an endpoint by each handling of what is missing, and behind each way in which the unknown may have ended."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import prod

from remit.schema.cohort import carried_column, endpoint_column
from remit.schema.results import (
    BEST,
    CARRIED_FORWARD,
    DECIDED,
    NON_RESPONSE,
    WORST,
    Address,
    ends_of,
)
from remit.study.analyses.kinds import Sensitivity
from remit.study.study import Endpoint
from remit.study.written import IMPUTED
from remit.trace.completions import always_known
from remit.trace.counted import Counted, Definition, counted
from remit.trace.endpoints import asked_by, of_estimand
from remit.trace.people import Bits, size
from remit.trace.study_people import NoTrace, StudyPeople, arms_of

MOST_WAYS = 250_000  # of more than this none is counted
PERCENT_OF_IMPUTED = "percent_of_imputed"
_WAYS = "Counted are ways in which the unknown of both arms may have ended; shown are the patients of these arms."
_TURN = "Counted is how many of the unknown must have reached it: which of them does not matter."
_MORE = "Counted as having reached it are also so many of the unknown: which of them does not matter."


def behind_sensitivity(of: StudyPeople, analysis: Sensitivity, at: Address, statistic: str) -> Counted:
    estimand, _, missing = (at.handling or "").partition(":")
    assessed = _assessed(of, analysis, estimand, at)
    if missing:
        return _handled(of, analysis, at, assessed, missing, statistic)
    if at.contrast is not None:
        return _two_arms(of, analysis, at, assessed)
    if at.level is None:
        unknown = assessed.unknown
        found = Counted(assessed.population, unknown, None, unknown, assessed.definitions, _TURN)
        return replace(found, unnamed=("numerator",))
    return _ended(assessed, int(at.level))


@dataclass(frozen=True)
class _Assessed:
    """Who is asked of an arm or of all: who reached it, who did not, of whom it is not known."""

    population: Bits
    column: str
    yes: Bits
    no: Bits
    unknown: Bits
    definitions: tuple[Definition, ...]

    @property
    def all(self) -> Bits:
        return self.yes | self.no | self.unknown

    def within(self, some: Bits) -> _Assessed:
        return replace(self, yes=self.yes & some, no=self.no & some, unknown=self.unknown & some)


def _assessed(of: StudyPeople, analysis: Sensitivity, estimand: str, at: Address) -> _Assessed:
    endpoint, people = of.study.endpoints[analysis.endpoint], of.people
    members, column = of.members(at, analysis.arms), endpoint_column(endpoint.name, analysis.visit, estimand)
    inside = members & asked_by(of, endpoint, analysis.visit, estimand)
    yes, no, unknown = (inside & each for each in (people.yes(column), people.no(column), people.unknown(column)))
    definitions = of_estimand(of, endpoint, analysis.visit, estimand)
    return _Assessed(members, column, yes, no, unknown, (*definitions, *of.of_arm(at, analysis.arms)))


def _handled(
    of: StudyPeople, analysis: Sensitivity, at: Address, assessed: _Assessed, missing: str, statistic: str
) -> Counted:
    yes, everybody, unknown = assessed.yes, assessed.all, assessed.unknown
    if missing in IMPUTED:
        whole = everybody & always_known(of, assessed.column)
        found = Counted(assessed.population, whole, None, whole & unknown, assessed.definitions)
        return replace(found, denominator=found.missing) if statistic == PERCENT_OF_IMPUTED else found
    match missing:
        case _ if missing == DECIDED:
            sets = yes, yes | assessed.no, unknown
        case _ if missing == NON_RESPONSE:
            sets = yes, everybody, unknown
        case _ if missing == CARRIED_FORWARD:
            return _carried(of, analysis, at, assessed)
        case _ if missing in (WORST, BEST):
            sets = _bound(of, analysis, at, assessed, missing), everybody, unknown
        case _:
            raise NoTrace(f"{missing} is no handling of what is missing")
    numerator, denominator, not_known = sets
    return counted(assessed.population, denominator, numerator, *assessed.definitions, missing=not_known)


def _carried(of: StudyPeople, analysis: Sensitivity, at: Address, assessed: _Assessed) -> Counted:
    endpoint: Endpoint = of.study.endpoints[analysis.endpoint]
    estimand = (at.handling or "").partition(":")[0]
    column = carried_column(endpoint.name, analysis.visit, estimand)
    label = f"{assessed.definitions[0].label}, as it was last known"
    carried = of.definition(column, label)
    known = assessed.all & of.people.known(column)
    return counted(
        assessed.population,
        known,
        known & of.people.yes(column),
        carried,
        *assessed.definitions,
        missing=assessed.all & ~known,
    )


def _bound(of: StudyPeople, analysis: Sensitivity, at: Address, assessed: _Assessed, bound: str) -> Bits:
    """Worst for an arm: none of its unknown reached it, and of the reference all; best: the other way round."""
    if at.contrast is None or analysis.arms is None:
        return assessed.yes if bound == WORST else assessed.yes | assessed.unknown
    arm, reference = (of.arm(analysis.arms, name) for name in arms_of(at, analysis.arms))
    return assessed.yes | assessed.unknown & (reference if bound == WORST else arm)


def _ended(assessed: _Assessed, more: int) -> Counted:
    """As if so many of the unknown had reached it."""
    found = counted(assessed.population, assessed.all, assessed.yes, *assessed.definitions, missing=assessed.unknown)
    return found.told(_MORE, numerator=size(assessed.yes) + more) if more else found


def _two_arms(of: StudyPeople, analysis: Sensitivity, at: Address, assessed: _Assessed) -> Counted:
    if at.level is not None:
        return _ended(assessed, sum(ends_of(at.level)))
    if analysis.arms is None:
        raise NoTrace("no arms are compared")
    arms = [assessed.within(of.arm(analysis.arms, name)) for name in arms_of(at, analysis.arms)]
    ways = prod(size(arm.unknown) + 1 for arm in arms)
    compared = all(arm.all for arm in arms) and ways <= MOST_WAYS
    found = Counted(assessed.population, assessed.all, None, assessed.unknown, assessed.definitions, _WAYS)
    return replace(found, instead={"denominator": ways if compared else None}, unnamed=("numerator",))
