"""Times to an event as they come in: one a patient, and whether it ends with the event."""

from __future__ import annotations

import math
from collections.abc import Sequence


def check_times(times: Sequence[float], *others: Sequence[object]) -> None:
    """Raises ValueError for a time that is negative or no number, and where something else is not given once a time."""
    wrong = next((time for time in times if not 0 <= time < math.inf), None)
    if wrong is not None:
        raise ValueError(f"{wrong} is no time of observation: it is counted from 0")
    if any(len(other) != len(times) for other in others):
        raise ValueError(f"{len(times)} times, but {' and '.join(str(len(other)) for other in others)} other values")
