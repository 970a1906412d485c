"""Proportions of single groups on scales where they can be pooled, as R's escalc has them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from remit.inference.estimate import Guard
from remit.inference.pooling.effects import Effects, Scale, harmonic_mean

ADDED = 0.5  # to events and to non-events, of a study that has none of either


@dataclass(frozen=True)
class Events:
    """n of `of` patients in a study. Raises ValueError unless 0 <= n <= of and of > 0."""

    name: str
    n: int
    of: int

    def __post_init__(self) -> None:
        if not 0 <= self.n <= self.of or self.of == 0:
            raise ValueError(f"{self.name}: {self.n} of {self.of} is no proportion")

    @property
    def extreme(self) -> bool:
        return self.n in (0, self.of)


def expit(linear: float) -> float:
    return 1 / (1 + math.exp(-linear)) if linear >= 0 else math.exp(linear) / (1 + math.exp(linear))


def _share(value: float) -> float:
    return min(1.0, max(0.0, value))


LOGIT = Scale("logit", "proportion", expit)
RAW = Scale("raw proportion", "proportion", _share)


def logits(studies: Sequence[Events]) -> Effects:
    """Log odds. A half is added to both counts of a study where nobody or everybody had the event."""
    pairs = [_counts(study) for study in studies]
    values = [math.log(had / had_not) for had, had_not in pairs]
    return _effects(LOGIT, studies, values, [1 / had + 1 / had_not for had, had_not in pairs], corrected(studies))


def raw(studies: Sequence[Events]) -> Effects:
    """Proportions as they are; a half is added to both counts of a study where nobody or everybody had the event, which
    would have no variance otherwise. An end of an interval beyond 0 or 1 is cut off."""
    pairs = [_counts(study) for study in studies]
    shares = [had / (had + had_not) for had, had_not in pairs]
    variances = [share * (1 - share) / sum(pair) for share, pair in zip(shares, pairs, strict=True)]
    return _effects(RAW, studies, shares, variances, corrected(studies))


def double_arcsines(studies: Sequence[Events]) -> Effects:
    """M. F. Freeman and J. W. Tukey, Annals of Mathematical Statistics 1950;21:607-11. No correction is needed.

    J. J. Miller, The American Statistician 1978;32:138: the way back hangs on the number of patients; each study's is
    its own, and what is pooled takes the harmonic mean, which can mislead where sizes differ much: the note says so.
    """
    return Effects(
        double_arcsine(harmonic_mean([study.of for study in studies])) if studies else double_arcsine(1.0),
        tuple(study.name for study in studies),
        tuple(_double_arcsine(study.n / study.of, study.of) for study in studies),
        tuple(1 / (4 * study.of + 2) for study in studies),
        tuple(float(study.of) for study in studies),
        double_arcsine,
        (MISLEADING,),
    )


MISLEADING = Guard(
    "freeman_tukey",
    "The way back from Freeman and Tukey's double arcsine takes the harmonic mean of the studies' sizes for all, and "
    "can mislead badly where sizes differ (Schwarzer et al., Research Synthesis Methods 2019;10:476-83). The mixed "
    "model has no such fault.",
)


def double_arcsine(size: float) -> Scale:
    """Of so many patients."""
    lowest, highest = _double_arcsine(0, size), _double_arcsine(1, size)

    def back(value: float) -> float:
        if value <= lowest:
            return 0.0
        if value >= highest:
            return 1.0
        sine = math.sin(2 * value)
        inner = 1 - (sine + (sine - 1 / sine) / size) ** 2
        return 0.5 * (1 - math.copysign(1, math.cos(2 * value)) * math.sqrt(max(0.0, inner)))

    return Scale("double arcsine", "proportion", back)


def _double_arcsine(share: float, size: float) -> float:
    n = share * size
    return (math.asin(math.sqrt(n / (size + 1))) + math.asin(math.sqrt((n + 1) / (size + 1)))) / 2


def corrected(studies: Sequence[Events]) -> tuple[Guard, ...]:
    """Which studies are not taken as they are."""
    names = [study.name for study in studies if study.extreme]
    return (zeros(names, "Nobody or everybody had the event", len(studies)),) if names else ()


def zeros(names: Sequence[str], why: str, studies: int) -> Guard:
    """`studies`: how many there are of all."""
    moves = "which moves the result" if len(names) < studies else "and the result is made of that alone"
    return Guard("corrected", f"{why} in {', '.join(names)}; {ADDED:g} was added to each count, {moves}.")


def _counts(study: Events) -> tuple[float, float]:
    """With and without the event, corrected where one is 0."""
    added = ADDED if study.extreme else 0.0
    return study.n + added, study.of - study.n + added


def _effects(
    scale: Scale,
    studies: Sequence[Events],
    values: Sequence[float],
    variances: Sequence[float],
    notes: tuple[Guard, ...],
) -> Effects:
    sizes = tuple(float(study.of) for study in studies)
    return Effects(scale, tuple(study.name for study in studies), tuple(values), tuple(variances), sizes, notes=notes)


MEASURES: Mapping[str, Callable[[Sequence[Events]], Effects]] = {
    "logit": logits,
    "raw proportion": raw,
    "Freeman-Tukey": double_arcsines,
}
