"""Numbers at one visit against those at later ones, within the patients who have both."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import polars as pl

from remit.estimate.arms import Part, arm_columns, parts
from remit.estimate.numbers import Numbers, summary
from remit.inference.estimate import CONFIDENCE, Estimate
from remit.inference.pairs import selected
from remit.language.columns import HIGH, LOW, is_interval
from remit.language.query import Query, digest
from remit.language.types import Number
from remit.schema.cohort import Completed, population_column, variable_column
from remit.schema.results import IMPUTATION, OBSERVED, Address, Denominator, Row, Statistic, guard, rows
from remit.study.analyses.kinds import Change, Variable

PAIRED_T = f"paired t {100 * CONFIDENCE:g} %"
_NOT_IN_ORDER = (
    "some values are known only to be beyond the assay's limits: by how much these patients changed, compared with the "
    "others, is not certain"
)


@dataclass(frozen=True)
class Pairs:
    """The patients who have both values: each end a column of scaled integers, null where it is unbounded."""

    ends: pl.DataFrame  # before_low, before_high, after_low, after_high
    divisor: int
    unit: str | None
    decimals: int

    @property
    def censored(self) -> int:
        """Of how many pairs a value is not exact."""
        return len(self.ends) - len(self.ends.filter(*(pl.col(f"{at}_low") == pl.col(f"{at}_high") for at in _TIMES)))

    def numbers(self, at: str) -> Numbers:
        low, high = self.ends[f"{at}_low"], self.ends[f"{at}_high"]
        return Numbers(low, high, Fraction(self.divisor), self.unit, self.decimals)


_TIMES = ("before", "after")
_ENDS = ("before_low", "before_high", "after_low", "after_high")


def estimate_change(analysis: Change, patients: pl.DataFrame, completed: Completed | None = None) -> Iterator[Row]:
    """For each variable and later visit: before and after, and by how much they differ, in total and by arm; and in the
    completed cohorts, where that is asked."""
    for population in analysis.populations:
        members = patients.lazy().filter(pl.col(population_column(population)))
        for variable, queries in analysis.rows:
            for visit in analysis.to:
                columns = [
                    end
                    for at, on in zip(_TIMES, (analysis.origin, visit), strict=True)
                    for end in _ends(at, queries[on], variable_column(analysis.name, variable.name, on))
                ]
                found = members.select(*columns, *arm_columns(analysis.arms)).collect()
                address = Address(analysis.name, population, visit=visit, variable=variable.name, handling=OBSERVED)
                for part in parts(found, analysis.arms):
                    yield from _changes(address, part, queries[visit])
                if completed is not None and "imputation" in analysis.missing:
                    at = replace(address, handling=IMPUTATION)
                    for part in parts(members.collect(), analysis.arms):
                        yield from _imputed(at, part, completed, analysis, variable, queries, visit)


def _ends(at: str, query: Query, column: str) -> list[pl.Expr]:
    low, high = (column + LOW, column + HIGH) if is_interval(query.type) else (column, column)
    return [pl.col(low).alias(f"{at}_low"), pl.col(high).alias(f"{at}_high")]


def _changes(address: Address, part: Part, query: Query) -> Iterator[Row]:
    first, both = _known(part.patients, ["before"]), _known(part.patients, _TIMES)
    kind = query.type
    decimals, unit = (kind.decimals, kind.unit or None) if isinstance(kind, Number) else (0, None)
    pairs = Pairs(both, 10**decimals, unit, decimals)
    n, of = len(both), part.patients.height
    behind = Denominator(None, n, of - n, of)
    statistics = [
        Statistic("n", float(n)),
        *_described(pairs),
        *_mean_change(pairs),
        *_ranked(pairs),
        *_guard(n, len(first), of),
    ]
    yield from rows(part.at(address), statistics, behind, digest(query))


def _imputed(
    address: Address,
    part: Part,
    completed: Completed,
    analysis: Change,
    variable: Variable,
    queries: Mapping[str, Query],
    visit: str,
) -> Iterator[Row]:
    from remit.estimate.imputed_change import imputed_change

    before, after = (variable_column(analysis.name, variable.name, on) for on in (analysis.origin, visit))
    statistics, n, missing = imputed_change(completed, part.patients, before, after, queries[visit])
    behind = Denominator(None, n, missing, part.patients.height)
    yield from rows(part.at(address), [Statistic("n", float(n)), *statistics], behind, digest(queries[visit]))


def _known(patients: pl.DataFrame, times: Sequence[str]) -> pl.DataFrame:
    return patients.filter(*(pl.col(f"{at}_low").is_not_null() | pl.col(f"{at}_high").is_not_null() for at in times))


def _described(pairs: Pairs) -> Iterator[Statistic]:
    """before_mean, before_median, after_mean, after_median."""
    for at in _TIMES:
        for one in summary(pairs.numbers(at)):
            if one.name in ("mean", "median"):
                yield Statistic(f"{at}_{one.name}", one.value, one.unit, one.method, one.note)


def _mean_change(pairs: Pairs) -> list[Statistic]:
    from remit.inference.t_tests import paired_t

    if pairs.censored:
        why = f"{_told(pairs)} values beyond the assay's limits: a mean needs a declared substitution"
        return _statistics(_MEAN, Estimate(None, PAIRED_T, note=why), PAIRED_T, pairs)
    return _statistics(_MEAN, paired_t(_differences(pairs)), PAIRED_T, pairs)


def _ranked(pairs: Pairs) -> list[Statistic]:
    """The Hodges-Lehmann estimate with its interval, and p; of values beyond a limit p alone, if their order is
    certain."""
    from remit.inference.rank_tests import signed_rank

    if not pairs.censored:
        made = signed_rank(_differences(pairs))
        p = Statistic("p", made.p, None, made.method, made.note if made.p is None else None)
        return [*_statistics(_SHIFT, made, made.method, pairs), p]
    ranks = certain_ranks(pairs.ends)
    made = signed_rank(ranks or [])
    why = f"{_told(pairs)} values beyond the assay's limits, so that the amount of the change is not known"
    note = _NOT_IN_ORDER if ranks is None else made.note if made.p is None else None
    p = Statistic("p", None if ranks is None else made.p, None, made.method, note)
    return [*_statistics(_SHIFT, Estimate(None, made.method, note=why), made.method, pairs), p]


_MEAN = ("mean_change", "lower", "upper")
_SHIFT = ("hodges_lehmann", "hodges_lehmann_lower", "hodges_lehmann_upper")


def _told(pairs: Pairs) -> str:
    return f"{pairs.censored} of {len(pairs.ends)} patients have"


def _differences(pairs: Pairs) -> list[float]:
    """Scaled integers, so that equal differences are equal; all values are exact."""
    return (pairs.ends["after_low"] - pairs.ends["before_low"]).cast(pl.Float64).to_list()


def _statistics(names: tuple[str, str, str], made: Estimate, method: str, pairs: Pairs) -> list[Statistic]:
    def scaled(value: float | None) -> float | None:
        return None if value is None else value / pairs.divisor

    found = zip(names, (made.value, made.lower, made.upper), strict=True)
    return [
        Statistic(name, scaled(value), pairs.unit, method, made.note if value is None else None)
        for name, value in found
    ]


def certain_ranks(ends: pl.DataFrame) -> list[float] | None:
    """The order of the differences by their amount, with their signs, where the limits leave no doubt of it."""
    signed = [_signed(*row) for row in ends.select(_ENDS).iter_rows()]
    if None in signed:
        return None
    ordered = sorted((each for each in signed if each is not None), key=lambda each: each[1])
    ranks, rank, last = [], 0, None
    for sign, low, high in ordered:
        if last is not None and not (low > last[1] or low == high == last[0] == last[1]):
            return None
        rank += sign != 0 and (last is None or low > last[1])
        ranks.append(float(sign * rank))
        last = (low, high)
    return ranks


def _signed(
    before_low: int | None, before_high: int | None, after_low: int | None, after_high: int | None
) -> tuple[int, float, float] | None:
    """The sign of after − before, the least and the greatest amount; None if the sign is not certain."""
    infinite = float("inf")
    least = -infinite if after_low is None or before_high is None else after_low - before_high
    most = infinite if after_high is None or before_low is None else after_high - before_low
    if least > 0:
        return 1, least, most
    if most < 0:
        return -1, -most, -least
    return (0, 0.0, 0.0) if least == most == 0 else None


def _guard(both: int, first: int, of: int) -> list[Statistic]:
    """Told where a test on pairs leaves patients out; without pairs there is no test."""
    found = selected(both, of) if both else None
    if found is None:
        return []
    lost = first - both
    later = f"{lost} {'has' if lost == 1 else 'have'} no later one" if lost else "all have a later one"
    return [Statistic(guard(found.name), None, note=f"{found.told} Of the {first} with the first value, {later}.")]
