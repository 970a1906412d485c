"""What a method on proportions takes of a centre."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from remit.inference.estimate import Guard

SMALL = 5
NO_MORE = "Centres differ no more than chance has them differ."


@dataclass(frozen=True)
class Count:
    """`events` of `patients` in a centre. Raises ValueError if that is no proportion."""

    centre: str
    events: int
    patients: int

    def __post_init__(self) -> None:
        if not 0 <= self.events <= self.patients:
            raise ValueError(f"{self.centre}: {self.events} of {self.patients} is no proportion")


def with_patients(counts: Sequence[Count]) -> list[Count]:
    return [count for count in counts if count.patients]


def inseparable(sizes: Sequence[float]) -> str | None:
    """Why nothing can be said of differences between centres of these numbers of patients, none of which is 0."""
    if len(sizes) == 1:
        return "There is one centre, so nothing can be said of differences between centres."
    if all(size == 1 for size in sizes):
        return "Each centre has one patient, so centres can not be told from patients."
    return None


def told(counts: Sequence[Count]) -> tuple[Guard, ...]:
    """Which centres have nobody, and which have few."""
    return centre_sizes([(count.centre, count.patients) for count in counts])


def centre_sizes(sizes: Sequence[tuple[str, int]]) -> tuple[Guard, ...]:
    empty = [centre for centre, patients in sizes if patients == 0]
    small = [centre for centre, patients in sizes if 0 < patients < SMALL]
    guards = []
    if empty:
        guards.append(Guard("empty centre", f"Nobody evaluable in {', '.join(empty)}; left out of the comparison."))
    if small:
        guards.append(Guard("small centre", f"Fewer than {SMALL} patients in {', '.join(small)}."))
    return tuple(guards)
