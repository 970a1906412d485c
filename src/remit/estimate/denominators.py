"""A guard for endpoints that are known in different patients: between which numbers their denominators lie."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import cast

from remit.schema.results import (
    ARM,
    CHANGING,
    COMPLETE,
    DECIDED,
    REQUIRED,
    Address,
    Denominator,
    Row,
    Statistic,
    guard,
    rows,
)
from remit.study.analyses.kinds import Endpoints

_HANDLINGS = (DECIDED, COMPLETE, REQUIRED)


def estimate_denominators(analysis: Endpoints, found: Sequence[Row]) -> Iterator[Row]:
    """One row a population and arm in which some denominators differ; behind it stands the least of them.

    found: the results of the analysis. Only denominators of one handling are compared with each other.
    """
    for (population, arm, of), counts in _counts(found).items():
        ranges = {handling: (min(each), max(each)) for handling, each in counts.items() if len(set(each)) > 1}
        if ranges:
            least = min(low for low, _ in ranges.values())
            told = Statistic(guard(CHANGING), None, note=_told(ranges, of, arm))
            address = Address(analysis.name, population).in_arm(arm)
            yield from rows(address, [told], Denominator(None, least, of - least, of), None)


_Place = tuple[str, str | None, int]  # population, arm, and how many patients it has


def _counts(found: Sequence[Row]) -> dict[_Place, dict[str, list[int]]]:
    """Of each handling the denominators of the endpoints at their visits, where anybody was assessed."""
    counts: dict[_Place, dict[str, list[int]]] = {}
    for row in found:
        if row["statistic"] != "n" or row["handling"] not in _HANDLINGS or row["group"] not in (None, ARM):
            continue
        if row["denominator"]:
            place = (str(row["population"]), cast("str | None", row["group_level"]), cast("int", row["population_n"]))
            of_handling = counts.setdefault(place, {}).setdefault(str(row["handling"]), [])
            of_handling.append(cast("int", row["denominator"]))
    return counts


def _told(ranges: dict[str, tuple[int, int]], of: int, arm: str | None) -> str:
    """Of an arm the numbers alone: they stand beside those of all arms."""
    alike: dict[tuple[int, int], list[str]] = {}
    for handling, ends in ranges.items():
        alike.setdefault(ends, []).append(handling)
    parts = [f"from {low} to {high} ({', '.join(handlings)})" for (low, high), handlings in alike.items()]
    numbers = f"{', '.join(parts)}, of {of} patients"
    if arm is not None:
        return numbers
    to_know = "a comparison between endpoints or visits compares different patients"
    return f"The denominators go {numbers}: {to_know}."
