"""Means of single groups on scales where they can be pooled, as R's escalc has them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from remit.inference.pooling.effects import Effects, Scale


@dataclass(frozen=True)
class Mean:
    """Of n patients. Raises ValueError unless all are finite, sd >= 0 and n > 0."""

    name: str
    mean: float
    sd: float
    n: int

    def __post_init__(self) -> None:
        if not (math.isfinite(self.mean) and math.isfinite(self.sd)):
            raise ValueError(f"{self.name}: mean and standard deviation are to be known and finite")
        if self.sd < 0:
            raise ValueError(f"{self.name}: a standard deviation of {self.sd:g} is below 0")
        if self.n <= 0:
            raise ValueError(f"{self.name}: a mean of {self.n} patients is none")


RAW_MEAN = Scale("mean", "mean")
LOG_MEAN = Scale("log mean", "mean", math.exp)


def raw_means(studies: Sequence[Mean]) -> Effects:
    return _effects(RAW_MEAN, studies, [study.mean for study in studies], [_variance(study) for study in studies])


def log_means(studies: Sequence[Mean]) -> Effects:
    """Raises ValueError for a mean that is not above 0."""
    for study in studies:
        if study.mean <= 0:
            raise ValueError(f"{study.name}: a mean of {study.mean:g} has no logarithm")
    values = [math.log(study.mean) for study in studies]
    return _effects(LOG_MEAN, studies, values, [_variance(study) / study.mean**2 for study in studies])


def _variance(study: Mean) -> float:
    return study.sd**2 / study.n


def _effects(scale: Scale, studies: Sequence[Mean], values: Sequence[float], variances: Sequence[float]) -> Effects:
    names = tuple(study.name for study in studies)
    return Effects(scale, names, tuple(values), tuple(variances), tuple(float(study.n) for study in studies))


MEASURES: Mapping[str, Callable[[Sequence[Mean]], Effects]] = {"mean": raw_means, "log mean": log_means}
