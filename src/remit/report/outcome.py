"""An endpoint under the estimands of an analysis of sensitivity, as its results give it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from remit.report.arms import Group, groups_of
from remit.report.language import ENGLISH, Language
from remit.report.lookup import Lookup, Result
from remit.report.proportions import Proportion, proportion
from remit.report.wording import small, visit_label
from remit.schema.results import Address, handled
from remit.study.analyses.kinds import Sensitivity
from remit.study.study import Endpoint, Study


@dataclass(frozen=True)
class Outcome:
    """The endpoint of an analysis in a population."""

    study: Study
    analysis: Sensitivity
    population: str
    lookup: Lookup
    say: Language = ENGLISH

    @property
    def endpoint(self) -> Endpoint:
        return self.study.endpoints[self.analysis.endpoint]

    @property
    def label(self) -> str:
        return small(self.say.label(self.endpoint.label))

    @property
    def at_visit(self) -> str:
        return small(self.say.label(visit_label(self.study, self.analysis.visit)))

    @property
    def groups(self) -> list[Group]:
        return groups_of(self.study, self.analysis, self.population, self.lookup)

    def address(self, handling: str, group: Group) -> Address:
        asked = self.analysis
        at = Address(asked.name, self.population, visit=asked.visit, variable=asked.endpoint, handling=handling)
        return group.at(at)

    def share(self, estimand: str, missing: str, group: Group) -> Proportion:
        return proportion(self.lookup.at(self.address(handled(estimand, missing), group)))

    def completions(self, estimand: str, group: Group) -> dict[int, Proportion]:
        """By how many of the unknown reached it."""
        at = self.address(estimand, group)
        return {int(level): proportion(self.lookup.at(replace(at, level=level))) for level in self.lookup.levels(at)}

    def turning_point(self, estimand: str, group: Group) -> Result:
        return self.lookup.one(self.address(estimand, group), "turning_point")


def outcomes_of(study: Study, analysis: Sensitivity, lookup: Lookup, say: Language = ENGLISH) -> list[Outcome]:
    return [Outcome(study, analysis, population, lookup, say) for population in analysis.populations]
