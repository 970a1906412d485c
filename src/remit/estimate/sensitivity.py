"""An endpoint under each estimand: by each handling of what is missing, and for each completion of the unknown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

import polars as pl

from remit.estimate.arms import parts
from remit.estimate.benchmarks import against
from remit.estimate.contrasts import compared, difference_of_proportions
from remit.estimate.proportions import proportion
from remit.estimate.unknown import left_out
from remit.inference.proportions import wilson
from remit.language.query import digest
from remit.schema.cohort import Cohort, Completed, carried_column, endpoint_column, population_column, stratum_column
from remit.schema.results import (
    ARM,
    BEST,
    CARRIED_FORWARD,
    DECIDED,
    NON_RESPONSE,
    WORST,
    Address,
    Denominator,
    Row,
    Statistic,
    handled,
    rows,
)
from remit.study.analyses.kinds import Arms, Sensitivity
from remit.study.study import Study
from remit.study.written import IMPUTED, Missing

COMPLETIONS = 200  # of more unknowns than this, each completion would be more than anybody reads


@dataclass(frozen=True)
class Assessed:
    """How an endpoint was found in the patients of an estimand: those who reached it, who did not, who is not known.

    carried: the same after the last known value is carried forward. outside: of how many it is not known whether the
    estimand is about them.
    """

    yes: int
    no: int
    unknown: int
    carried_yes: int
    carried_no: int
    outside: int
    population: int

    @property
    def all(self) -> int:
        return self.yes + self.no + self.unknown


def estimate_sensitivity(study: Study, analysis: Sensitivity, cohort: Cohort) -> Iterator[Row]:
    """For each estimand: by each handling, the arms compared, then each completion and where the conclusion turns."""
    definition = digest(study.endpoints[analysis.endpoint].queries[analysis.visit])
    for population in analysis.populations:
        members = cohort.patients.filter(pl.col(population_column(population)))
        address = Address(analysis.name, population, visit=analysis.visit, variable=analysis.endpoint)
        by_part = [
            (part.at(address), _assessed(analysis, estimand, part.patients), estimand)
            for estimand in analysis.estimands
            for part in parts(members, analysis.arms)
        ]
        found = [
            (missing, row)
            for at, assessed, estimand in by_part
            for missing in analysis.missing
            for row in _handled(at, assessed, estimand, missing, analysis.benchmark, definition)
        ]
        yield from (row for _, row in found)
        yield from compared([row for missing, row in found if missing != "bounds"], analysis.arms)
        for estimand in analysis.estimands:
            of_arms = {at.group_level: assessed for at, assessed, of in by_part if of == estimand and at.group_level}
            if "bounds" in analysis.missing:
                yield from _bounds_compared(replace(address, group=ARM), of_arms, analysis, estimand, definition)
            if analysis.arms and analysis.arms.reference is not None:
                yield from _ends_of_two(replace(address, handling=estimand), of_arms, analysis.arms, definition)
        yield from _imputed(study, analysis, address, members, cohort.completed, definition)
        for at, assessed, estimand in by_part:
            yield from _completions(replace(at, handling=estimand), assessed, analysis, definition)


def _assessed(analysis: Sensitivity, estimand: str, patients: pl.DataFrame) -> Assessed:
    at = (analysis.endpoint, analysis.visit, estimand)
    value = pl.col(endpoint_column(*at))
    carried = pl.col(carried_column(*at)) if "last observed" in analysis.missing else value
    inside = pl.col(stratum_column(*at)) if stratum_column(*at) in patients.columns else pl.lit(True)
    counts = patients.select(
        (inside & value).sum().alias("yes"),
        (inside & ~value).sum().alias("no"),
        (inside & value.is_null()).sum().alias("unknown"),
        (inside & carried).sum().alias("carried_yes"),
        (inside & ~carried).sum().alias("carried_no"),
        inside.is_null().sum().alias("outside"),
    )
    return Assessed(**counts.row(0, named=True), population=patients.height)


def _handled(
    address: Address,
    assessed: Assessed,
    estimand: str,
    missing: Missing,
    benchmark: Fraction | None,
    definition: str,
) -> Iterator[Row]:
    yes, everybody = assessed.yes, assessed.all
    known_carried = assessed.carried_yes + assessed.carried_no
    ways: dict[str, tuple[int, int, int]]  # who reached it, of how many, of how many it is not known
    match missing:
        case "decided":
            ways = {DECIDED: (yes, yes + assessed.no, assessed.unknown)}
        case "non-response":
            ways = {NON_RESPONSE: (yes, everybody, assessed.unknown)}
        case "last observed":
            ways = {CARRIED_FORWARD: (assessed.carried_yes, known_carried, everybody - known_carried)}
        case "bounds":
            ways = {
                WORST: (yes, everybody, assessed.unknown),
                BEST: (yes + assessed.unknown, everybody, assessed.unknown),
            }
        case "imputation" | "hybrid":
            ways = {}  # of completed cohorts: see _imputed
    for name, (n, of, unknown) in ways.items():
        at = replace(address, handling=handled(estimand, name))
        tests = [] if benchmark is None else against(n, of, benchmark)
        behind = Denominator(n, of, unknown, assessed.population)
        yield from rows(at, [*_share(assessed, n, of), *tests], behind, definition)


def _imputed(
    study: Study,
    analysis: Sensitivity,
    address: Address,
    members: pl.DataFrame,
    completed: Completed | None,
    definition: str,
) -> Iterator[Row]:
    """By the handlings that impute what is missing; and what shifts of those imputed would change."""
    asked = [missing for missing in analysis.missing if missing in IMPUTED]
    if not asked or completed is None or study.imputation is None:
        return
    from remit.estimate.completed import imputed, imputed_contrasts, imputed_share, shifted_shares  # they need numpy

    for estimand in analysis.estimands:
        found = {
            part.arm: imputed(completed, study.imputation, analysis, estimand, part.patients)
            for part in parts(members, analysis.arms)
        }
        for missing in asked:
            at = replace(address, handling=handled(estimand, missing))
            for arm, each in found.items():
                yield from imputed_share(at.in_arm(arm), each, missing, definition)
            of_arms = {arm: each for arm, each in found.items() if arm is not None}
            yield from imputed_contrasts(replace(at, group=ARM), of_arms, missing, analysis.arms, definition)
        if "imputation" in asked:
            at = replace(address, handling=handled(estimand, "imputation"))
            for arm, each in found.items():
                yield from shifted_shares(at.in_arm(arm), each, study.imputation, definition)


def _share(assessed: Assessed, n: int, of: int) -> list[Statistic]:
    """The proportion, with a note of those who are left out because it is not known whether they are asked."""
    return [replace(each, note=each.note or left_out(assessed.outside)) for each in proportion(n, of)]


def _bounds_compared(
    address: Address, of_arms: Mapping[str, Assessed], analysis: Sensitivity, estimand: str, definition: str
) -> Iterator[Row]:
    """Worst for an arm: none of its unknown reached it, and all of the reference's; best: the other way round."""
    arms = analysis.arms
    if arms is None or arms.reference is None:
        return
    two = of_arms[arms.reference]
    for arm in arms.compared:
        one = of_arms[arm]
        cases = {WORST: (one.yes, two.yes + two.unknown), BEST: (one.yes + one.unknown, two.yes)}
        for name, (n, other) in cases.items():
            at = replace(address, handling=handled(estimand, name)).between(arm, arms.reference)
            unknown, of = one.unknown + two.unknown, one.all + two.all
            behind = Denominator(n + other, of, unknown, one.population + two.population)
            counts = {arm: (n, one.all), arms.reference: (other, two.all)}
            yield from rows(at, difference_of_proportions(counts), behind, definition)


def _ends_of_two(address: Address, of_arms: Mapping[str, Assessed], arms: Arms, definition: str) -> Iterator[Row]:
    """Each arm against the reference, for every way in which the unknown of both may have ended."""
    from remit.estimate.two_arms import Ends, ends_of_two
    from remit.inference.tipping import Group

    ends = {
        name: Ends(name, Group(found.yes, found.yes + found.no, found.unknown), found.population)
        for name, found in of_arms.items()
    }
    for arm in arms.compared:
        at = address.between(arm, arms.reference or "")
        yield from ends_of_two(at, ends[arm], ends[arms.reference or ""], definition)


def _completions(address: Address, assessed: Assessed, analysis: Sensitivity, definition: str) -> Iterator[Row]:
    """What would be found if so many of the unknown had reached it: none, one, and so on to all."""
    n, of, unknown = assessed.yes, assessed.all, assessed.unknown
    for more in _steps(unknown):
        behind = Denominator(n + more, of, unknown, assessed.population)
        yield from rows(replace(address, level=str(more)), _share(assessed, n + more, of), behind, definition)
    if analysis.benchmark is not None:
        turn = _turn(assessed, float(analysis.benchmark), f"{float(100 * analysis.benchmark):g} %")
        behind = Denominator(None if turn.value is None else int(turn.value), unknown, unknown, assessed.population)
        yield from rows(address, [turn], behind, definition)


def _steps(unknown: int) -> list[int]:
    """Each number from none to all; of very many, some that are evenly spread."""
    if unknown <= COMPLETIONS:
        return [*range(unknown + 1)]
    return sorted({round(step * unknown / COMPLETIONS) for step in range(COMPLETIONS + 1)})


def _turn(assessed: Assessed, benchmark: float, told: str) -> Statistic:
    """The least number of the unknown who must have reached it for the interval to lie above the benchmark."""
    name = "turning_point"
    n, of, unknown = assessed.yes, assessed.all, assessed.unknown
    if not of:
        return Statistic(name, None, note="nobody is in the denominator")
    if wilson(n, of)[0] > benchmark:
        return Statistic(name, 0.0, note=f"above {told}{_even(unknown, reached=False)}")
    if wilson(n + unknown, of)[0] <= benchmark:
        return Statistic(name, None, note=f"not above {told}{_even(unknown, reached=True)}")
    low, high = 0, unknown  # the lower end grows with the number
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if wilson(n + middle, of)[0] > benchmark else (middle, high)
    return Statistic(name, float(high))


def _even(unknown: int, reached: bool) -> str:
    """What the conclusion withstands: all of the unknown reached it, or none."""
    if unknown == 0:
        return ", and nobody is unknown"
    if unknown == 1:
        return f" even if the unknown patient {'reached' if reached else 'did not reach'} it"
    return f" even if {'all' if reached else 'none'} of the unknown reached it"
