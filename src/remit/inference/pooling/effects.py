"""What is pooled: an effect a study, with its sampling variance, on a scale where it is about normally distributed."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from remit.inference.confidence import normal_quantile
from remit.inference.estimate import CONFIDENCE, Estimate, Guard
from remit.inference.known import Numbers

LARGEST_RATIO = 1e14  # of two variances; beyond it rounding is all that is left of the smaller weight


class CannotPool(ValueError):
    """These studies have no pooled estimate; why, in words that a caller can show as they are."""


def as_it_is(value: float) -> float:
    return value


@dataclass(frozen=True)
class Scale:
    """Where effects are pooled, and how they are told.

    `name`: of the scale, such as "logit"; `told`: of what comes out of `back`, which never decreases, such as
    "proportion". `none`: the told value that means no effect, such as 1 of a ratio; None where no value does.
    """

    name: str
    told: str
    back: Callable[[float], float] = as_it_is
    none: float | None = None


@dataclass(frozen=True)
class Effects:
    """`values` and `variances` on the scale, one a study. `sizes`: patients or person-years, where they are known.
    `sized`: the scale of a study by its size, where the way back hangs on that; `scale` is then that of the harmonic
    mean of all sizes. Raises CannotPool for a study without a finite effect or without a variance above 0, where
    two have one name, and where one is beyond all measure more exact than another."""

    scale: Scale
    names: tuple[str, ...]
    values: tuple[float, ...]
    variances: tuple[float, ...]
    sizes: tuple[float, ...] = ()
    sized: Callable[[float], Scale] | None = None
    notes: tuple[Guard, ...] = ()

    def __post_init__(self) -> None:
        if not len(self.names) == len(self.values) == len(self.variances):
            raise ValueError("each study has a name, an effect and a variance")
        if len(self.sizes) not in (0, len(self.names)):
            raise ValueError("each study has a size, or none has")
        check_names(self.names)
        for name, value, variance in zip(self.names, self.values, self.variances, strict=True):
            if not math.isfinite(value):
                raise CannotPool(f"{name} has no effect that is known and finite")
            if not (math.isfinite(variance) and variance > 0):
                raise CannotPool(f"{name} has no sampling variance above 0, so it has no weight")
        self._check_spread()

    def _check_spread(self) -> None:
        if not self.variances:
            return
        least, most = min(self.variances), max(self.variances)
        if most > LARGEST_RATIO * least:
            exact, vague = (self.names[self.variances.index(variance)] for variance in (least, most))
            times = math.sqrt(most / least)
            raise CannotPool(
                f"{exact} is {times:.0e} times as exact as {vague}, which no two studies are: is their unit the same?"
            )

    def __len__(self) -> int:
        return len(self.names)

    @property
    def arrays(self) -> tuple[Numbers, Numbers]:
        return np.array(self.values), np.array(self.variances)

    def scale_of(self, study: int) -> Scale:
        return self.scale if self.sized is None else self.sized(self.sizes[study])

    def at(self, studies: Sequence[int]) -> Effects:
        """Some of the studies, by their places."""
        sizes = tuple(self.sizes[at] for at in studies) if self.sizes else ()
        return Effects(
            self.scale if self.sized is None else self.sized(harmonic_mean(sizes)),
            tuple(self.names[at] for at in studies),
            tuple(self.values[at] for at in studies),
            tuple(self.variances[at] for at in studies),
            sizes,
            self.sized,
            self.notes,
        )

    def estimates(self, confidence: float = CONFIDENCE) -> tuple[Estimate, ...]:
        """Each study alone, told: its normal interval on the scale, taken back."""
        reach = normal_quantile(confidence)
        found = []
        for at, (value, variance) in enumerate(zip(self.values, self.variances, strict=True)):
            back, half = self.scale_of(at).back, reach * math.sqrt(variance)
            method = f"normal interval of the {self.scale.name}, {100 * confidence:g} %"
            found.append(Estimate(back(value), method, back(value - half), back(value + half)))
        return tuple(found)


def generic(names: Sequence[str], values: Sequence[float], errors: Sequence[float], scale: Scale) -> Effects:
    """Estimates on their scale with their standard errors, as they were published."""
    return Effects(scale, tuple(names), tuple(map(float, values)), tuple(float(error) ** 2 for error in errors))


def check_names(names: Sequence[str]) -> None:
    """Raises CannotPool where two studies have one name."""
    twice = [name for name, times in Counter(names).items() if times > 1]
    if twice:
        raise CannotPool(f"two studies are called {twice[0]}")


def harmonic_mean(sizes: Sequence[float]) -> float:
    return len(sizes) / sum(1 / size for size in sizes)
