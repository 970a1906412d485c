"""Whether an estimate hangs on one centre."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

Centre = TypeVar("Centre", bound=Hashable)
Found = TypeVar("Found")


@dataclass(frozen=True)
class LeftOut(Generic[Centre, Found]):
    """What was found of `patients` patients, those of `centre` left out; None if nobody remains."""

    centre: Centre
    patients: int
    found: Found | None


def leave_one_out(
    centres: Sequence[Centre], estimate: Callable[[NDArray[np.intp]], Found]
) -> tuple[LeftOut[Centre, Found], ...]:
    """An estimate made anew without each centre, in the order in which they first appear.

    `centres`: the centre of each patient. `estimate` is given the places of the patients who remain.
    """
    made = []
    for centre in dict.fromkeys(centres):
        remain = np.array([at for at, its in enumerate(centres) if its != centre], dtype=np.intp)
        made.append(LeftOut(centre, len(remain), estimate(remain) if len(remain) else None))
    return tuple(made)
