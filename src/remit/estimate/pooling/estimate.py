"""Published results pooled, with and without our own, and what the pooled estimate hangs on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from remit.estimate.pooling.differences import by_property, by_size, on_moderator
from remit.estimate.pooling.models import Pooler
from remit.estimate.pooling.numbers import NOBODY, Numbers, counted, numbers_of, our_counts, our_numbers
from remit.estimate.pooling.statistics import (
    alone,
    estimate,
    guards,
    heterogeneity,
    not_given,
    on_scale,
    prediction,
    sizes,
)
from remit.inference.pooling.pool import CannotPool
from remit.inference.pooling.proportions import Events
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
from remit.study.comparisons.pooled import HETEROGENEITY, Ours, Pooling, Published
from remit.study.study import Study

_WEIGHED: Model = "inverse variance"  # the model that gives weights
_NOT_OURS = "nobody of ours is in the denominator"
_DIFFER = 50.0  # percent of I² from which it is said that the studies differ: from moderate to substantial
_HETEROGENEOUS = (
    "The studies differ by much more than chance: no one number is true of all of them, and the prediction interval "
    "says more than the average."
)


def estimate_pooling(study: Study, pooling: Pooling, patients: pl.DataFrame) -> Iterator[Row]:
    yield from _published(pooling)
    ours = None
    if pooling.ours is not None:
        counts = our_counts(study, pooling.ours, patients)
        ours = our_numbers(counts)
        yield from _our_rows(study, pooling, pooling.ours, counts)
    yield from _Estimates(pooling, ours).rows()


# Each result alone


def _published(pooling: Pooling) -> Iterator[Row]:
    pooler = Pooler(pooling)
    for each in pooling.studies:
        numbers = numbers_of(each, pooling.measure)
        said = [*_noted(each, alone(numbers), pooling), *on_scale(pooler.effects([numbers], _WEIGHED))]
        yield from rows(pooling.published(each), said, counted([numbers]), None)
    for out in pooling.left_out:
        yield from rows(pooling.published(out.published), [not_given(pooling.measure, out.why)], NOBODY, None)


def _noted(published: Published, statistics: Sequence[Statistic], pooling: Pooling) -> list[Statistic]:
    """With what is less sure than K+."""
    unsure = [f"{number.text}{number.mark}" for number in published.unsure(pooling.measure)]
    note = f"less sure than K+: {', '.join(unsure)}" if unsure else None
    return [replace(each, note=each.note or note) for each in statistics]


def _our_rows(study: Study, pooling: Pooling, ours: Ours, counts: Denominator) -> Iterator[Row]:
    definition = digest(study.endpoints[ours.endpoint].queries[ours.visit])
    numbers = our_numbers(counts)
    scale = on_scale(Pooler(pooling).effects([numbers], _WEIGHED)) if numbers else []
    from remit.estimate.proportions import proportion

    found = proportion(counts.numerator or 0, counts.denominator or 0)
    yield from rows(pooling.of_ours(ours), [*found, *scale], counts, definition)


# Together


@dataclass(frozen=True)
class _Estimates:
    """`ours`: None where it is not asked for, or nobody is in its denominator."""

    pooling: Pooling
    ours: Events | None

    @property
    def pooler(self) -> Pooler:
        return Pooler(self.pooling)

    @property
    def everybody(self) -> Mapping[str, Numbers]:
        """Each published result that is pooled, by its name."""
        return {each.name: numbers_of(each, self.pooling.measure) for each in self.pooling.studies}

    def rows(self) -> Iterator[Row]:
        pooling, published = self.pooling, [*self.everybody.values()]
        studies = self._main(published)
        yield from self._by_each_model(studies, None)
        yield from self._weights(studies)
        if pooling.joins:
            yield from self._by_each_model(published, WITHOUT_OURS)
        sure = [self.everybody[each.name] for each in pooling.studies if not each.unsure(pooling.measure)]
        if len(sure) < len(published):
            yield from self._of(self._main(sure), SURE_NUMBERS)
        if pooling.leave_one_out:
            for one in studies:
                yield from self._of([each for each in studies if each != one], WITHOUT_STUDY, one.name)
        for asked in pooling.subgroups:
            yield from by_property(pooling, asked, self.everybody)
        for moderator in pooling.moderators:
            yield from on_moderator(pooling, moderator, self.everybody)
        if self._why_not(None, None) is None:
            yield from by_size(pooling, studies)

    def _main(self, published: Sequence[Numbers]) -> list[Numbers]:
        """With ours, if it joins."""
        ours = [self.ours] if self.pooling.joins and self.ours is not None else []
        return [*published, *ours]

    def _by_each_model(self, studies: Sequence[Numbers], group: str | None) -> Iterator[Row]:
        for model in self.pooling.models:
            for effects in (RANDOM, COMMON):
                yield from self._of(studies, group, model=model, effects=effects)

    def _of(
        self,
        studies: Sequence[Numbers],
        group: str | None = None,
        level: str | None = None,
        model: Model | None = None,
        effects: str = RANDOM,
    ) -> Iterator[Row]:
        at, measure = self.pooling.pooled(group, level, model, effects), self.pooling.measure
        why = self._why_not(group, level)
        try:
            if why is not None:
                raise CannotPool(why)
            said = self._random(studies, model) if effects == RANDOM else self._common(studies, model)
        except (CannotPool, ArithmeticError) as error:
            said = [not_given(measure, str(error))]
        yield from rows(at, [*said, *sizes(studies)], counted(studies), None)

    def _why_not(self, group: str | None, level: str | None) -> str | None:
        return _NOT_OURS if self.ours is None and self.pooling.with_ours(group, level) else None

    def _random(self, studies: Sequence[Numbers], model: Model | None) -> list[Statistic]:
        found, measure = self.pooler.random(studies, model), self.pooling.measure
        differ = (found.heterogeneity.i2.value or 0) >= _DIFFER
        warned = [Statistic(guard(HETEROGENEITY), None, note=_HETEROGENEOUS)] if differ else []
        return [
            *estimate(found.estimate, measure),
            *prediction(found.prediction, measure),
            *heterogeneity(found),
            *guards(found.notes),
            *warned,
        ]

    def _common(self, studies: Sequence[Numbers], model: Model | None) -> list[Statistic]:
        return estimate(self.pooler.common(studies, model), self.pooling.measure)

    def _weights(self, studies: Sequence[Numbers]) -> Iterator[Row]:
        """How much each counts where studies are weighted by the inverse of their variance."""
        if self._why_not(None, None) is not None:
            return
        try:
            found = self.pooler.random(studies, _WEIGHED).studies
        except (CannotPool, ArithmeticError):
            return  # the estimate itself says why
        for study in found:
            at = self.pooling.pooled(WEIGHTS, study.name, _WEIGHED)
            yield from rows(at, [Statistic("weight", study.weight, "%")], NOBODY, None)
