"""Endpoints at a visit in a population: what one table, one panel, one paragraph shows."""

from __future__ import annotations

from dataclasses import dataclass, replace

from remit.report.addresses import size
from remit.report.document import Words
from remit.report.language import ENGLISH, Language
from remit.report.lookup import Lookup
from remit.report.proportions import Proportion, proportion
from remit.report.wording import among, small
from remit.schema.results import COMPLETE, DECIDED, REQUIRED, Address
from remit.study.analyses.kinds import Endpoints
from remit.study.study import Endpoint, Population, Study, Visit


@dataclass(frozen=True)
class Place:
    study: Study
    analysis: Endpoints
    visit: Visit
    population: Population
    lookup: Lookup
    arm: str | None = None
    say: Language = ENGLISH

    def of(self, arm: str | None) -> Place:
        """The same in one arm; None: in total."""
        return replace(self, arm=arm)

    @property
    def endpoints(self) -> list[Endpoint]:
        endpoints = (self.study.endpoints[name] for name in self.analysis.endpoints)
        return [endpoint for endpoint in endpoints if self.visit.name in endpoint.at]

    @property
    def name(self) -> str:
        return f"{self.analysis.name}-{self.visit.name}-{self.population.name}"

    @property
    def at_visit(self) -> str:
        """week 12"""
        return small(self.say.label(self.visit.label))

    @property
    def among(self) -> str:
        """among eligible patients"""
        return among(self.population, self.say)

    @property
    def size(self) -> Words:
        """(N = 64)"""
        return size(self.study, self.lookup, self.population.name, self.analysis.arms, self.arm)

    def is_primary(self, endpoint: Endpoint) -> bool:
        """Whether this is the primary endpoint, at its visit and in its population."""
        primary = self.study.primary
        here = (endpoint.name, self.visit.name, self.population.name)
        return primary is not None and here == (primary.endpoint, primary.visit, primary.population)

    def address(self, endpoint: Endpoint) -> Address:
        at = Address(self.analysis.name, self.population.name, visit=self.visit.name, variable=endpoint.name)
        return at.in_arm(self.arm)

    def share(
        self, endpoint: Endpoint, handling: str, group: str | None = None, level: str | None = None
    ) -> Proportion:
        """Those who reached it, over the denominator or under the estimand that `handling` names."""
        at = replace(self.address(endpoint), handling=handling)
        return proportion(self.lookup.at(at if group is None else replace(at, group=group, group_level=level)))

    def assessed(self, endpoint: Endpoint) -> Assessed:
        return Assessed(self.share(endpoint, DECIDED), self.share(endpoint, COMPLETE))


@dataclass(frozen=True)
class Assessed:
    """In how many an endpoint is decided, and in how many it is so with every part known."""

    decided: Proportion
    complete: Proportion

    @property
    def in_nobody(self) -> bool:
        return not self.decided.known

    @property
    def could_be_reached(self) -> bool:
        """Where nobody has every part known, a definition with several parts can only fail."""
        return self.complete.known

    @property
    def biased_low(self) -> bool:
        return self.complete.of < self.decided.of


def places_of(study: Study, analysis: Endpoints, lookup: Lookup, say: Language = ENGLISH) -> list[Place]:
    """Each visit with each population that endpoints are shown for."""
    found = [
        Place(study, analysis, visit, study.populations[population], lookup, say=say)
        for visit in study.visits
        for population in analysis.populations.get(visit.name, ())
    ]
    return [place for place in found if place.endpoints]


def all_places(study: Study, lookup: Lookup, say: Language = ENGLISH) -> list[Place]:
    analyses = [analysis for analysis in study.analyses if isinstance(analysis, Endpoints)]
    return [place for analysis in analyses for place in places_of(study, analysis, lookup, say)]


def primary_place(study: Study, lookup: Lookup, say: Language = ENGLISH) -> tuple[Place, Endpoint] | None:
    """Where the primary endpoint is shown: in the first analysis that has it."""
    for place in all_places(study, lookup, say):
        for endpoint in place.endpoints:
            if place.is_primary(endpoint):
                return place, endpoint
    return None


def main_handling(study: Study) -> str:
    """Under what sentences speak: the primary's estimand, else the first, else over those decided."""
    if study.primary:
        return study.primary.estimand
    return next(iter(study.estimands), DECIDED)


def handlings(study: Study, endpoints: list[Endpoint]) -> list[str]:
    """The denominators and estimands that any of these endpoints has."""
    required = [REQUIRED] if any(endpoint.requires for endpoint in endpoints) else []
    return [DECIDED, COMPLETE, *required, *study.estimands]
