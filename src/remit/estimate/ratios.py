"""A ratio of a model, with its interval and p, as results."""

from __future__ import annotations

import math
from collections.abc import Sequence

from remit.inference.estimate import Estimate
from remit.schema.results import Statistic


def ratio_statistics(names: Sequence[str], found: Estimate) -> list[Statistic]:
    """names: of the value, its lower and upper end, and p. What is infinite is not given."""
    return [
        Statistic(name, value, method=found.method, note=found.note)
        if value is not None and math.isfinite(value)
        else Statistic(name, None, method=found.method, note=found.note or "beyond what numbers hold")
        for name, value in zip(names, (found.value, found.lower, found.upper, found.p), strict=True)
    ]
