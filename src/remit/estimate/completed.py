"""An endpoint in completed cohorts, as one proportion; and what was imputed in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import polars as pl

from remit.estimate.contrasts import POINTS, nobody_in, not_compared
from remit.estimate.proportions import NOBODY
from remit.estimate.unknown import left_out
from remit.inference.estimate import Estimate
from remit.inference.imputation.imputed import NOT_FILLED
from remit.inference.imputation.pooling import RUBIN, Pooled, few_imputations
from remit.inference.imputation.proportions import MI_NEWCOMBE, MI_WILSON, difference, proportion
from remit.inference.imputation.responses import delta_series, hybrid
from remit.inference.imputation.table import Flags
from remit.schema.cohort import Completed, endpoint_column, had_column, stratum_column
from remit.schema.records import PATIENT
from remit.schema.results import IMPUTED_VALUES, Address, Denominator, Row, Statistic, guard, rows
from remit.study.analyses.kinds import Arms, Sensitivity
from remit.study.study import Imputation
from remit.study.written import Missing


@dataclass(frozen=True)
class Imputed:
    """How an endpoint was found in the patients of an estimand, in each of m completed cohorts.

    responses: m × n, of those of whom it is known in each cohort. unknown: n, where the charts do not tell it. stopped:
    n, where an event came first after which the hybrid counts the unknown as not reached. still: how many more patients
    there are, of whom it stays unknown; outside: of how many it is not known whether the estimand is about them.
    """

    responses: Flags
    unknown: Flags
    stopped: Flags
    still: int
    outside: int
    population: int

    @property
    def of(self) -> int:
        return len(self.unknown)

    @property
    def behind(self) -> Denominator:
        return Denominator(None, self.of, int(self.unknown.sum()), self.population)

    def counts(self, missing: Missing) -> list[int]:
        """How many reached it, in each cohort."""
        responses = hybrid(self.responses, self.unknown, self.stopped) if missing == "hybrid" else self.responses
        return [int(count) for count in responses.sum(axis=1)]


def imputed(
    completed: Completed, how: Imputation, analysis: Sensitivity, estimand: str, patients: pl.DataFrame
) -> Imputed:
    """`patients`: of the population, or of one arm of it."""
    at = (analysis.endpoint, analysis.visit, estimand)
    column, stratum = endpoint_column(*at), stratum_column(*at)
    inside = pl.col(stratum) if stratum in patients.columns else pl.lit(True)
    asked = patients.filter(inside)
    found = completed.patients.select(PATIENT, column).join(asked.select(PATIENT), on=PATIENT, how="semi")
    codes = found[column].cast(pl.Int8).fill_null(-1).to_numpy().reshape(how.imputations, asked.height)
    known = (codes >= 0).all(axis=0)
    had = [had_column(event, analysis.visit) for event in how.non_response_after]
    stopped = pl.any_horizontal(
        pl.lit(False), *(pl.col(name).fill_null(False) for name in had if name in asked.columns)
    )
    return Imputed(
        responses=codes[:, known] == 1,
        unknown=asked[column].is_null().to_numpy()[known],
        stopped=asked.select(PATIENT, stopped=stopped)["stopped"].to_numpy()[known],
        still=int((~known).sum()),
        outside=patients.select(inside.is_null().sum()).item(),
        population=patients.height,
    )


def imputed_share(address: Address, found: Imputed, missing: Missing, definition: str) -> Iterator[Row]:
    """The proportion of those of whom it is known in each completed cohort."""
    if not found.of:
        statistics = [Statistic(name, None, "%", MI_WILSON, NOBODY) for name in ("percent", "lower", "upper")]
    else:
        made = proportion(found.counts(missing), found.of)
        statistics = [*_percentages(made.estimate, "percent", "%"), *precision(made.pooled)]
    notes = _notes(found.still, found.outside)
    told = [replace(each, note=each.note or notes) for each in statistics]
    yield from rows(address, told, found.behind, definition)


def imputed_contrasts(
    address: Address, of_arms: Mapping[str, Imputed], missing: Missing, arms: Arms | None, definition: str
) -> Iterator[Row]:
    """Each arm against the reference. `address`: of the arms together."""
    if arms is None or arms.reference is None:
        return
    other = of_arms[arms.reference]
    for arm in arms.compared:
        one = of_arms[arm]
        both = Denominator(
            None,
            one.of + other.of,
            int(one.unknown.sum() + other.unknown.sum()),
            one.population + other.population,
        )
        empty = [name for name, found in ((arm, one), (arms.reference, other)) if not found.of]
        if empty:
            statistics = not_compared(POINTS, MI_NEWCOMBE, nobody_in(empty))
        else:
            made = difference(one.counts(missing), one.of, other.counts(missing), other.of)
            statistics = _percentages(made.estimate, "difference", POINTS)
        notes = _notes(one.still + other.still, one.outside + other.outside)
        told = [replace(each, note=each.note or notes) for each in statistics]
        yield from rows(address.between(arm, arms.reference), told, both, definition)


def shifted_shares(address: Address, found: Imputed, how: Imputation, definition: str) -> Iterator[Row]:
    """The proportion, had those who were imputed fared worse or better than was predicted: one level a shift."""
    if not found.of or not found.unknown.any():
        return
    levels = how.shift_levels
    series = delta_series(found.responses, found.unknown, [*levels.values()], how.seed)
    for level, each in zip(levels, series, strict=True):
        statistics = _percentages(each.estimate, "percent", "%")
        share = None if each.unknown_share is None else 100 * each.unknown_share
        at, of = replace(address, level=level), found.behind
        yield from rows(at, statistics, of, definition)
        of_imputed = replace(of, denominator=of.missing)
        yield from rows(at, [Statistic("percent_of_imputed", share, "%")], of_imputed, definition)


def estimate_imputed(completed: Completed) -> Iterator[Row]:
    """Of each field at a visit: how many values were imputed, why they were not there, and what the models warn of."""
    for model in completed.models.iter_rows(named=True):
        handling = None if model["after"] is None else f"after {model['after']}"
        address = Address(
            IMPUTED_VALUES, variable=f"{model['form']}.{model['field']}", visit=model["visit"], handling=handling
        )
        unknown = model["missing"] + model["within"]
        n = 0 if model["method"] == NOT_FILLED else unknown
        of = model["known"] + unknown
        behind = Denominator(n, of, unknown, of)
        told = [Statistic("n", float(n), method=model["method"]), Statistic("predictors", len(model["predictors"]))]
        yield from rows(address, told, behind, None)
        where = {name: model[name] for name in ("form", "field", "visit", "after")}
        cells = completed.imputed.filter(*(pl.col(name).eq_missing(pl.lit(value)) for name, value in where.items()))
        for why, count in cells.group_by("why").len().sort("why").iter_rows():
            counted = Denominator(count, n, 0, n)
            yield from rows(replace(address, level=why), [Statistic("n", float(count))], counted, None)
    everybody = completed.patients[PATIENT].n_unique()
    for number, warning in enumerate(completed.guards, 1):
        address = Address(IMPUTED_VALUES, level=str(number))
        warned = Statistic(guard("imputation"), None, note=warning)
        yield from rows(address, [warned], Denominator(None, everybody, 0, everybody), None)


def _notes(still: int, outside: int) -> str | None:
    """Who is left out."""
    return "; ".join(note for note in (still_unknown(still), left_out(outside)) if note) or None


def _percentages(estimate: Estimate, name: str, unit: str) -> list[Statistic]:
    ends = {name: estimate.value, "lower": estimate.lower, "upper": estimate.upper}
    return [
        Statistic(each, None if value is None else 100 * value, unit, None if each == name else estimate.method)
        for each, value in ends.items()
    ]


def precision(pooled: Pooled) -> list[Statistic]:
    """How much of the information is missing; and a warning, if there are too few imputations for it."""
    warned = few_imputations(pooled)
    found = [Statistic("missing_information", 100 * pooled.missing_information, "%", RUBIN)]
    return [*found, Statistic(guard("few imputations"), None, note=warned.told)] if warned else found


def still_unknown(n: int) -> str | None:
    return f"of {n} it stays unknown, for it hangs on what is not imputed: they are left out" if n else None
