"""The interval of a mean, made of its own results."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import cast

from remit.inference.t_tests import mean_interval
from remit.schema.results import Address, Denominator, Row, Statistic, rows

T_INTERVAL = "t 95 %"
LOWER, UPPER = "mean_lower", "mean_upper"


def mean_intervals(address: Address, described: Sequence[Row]) -> list[Row]:
    """described: n, mean and sd of a number at the address, among others."""
    found = {str(row["statistic"]): row for row in described}
    mean, sd = found["mean"], found["sd"]
    behind = Denominator(*(cast("int | None", mean[part.name]) for part in fields(Denominator)))
    unit, definition = cast("str | None", mean["unit"]), cast("str | None", mean["definition"])
    if mean["value"] is None or sd["value"] is None:
        why = cast("str | None", (mean if mean["value"] is None else sd)["note"])
        ends = [Statistic(name, None, unit, T_INTERVAL, why) for name in (LOWER, UPPER)]
        return rows(address, ends, behind, definition)
    made = mean_interval(
        cast("float", mean["value"]), cast("float", sd["value"]), cast("int", found["n"]["denominator"])
    )
    ends = [Statistic(name, end, unit, T_INTERVAL) for name, end in ((LOWER, made.lower), (UPPER, made.upper))]
    return rows(address, ends, behind, definition)
