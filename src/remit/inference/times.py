"""Times to an event as they come in: one a patient, and whether it ends with the event."""

from __future__ import annotations

import math
from collections.abc import Sequence


def check_times(times: Sequence[float], *others: Sequence[object] | None) -> None:
    """Raises ValueError for a time that is negative or no number, and where something else is given, but not once a
    time."""
    if not all(map(math.isfinite, times)) or min(times, default=0) < 0:
        wrong = next(time for time in times if not 0 <= time < math.inf)
        raise ValueError(f"{wrong} is no time of observation: it is counted from 0")
    counts = [len(other) for other in others if other is not None]
    if any(count != len(times) for count in counts):
        raise ValueError(f"{len(times)} times, but {' and '.join(map(str, counts))} other values")
