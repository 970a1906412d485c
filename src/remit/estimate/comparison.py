"""One of our endpoints beside published results, and our patients by other definitions, in the same patients."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

import polars as pl

from remit.estimate.benchmarks import PROBABILITY, P, against
from remit.estimate.contrasts import NEWCOMBE, POINTS, difference_of_proportions, not_compared
from remit.estimate.judged import Judged, judged
from remit.estimate.proportions import WILSON, proportion
from remit.estimate.unknown import left_out
from remit.language.query import digest
from remit.schema.cohort import population_column
from remit.schema.results import Address, Denominator, Row, Statistic, rows
from remit.study.comparisons.kinds import OWN_ONLY, RULE_ONLY, Beside, Comparison
from remit.study.evidence.evidence import PublishedResult
from remit.study.evidence.told import NO_COUNTS, certainties, counted
from remit.study.study import Endpoint, Study

TANGO = "Tango 95 %"
NOT_TOLD = "its source tells no percentage"
DESCRIPTIVE = "other patients of another study: descriptive, and no estimate of an effect"


def estimate_comparison(study: Study, analysis: Comparison, patients: pl.DataFrame) -> Iterator[Row]:
    """The published results; in each population our endpoint and each rule under each handling, the rules against our
    own definition, and ours against each published percentage."""
    for beside in analysis.beside:
        for result in beside.results:
            yield from _published(analysis, beside, result)
    for population in analysis.populations:
        ours = _Ours(study, analysis, population, patients)
        yield from ours.rows()
        under = ours.found(ours.own, analysis.estimand)
        for beside in analysis.beside:
            for result in beside.results:
                yield from _against(analysis, beside, result, population, under)


# Published


def _published(analysis: Comparison, beside: Beside, result: PublishedResult) -> Iterator[Row]:
    n, of = (None if number is None else int(number.value) for number in (result.n, result.of))
    rule = analysis.rule_of(beside)
    definition = digest(rule.endpoint.queries[analysis.visit]) if rule and rule.endpoint else None
    note = certainties(result)
    told = [replace(each, note="; ".join(part for part in (each.note, note) if part)) for each in _statistics(result)]
    address = analysis.published(beside, result.arm)
    yield from rows(address, told, Denominator(n, of, None, None), definition)


def _statistics(result: PublishedResult) -> Iterator[Statistic]:
    """As printed; the interval is ours where n and N are known, else as printed."""
    counts = counted(result)
    if result.n is not None:
        yield Statistic("n", float(result.n.value))
    percent = _percent(result)
    method = "as published" if result.percent is not None else "of the published numbers of patients"
    if percent is None:
        yield Statistic("percent", None, "%", note=NOT_TOLD)
    else:
        yield Statistic("percent", float(percent), "%", method)
    printed = [end for end in (result.low, result.high) if end is not None]
    if counts is not None:
        yield from proportion(*counts)[2:]
    elif len(printed) == 2 and result.percent is not None:
        method = _as_published(result)
        yield from (Statistic(name, float(end.value), "%", method) for name, end in zip(ENDS, printed, strict=True))
    else:
        yield from (Statistic(name, None, "%", WILSON, NO_COUNTS) for name in ENDS)
    if counts is not None and len(printed) == 2:
        for name, end in zip(ENDS, printed, strict=True):
            yield Statistic(f"published_{name}", float(end.value), "%", _as_published(result))


ENDS = ("lower", "upper")


def _percent(result: PublishedResult) -> Fraction | None:
    """As printed, else of n and how many."""
    if result.percent is not None:
        return result.percent.value
    counts = counted(result)
    return None if counts is None else Fraction(100 * counts[0], counts[1])


def _as_published(result: PublishedResult) -> str:
    return "as published" if result.level is None else f"as published, {result.level.text} %"


# Ours


@dataclass(frozen=True)
class Found:
    """n of how many, and how many are missing, of `population` patients; `outside`: of how many it is not known whether
    they are asked."""

    n: int
    of: int
    missing: int
    outside: int
    population: int

    @property
    def behind(self) -> Denominator:
        return Denominator(self.n, self.of, self.missing, self.population)


class _Ours:
    """The patients of a population by our endpoint and by each rule, under each handling, counted in one pass."""

    def __init__(self, study: Study, analysis: Comparison, population: str, patients: pl.DataFrame) -> None:
        self.own = study.endpoints[analysis.endpoint]
        self._analysis, self._population = analysis, population
        self._judged: dict[str, dict[str, Judged]] = {
            endpoint.name: {each.handling: each for each in judged(study, endpoint, analysis.visit)}
            for endpoint in (self.own, *(endpoint for _, endpoint in analysis.judged))
        }
        members = patients.lazy().filter(pl.col(population_column(population)))
        self._counts: Mapping[str, int] = (
            members.select(pl.len().alias("n"), *self._columns()).collect().row(0, named=True)
        )

    def _columns(self) -> Iterator[pl.Expr]:
        own = self._judged[self.own.name]
        for name, handlings in self._judged.items():
            for handling, each in handlings.items():
                outside = pl.lit(0) if each.outside is None else each.outside.sum()
                for part, column in (("n", each.reached.sum()), ("of", each.of.sum()), ("outside", outside)):
                    yield column.alias(f"{name}.{handling}.{part}")
                yield each.missing.sum().alias(f"{name}.{handling}.missing")
                if name != self.own.name and handling in own:
                    yield from _pair(f"{name}.{handling}", each, own[handling])

    def found(self, endpoint: Endpoint, handling: str) -> Found:
        n, of, missing, outside = (self._counts[f"{endpoint.name}.{handling}.{part}"] for part in PARTS)
        return Found(n, of, missing, outside, self._counts["n"])

    def rows(self) -> Iterator[Row]:
        analysis, population = self._analysis, self._population
        for handling in self._judged[self.own.name]:
            yield from self._of(self.own, handling, analysis.ours(population, handling))
        for rule, endpoint in analysis.judged:
            for handling in self._judged[endpoint.name]:
                yield from self._of(endpoint, handling, analysis.by_rule(rule.name, population, handling))
            for handling in self._judged[endpoint.name]:
                if handling in self._judged[self.own.name]:
                    yield from self._against_own(endpoint, handling, rule.name)

    def _of(self, endpoint: Endpoint, handling: str, address: Address) -> Iterator[Row]:
        found = self.found(endpoint, handling)
        statistics = [
            replace(each, note=each.note or left_out(found.outside)) for each in proportion(found.n, found.of)
        ]
        yield from rows(address, statistics, found.behind, digest(endpoint.queries[self._analysis.visit]))

    def _against_own(self, endpoint: Endpoint, handling: str, rule: str) -> Iterator[Row]:
        """In the patients who are in both denominators."""
        counts = {part: self._counts[f"{endpoint.name}.{handling}.{part}"] for part in PAIRED}
        of, missing, everybody = counts["paired"], counts["paired_missing"], self._counts["n"]
        address = self._analysis.rule_against_ours(rule, self._population, handling)
        definition = digest(endpoint.queries[self._analysis.visit])
        told = _paired(counts["both"], counts[RULE_ONLY], counts[OWN_ONLY], of)
        yield from rows(address, told, Denominator(None, of, missing, everybody), definition)
        for name in (RULE_ONLY, OWN_ONLY):
            behind = Denominator(counts[name], of, missing, everybody)
            yield from rows(address, [Statistic(name, float(counts[name]))], behind, definition)


PARTS = ("n", "of", "missing", "outside")
PAIRED = ("paired", "paired_missing", "both", RULE_ONLY, OWN_ONLY)


def _pair(name: str, rule: Judged, own: Judged) -> Iterator[pl.Expr]:
    """Missing: who of those in both is unknown by one of the two, or who is not in both."""
    both = rule.of & own.of
    unknown = (rule.missing | own.missing).fill_null(value=False)
    columns = {
        "paired": both,
        "paired_missing": unknown,
        "both": both & rule.reached & own.reached,
        RULE_ONLY: both & rule.reached & ~own.reached,
        OWN_ONLY: both & own.reached & ~rule.reached,
    }
    yield from (column.sum().alias(f"{name}.{part}") for part, column in columns.items())


def _paired(both: int, rule_only: int, own_only: int, of: int) -> list[Statistic]:
    if of == 0:
        return not_compared(POINTS, TANGO, "nobody is known by both definitions")
    from remit.inference.paired_proportions import paired_difference

    found = paired_difference(both, rule_only, own_only, of - both - rule_only - own_only)
    ends = {"lower": found.lower, "upper": found.upper}
    return [
        Statistic("difference", 100 * (rule_only - own_only) / of, POINTS),
        *(Statistic(name, None if end is None else 100 * end, POINTS, TANGO) for name, end in ends.items()),
    ]


# Ours against a published percentage


def _against(
    analysis: Comparison, beside: Beside, result: PublishedResult, population: str, ours: Found
) -> Iterator[Row]:
    address = analysis.against(beside, result.arm, population)
    statistics = [*_difference(result, ours)]
    if analysis.benchmark:
        statistics += _benchmark(result, ours)
    yield from rows(address, statistics, ours.behind, None)


def _difference(result: PublishedResult, ours: Found) -> Iterator[Statistic]:
    counts, published = counted(result), _percent(result)
    if published is None:
        found = not_compared(POINTS, NEWCOMBE, NOT_TOLD)
    elif counts is not None or ours.of == 0:
        found = difference_of_proportions({"ours": (ours.n, ours.of), "the published": counts or (0, 1)})
    else:
        value = Statistic("difference", float(Fraction(100 * ours.n, ours.of) - published), POINTS)
        found = [value, *(Statistic(name, None, POINTS, NEWCOMBE, NO_COUNTS) for name in ENDS)]
    yield from (replace(each, note=each.note or DESCRIPTIVE) for each in found)


def _benchmark(result: PublishedResult, ours: Found) -> list[Statistic]:
    share = None if result.percent is None else result.percent.value / 100
    if share is None:
        return [Statistic(name, None, note=NOT_TOLD) for name in (P, PROBABILITY)]
    if not 0 < share < 1:
        why = f"{result.percent.text if result.percent else ''} % can only be met, or not"
        return [Statistic(name, None, note=why) for name in (P, PROBABILITY)]
    return against(ours.n, ours.of, share)
