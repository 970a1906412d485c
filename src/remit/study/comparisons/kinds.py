"""A comparison, as it is asked: one of our endpoints beside what other studies published, and by their definitions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from remit.schema.results import Address
from remit.study.endpoint import Endpoint
from remit.study.evidence.evidence import Evidence, Outcome, PublishedResult

EVIDENCE = "evidence"  # the group of published numbers, and of what is compared with them
AGAINST, RULE_AGAINST_OURS = "ours - published", "rule - ours"
RULE_ONLY, OWN_ONLY = "rule_only", "own_only"  # how many are yes by one definition alone


@dataclass(frozen=True)
class Beside:
    """A published outcome that stands beside ours, of some arms of its study."""

    evidence: Evidence
    outcome: Outcome
    arms: tuple[str, ...]

    @property
    def name(self) -> str:
        """As a study file calls it: u-exceed.remission_week12."""
        return f"{self.evidence.id}.{self.outcome.name}"

    @property
    def results(self) -> Iterator[PublishedResult]:
        """Those of its arms."""
        return (self.outcome.results[arm] for arm in self.arms)

    @property
    def content(self) -> tuple[object, ...]:
        """All that stands beside ours because of it: what a plan holds fast."""
        return tuple(self.content_of(arm) for arm in self.arms)

    def content_of(self, arm: str) -> tuple[object, ...]:
        """What is published of an arm, of whom, by which definition, and where."""
        evidence, outcome = self.evidence, self.outcome
        study = (evidence.id, evidence.design, evidence.population, evidence.line, evidence.citation, evidence.source)
        judged = (outcome.name, outcome.week, outcome.definition.words, outcome.definition.name, outcome.among)
        return study, judged, outcome.handling, evidence.arms.get(arm), outcome.results[arm]


@dataclass(frozen=True)
class Rule:
    """A definition by which our patients are judged beside our own. `of`: the published outcomes that are judged so.
    `endpoint`: at the visit of the comparison; None where it cannot be computed, and `why_not` says why. The endpoint
    is our own where both definitions mean the same."""

    name: str
    label: str
    of: tuple[str, ...]
    endpoint: Endpoint | None
    why_not: str | None = None


@dataclass(frozen=True)
class Comparison:
    """An endpoint of ours at a visit under an estimand (or "decided": where it is known), beside published results. It
    is given in total: `arms` is None. `benchmark`: whether ours is tested against each stated percentage."""

    name: str
    title: str
    populations: tuple[str, ...]
    endpoint: str
    visit: str
    estimand: str
    beside: tuple[Beside, ...]
    rules: tuple[Rule, ...] = ()
    benchmark: bool = False
    arms: None = None

    @property
    def judged(self) -> Iterator[tuple[Rule, Endpoint]]:
        """The rules that are computed, and are not our own definition."""
        for rule in self.rules:
            if rule.endpoint is not None and rule.endpoint.name != self.endpoint:
                yield rule, rule.endpoint

    def rule_of(self, beside: Beside) -> Rule | None:
        """By which the published outcome is judged, where that can be written in the study language."""
        return next((rule for rule in self.rules if beside.name in rule.of), None)

    # Addresses of results

    def ours(self, population: str, handling: str) -> Address:
        return Address(self.name, population, visit=self.visit, variable=self.endpoint, handling=handling)

    def by_rule(self, rule: str, population: str, handling: str) -> Address:
        """Our patients by another definition."""
        return Address(self.name, population, visit=self.visit, variable=rule, handling=handling)

    def rule_against_ours(self, rule: str, population: str, handling: str) -> Address:
        """What the other definition changes, in the same patients."""
        return Address(
            self.name,
            population,
            visit=self.visit,
            variable=rule,
            contrast=RULE_AGAINST_OURS,
            handling=handling,
        )

    def published(self, beside: Beside, arm: str) -> Address:
        return Address(
            self.name,
            group=EVIDENCE,
            group_level=f"{beside.evidence.id}: {arm}",
            time=None if beside.outcome.week is None else f"week {beside.outcome.week}",
            variable=beside.outcome.name,
        )

    def against(self, beside: Beside, arm: str, population: str) -> Address:
        """Our endpoint against a published result."""
        return Address(
            self.name,
            population,
            group=EVIDENCE,
            group_level=f"{beside.evidence.id}: {arm}",
            visit=self.visit,
            time=None if beside.outcome.week is None else f"week {beside.outcome.week}",
            variable=beside.outcome.name,
            contrast=AGAINST,
            handling=self.estimand,
        )
