"""Each arm against the reference: differences of proportions and of means, made of the arms' own results."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, replace
from typing import cast

from remit.inference.t_tests import welch
from remit.inference.two_proportions import newcombe
from remit.schema.results import Address, Denominator, Row, Statistic, rows
from remit.study.analyses.kinds import Arms

NEWCOMBE = "Newcombe 95 %"
WELCH = "Welch 95 %"
POINTS = "percentage points"

_ADDRESS = [part.name for part in fields(Address)]
Found = dict[str, Row]  # by statistic


def compared(found: Sequence[Row], arms: Arms | None) -> list[Row]:
    """The contrasts of what these results give by arm: of each percentage, and of each mean."""
    if arms is None or arms.reference is None:
        return []
    by_arm: dict[Address, dict[str, Found]] = {}
    for row in found:
        address = Address(*(cast("str | None", row[name]) for name in _ADDRESS))  # type: ignore[arg-type]
        if address.group_level is not None:
            at = by_arm.setdefault(replace(address, group_level=None), {})
            at.setdefault(address.group_level, {})[str(row["statistic"])] = row
    return [
        row
        for address, results in by_arm.items()
        for arm in arms.compared
        for row in _contrast(address, arm, results[arm], arms.reference, results[arms.reference])
    ]


def _contrast(address: Address, arm: str, one: Found, reference: str, two: Found) -> Iterator[Row]:
    """Behind a contrast stand the patients of both arms together."""
    some, other = one["n"], two["n"]
    behind = Denominator(*(_together(some, other, part.name) for part in fields(Denominator)))
    make = _of_proportions if "percent" in one else _of_means
    statistics = make({arm: one, reference: two})
    yield from rows(address.between(arm, reference), statistics, behind, cast("str | None", some["definition"]))


def _together(one: Row, two: Row, part: str) -> int | None:
    first, second = one[part], two[part]
    return None if first is None or second is None else cast("int", first) + cast("int", second)


def _of_proportions(arms: dict[str, Found]) -> list[Statistic]:
    behind = {arm: found["n"] for arm, found in arms.items()}
    counts = {arm: (cast("int", n["numerator"]), cast("int", n["denominator"])) for arm, n in behind.items()}
    return difference_of_proportions(counts)


def difference_of_proportions(counts: Mapping[str, tuple[int, int]]) -> list[Statistic]:
    """counts: of the one and the other arm, n and of how many."""
    empty = [arm for arm, (_, of) in counts.items() if of == 0]
    if empty:
        return not_compared(POINTS, NEWCOMBE, nobody_in(empty))
    (n, of), (other_n, other_of) = counts.values()
    return _difference([100 * end for end in newcombe(n, of, other_n, other_of)], POINTS, NEWCOMBE)


def _of_means(arms: dict[str, Found]) -> list[Statistic]:
    unit = cast("str | None", next(iter(arms.values()))["mean"]["unit"])
    for arm, found in arms.items():
        for name in ("mean", "sd"):
            if found[name]["value"] is None:
                return not_compared(unit, WELCH, f"{arm}: {found[name]['note']}")
    (mean, sd, n), (other_mean, other_sd, other_n) = (
        (
            cast("float", found["mean"]["value"]),
            cast("float", found["sd"]["value"]),
            cast("int", found["n"]["denominator"]),
        )
        for found in arms.values()
    )
    if sd == other_sd == 0:
        nothing = not_compared(unit, WELCH, "in each arm all values are the same")
        return [Statistic("difference", mean - other_mean, unit), *nothing[1:]]
    made = welch(mean, sd, n, other_mean, other_sd, other_n)
    return _difference([cast("float", end) for end in (made.value, made.lower, made.upper)], unit, WELCH)


def _difference(found: Sequence[float], unit: str | None, method: str) -> list[Statistic]:
    value, low, high = found
    return [
        Statistic("difference", value, unit),
        Statistic("lower", low, unit, method),
        Statistic("upper", high, unit, method),
    ]


def nobody_in(empty: Sequence[str]) -> str:
    """Why two arms are not compared."""
    return f"nobody is in the denominator of {' and '.join(empty)}"


def not_compared(unit: str | None, method: str, why: str) -> list[Statistic]:
    return [Statistic(name, None, unit, method, why) for name in ("difference", "lower", "upper")]
