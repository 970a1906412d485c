"""Where the results stand that are not found by a name of the study file alone."""

from __future__ import annotations

from remit.report.document import Words, words
from remit.report.lookup import Lookup
from remit.report.numbers import SPACE, count
from remit.schema.cohort import ELIGIBLE
from remit.schema.results import Address
from remit.study.analyses.kinds import Arms
from remit.study.study import Study

FLOW = "flow"
SCREENED = Address(FLOW, variable="screened")
UNDECIDABLE = Address(FLOW, variable="undecidable")
INCLUDED = Address(FLOW, variable=ELIGIBLE)

# Of events:
ANY, ALL_PERIODS, UNKNOWN = "any", "all", "unknown"
TERM, SPECIAL_INTEREST = "term", "special_interest"
EVENTS, PATIENTS = "events", "patients"


def excluded(criterion: str) -> Address:
    return Address(FLOW, variable="excluded", level=criterion)


def belonging(study: Study, population: str) -> Address:
    """Who belongs to a population."""
    of = study.populations[population].of
    return INCLUDED if of is None else Address(FLOW, of, variable="population", level=population)


def in_arm(arms: Arms, population: str, arm: str) -> Address:
    """Who of a population is in an arm."""
    return Address(FLOW, population, variable=f"{arms.kind}_arm", level=arm)


def size(study: Study, lookup: Lookup, population: str, arms: Arms | None = None, arm: str | None = None) -> Words:
    """(N = 64), of a population or of one arm of it."""
    address = belonging(study, population) if arms is None or arm is None else in_arm(arms, population, arm)
    return words(f"(N{SPACE}={SPACE}", count(lookup.one(address, "n")), ")")
