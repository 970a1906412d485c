"""Published results pooled, with and without our own, and what the pooled estimate hangs on."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import polars as pl

from remit.estimate.pooling.entries import events_of, our_counts, our_events, our_outcome
from remit.estimate.proportions import proportion
from remit.inference.estimate import Estimate
from remit.inference.pooling.pool import COMMON as COMMON_EFFECT
from remit.inference.pooling.pool import Pooled, pool
from remit.inference.pooling.proportions import Events, logits
from remit.language.query import digest
from remit.schema.results import (
    COMMON,
    RANDOM,
    SURE_NUMBERS,
    WEIGHTS,
    WITHOUT_OURS,
    WITHOUT_STUDY,
    Denominator,
    Row,
    Statistic,
    guard,
    rows,
)
from remit.study.comparisons.pool_model import Model
from remit.study.comparisons.pooled import Ours, Pooling, Published
from remit.study.study import Study

_WEIGHED: Model = "inverse variance"  # the model that gives weights
_NOT_OURS = "nobody of ours is in the denominator"
_ONE = "one study is left, and one cannot be pooled"


def estimate_pooling(study: Study, pooling: Pooling, patients: pl.DataFrame) -> Iterator[Row]:
    yield from _published(pooling)
    ours = None
    if pooling.ours is not None:
        counts = our_counts(our_outcome(study, pooling.ours, patients))
        yield from _our_rows(study, pooling, pooling.ours, counts)
        ours = our_events(counts)
    yield from _Estimates(pooling, ours).rows()


# Each result alone


def _published(pooling: Pooling) -> Iterator[Row]:
    for each in pooling.studies:
        events = events_of(each)
        behind = Denominator(events.n, events.of, None, None)
        yield from rows(
            pooling.published(each), [*_noted(each, proportion(events.n, events.of)), *_on_scale(events)], behind, None
        )
    for out in pooling.left_out:
        nothing = Denominator(None, None, None, None)
        yield from rows(
            pooling.published(out.published), [Statistic("percent", None, "%", note=out.why)], nothing, None
        )


def _noted(published: Published, statistics: Sequence[Statistic]) -> list[Statistic]:
    """With what is less sure than K+."""
    unsure = [f"{number.text}{number.mark}" for number in published.unsure("proportion")]
    note = f"of these numbers {', '.join(unsure)}" if unsure else None
    return [replace(each, note=each.note or note) for each in statistics]


def _on_scale(events: Events) -> list[Statistic]:
    effect = logits([events])
    error = math.sqrt(effect.variances[0])
    return [Statistic("effect", effect.values[0], "log odds"), Statistic("standard_error", error, "log odds")]


def _our_rows(study: Study, pooling: Pooling, ours: Ours, counts: Denominator) -> Iterator[Row]:
    definition = digest(study.endpoints[ours.endpoint].queries[ours.visit])
    found = proportion(counts.numerator or 0, counts.denominator or 0)
    events = our_events(counts)
    yield from rows(pooling.our(ours), [*found, *(_on_scale(events) if events else ())], counts, definition)


# Together


@dataclass(frozen=True)
class _Estimates:
    """`ours`: None where it is not asked for, or nobody is in its denominator."""

    pooling: Pooling
    ours: Events | None

    def rows(self) -> Iterator[Row]:
        pooling, everybody = self.pooling, self._events(self.pooling.studies)
        yield from self._whole(None)
        yield from self._weights()
        if pooling.joins:
            yield from self._whole(WITHOUT_OURS)
        sure = [each for each in pooling.studies if not each.unsure(pooling.measure)]
        if len(sure) < len(pooling.studies):
            yield from self._of(self._main(self._events(sure)), SURE_NUMBERS)
        if pooling.leave_one_out:
            for one in self._main(everybody):
                yield from self._of([each for each in self._main(everybody) if each != one], WITHOUT_STUDY, one.name)

    @staticmethod
    def _events(studies: Sequence[Published]) -> list[Events]:
        return [events_of(each) for each in studies]

    def _main(self, published: Sequence[Events]) -> list[Events]:
        """With ours, if it joins."""
        ours = [self.ours] if self.pooling.joins and self.ours is not None else []
        return [*published, *ours]

    def _whole(self, group: str | None) -> Iterator[Row]:
        """By each model."""
        published = self._events(self.pooling.studies)
        studies = published if group == WITHOUT_OURS else self._main(published)
        for effects in (RANDOM, COMMON):
            yield from self._of(studies, group, effects=effects)

    def _of(
        self,
        studies: Sequence[Events],
        group: str | None = None,
        level: str | None = None,
        model: Model | None = None,
        effects: str = RANDOM,
    ) -> Iterator[Row]:
        at = self.pooling.pooled(group, level, model, effects)
        behind = Denominator(sum(each.n for each in studies), sum(each.of for each in studies), None, None)
        why = self._why_not(studies, group, level)
        said = [Statistic("percent", None, "%", note=why)] if why else self._statistics(studies, effects)
        yield from rows(at, [*said, *_size(studies)], behind, None)

    def _why_not(self, studies: Sequence[Events], group: str | None, level: str | None) -> str | None:
        if self.ours is None and self.pooling.with_ours(group, level):
            return _NOT_OURS
        return None if len(studies) > 1 else _ONE

    def _statistics(self, studies: Sequence[Events], effects: str) -> list[Statistic]:
        found = self._pooled(studies, effects)
        said = _given("percent", "", found.estimate)
        if effects == RANDOM:
            said += [*_ends("prediction_", found.prediction), *_heterogeneity(found), *_guards(found)]
        return said

    def _pooled(self, studies: Sequence[Events], effects: str) -> Pooled:
        asked = self.pooling
        if effects == COMMON:
            return pool(logits(studies), model=COMMON_EFFECT)
        return pool(logits(studies), estimator=asked.heterogeneity, interval=asked.interval)

    def _weights(self) -> Iterator[Row]:
        studies = self._main(self._events(self.pooling.studies))
        if self._why_not(studies, None, None):
            return
        nothing = Denominator(None, None, None, None)
        for study in self._pooled(studies, RANDOM).studies:
            at = self.pooling.pooled(WEIGHTS, study.name, _WEIGHED)
            yield from rows(at, [Statistic("weight", study.weight, "%")], nothing, None)


def _given(name: str, before: str, found: Estimate, times: float = 100, unit: str | None = "%") -> list[Statistic]:
    """An estimate with its interval."""
    value = None if found.value is None else times * found.value
    return [Statistic(name, value, unit, found.method, found.note), *_ends(before, found, times, unit)]


def _ends(before: str, found: Estimate, times: float = 100, unit: str | None = "%") -> list[Statistic]:
    return [
        Statistic(f"{before}{end}", None if value is None else times * value, unit, found.method, found.note)
        for end, value in (("lower", found.lower), ("upper", found.upper))
    ]


def _size(studies: Sequence[Events]) -> list[Statistic]:
    return [Statistic("studies", float(len(studies))), Statistic("total", float(sum(each.of for each in studies)))]


def _heterogeneity(found: Pooled) -> list[Statistic]:
    between = found.heterogeneity
    test = between.q
    return [
        *_given("tau2", "tau2_", between.tau2, 1, None),
        *_given("i2", "i2_", between.i2, 1, "%"),
        Statistic("q", test.statistic, method=test.method),
        Statistic("degrees_of_freedom", float(test.freedom)),
        Statistic("p", test.p, method=test.method),
    ]


def _guards(found: Pooled) -> list[Statistic]:
    return [Statistic(guard(each.name), None, note=each.told) for each in found.notes]
