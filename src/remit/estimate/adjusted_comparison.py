"""An endpoint of arms that chance did not assign: who is compared, the arms as they are, then each pair adjusted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from statistics import fmean, stdev

import polars as pl

from remit.estimate.adjusted import unit_of
from remit.estimate.adjusted_pair import Patients, pair_rows
from remit.estimate.covariates import columns_of, covariate_of
from remit.estimate.guards import beyond, guard_rows
from remit.estimate.outcome import Outcome, outcome_of
from remit.estimate.proportions import proportion
from remit.estimate.unknown import left_out
from remit.inference.estimate import Guard
from remit.language.query import digest
from remit.schema.cohort import arm_column, population_column, variable_column
from remit.schema.results import ARM, CRUDE, Address, Denominator, Row, Statistic, modelled, rows
from remit.study.analyses.kinds import AdjustedComparison, Arms
from remit.study.study import Study


@dataclass(frozen=True)
class Asked:
    """Whom an analysis asks in a population. `everybody`: those whom the estimand asks for; `members`: by arm (None: in
    total), how many the population has."""

    analysis: AdjustedComparison
    arms: Arms
    address: Address
    definition: str
    outcome: Outcome
    everybody: Patients
    members: dict[str | None, int]

    @cached_property
    def whole(self) -> Patients:
        return self.everybody.complete

    def behind(self, names: Sequence[str] | None = None) -> Denominator:
        """Of these arms, or of all patients: who is compared, and who is asked and is not."""
        kept, asked = self.whole.of(names), self.everybody.of(names)
        members = self.members[None] if names is None else sum(self.members[name] for name in names)
        return Denominator(sum(map(bool, kept.reached)), kept.size, asked.size - kept.size, members)


def estimate_adjusted(study: Study, analysis: AdjustedComparison, patients: pl.DataFrame) -> Iterator[Row]:
    """A population: over all arms, of each arm, and of each pair of arms."""
    arms = analysis.arms
    if arms is None:
        raise ValueError("an adjusted comparison is of arms")
    for population in analysis.populations:
        asked = _asked(study, analysis, arms, population, patients)
        over_all = replace(asked.address, group=ARM)
        behind = asked.behind()
        yield from rows(over_all, [Statistic("n", float(asked.whole.size))], behind, asked.definition)
        yield from guard_rows(over_all, _guards(asked), behind, asked.definition)
        for name in arms.names:
            yield from _of_arm(asked, name)
        for names in analysis.pairs:
            at, pair = asked.address.between(*names), asked.whole.of(names)
            yield from pair_rows(analysis, at, names, pair, asked.behind(names), asked.definition)


def _asked(study: Study, analysis: AdjustedComparison, arms: Arms, population: str, patients: pl.DataFrame) -> Asked:
    endpoint, visit, estimand = analysis.endpoint, analysis.visit, analysis.estimand
    of_arm = arm_column(arms.kind)
    columns = {each.variable.name: variable_column(analysis.name, each.variable.name) for each in analysis.covariates}
    read = dict.fromkeys(name for each in analysis.covariates for name in columns_of(each, columns[each.variable.name]))
    limits = [name for name in patients.columns if name.startswith(variable_column(analysis.name, ""))]
    outcome = outcome_of(
        study, endpoint, visit, estimand, population, patients, [of_arm, *(read | dict.fromkeys(limits))]
    )
    covariates = tuple(
        covariate_of(each, columns[each.variable.name], outcome.patients) for each in analysis.covariates
    )
    arm = [name if name in arms.names else None for name in outcome.patients[of_arm].to_list()]
    members = patients.filter(pl.col(population_column(population)))[of_arm].to_list()
    sizes: dict[str | None, int] = {name: members.count(name) for name in arms.names}
    return Asked(
        analysis,
        arms,
        Address(analysis.name, population, visit=visit, variable=endpoint, handling=modelled(estimand, CRUDE)),
        digest(study.endpoints[endpoint].queries[visit]),
        outcome,
        Patients(arm, outcome.reached.to_list(), covariates),
        {**sizes, None: len(members)},
    )


# The arms as they are


def _of_arm(asked: Asked, name: str) -> Iterator[Row]:
    """Who reached the endpoint, and the covariates, of those who are compared."""
    at, behind = asked.address.in_arm(name), asked.behind([name])
    yield from rows(at, proportion(behind.numerator or 0, behind.denominator or 0), behind, asked.definition)
    own = asked.whole.of([name])
    for covariate, values in zip(asked.analysis.covariates, own.covariates, strict=True):
        here = replace(at, variable=covariate.variable.name)
        definition = digest(covariate.variable.query)
        if not covariate.levels:
            numbers = [float(value) for value in values.values if isinstance(value, int | float)]
            yield from rows(
                here, _moments(numbers, unit_of(covariate.variable)), replace(behind, numerator=None), definition
            )
        for level in covariate.shown:
            n = sum(value == level for value in values.values)
            share = proportion(n, own.size)[:2]
            yield from rows(replace(here, level=level), share, replace(behind, numerator=n), definition)


def _moments(values: Sequence[float], unit: str | None) -> list[Statistic]:
    few = "nobody is compared" if not values else "of one patient"
    return [
        Statistic("mean", fmean(values), unit) if values else Statistic("mean", None, unit, note=few),
        Statistic("sd", stdev(values), unit) if len(values) > 1 else Statistic("sd", None, unit, note=few),
    ]


# Guards


def _guards(asked: Asked) -> Iterator[Guard]:
    if asked.arms.randomised:
        yield Guard(
            "randomised", "Chance assigned the patients to these arms: what is adjusted for was left to chance."
        )
    whole, everybody = asked.whole.size, asked.everybody.size
    if whole < everybody:
        named = "; ".join(f"{name} in {count}" for name, count in _unknown(asked).items() if count)
        are = "is" if everybody - whole == 1 else "are"
        told = f"{everybody - whole} of {everybody} patients {are} not compared. Not known: {named}."
        yield Guard("left out", told)
    if outside := left_out(asked.outcome.outside):
        yield Guard("stratum", f"{outside[:1].upper()}{outside[1:]}.")
    for covariate in asked.analysis.covariates:
        column = variable_column(asked.analysis.name, covariate.variable.name)
        yield from beyond(covariate, column, asked.outcome.patients)


def _unknown(asked: Asked) -> dict[str, int]:
    """Of how many what is not known."""
    found = {"the arm": asked.everybody.arm.count(None), "the endpoint": asked.everybody.reached.count(None)}
    return found | {each.name: sum(value is None for value in each.values) for each in asked.everybody.covariates}
