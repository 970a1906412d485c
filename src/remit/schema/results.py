"""Results: one statistic a row, after CDISC's Analysis Results Standard and the R package cards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path

import polars as pl

from remit.output import write_parquet

# How a yes/no endpoint's unknowns are handled, besides the study's estimands:
DECIDED = "decided"  # over the patients for whom three-valued logic decides it
COMPLETE = "complete"  # over those for whom every part is known
REQUIRED = "required"  # over those who have what the endpoint's `requires` asks for
MISSING_AT_RANDOM = "missing at random"  # of a model of all visits: like those who were alike until then
OBSERVED = "observed"  # of a number or characteristic: over those for whom it is known

# How an estimand's unknowns are handled in an analysis of sensitivity:
NON_RESPONSE = "non-response"  # not reached
CARRIED_FORWARD = "last observed"  # as at the last visit at which it was known; over those with one
IMPUTATION = "imputation"  # imputed, many times, from what is known of the patients
HYBRID = "hybrid"  # not reached by those who had an event that the study names, of the others imputed
BOUNDS = "bounds"  # from the worst case, in which none of them reached it, to the best, in which all did
WORST, BEST = "worst", "best"

# Guards that are asked for by name:
SELECTED = "selected"  # of a population or criterion that looks at what came after the start
CHANGING = "changing denominators"  # of endpoints that are known in different patients
ALREADY = "already at the start"  # of an endpoint that some fulfil at the reference visit

# Models of an endpoint:
UNIVARIABLE, MULTIVARIABLE = "univariable", "multivariable"  # a covariate alone, or all together
CRUDE = "crude"  # of arms, before covariates are adjusted for
WEIGHTING = "weighting"  # by the propensity score
PROPENSITY = "propensity"  # the probability of being in an arm, by covariates

FLOW = "flow"  # who was screened, excluded and included
IMPUTED_VALUES = "imputed_values"  # what was imputed, which all analyses share

ARM = "arm"  # the group of what is given by arm
CENTRE, WITHOUT_CENTRE = "centre", "without_centre"  # of one centre, and of all others
RANDOM_INTERCEPT = "random_intercept"  # a model of centres

# Of studies that are pooled:
OURS = "ours"  # our own result among published ones
WEIGHTS = "weight"  # how much the pooled estimate rests on each study
WITHOUT_STUDY, WITHOUT_OURS, SURE_NUMBERS = "without_study", "without_ours", "sure_numbers"
RANDOM, COMMON = "random", "common"  # effects that differ from study to study, or are one
META_REGRESSION, FUNNEL = "meta_regression", "funnel"


@dataclass(frozen=True)
class Address:
    """Which number: shared by results and claims. None: does not apply."""

    analysis: str
    population: str | None = None
    group: str | None = None
    group_level: str | None = None
    visit: str | None = None
    period: str | None = None
    time: str | None = None
    variable: str | None = None
    level: str | None = None
    contrast: str | None = None
    handling: str | None = None

    def in_arm(self, arm: str | None) -> Address:
        """The same in one arm; None: in total."""
        return self if arm is None else replace(self, group=ARM, group_level=arm)

    def between(self, arm: str, reference: str) -> Address:
        """The same of one arm against another."""
        return replace(self, group=ARM, contrast=f"{arm} - {reference}")

    def slug(self, statistic: str) -> str:
        """The readable, stable name of a result; different addresses have different names."""
        parts = [
            _escaped(part) if name in ("level", "group_level", "contrast") else part
            for name, part in vars(self).items()
            if part is not None
        ]
        return ".".join([*parts, statistic])


def _escaped(level: str) -> str:
    """Levels are users' texts: "a b", "a_b", "a-b" and "a.b" stay apart."""
    return level.replace("%", "%25").replace(".", "%2E").replace("-", "%2D").replace(" ", "-")


def handled(estimand: str, missing: str) -> str:
    """The handling of what is missing under an estimand, of an analysis of sensitivity."""
    return f"{estimand}:{missing}"


def modelled(estimand: str, model: str) -> str:
    """An estimand, in a model of one covariate or of all."""
    return f"{estimand}:{model}"


def guard(name: str) -> str:
    """The statistic of a warning, which is told in its note: events per parameter → guard_events_per_parameter."""
    return f"guard_{name.replace(' ', '_')}"


def ended(more: int, others: int) -> str:
    """The level of a pair of completions: so many of an arm's unknown reached it, so many of the reference's."""
    return f"{more} and {others}"


def ends_of(level: str) -> tuple[int, int]:
    """The two numbers of such a level."""
    more, _, others = level.partition(" and ")
    return int(more), int(others)


SHIFT_UNKNOWN = "(unknown)"  # a level of shifts
REASON_UNKNOWN = "(unknown)"  # a level of reasons
STATE_UNKNOWN = "(unknown)"  # a level of states


def shift_level(origin: str, to: str) -> str:
    """The level of a shift, from one level to another."""
    return f"{origin} → {to}"


def shift_ends(level: str) -> tuple[str, str] | None:
    """The two levels of such a level; None of another."""
    origin, arrow, to = level.partition(" → ")
    return (origin, to) if arrow else None


def propensity_level(number: int, parts: int) -> str:
    """The level of scores that lie in the first, second, … of so many equal parts of 0 to 1: from 0.05 to 0.10."""
    return f"from {number / parts:.2f} to {(number + 1) / parts:.2f}"


@dataclass(frozen=True)
class Statistic:
    """One number at an address. `value` None: it cannot be given, and `note` says why."""

    name: str
    value: float | None
    unit: str | None = None
    method: str | None = None
    note: str | None = None


@dataclass(frozen=True)
class Denominator:
    """What stands behind a number: patients (or events) counted, out of how many, how many unknown, of which size."""

    numerator: int | None
    denominator: int | None
    missing: int | None
    population_n: int | None


SCHEMA: Mapping[str, pl.DataType] = {
    "result": pl.String(),
    **{part.name: pl.String() for part in fields(Address)},
    "statistic": pl.String(),
    "value": pl.Float64(),
    "unit": pl.String(),
    "method": pl.String(),
    "numerator": pl.Int64(),
    "denominator": pl.Int64(),
    "missing": pl.Int64(),
    "population_n": pl.Int64(),
    "definition": pl.String(),
    "planned": pl.Boolean(),
    "note": pl.String(),
}

Row = dict[str, object]


def rows(address: Address, statistics: Iterable[Statistic], behind: Denominator, definition: str | None) -> list[Row]:
    """The rows of several statistics of one thing."""
    where, counts = vars(address), vars(behind)
    return [
        {
            "result": address.slug(statistic.name),
            **where,
            "statistic": statistic.name,
            "value": statistic.value,
            "unit": statistic.unit,
            "method": statistic.method,
            **counts,
            "definition": definition,
            "planned": True,
            "note": statistic.note,
        }
        for statistic in statistics
    ]


@dataclass(frozen=True)
class Results:
    """`table` has the columns of SCHEMA, one row a statistic; `result` is unique."""

    table: pl.DataFrame

    def write(self, folder: Path, synthetic: str | None = None) -> None:
        """Write results.parquet and results.json into a folder that exists.

        synthetic: how the patients were made, if they are not real; each row of results.json then says it.
        """
        write_parquet(self.table, folder / "results.parquet", synthetic)
        told = self.table if synthetic is None else self.table.with_columns(synthetic=pl.lit(synthetic))
        told.write_json(folder / "results.json")


def results_of(found: Iterable[Row]) -> Results:
    """Raises ValueError if two results have one name: a number must be found by its address alone."""
    table = pl.DataFrame(list(found), schema=SCHEMA, orient="row")
    twice = table.filter(pl.col("result").is_duplicated())
    if twice.height:
        raise ValueError(f"two results are called {twice['result'][0]}")
    return Results(table)
