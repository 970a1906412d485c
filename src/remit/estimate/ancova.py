"""An outcome by arm, as if the arms had the same covariates: adjusted means, their differences, and their tests."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import fmean
from typing import TYPE_CHECKING

import polars as pl

from remit.estimate.adjusted import Values, covariate_from, floats, statistics_of, unit_of, values_of
from remit.estimate.guards import guard_rows
from remit.inference.estimate import Guard
from remit.language.query import digest
from remit.schema.cohort import arm_column, population_column, variable_column
from remit.schema.results import ARM, OBSERVED, Address, Denominator, Row, Statistic, rows
from remit.study.analyses.kinds import Ancova, Arms, Variable

if TYPE_CHECKING:
    from remit.inference import ancova as model
    from remit.inference.adjusted import Adjusted


@dataclass(frozen=True)
class Data:
    """Of each patient of a population the arm and what the model reads, None where it is not known."""

    arm: Sequence[str | None]
    values: tuple[Values, ...]  # of the analysis's variables
    labels: tuple[str, ...]

    @property
    def size(self) -> int:
        return len(self.arm)

    @property
    def complete(self) -> Data:
        """Those of whom all is known."""
        whole = [at for at, known in enumerate(zip(self.arm, *self.values, strict=True)) if None not in known]
        values = tuple([column[at] for at in whole] for column in self.values)
        return Data([self.arm[at] for at in whole], values, self.labels)

    def behind(self, whole: Data, arms: Sequence[str] | None = None) -> Denominator:
        """How many of these arms are in the model, and how many are not."""
        of, n = (sum(arms is None or arm in arms for arm in data.arm) for data in (self, whole))
        return Denominator(None, n, of - n, of)


@dataclass(frozen=True)
class Fitted:
    """What the model gives; None with the reason where it cannot be fitted."""

    found: model.Ancova | None
    trend: Adjusted | None
    why: str = ""


def estimate_ancova(analysis: Ancova, patients: pl.DataFrame) -> Iterator[Row]:
    """Over the arms, of each arm, and of each pair of arms."""
    arms = analysis.arms
    if arms is None:
        raise ValueError("an analysis of covariance is of arms")
    unit = unit_of(analysis.outcome)
    for population in analysis.populations:
        address = Address(analysis.name, population, variable=analysis.outcome.name, handling=OBSERVED)
        data = _data(analysis, arms, patients.filter(pl.col(population_column(population))))
        whole = data.complete
        fitted = _fit(analysis, arms, whole)
        definition = digest(analysis.outcome.query)
        over_all = [Statistic("n", float(whole.size)), *_tests(fitted, unit, analysis)]
        yield from rows(replace(address, group=ARM), over_all, data.behind(whole), definition)
        guards = _guards(fitted, data, whole)
        yield from guard_rows(replace(address, group=ARM), guards, data.behind(whole), definition)
        for arm in arms.names:
            yield from rows(
                address.in_arm(arm), _of_arm(fitted, whole, arm, unit), data.behind(whole, [arm]), definition
            )
        for pair in analysis.pairs:
            difference = statistics_of("difference", _difference(fitted, pair), fitted.why, unit)
            yield from rows(address.between(*pair), difference, data.behind(whole, pair), definition)


# Values


def _data(analysis: Ancova, arms: Arms, patients: pl.DataFrame) -> Data:
    arm = [name if name in arms.names else None for name in patients[arm_column(arms.kind)]]
    columns = [values_of(one, variable_column(analysis.name, one.name), patients) for one in analysis.variables]
    return Data(arm, tuple(columns), tuple(one.label for one in analysis.variables))


# The model


def _fit(analysis: Ancova, arms: Arms, whole: Data) -> Fitted:
    from remit.inference.ancova import ancova, dose_response
    from remit.inference.design import CovariateError, Levels
    from remit.inference.design import Number as Numeric

    if not whole.size:
        return Fitted(None, None, "in nobody all that the model asks for is known")
    outcome = floats(whole.values[0])
    covariates = [
        covariate_from(variable, values)
        for variable, values in zip(analysis.covariates, whole.values[1:], strict=False)  # the dose may stand behind
    ]
    try:
        arm = Levels(ARM, whole.arm, arms.names, arms.reference)
        found = ancova(outcome, arm, covariates, analysis.weights)
        if analysis.dose is None:
            return Fitted(found, None)
        dose = Numeric(analysis.dose.label, floats(whole.values[-1]))
        return Fitted(found, dose_response(outcome, dose, covariates))
    except CovariateError as error:
        return Fitted(None, None, f"the model cannot be fitted: {error}")


# Statistics


def _of_arm(fitted: Fitted, whole: Data, arm: str, unit: str | None) -> list[Statistic]:
    own = [value for name, value in zip(whole.arm, floats(whole.values[0]), strict=True) if name == arm]
    mean = Statistic("mean", fmean(own), unit) if own else Statistic("mean", None, unit, note=f"nobody is in {arm}")
    made = fitted.found.means[arm] if fitted.found else None
    adjusted = [each for each in statistics_of("adjusted_mean", made, fitted.why, unit) if each.name != "p"]
    return [Statistic("n", float(len(own))), mean, *adjusted]


def _difference(fitted: Fitted, pair: tuple[str, str]) -> Adjusted | None:
    """An arm without patients stands last in the model's pairs; its difference has no value either way."""
    if fitted.found is None:
        return None
    differences = fitted.found.differences
    return differences[pair] if pair in differences else differences[pair[1], pair[0]]


def _tests(fitted: Fitted, unit: str | None, analysis: Ancova) -> list[Statistic]:
    """F and p over the arms; the trend."""
    test = fitted.found.arms if fitted.found else None
    if test is None:
        found = [Statistic(name, None, note=fitted.why) for name in ("f", "p")]
    else:
        method = f"F test, {test.numerator} and {test.denominator} degrees of freedom"
        found = [Statistic(name, value, None, method, test.note) for name, value in (("f", test.value), ("p", test.p))]
    return [
        *found,
        *(
            statistics_of("trend", fitted.trend, fitted.why, _per(unit, analysis.dose), "trend_")
            if analysis.dose
            else []
        ),
    ]


def _per(unit: str | None, dose: Variable) -> str | None:
    """mg/dL per mg; per mg of an outcome without a unit"""
    parts = [unit or "", f"per {unit_of(dose)}" if unit_of(dose) else ""]
    return " ".join(part for part in parts if part) or None


def _guards(fitted: Fitted, data: Data, whole: Data) -> Iterator[Guard]:
    """Who is left out; what else the reader must know."""
    if whole.size < data.size:
        yield Guard("left out", _left_out(data, whole))
    yield from fitted.found.guards if fitted.found else ()


def _left_out(data: Data, whole: Data) -> str:
    """Of whom what is not known; of one patient it may be several."""
    columns = {"the arm": data.arm, **dict(zip(data.labels, data.values, strict=True))}
    unknown = {name: sum(value is None for value in values) for name, values in columns.items()}
    parts = "; ".join(f"{name} in {count}" for name, count in unknown.items() if count)
    left_out = data.size - whole.size
    is_or_are = "is" if left_out == 1 else "are"
    return f"{left_out} of {data.size} patients {is_or_are} left out of the model. Not known: {parts}."
