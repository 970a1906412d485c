"""Are hazards proportional: does a hazard ratio stay the same over time?

The score test of a coefficient that changes with a function of time (P. M. Grambsch, T. M. Therneau, Biometrika
1994;81:515-26), with the whole information, as cox.zph does since R's survival 3.0.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from remit.inference.chi_squared import ChiSquared, no_test, score_test
from remit.inference.cox import NOBODY, CoxModel, Fitted
from remit.inference.estimate import Guard
from remit.inference.kaplan_meier import kaplan_meier
from remit.inference.partial_likelihood import Floats, information, moments

Scale = Literal["km", "identity"]

METHOD = {
    "km": "score test of a hazard ratio that changes with the share that has had the event",
    "identity": "score test of a hazard ratio that changes with time",
}
DOUBTED = 0.05


@dataclass(frozen=True)
class Proportionality:
    """covariates: one test each, by name, of all its columns together. together: of all covariates."""

    covariates: dict[str, ChiSquared]
    together: ChiSquared
    guards: tuple[Guard, ...]


def proportionality(model: CoxModel, scale: Scale = "km") -> Proportionality:
    """scale: time as the share that Kaplan and Meier's curve of all patients has lost before it ("km"), or as it is."""
    names = dict.fromkeys(one.column.covariate for one in model.coefficients)
    if model.fitted is None or model.fitted.endless:
        note = NOBODY if model.fitted is None else "not every hazard ratio is finite"
        none = no_test(METHOD[scale], note)
        return Proportionality(dict.fromkeys(names, none), none, ())
    slope, variance = _changing(model.fitted, scale)
    places = {name: [at for at, one in enumerate(model.coefficients) if one.column.covariate == name] for name in names}
    tests = {name: score_test(slope[at], variance[np.ix_(at, at)], METHOD[scale]) for name, at in places.items()}
    together = score_test(slope, variance, METHOD[scale])
    return Proportionality(tests, together, tuple(_guards(tests)))


def _changing(fitted: Fitted, scale: Scale) -> tuple[Floats, Floats]:
    """The slope of the likelihood where coefficients begin to change with time, and its variance."""
    scaled = _scaled(fitted, scale)
    middle = np.concatenate(scaled).mean()
    count = len(fitted.scale)
    slope = np.zeros(count)
    still, mixed, changing = (np.zeros((count, count)) for _ in range(3))
    for sets, times in zip(fitted.strata, scaled, strict=True):
        time = times - middle
        found = moments(sets, fitted.best.coefficients)
        slope = slope + time @ (sets.covariates[sets.event] - found.mean)
        still = still + information(sets, found)
        mixed = mixed + information(sets, found, time)
        changing = changing + information(sets, found, time**2)
    return slope, changing - mixed @ np.linalg.solve(still, mixed)


def _scaled(fitted: Fitted, scale: Scale) -> list[Floats]:
    """The times of each stratum's events."""
    of_strata = [sets.time[sets.event] for sets in fitted.strata]
    if scale == "identity":
        return of_strata
    steps = kaplan_meier(fitted.times, fitted.events)
    lost = 1 - np.array([1.0, *(step.survival for step in steps)])
    days = [step.time for step in steps]
    return [lost[np.searchsorted(days, times, side="left")] for times in of_strata]


def _guards(tests: dict[str, ChiSquared]) -> list[Guard]:
    doubted = {name: test.p for name, test in tests.items() if test.p is not None and test.p < DOUBTED}
    told = "one number is an average over time that depends on how long patients were observed."
    return [
        Guard("hazards not proportional", f"{name}: its hazard ratio changes over time (p = {p:.2g}); {told}")
        for name, p in doubted.items()
    ]
