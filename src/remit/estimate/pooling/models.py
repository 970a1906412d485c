"""Numbers of studies → a pooled estimate, by the model that is asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

from remit.estimate.pooling.numbers import Numbers
from remit.inference.estimate import Estimate
from remit.inference.pooling.effects import Effects
from remit.inference.pooling.means import Mean, raw_means
from remit.inference.pooling.mixed import STUDENT, mixed_proportions, mixed_rates
from remit.inference.pooling.pool import (
    COMMON,
    HARTUNG_KNAPP,
    NEVER_NARROWER,
    NORMAL,
    CannotPool,
    Pooled,
    need_two,
    pool,
)
from remit.inference.pooling.proportions import Events, double_arcsines, logits
from remit.inference.pooling.rates import Incidence, double_roots, log_rates
from remit.study.comparisons.pool_model import IntervalMethod, Model
from remit.study.comparisons.pooled import Pooling

INTERVALS: Mapping[IntervalMethod, str] = {
    "Hartung-Knapp": HARTUNG_KNAPP,
    "Hartung-Knapp never narrower": NEVER_NARROWER,
    "normal": NORMAL,
}
_ALL = "all"
Kind = TypeVar("Kind", Events, Incidence, Mean)


@dataclass(frozen=True)
class Pooler:
    """How studies are pooled. What cannot be pooled is a CannotPool or ArithmeticError, which says why."""

    pooling: Pooling

    @property
    def interval(self) -> str:
        return INTERVALS[self.pooling.interval]

    def effects(self, studies: Sequence[Numbers], model: Model | None = None) -> Effects:
        """On the scale where they are pooled: log odds, log rates or means, or what Freeman and Tukey made of them."""
        angular = (model or self.pooling.model) == "freeman-tukey"
        match self.pooling.measure:
            case "proportion":
                events = _all(studies, Events)
                return double_arcsines(events) if angular else logits(events)
            case "rate":
                rates = _all(studies, Incidence)
                return double_roots(rates) if angular else log_rates(rates)
            case "mean":
                return raw_means(_all(studies, Mean))

    def random(self, studies: Sequence[Numbers], model: Model | None = None) -> Pooled:
        """Effects that differ from study to study."""
        model = model or self.pooling.model
        need_two(tuple(study.name for study in studies))
        if model == "glmm":
            return _mixed(tuple(studies), NORMAL if self.pooling.interval == "normal" else STUDENT)
        return pool(self.effects(studies, model), estimator=self.pooling.heterogeneity, interval=self.interval)

    def common(self, studies: Sequence[Numbers], model: Model | None = None) -> Estimate:
        """One effect in all. Of counts by glmm: as if all patients were of one study."""
        model = model or self.pooling.model
        need_two(tuple(study.name for study in studies))
        if model != "glmm":
            return pool(self.effects(studies, model), COMMON).estimate
        together = _together(studies)
        effects = self.effects([together], "inverse variance")
        found = effects.estimates()[0]
        return Estimate(found.value, f"one {effects.scale.told} of all, {found.method}", found.lower, found.upper)


@lru_cache(maxsize=256)  # what is published is the same whatever is tried of ours
def _mixed(studies: tuple[Numbers, ...], interval: str) -> Pooled:
    """Of counts of one kind."""
    if events := _all(studies, Events):
        return mixed_proportions(events, interval)
    return mixed_rates(_all(studies, Incidence), interval)


def _all(studies: Sequence[Numbers], kind: type[Kind]) -> list[Kind]:
    return [study for study in studies if isinstance(study, kind)]


def _together(studies: Sequence[Numbers]) -> Numbers:
    """Raises CannotPool where nobody or everybody had the event: no normal interval is of that."""
    if events := _all(studies, Events):
        every = Events(_ALL, sum(study.n for study in events), sum(study.of for study in events))
        if every.extreme:
            who = "nobody" if every.n == 0 else "everybody"
            raise CannotPool(f"{who} of the patients of all studies had the event: no model fits that")
        return every
    rates = _all(studies, Incidence)
    found = Incidence(_ALL, sum(study.events for study in rates), sum(study.time for study in rates))
    if found.events == 0:
        raise CannotPool("there were no events in any study: no model fits that")
    return found
