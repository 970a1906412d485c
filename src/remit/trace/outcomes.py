"""Behind analyses of an endpoint under an estimand: who is asked, who of them reached it, and of whom it is known."""

from __future__ import annotations

from dataclasses import dataclass

from remit.schema.results import DECIDED
from remit.study.analyses.kinds import AdjustedComparison, Centres, Predictors
from remit.study.comparisons.indirect_kind import Indirect
from remit.study.comparisons.pooled import Ours
from remit.trace.counted import Definition
from remit.trace.endpoints import asked_by, estimated, handled
from remit.trace.people import Bits
from remit.trace.study_people import StudyPeople


@dataclass(frozen=True)
class Outcome:
    """`counted`: who counts as having reached it or not; `unknown`: of whom it is not known, whether they count or
    not."""

    population: Bits
    asked: Bits
    reached: Bits
    counted: Bits
    unknown: Bits
    definitions: tuple[Definition, ...]


OfEndpoint = Predictors | Centres | AdjustedComparison | Indirect | Ours


def outcome_of(of: StudyPeople, analysis: OfEndpoint, population: str | None) -> Outcome:
    visit, estimand = analysis.visit, analysis.estimand
    endpoint = analysis.judged if isinstance(analysis, Indirect) else of.study.endpoints[analysis.endpoint]
    members = of.population(population)
    if estimand == DECIDED:
        found, asked = handled(of, endpoint, visit, DECIDED), members
    else:
        found, asked = estimated(of, endpoint, visit, estimand), members & asked_by(of, endpoint, visit, estimand)
    reached, counted, unknown = (asked & each for each in (found.yes, found.of, found.missing))
    return Outcome(members, asked, reached, counted, unknown, found.definitions)
