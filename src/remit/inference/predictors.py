"""Predictors of an outcome: odds ratios one covariate at a time, or of all at once, with what limits them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from remit.inference.chi_squared import ChiSquared
from remit.inference.design import Column, Counts, Covariate, CovariateError, Design, design, known, only
from remit.inference.estimate import CONFIDENCE, Estimate, Guard
from remit.inference.logistic import Fit, Separated, fit, profile, ratio_test, wald
from remit.inference.logistic_likelihood import Outcome
from remit.inference.separation import Separation, separation

# P. Peduzzi and others, Journal of Clinical Epidemiology 1996;49:1373-9: with fewer events a parameter, coefficients
# are biased and intervals miss.
ENOUGH_EVENTS = 10
TOO_FEW_EVENTS = 5


@dataclass(frozen=True)
class Effect:
    """The odds ratio of a column: by profile likelihood with its likelihood-ratio test, and by Wald's method."""

    column: Column
    odds_ratio: Estimate
    wald: Estimate


@dataclass(frozen=True)
class CovariateTest:
    """The likelihood-ratio test of all columns of a covariate."""

    covariate: str
    test: ChiSquared


@dataclass(frozen=True)
class Model:
    """A model of an outcome.

    `patients` and `events` are those who stand in it, `left_out` those whose outcome or any covariate is unknown.
    `fitted` is None if no model can be made, and `note` then says why.
    """

    covariates: tuple[str, ...]
    patients: int
    events: int
    left_out: int
    effects: tuple[Effect, ...] = ()
    tests: tuple[CovariateTest, ...] = ()
    fitted: Fit | None = None
    guards: tuple[Guard, ...] = ()
    note: str | None = None

    @property
    def rarer(self) -> int:
        """Of how many patients the outcome is that which fewer have."""
        return min(self.events, self.patients - self.events)

    @property
    def events_per_parameter(self) -> float | None:
        """Patients with the rarer outcome for each coefficient but the intercept's."""
        if self.fitted is None or len(self.fitted.coefficients) == 1:
            return None
        return self.rarer / (len(self.fitted.coefficients) - 1)


def univariable(
    outcome: Sequence[bool | None], covariates: Sequence[Covariate], confidence: float = CONFIDENCE
) -> tuple[Model, ...]:
    """A model for each covariate alone, on the patients who have it; a covariate that no model can take has a note."""
    return tuple(modelled(outcome, [covariate], confidence) for covariate in covariates)


def multivariable(
    outcome: Sequence[bool | None],
    covariates: Sequence[Covariate],
    confidence: float = CONFIDENCE,
    alike: Sequence[int] | None = None,
) -> Model:
    """One model of all covariates, on the patients who have all of them.

    Maximum likelihood, but Firth's penalised likelihood where the outcome is separated or there are fewer than 5 events
    a parameter; a guard tells of either, and of fewer than 10. `alike`: where each outcome, with its values, is that of
    several patients, of how many. Raises CovariateError for a covariate that no model can take among these patients,
    and ValueError if numbers of patients differ.
    """
    asked = _asked(outcome, covariates, alike)
    model, had = asked.model, asked.had
    if had.all() or not had.any():
        return replace(model, note=_one_outcome(model))
    made = design([only(covariate, asked.kept) for covariate in covariates], len(had), asked.alike)
    try:
        return _modelled(model, made, had, confidence)
    except ArithmeticError:
        return replace(model, note="The model did not converge.")


def modelled(
    outcome: Sequence[bool | None],
    covariates: Sequence[Covariate],
    confidence: float = CONFIDENCE,
    alike: Sequence[int] | None = None,
) -> Model:
    """`multivariable`; if a covariate is one that no model can take, a model without effects whose note says so."""
    try:
        return multivariable(outcome, covariates, confidence, alike)
    except CovariateError as error:
        return replace(_asked(outcome, covariates, alike).model, note=f"{error}.")


@dataclass(frozen=True)
class _Asked:
    """The patients of whom all is known: where they stand, who had the outcome, how many are alike; and their model
    without effects."""

    kept: NDArray[np.intp]
    had: Outcome
    alike: Counts | None
    model: Model


def _asked(outcome: Sequence[bool | None], covariates: Sequence[Covariate], alike: Sequence[int] | None) -> _Asked:
    counts = np.ones(len(outcome), dtype=np.int64) if alike is None else np.array(alike, dtype=np.int64)
    if any(len(covariate.values) != len(outcome) for covariate in covariates) or len(counts) != len(outcome):
        raise ValueError("outcome and covariates are of different numbers of patients")
    there = known(covariates) if covariates else np.ones(len(outcome), dtype=bool)
    kept = np.flatnonzero(there & np.array([value is not None for value in outcome], dtype=bool))
    had = np.array([bool(value) for value in outcome], dtype=bool)[kept]
    patients = int(counts[kept].sum())
    names = tuple(covariate.name for covariate in covariates)
    model = Model(names, patients, int(counts[kept][had].sum()), int(counts.sum()) - patients)
    return _Asked(kept, had, None if alike is None else counts[kept], model)


def _modelled(model: Model, made: Design, had: Outcome, confidence: float) -> Model:
    fitted, guards = _fitted(model, made, had)
    return replace(
        model,
        effects=tuple(
            Effect(column, profile(fitted, at, confidence), wald(fitted, at, confidence))
            for at, column in enumerate(made.columns[1:], start=1)
        ),
        tests=tuple(CovariateTest(name, ratio_test(fitted, made.of(name))) for name in model.covariates),
        fitted=fitted,
        guards=made.guards + guards,
    )


def _fitted(model: Model, made: Design, had: Outcome) -> tuple[Fit, tuple[Guard, ...]]:
    parameters = len(made.columns) - 1
    few = _few_events(model.rarer, parameters)
    if model.rarer < TOO_FEW_EVENTS * parameters:
        found = separation(made, had)
        return fit(made, had, penalised=True), few + (_separated(found) if found else ())
    try:
        return fit(made, had), few
    except Separated as error:
        return fit(made, had, penalised=True), few + _separated(error.separation)


def _few_events(rarer: int, parameters: int) -> tuple[Guard, ...]:
    if rarer >= ENOUGH_EVENTS * parameters:
        return ()
    told = (
        f"{rarer} patients have the rarer outcome, for {parameters} coefficients: {rarer / parameters:.1f} events a "
        f"coefficient, of which {ENOUGH_EVENTS} are asked for. "
    )
    if rarer < TOO_FEW_EVENTS * parameters:
        told += f"With fewer than {TOO_FEW_EVENTS}, Firth's penalised likelihood is used. "
    return (Guard("events per parameter", told + "Odds ratios may be far off, and predictors are missed."),)


def _separated(found: Separation) -> tuple[Guard, ...]:
    who = " and ".join(found.covariates)
    how = "tells" if len(found.covariates) == 1 else "together tell"
    part = "all" if found.kind == "complete" else "some"
    return (
        Guard(
            "separation",
            f"{who} {how} {part} patients with the outcome apart from those without ({found.kind} separation): maximum "
            "likelihood has no finite odds ratio, so Firth's penalised likelihood is used.",
        ),
    )


def _one_outcome(model: Model) -> str:
    if not model.patients:
        return "No patient has both the outcome and all covariates known."
    if model.patients == 1:
        return "One patient only has both the outcome and all covariates known."
    every = "All" if model.events else "None"
    return f"{every} of the {model.patients} patients had the outcome, so nothing can predict it."
