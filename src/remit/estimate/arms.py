"""By arm: who is in which."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import polars as pl

from remit.schema.cohort import arm_column
from remit.schema.results import ARM, Address
from remit.study.analyses.kinds import Arms


@dataclass(frozen=True)
class Part:
    """Some patients: all, or those of one arm."""

    arm: str | None
    patients: pl.DataFrame

    def at(self, address: Address) -> Address:
        return address.in_arm(self.arm)


def parts(patients: pl.DataFrame, arms: Arms | None) -> Iterator[Part]:
    """All of them, then those of each arm. Whose arm is not known is among all, and in no arm."""
    yield Part(None, patients)
    if arms is not None:
        for name in arms.names:
            yield Part(name, patients.filter(pl.col(arm_column(arms.kind)) == name))


def comparisons(address: Address, arms: Arms) -> Iterator[tuple[Address, tuple[str, ...]]]:
    """Where a test stands, and between which arms it is: over all of them, then of each against the reference."""
    yield replace(address, group=ARM), arms.names
    for arm in arms.compared:
        assert arms.reference is not None
        yield address.between(arm, arms.reference), (arm, arms.reference)


def arm_columns(arms: Arms | None) -> list[str]:
    """The column of the cohort that `parts` needs."""
    return [] if arms is None else [arm_column(arms.kind)]
