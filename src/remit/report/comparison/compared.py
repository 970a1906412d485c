"""Our result and each published one that stands beside it: what the section's table, figure and sentences show."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from remit.language.describe import describe
from remit.language.query import digest
from remit.report.comparison.differences import Difference, Facts, Told, differences, weeks
from remit.report.effectiveness import said_of_events
from remit.report.language import ENGLISH, Language
from remit.report.lookup import Lookup, Statistics
from remit.report.proportions import Proportion, proportion
from remit.report.wording import among, small, visit_label
from remit.study.comparisons.kinds import Beside, Comparison
from remit.study.endpoint import Endpoint
from remit.study.evidence.evidence import NOT_STATED, Evidence, Kind, MissingHandling, Outcome, PublishedResult
from remit.study.study import Study
from remit.study.written import Strategy

_EVENTS: Mapping[Strategy, str] = {
    "composite": "{} counts as “no”",
    "hypothetical": "as if there had been no {}",
    "while on treatment": "as last seen before {}",
    "principal stratum": "patients without {}",
}
_HANDLED: Mapping[MissingHandling, str] = {"non-response": "non-response", "observed only": "left out"}
KINDS: Mapping[Kind, str] = {"trial": "trials", "cohort": "cohorts", "review": "reviews"}


@dataclass(frozen=True)
class Published:
    """One arm of a published outcome, with its results: the published numbers are results of the run, too. `rule`: the
    fingerprint of its definition, where it can be computed in this study. `measures`: the instruments that its words
    name. `one_of_several`: another outcome of the same study stands beside it."""

    beside: Beside
    result: PublishedResult
    statistics: Statistics
    rule: str | None
    measures: frozenset[str]
    one_of_several: bool = False

    @property
    def evidence(self) -> Evidence:
        return self.beside.evidence

    @property
    def outcome(self) -> Outcome:
        return self.beside.outcome

    @property
    def arm(self) -> str:
        return self.result.arm

    @property
    def title(self) -> str:
        """U-EXCEED; with the outcome where the study has several here"""
        return f"{self.evidence.title}, {small(self.outcome.label)}" if self.one_of_several else self.evidence.title

    @property
    def label(self) -> str:
        """TRIAL, drug 45 mg; without the arm where there is only one"""
        return f"{self.title}, {self.arm}" if len(self.evidence.arms) > 1 else self.title

    @property
    def facts(self) -> Facts:
        evidence, outcome = self.evidence, self.outcome
        arm = evidence.arms.get(self.arm)
        of = evidence.patients if outcome.among is None else f"{evidence.patients}; {outcome.among}"
        definition = Told(outcome.definition.words, self.rule, self.measures) if outcome.definition.stated else None
        return Facts(
            design=Told(evidence.design, evidence.kind),
            population=Told(of),
            line=_told(evidence.line),
            drug=_told(arm.drug if arm else None),
            dose=_told(arm.dose if arm else None),
            definition=definition,
            week=None if outcome.week is None else weeks(outcome.week),
            missing=None if outcome.handling == NOT_STATED else Told(outcome.missing, outcome.handling),
        )


def _told(words: str | None) -> Told | None:
    return None if words is None else Told(words)


@dataclass(frozen=True)
class Compared:
    """A comparison in a population."""

    study: Study
    analysis: Comparison
    population: str
    lookup: Lookup
    say: Language = ENGLISH

    # Ours

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
    def among(self) -> str:
        return among(self.study.populations[self.population], self.say)

    @property
    def under(self) -> str:
        """under the estimand “as published”; empty of those in whom it is known"""
        estimand = self.study.estimands.get(self.analysis.estimand)
        if estimand is None:
            return self.say.text("of those in whom it is known")
        return self.say.text("under the estimand “{estimand}”", estimand=self.say.label(estimand.label))

    @cached_property
    def ours(self) -> Proportion:
        return proportion(self.lookup.at(self.analysis.ours(self.population, self.analysis.estimand)))

    @cached_property
    def facts(self) -> Facts:
        study, asked, identity = self.study, self.analysis, self.study.identity
        query = self.endpoint.queries[asked.visit]
        said = describe(query, study.scope, asked.visit)
        day = next(visit.day for visit in study.visits if visit.name == asked.visit)
        whom = study.populations[self.population].label
        return Facts(
            design=self._design,
            population=Told(f"{identity.disease}; {small(whom)}" if identity.disease else whom),
            line=_told(identity.line),
            drug=_told(identity.drug),
            dose=_told(identity.dose),
            definition=Told(said, digest(query), self._measures(said)),
            week=weeks(day // 7) if day % 7 == 0 else Told(f"day {day}"),
            missing=self._missing,
        )

    @property
    def _design(self) -> Told:
        if any(arms.randomised for arms in self.study.arms.values()):
            return Told("randomised trial", "trial")
        return Told("cohort", "cohort")

    @property
    def _missing(self) -> Told:
        estimand = self.study.estimands.get(self.analysis.estimand)
        if estimand is None:
            return Told(_HANDLED["observed only"], "observed only")
        events = said_of_events(self.study, estimand, _EVENTS)
        return Told("; ".join([_HANDLED["non-response"], *events]), "non-response")

    # Theirs

    @cached_property
    def published(self) -> tuple[Published, ...]:
        """In the order of the study file."""
        return tuple(self._one(beside, result) for beside in self.analysis.beside for result in beside.results)

    def _one(self, beside: Beside, result: PublishedResult) -> Published:
        rule = self.analysis.rule_of(beside)
        query = rule.endpoint.queries.get(self.analysis.visit) if rule and rule.endpoint else None
        return Published(
            beside,
            result,
            self.lookup.at(self.analysis.published(beside, result.arm)),
            None if query is None else digest(query),
            self._measures(beside.outcome.definition.words),
            sum(each.evidence.id == beside.evidence.id for each in self.analysis.beside) > 1,
        )

    def _measures(self, text: str) -> frozenset[str]:
        """The instruments of the packs that a text names: by their short name, or by their title."""
        known = self.study.packs.instruments.values()
        return frozenset(each.name for each in known if any(_names(text, name) for name in (each.name, each.title)))

    def name(self, theirs: Published) -> str:
        """What a sentence calls it: names stay as they are in other languages, unless the study translates them."""
        return self.say.labels.get(theirs.label, theirs.label)

    def differences(self, theirs: Published) -> tuple[Difference, ...]:
        return differences(theirs.facts, self.facts)

    def of_kind(self, kind: Kind) -> list[Published]:
        return [each for each in self.published if each.evidence.kind == kind]


def _names(text: str, name: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text, re.IGNORECASE) is not None


def compared_of(study: Study, analysis: Comparison, lookup: Lookup, say: Language = ENGLISH) -> list[Compared]:
    """One a population."""
    return [Compared(study, analysis, population, lookup, say) for population in analysis.populations]
