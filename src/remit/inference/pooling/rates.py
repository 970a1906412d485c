"""Events in person-time on scales where they can be pooled, as R's escalc has them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from remit.inference.estimate import Guard
from remit.inference.pooling.effects import Effects, Scale, harmonic_mean
from remit.inference.pooling.proportions import ADDED, zeros


@dataclass(frozen=True)
class Incidence:
    """`events` in `time` (person-years, for one). Raises ValueError unless events >= 0 and time > 0."""

    name: str
    events: int
    time: float

    def __post_init__(self) -> None:
        if self.events < 0 or not (math.isfinite(self.time) and self.time > 0):
            raise ValueError(f"{self.name}: {self.events} events in a time of {self.time:g} are no rate")


def _not_below_0(value: float) -> float:
    return max(0.0, value)


LOG_RATE = Scale("log rate", "rate", math.exp)
RAW_RATE = Scale("raw rate", "rate", _not_below_0)


def log_rates(studies: Sequence[Incidence]) -> Effects:
    """A half is added to the events of a study that has none."""
    events = [_events(study) for study in studies]
    values = [math.log(had / study.time) for had, study in zip(events, studies, strict=True)]
    return _effects(LOG_RATE, studies, values, [1 / had for had in events])


def raw_rates(studies: Sequence[Incidence]) -> Effects:
    """As they are; a half is added to the events of a study that has none, which would have no variance otherwise. An
    end of an interval below 0 is cut off."""
    values = [_events(study) / study.time for study in studies]
    variances = [rate / study.time for rate, study in zip(values, studies, strict=True)]
    return _effects(RAW_RATE, studies, values, variances)


def double_roots(studies: Sequence[Incidence]) -> Effects:
    """M. F. Freeman and J. W. Tukey, Annals of Mathematical Statistics 1950;21:607-11; the way back takes the harmonic
    mean of the times, with the fault of their double arcsine."""
    return Effects(
        double_root(harmonic_mean([study.time for study in studies])) if studies else double_root(1.0),
        tuple(study.name for study in studies),
        tuple(_double_root(study.events / study.time, study.time) for study in studies),
        tuple(1 / (4 * study.time) for study in studies),
        tuple(study.time for study in studies),
        double_root,
        (MISLEADING,),
    )


MISLEADING = Guard(
    "freeman_tukey",
    "The way back from Freeman and Tukey's double square root takes the harmonic mean of the studies' person-time for "
    "all, and can mislead where they differ much. The mixed model has no such fault.",
)


def double_root(time: float) -> Scale:
    """Of so much person-time."""
    lowest = _double_root(0, time)

    def back(value: float) -> float:
        if value <= lowest:
            return 0.0
        return (value - 1 / (4 * time * value)) ** 2

    return Scale("double square root", "rate", back)


def _double_root(rate: float, time: float) -> float:
    return (math.sqrt(rate) + math.sqrt(rate + 1 / time)) / 2


def _events(study: Incidence) -> float:
    return study.events or ADDED


def _effects(
    scale: Scale, studies: Sequence[Incidence], values: Sequence[float], variances: Sequence[float]
) -> Effects:
    names = tuple(study.name for study in studies)
    none = [study.name for study in studies if study.events == 0]
    notes = (zeros(none, "There were no events", len(studies)),) if none else ()
    return Effects(scale, names, tuple(values), tuple(variances), tuple(study.time for study in studies), notes=notes)


MEASURES: Mapping[str, Callable[[Sequence[Incidence]], Effects]] = {
    "log rate": log_rates,
    "raw rate": raw_rates,
    "Freeman-Tukey": double_roots,
}
