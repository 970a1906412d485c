"""A pooled estimate, as it is asked: which published results, whether with our own, and how."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import get_args

from remit.schema.results import (
    FUNNEL,
    META_REGRESSION,
    OURS,
    RANDOM,
    SURE_NUMBERS,
    WEIGHTS,
    WITHOUT_STUDY,
    Address,
    modelled,
)
from remit.study.comparisons.kinds import EVIDENCE, Beside
from remit.study.comparisons.pool_model import Heterogeneity, IntervalMethod, Measure, Model, Property
from remit.study.evidence.evidence import ALL, Evidence, Outcome, PublishedResult, Reported

MODEL_NAMES: Mapping[Model, str] = {model: model.replace(" ", "_").replace("-", "_") for model in get_args(Model)}
HETEROGENEITY = "heterogeneity"  # the guard of a pooled estimate of results that differ much
WEEK, YEAR = "week", "year"  # moderators that are no characteristics


@dataclass(frozen=True)
class Published:
    """A published result of one arm. `label`: of the study, with its arm where several are pooled."""

    label: str
    evidence: Evidence
    outcome: Outcome
    arm: str

    @property
    def name(self) -> str:
        """As the level of results: trial: drug 45 mg."""
        return f"{self.evidence.id}: {self.arm}"

    @property
    def result(self) -> PublishedResult:
        return self.outcome.results[self.arm]

    @property
    def beside(self) -> Beside:
        """As it stands in a comparison."""
        return Beside(self.evidence, self.outcome, (self.arm,))

    @property
    def time(self) -> str | None:
        return None if self.outcome.week is None else f"week {self.outcome.week}"

    def numbers(self, measure: Measure) -> tuple[Reported | None, ...]:
        """Those that are pooled."""
        found = self.result
        match measure:
            case "proportion":
                return found.n, found.of
            case "rate":
                return found.events, found.person_years
            case "mean":
                return found.mean, found.sd, found.of

    def unsure(self, measure: Measure) -> tuple[Reported, ...]:
        """The numbers that are pooled, and are less sure than K+."""
        return tuple(number for number in self.numbers(measure) if number is not None and not number.sure)

    def by(self, asked: Property, measure: Measure) -> str:
        """What the study is, by which studies are pooled apart."""
        evidence, outcome = self.evidence, self.outcome
        match asked:
            case "design":
                return evidence.design
            case "kind":
                return evidence.kind
            case "line":
                return evidence.line or "not stated"
            case "definition":
                return outcome.definition.name or outcome.definition.words
            case "handling":
                return outcome.handling
            case "disease":
                return evidence.disease
            case "setting":
                return evidence.setting or "not stated"
            case "certainty":
                return "below K+" if self.unsure(measure) else "K+ or surer"

    def moderator(self, name: str) -> Fraction | None:
        """What the result may hang on: its week, the year of its publication, a characteristic; None: not told."""
        if name == WEEK:
            return None if self.outcome.week is None else Fraction(self.outcome.week)
        if name == YEAR:
            return self._year
        characteristic = self.evidence.baseline.get(name)
        if characteristic is None:
            return None
        found = characteristic.of.get(self.arm) or characteristic.of.get(ALL)
        number = (found.percent or found.mean or found.median) if found else None
        return number.value if number else None

    @property
    def _year(self) -> Fraction | None:
        """The only one of its citation."""
        years = set(re.findall(r"\b(?:19|20)[0-9]{2}\b", self.evidence.citation.text))
        return Fraction(years.pop()) if len(years) == 1 else None


@dataclass(frozen=True)
class LeftOut:
    """A result that was asked for and is not pooled, and why."""

    published: Published
    why: str


@dataclass(frozen=True)
class Ours:
    """Our own result: the endpoint at the visit, in a population, under an estimand."""

    endpoint: str
    visit: str
    population: str
    estimand: str


@dataclass(frozen=True)
class Pooling:
    """`ours`: our result, which stands beside the others; `joins`: whether it is pooled with them. `populations`: that
    of ours. `comparison`: the one that it is a part of. `week`: of our visit."""

    name: str
    title: str
    populations: tuple[str, ...]
    comparison: str
    measure: Measure
    studies: tuple[Published, ...]
    left_out: tuple[LeftOut, ...]
    ours: Ours | None
    joins: bool
    model: Model
    heterogeneity: Heterogeneity
    interval: IntervalMethod
    leave_one_out: bool = False
    subgroups: tuple[Property, ...] = ()
    moderators: tuple[str, ...] = ()
    arms: None = None

    @property
    def every(self) -> tuple[Published, ...]:
        """Those that are pooled, and those that are left out."""
        return *self.studies, *(each.published for each in self.left_out)

    # Addresses of results

    def published(self, study: Published) -> Address:
        return Address(
            self.name,
            group=EVIDENCE,
            group_level=study.name,
            time=study.time,
            variable=study.outcome.name,
        )

    def of_ours(self, ours: Ours) -> Address:
        return Address(self.name, ours.population, visit=ours.visit, variable=ours.endpoint, handling=ours.estimand)

    def pooled(
        self, group: str | None = None, level: str | None = None, model: Model | None = None, effects: str = RANDOM
    ) -> Address:
        """Of all that is asked for, or of a part of it; by the model that is asked for, or another. With ours it is of
        our population, too."""
        handling = modelled(MODEL_NAMES[model or self.model], effects)
        population = self.populations[0] if self.with_ours(group, level) else None
        return Address(self.name, population, group, level, variable=self.measure, handling=handling)

    def on(self, moderator: str) -> Address:
        """Of published results alone: by what ours moves with others is not known."""
        return Address(self.name, variable=self.measure, level=moderator, handling=META_REGRESSION)

    @property
    def funnel(self) -> Address:
        population = self.populations[0] if self.joins else None
        return Address(self.name, population, variable=self.measure, handling=FUNNEL)

    @property
    def models(self) -> tuple[Model, ...]:
        """The one that is asked for, and those that are told beside it."""
        if self.measure == "mean":
            return (self.model,)
        return tuple(dict.fromkeys((self.model, "glmm", "inverse variance")))

    def with_ours(self, group: str | None, level: str | None) -> bool:
        """Whether ours is among those that are pooled there; by what studies are pooled apart is not known of ours."""
        if group == WITHOUT_STUDY:
            return self.joins and level != OURS
        return self.joins and group in (None, SURE_NUMBERS, WEIGHTS)
