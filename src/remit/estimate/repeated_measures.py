"""Changes of a number over the visits, by the mixed model for repeated measures: adjusted means and differences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from statistics import fmean

import polars as pl

from remit.estimate.adjusted import Values, covariate_from, floats, statistics_of, unit_of, values_of
from remit.estimate.covariates import numbers_of
from remit.estimate.guards import guard_rows, later
from remit.inference.adjusted import Adjusted
from remit.inference.design import CovariateError, Levels
from remit.inference.design import Number as Numeric
from remit.inference.estimate import Guard
from remit.inference.repeated_measures import RepeatedMeasures as Model
from remit.inference.repeated_measures import repeated_measures
from remit.inference.repeated_model import ALL
from remit.language.query import digest
from remit.schema.cohort import arm_column, population_column, variable_column
from remit.schema.results import ARM, MISSING_AT_RANDOM, Address, Denominator, Row, Statistic, rows
from remit.study.analyses.kinds import Arms, RepeatedMeasures
from remit.study.study import Study

_LATER = "it may follow from the treatment, and an allowance for it may hide what the treatment does."


@dataclass(frozen=True)
class Data:
    """Of each patient of a population: the arm, the first value, the covariates, and the changes by visit. None: not
    known."""

    arm: Sequence[str | None]
    first: Sequence[float | None]
    covariates: Sequence[Values]
    changes: Mapping[str, Sequence[float | None]]

    @property
    def size(self) -> int:
        return len(self.first)

    @cached_property
    def told(self) -> list[bool]:
        """Of whom all but the changes is known."""
        return [None not in each for each in zip(self.arm, self.first, *self.covariates, strict=True)]

    @cached_property
    def seen(self) -> list[bool]:
        """Of whom some change is known."""
        return [any(one is not None for one in each) for each in zip(*self.changes.values(), strict=True)]

    @cached_property
    def whole(self) -> Data:
        """Those in the model."""
        at = [place for place in range(self.size) if self.told[place] and self.seen[place]]
        return Data(
            [self.arm[place] for place in at],
            [self.first[place] for place in at],
            [[values[place] for place in at] for values in self.covariates],
            {visit: [values[place] for place in at] for visit, values in self.changes.items()},
        )

    def own(self, visit: str, *arms: str) -> list[float]:
        """The known changes of these arms at a visit."""
        pairs = zip(self.arm, self.changes[visit], strict=True)
        return [change for arm, change in pairs if change is not None and arm in arms]

    def behind(self, visit: str, *arms: str) -> Denominator:
        """Whose change at a visit is in the model, of these arms."""
        n, of = len(self.whole.own(visit, *arms)), sum(arm in arms for arm in self.arm)
        return Denominator(None, n, of - n, of)


@dataclass(frozen=True)
class Fitted:
    """The model; None with the reason where there is none."""

    model: Model | None
    why: str = ""

    def mean(self, arm: str, visit: str) -> Adjusted | None:
        return self.model.means[arm, visit] if self.model else None

    def difference(self, arm: str, reference: str, visit: str) -> Adjusted | None:
        return self.model.differences[arm, reference, visit] if self.model else None


def estimate_repeated(study: Study, analysis: RepeatedMeasures, patients: pl.DataFrame) -> Iterator[Row]:
    """For each population: of whom the model is and what warns of it; by visit and arm, means and differences."""
    definition = digest(analysis.queries[analysis.to[0]])
    for population in analysis.populations:
        address = Address(analysis.name, population, variable=analysis.outcome.name, handling=MISSING_AT_RANDOM)
        data = _data(analysis, patients.filter(pl.col(population_column(population))))
        fitted = _fit(analysis, data.whole)
        n = data.whole.size
        behind = Denominator(None, n, data.size - n, data.size)
        observations = sum(len(data.whole.own(visit, *_arms(analysis))) for visit in analysis.to)
        counts = [Statistic("n", float(n)), Statistic("observations", float(observations))]
        yield from rows(address, counts, behind, definition)
        yield from guard_rows(address, _guards(study, analysis, fitted, data), behind, definition)
        for visit in analysis.to:
            yield from _of_visit(analysis, replace(address, visit=visit), fitted, data, visit)


def _of_visit(analysis: RepeatedMeasures, address: Address, fitted: Fitted, data: Data, visit: str) -> Iterator[Row]:
    unit, definition = unit_of(analysis.outcome), digest(analysis.queries[visit])
    for arm in _arms(analysis):
        own = data.whole.own(visit, arm)
        mean = Statistic("mean", fmean(own) if own else None, unit, note=None if own else "nobody was seen")
        found = [Statistic("n", float(len(own))), mean]
        found += _estimated("adjusted_mean", fitted.mean(arm, visit), fitted.why, unit)
        at = address.in_arm(None if analysis.arms is None else arm)
        yield from rows(at, found, data.behind(visit, arm), definition)
    for arm in analysis.arms.compared if analysis.arms else ():
        reference = analysis.arms.reference if analysis.arms and analysis.arms.reference else ""
        found = _estimated("difference", fitted.difference(arm, reference, visit), fitted.why, unit)
        yield from rows(address.between(arm, reference), found, data.behind(visit, arm, reference), definition)


def _arms(analysis: RepeatedMeasures) -> tuple[str, ...]:
    return analysis.arms.names if analysis.arms else (ALL,)


def _estimated(name: str, made: Adjusted | None, why: str, unit: str | None) -> list[Statistic]:
    """With its degrees of freedom."""
    freedom = made.freedom if made else None
    note = None if freedom is not None else (made.estimate.note if made else why)
    method = made.estimate.method if made else None
    return [*statistics_of(name, made, why, unit), Statistic("degrees_of_freedom", freedom, None, method, note)]


# Values


def _data(analysis: RepeatedMeasures, patients: pl.DataFrame) -> Data:
    outcome = analysis.outcome
    first = variable_column(analysis.name, outcome.name, analysis.origin)
    changes = {}
    for visit in analysis.to:  # scaled integers, so that 8.7 − 6.7 is 2.0
        column = variable_column(analysis.name, outcome.name, visit)
        changes[visit] = numbers_of(outcome, column, patients.select((pl.col(column) - pl.col(first)).alias(column)))
    return Data(
        _arm_of(analysis.arms, patients),
        numbers_of(outcome, first, patients),
        [values_of(each, variable_column(analysis.name, each.name), patients) for each in analysis.covariates],
        changes,
    )


def _arm_of(arms: Arms | None, patients: pl.DataFrame) -> list[str | None]:
    """Without arms all are in one."""
    if arms is None:
        return [ALL] * patients.height
    return [name if name in arms.names else None for name in patients[arm_column(arms.kind)]]


# The model


def _fit(analysis: RepeatedMeasures, whole: Data) -> Fitted:
    if not whole.size:
        return Fitted(None, "in nobody all that the model asks for is known")
    arms = analysis.arms
    arm = None if arms is None else Levels(ARM, whole.arm, arms.names, _first_arm(arms, whole))
    covariates = [
        covariate_from(variable, values) for variable, values in zip(analysis.covariates, whole.covariates, strict=True)
    ]
    first = Numeric(_first(analysis), floats(whole.first))
    try:
        model = repeated_measures(whole.changes, arm, covariates, [first], analysis.weights, analysis.errors)
    except CovariateError as error:
        return Fitted(None, f"the model cannot be fitted: {error}")
    return Fitted(model)


def _first_arm(arms: Arms, whole: Data) -> str:
    """The reference; without one the first arm that somebody is in: the means are the same whichever it is."""
    return arms.reference or next(name for name in arms.names if name in whole.arm)


def _first(analysis: RepeatedMeasures) -> str:
    return f"{analysis.outcome.label} at the first visit"


# Guards


def _guards(study: Study, analysis: RepeatedMeasures, fitted: Fitted, data: Data) -> Iterator[Guard]:
    label = next(visit.label for visit in study.visits if visit.name == analysis.origin)
    unseen = data.size - sum(data.seen)
    if unseen:
        who = f"{unseen} of {data.size} patients have no change from “{label}” at any of the visits"
        why = "for want of a value there or after it"
        yield Guard("no change", f"{who}, {why}: they tell the model nothing.")
    if unknown := _unknown(analysis, data):
        yield Guard("left out", unknown)
    if fitted.why:
        yield Guard("not fitted", f"{fitted.why[0].upper()}{fitted.why[1:]}.")
    yield from fitted.model.guards if fitted.model else ()
    yield from later(study, analysis.covariates, _LATER)


def _unknown(analysis: RepeatedMeasures, data: Data) -> str | None:
    """Of how many with a change something else is not known."""
    count = sum(seen and not told for seen, told in zip(data.seen, data.told, strict=True))
    if not count:
        return None
    columns = {
        "the arm": data.arm,
        **dict(zip((each.label for each in analysis.covariates), data.covariates, strict=True)),
    }
    parts = {
        name: sum(value is None and seen for value, seen in zip(values, data.seen, strict=True))
        for name, values in columns.items()
    }
    named = "; ".join(f"{name} in {number}" for name, number in parts.items() if number)
    return f"{count} of {data.size} patients are left out of the model though they have a change. Not known: {named}."
