"""p-values of other analyses, adjusted for their number."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import cast

from remit.inference.multiplicity import benjamini_hochberg, gatekeeping, hochberg, holm
from remit.schema.results import Address, Denominator, Row, Statistic, rows
from remit.study.analyses.kinds import Multiplicity

_DIGITS = 12  # of a p-value, so that one of 1/20 is rejected at 5 % however the floats fall
_AS_ONE = "not given ({}): counted as 1"


def adjusted(analysis: Multiplicity, found: Mapping[str, Row]) -> Iterator[Row]:
    """found: the other results, by name. Of each test p, the adjusted p, and whether it is rejected, 1 or 0. A test
    whose p is not given stays in the family, as if it were 1, so that the others are adjusted as planned."""
    tests = [(test, found.get(test.result)) for test in analysis.tests]
    given = [None if row is None else cast("float | None", row["value"]) for _, row in tests]
    together = _adjusted(analysis, [1.0 if p is None else p for p in given])
    for (test, row), p, after in zip(tests, given, together, strict=True):
        why = None
        if p is None:
            why = _AS_ONE.format(row["note"] if row is not None and row["note"] else "it was not estimated")
        rejected = _is_rejected(analysis, after)
        statistics = [
            Statistic("p", p, method=None if row is None else cast("str | None", row["method"]), note=why),
            Statistic("adjusted_p", after, method=analysis.method, note=why),
            Statistic("rejected", float(rejected), method=f"{analysis.method} at {float(100 * analysis.level):g} %"),
        ]
        behind = Denominator(None, None, None, None) if row is None else _behind(row)
        definition = None if row is None else cast("str | None", row["definition"])
        yield from rows(Address(analysis.name, variable=test.result), statistics, behind, definition)
    rejections = sum(_is_rejected(analysis, after) for after in together)
    total = Denominator(rejections, len(tests), given.count(None), None)
    yield from rows(Address(analysis.name), [Statistic("rejected", float(rejections))], total, None)


def _is_rejected(analysis: Multiplicity, after: float) -> bool:
    return round(after, _DIGITS) <= float(analysis.level)


def _adjusted(analysis: Multiplicity, ps: Sequence[float]) -> list[float]:
    match analysis.method:
        case "holm":
            return holm(ps)
        case "hochberg":
            return hochberg(ps)
        case "benjamini-hochberg":
            return benjamini_hochberg(ps)
        case "hierarchical":
            steps = groupby(zip(analysis.tests, ps, strict=True), key=lambda pair: pair[0].step)
            return [p for family in gatekeeping([[p for _, p in step] for _, step in steps]) for p in family]


def _behind(row: Row) -> Denominator:
    counts = (row[name] for name in ("numerator", "denominator", "missing", "population_n"))
    return Denominator(*(cast("int | None", count) for count in counts))
