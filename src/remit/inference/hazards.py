"""Hazard ratios of covariates: Cox's regression on the patients who have them, with what limits it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from remit.inference.chi_squared import ChiSquared
from remit.inference.cox import CoxModel, cox, hazard_ratios, profile_hazard_ratio, wald_test
from remit.inference.design import Column, Covariate, CovariateError, known, only
from remit.inference.estimate import Estimate, Guard
from remit.inference.proportional_hazards import proportionality


@dataclass(frozen=True)
class Hazards:
    """Cox's regression on the patients of whom every covariate is known; `left_out`: the others.

    `tests` and `proportional` are by covariate: that none of its hazard ratios differs from 1, and that they stay the
    same over time. Without `ratios`, `note` says why there is no model.
    """

    patients: int
    events: int
    left_out: int
    ratios: tuple[tuple[Column, Estimate], ...] = ()
    tests: Mapping[str, ChiSquared] = field(default_factory=dict)
    proportional: Mapping[str, ChiSquared] = field(default_factory=dict)
    guards: tuple[Guard, ...] = ()
    note: str | None = None

    @property
    def events_per_parameter(self) -> float | None:
        return self.events / len(self.ratios) if self.ratios else None


def hazards(times: Sequence[float], events: Sequence[bool], covariates: Sequence[Covariate]) -> Hazards:
    """One model of these covariates, ties by Efron. A hazard ratio without end has the limit that exists, by profile
    likelihood. What no model can take makes a model without ratios, whose note says so."""
    kept = np.flatnonzero(known(covariates)).tolist()
    had = [bool(events[at]) for at in kept]
    found = Hazards(len(had), sum(had), len(times) - len(had))
    if len(had) < 2:
        who = "one patient only is" if had else "no patient is"
        return replace(found, note=f"{who} known with the time and each covariate")
    try:
        model = cox([times[at] for at in kept], had, [only(covariate, kept) for covariate in covariates])
    except CovariateError as error:
        return replace(found, note=f"the model cannot be fitted: {error}")
    except ArithmeticError:
        return replace(found, note="the model did not converge")
    return _modelled(found, model)


def _modelled(found: Hazards, model: CoxModel) -> Hazards:
    proportional = proportionality(model)
    columns = [one.column for one in model.coefficients]
    ratios = [_with_limit(model, at, ratio) for at, ratio in enumerate(hazard_ratios(model))]
    return replace(
        found,
        ratios=tuple(zip(columns, ratios, strict=True)),
        tests={name: wald_test(model, name) for name in proportional.covariates},
        proportional=proportional.covariates,
        guards=(*model.guards, *proportional.guards),
    )


def _with_limit(model: CoxModel, at: int, ratio: Estimate) -> Estimate:
    endless = model.fitted is not None and at in model.fitted.endless
    return profile_hazard_ratio(model, at) if endless else ratio
