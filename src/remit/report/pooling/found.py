"""What was pooled, and what came out: what the section's tables, figures and sentences show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from remit.report.document import Number, Words, words
from remit.report.language import ENGLISH, Language
from remit.report.lookup import Lookup, Result, Statistics
from remit.report.numbers import SPACE, count, decimal, percent
from remit.report.proportions import Proportion, proportion
from remit.report.wording import small, visit_label
from remit.schema.results import OURS, RANDOM, WEIGHTS
from remit.study.comparisons.pool_model import Measure, Model, Property
from remit.study.comparisons.pooled import Pooling, Published
from remit.study.study import Study

THIS_STUDY = "This study"
MAIN: Mapping[Measure, str] = {"proportion": "percent", "rate": "rate", "mean": "mean"}
HEADS: Mapping[Measure, str] = {"proportion": "%", "rate": "Per 100 patient-years", "mean": "Mean"}
MODELS: Mapping[Model, str] = {
    "glmm": "mixed model",
    "inverse variance": "inverse variance",
    "freeman-tukey": "Freeman-Tukey",
}
PROPERTIES: Mapping[Property, str] = {
    "design": "design",
    "kind": "kind of study",
    "line": "line of therapy",
    "definition": "definition",
    "handling": "handling of missing data",
    "disease": "disease",
    "setting": "setting",
    "certainty": "how sure the numbers are",
}


@dataclass(frozen=True)
class Found:
    """A pool with its results."""

    study: Study
    pooling: Pooling
    lookup: Lookup
    say: Language = ENGLISH

    @property
    def main(self) -> str:
        """The statistic that is pooled."""
        return MAIN[self.pooling.measure]

    # Each result alone

    @property
    def ours(self) -> Proportion | None:
        """Our own result; None where it is not asked for, or nobody is in its denominator."""
        if self.pooling.ours is None:
            return None
        found = proportion(self.lookup.at(self.pooling.of_ours(self.pooling.ours)))
        return found if found.known else None

    @property
    def our_label(self) -> str:
        """clinical remission at week 12"""
        asked = self.pooling.ours
        if asked is None:
            return ""
        label = small(self.say.label(self.study.endpoints[asked.endpoint].label))
        at = small(self.say.label(visit_label(self.study, asked.visit)))
        return self.say.text("{endpoint} at {visit}", endpoint=label, visit=at)

    def alone(self, published: Published) -> Statistics:
        return self.lookup.at(self.pooling.published(published))

    def counts(self, published: Published) -> Words:
        """12/17; 3 in 25.5 patient-years; 30; with the marks of what is less sure than K+"""
        found = self.alone(published)
        marks = "".join(dict.fromkeys(number.mark for number in published.unsure(self.pooling.measure)))
        match self.pooling.measure:
            case "proportion":
                n = found["n"]
                return words(count(n), "/", count(n, "denominator"), marks)
            case "rate":
                return words(count(found["events"]), "/", decimal(found["patient_years"], 1), marks)
            case "mean":
                return words(count(found["n"]), marks)

    def weight(self, name: str) -> Result | None:
        """Of the pooled estimate, how much rests on a study; None where it was not pooled."""
        at = self.pooling.pooled(WEIGHTS, name, "inverse variance")
        return self.lookup.one(at, "weight") if self.lookup.has(at) else None

    @property
    def our_weight(self) -> Result | None:
        return self.weight(OURS) if self.pooling.joins else None

    # Pooled

    def pooled(
        self, group: str | None = None, level: str | None = None, model: Model | None = None, effects: str = RANDOM
    ) -> Statistics:
        return self.lookup.at(self.pooling.pooled(group, level, model, effects))

    def has(self, group: str) -> bool:
        return self.lookup.has(self.pooling.pooled(group))

    def is_given(self, found: Statistics) -> bool:
        return found[self.main].value is not None

    # As they are printed

    def number(self, result: Result) -> Number:
        """57.8, without a unit"""
        return percent(result) if self.pooling.measure == "proportion" else decimal(result, 1)

    def with_unit(self, said: Words) -> Words:
        match self.pooling.measure:
            case "proportion":
                return words(said, f"{SPACE}%")
            case "rate":
                return words(said, self.say(" per 100 patient-years"))
            case "mean":
                return said

    def ends(self, found: Statistics, between: str, before: str = "") -> Words:
        """39.6–63.4; of an end that does not exist —"""
        low, high = found[f"{before}lower"], found[f"{before}upper"]
        return words(self.number(low), between, self.number(high))

    def total(self, found: Statistics) -> Words:
        """139/257; 5/120.5; 300"""
        match self.pooling.measure:
            case "proportion":
                return words(count(found[self.main], "numerator"), "/", count(found[self.main], "denominator"))
            case "rate":
                return words(count(found[self.main], "numerator"), "/", decimal(found["patient_years"], 1))
            case "mean":
                return words(count(found["total"]))


def label_of(published: Published) -> str:
    """Friedberg 2023, week 8"""
    return f"{published.label}, {published.time}" if published.time else published.label
