"""What was pooled, and what came out: what the section's tables, figures and sentences show."""

from __future__ import annotations

from dataclasses import dataclass

from remit.report.document import Words, words
from remit.report.language import ENGLISH, Language
from remit.report.lookup import Lookup, Result, Statistics
from remit.report.numbers import SPACE, percent
from remit.report.proportions import Proportion, proportion
from remit.report.wording import small, visit_label
from remit.schema.results import RANDOM
from remit.study.comparisons.pooled import Pooling, Published
from remit.study.study import Study

THIS_STUDY = "This study"


@dataclass(frozen=True)
class Found:
    """A pool with its results."""

    study: Study
    pooling: Pooling
    lookup: Lookup
    say: Language = ENGLISH

    @property
    def ours(self) -> Proportion | None:
        """Our own result; None where it is not asked for, or nobody is in its denominator."""
        if self.pooling.ours is None:
            return None
        found = proportion(self.lookup.at(self.pooling.our(self.pooling.ours)))
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

    def pooled(self, group: str | None = None, level: str | None = None, effects: str = RANDOM) -> Statistics:
        return self.lookup.at(self.pooling.pooled(group, level, effects=effects))

    def has(self, group: str) -> bool:
        return self.lookup.has(self.pooling.pooled(group))


def label_of(published: Published) -> str:
    """Friedberg 2023, week 8"""
    return f"{published.label}, {published.time}" if published.time else published.label


def is_given(found: Statistics) -> bool:
    return found["percent"].value is not None


def ends(low: Result, high: Result, between: str) -> Words:
    """39.6–63.4"""
    return words(percent(low), between, percent(high))


def percent_words(found: Statistics, name: str = "percent") -> Words:
    return words(percent(found[name]), f"{SPACE}%")
