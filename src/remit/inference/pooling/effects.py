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
    """`values` and `variances` on the scale, one a study. `scales`: each study's own, where the way back hangs on the
    study's size."""

    scale: Scale
    names: tuple[str, ...]
    values: tuple[float, ...]
    variances: tuple[float, ...]
    scales: tuple[Scale, ...] = ()
    notes: tuple[Guard, ...] = ()

    def __post_init__(self) -> None:
        if not len(self.names) == len(self.values) == len(self.variances):
            raise ValueError("each study has a name, an effect and a variance")
        if self.scales and len(self.scales) != len(self.names):
            raise ValueError("a scale is that of all studies, or each has its own")
        twice = [name for name, times in Counter(self.names).items() if times > 1]
        if twice:
            raise ValueError(f"two studies are called {twice[0]}")
        for name, value, variance in zip(self.names, self.values, self.variances, strict=True):
            if not math.isfinite(value):
                raise ValueError(f"{name} has no effect that is known and finite")
            if not (math.isfinite(variance) and variance > 0):
                raise ValueError(f"{name} has no sampling variance above 0, so it has no weight")

    def __len__(self) -> int:
        return len(self.names)

    @property
    def arrays(self) -> tuple[Numbers, Numbers]:
        return np.array(self.values), np.array(self.variances)

    def scale_of(self, study: int) -> Scale:
        return self.scales[study] if self.scales else self.scale

    def at(self, studies: Sequence[int]) -> Effects:
        """Some of the studies, by their places."""
        return Effects(
            self.scale,
            tuple(self.names[at] for at in studies),
            tuple(self.values[at] for at in studies),
            tuple(self.variances[at] for at in studies),
            tuple(self.scales[at] for at in studies) if self.scales else (),
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
