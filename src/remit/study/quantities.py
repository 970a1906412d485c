"""Ranges and units as they are written: checks that the shape of a file cannot make."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from math import ceil

from remit.errors import WrongInput
from remit.language.types import LARGEST_INTEGER
from remit.language.units import spelled
from remit.study.bands import shown
from remit.study.codes import alike
from remit.study.place import Place
from remit.study.written import Range

LARGEST = 10**9  # of a scaled number whose range is not told


def check_range(written: Range, place: Place) -> None:
    low, high = written
    if low is not None and high is not None and low > high:
        raise place.wrong("the range ends before it begins", "Write the lowest possible value first.")


def check_unit(unit: str, known: Iterable[str], wrong: Callable[[str, str], WrongInput]) -> None:
    """Headings of charts do not tell capitals apart, so two units may not differ in nothing else."""
    for other in known:
        if alike(spelled(unit)) == alike(other):
            same = spelled(unit) == other
            what = f"the unit {unit} stands here twice" if same else f"{unit} and {other} differ only in capitals"
            raise wrong(what, "Remove one: the heading of a column could not tell which is meant.")


def limit_of(written: Range, decimals: int, place: Place) -> int:
    """The largest magnitude of the scaled integer that holds what lies in the range."""
    low, high = written
    if low is None or high is None:
        return LARGEST
    limit: int = max(1, ceil(max(abs(low), abs(high)) * 10**decimals))
    if limit >= LARGEST_INTEGER:
        what = f"{shown(max(abs(low), abs(high)))} with {decimals} decimals is too large to be held exactly"
        raise (place / "range").wrong(what, "Write a narrower range, or fewer decimals.")
    return limit
