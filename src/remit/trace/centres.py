"""Behind the centres: who reached the endpoint in each, and without each of them."""

from __future__ import annotations

from remit.schema.records import CENTRE as COLUMN
from remit.schema.results import CENTRE, WITHOUT_CENTRE, Address
from remit.study.analyses.kinds import Centres
from remit.trace.counted import Counted, counted
from remit.trace.outcomes import outcome_of
from remit.trace.study_people import StudyPeople


def behind_centres(of: StudyPeople, analysis: Centres, at: Address) -> Counted:
    outcome = outcome_of(of, analysis, at.population)
    found = counted(outcome.population, outcome.counted, outcome.reached, *outcome.definitions, missing=outcome.unknown)
    if at.group == CENTRE:
        return found.within(of.people.having(COLUMN, at.group_level))
    if at.group == WITHOUT_CENTRE:
        return found.within(of.people.everybody & ~of.people.having(COLUMN, at.group_level))
    return found
