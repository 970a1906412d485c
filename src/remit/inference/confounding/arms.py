"""Who is in which of two arms, and what stands against comparing them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FEWEST = 2  # patients of an arm: one patient's outcome has no variance


class NotComparable(ValueError):
    """The arms cannot be compared; `why` is a sentence that a caller can show as it is, `covariates` those to blame."""

    def __init__(self, why: str, covariates: tuple[str, ...] = ()) -> None:
        super().__init__(why)
        self.why = why
        self.covariates = covariates


@dataclass(frozen=True)
class Arms:
    """Which patients are in the arm of interest, with the names of both arms as messages say them."""

    treated: NDArray[np.bool_]
    name: str = "treated"
    other: str = "comparator"

    def __post_init__(self) -> None:
        if self.treated.ndim != 1 or self.treated.dtype != np.bool_:
            raise ValueError("who is treated is said by one yes or no of each patient")
        for name, patients in self.sizes.items():
            if patients < FEWEST:
                why = f"{'nobody' if not patients else 'one patient alone'} is in the arm {name}"
                raise NotComparable(f"{why}: an adjusted comparison needs {FEWEST} or more in each arm")

    @property
    def sizes(self) -> dict[str, int]:
        return {name: int(members.sum()) for name, members in self.members.items()}

    @property
    def members(self) -> dict[str, NDArray[np.bool_]]:
        """Of each arm, by its name, the arm of interest first."""
        return {self.name: self.treated, self.other: ~self.treated}


def arms(treated: Sequence[bool], name: str = "treated", other: str = "comparator") -> Arms:
    """Raises NotComparable unless each arm has two patients, ValueError for what is no yes or no."""
    if name == other:
        raise ValueError(f"both arms are named {name}")
    if not all(isinstance(one, bool | np.bool_) for one in treated):
        raise ValueError("who is treated is said by one yes or no of each patient")
    return Arms(np.asarray(treated, dtype=bool), name, other)
