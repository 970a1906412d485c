"""Proportions of single groups on scales where they can be pooled."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from remit.inference.pooling.effects import Effects, Scale

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


LOGIT = Scale("logit", "proportion", expit)


def logits(studies: Sequence[Events]) -> Effects:
    """Log odds; a half is added to both counts of a study where nobody or everybody had the event, as R's escalc does
    unasked."""
    pairs = [_counts(study) for study in studies]
    return Effects(
        LOGIT,
        tuple(study.name for study in studies),
        tuple(math.log(had / had_not) for had, had_not in pairs),
        tuple(1 / had + 1 / had_not for had, had_not in pairs),
    )


def _counts(study: Events) -> tuple[float, float]:
    """With and without the event, corrected where one is 0."""
    added = ADDED if study.extreme else 0.0
    return study.n + added, study.of - study.n + added
