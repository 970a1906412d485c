"""A study: the study file with every name, unit and definition resolved."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Literal

from remit.language.query import Query
from remit.language.scope import Scope
from remit.study.analyses.kinds import Analysis, Arms, Change, Period, Sensitivity, Variable
from remit.study.endpoint import AtStart as AtStart
from remit.study.endpoint import Endpoint as Endpoint
from remit.study.forms import Charts, Form
from remit.study.model import Identity
from remit.study.packs import Packs
from remit.study.simulation import Simulation
from remit.study.style import PLAIN, Style
from remit.study.written import IMPUTED, Strategy

ELIGIBLE = "eligible"


@dataclass(frozen=True)
class Visit:
    """A planned visit; `low` to `high` is its window in days from the index date, both ends included."""

    name: str
    label: str
    day: int
    low: int
    high: int
    pick: Literal["nearest", "last", "first"]


@dataclass(frozen=True)
class Dosing:
    """Where the doses stand: which rows of which form, and whether the last stop is for good (both about one row)."""

    form: str
    where: Query
    permanent: Query
    reason: str | None


@dataclass(frozen=True)
class Criterion:
    """An eligibility criterion; `passes` must hold. `name` is the slug of the reason, `label` the reason printed.
    `after_start`: what of the definition is of after day 0, in words."""

    name: str
    label: str
    passes: Query
    kind: Literal["include", "exclude"]
    selects_survivors: bool
    after_start: tuple[str, ...] = ()


@dataclass(frozen=True)
class Population:
    name: str
    label: str
    of: str | None
    where: Query | None


@dataclass(frozen=True)
class IntercurrentEvent:
    name: str
    label: str
    queries: Mapping[str, Query]  # by visit


@dataclass(frozen=True)
class Estimand:
    """How each intercurrent event is handled, and how a missing assessment is: two decisions (ICH E9(R1))."""

    name: str
    label: str
    strategies: Mapping[str, Strategy]
    missing: Literal["non-response"]

    def events(self, strategy: Strategy) -> tuple[str, ...]:
        """The intercurrent events that are handled so."""
        return tuple(event for event, handled in self.strategies.items() if handled == strategy)

    @property
    def of_stratum(self) -> bool:
        """Whether it asks only for the patients without some event."""
        return bool(self.events("principal stratum"))


@dataclass(frozen=True)
class Primary:
    endpoint: str
    visit: str
    population: str
    estimand: str


@dataclass(frozen=True)
class Imputation:
    """How missing values are imputed, many times, by chained equations. `predictors`: beside what the endpoints read.
    `non_response_after`: the intercurrent events after which an endpoint that is not known was not reached, in the
    hybrid. `shifts`: of the log odds of those who were imputed."""

    seed: int
    imputations: int
    iterations: int
    predictors: tuple[Variable, ...] = ()
    non_response_after: tuple[str, ...] = ()
    shifts: tuple[Fraction, ...] = ()

    @property
    def shift_levels(self) -> dict[str, float]:
        """Shifts from the least to the greatest, as results name them: +0.5."""
        return {f"{float(shift):+.15g}": float(shift) for shift in sorted(self.shifts)}


@dataclass(frozen=True)
class Element:
    """Of the target trial, in the author's words; None: not told."""

    target: str | None
    emulated: str | None


@dataclass(frozen=True)
class Check:
    """A rule between the items of an instrument, about one row of a form; of a form filled once, about a patient."""

    form: str
    field: str
    label: str
    holds: Query


@dataclass(frozen=True)
class Study:
    """Everything that is asked. Made by `read_study`."""

    path: Path
    identity: Identity
    packs: Packs
    charts_folder: Path
    source: str | None  # what reads the charts; None: the folder tells
    charts: Charts
    forms: Mapping[str, Form]
    scope: Scope
    index: Query
    observed_until: str | None  # form.field of a once-form: the last day on which the patient is known about
    birth: str | None  # form.field of a once-form: no other date of the patient may lie before it
    visits: tuple[Visit, ...]
    dosing: Dosing | None
    criteria: tuple[Criterion, ...]
    populations: Mapping[str, Population]
    endpoints: Mapping[str, Endpoint]
    events: Mapping[str, IntercurrentEvent]
    estimands: Mapping[str, Estimand]
    primary: Primary | None
    subgroups: Mapping[str, Variable]
    periods: tuple[Period, ...]
    analyses: tuple[Analysis, ...]
    simulation: Simulation
    checks: tuple[Check, ...] = ()  # of instruments
    arms: Mapping[str, Arms] = field(default_factory=dict)  # planned, actual
    imputation: Imputation | None = None
    style: Style = PLAIN  # how numbers are printed
    smallest_cell: int = 5  # the least count that the shareable edition shows, beside 0
    translations: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # by language, of the English text
    target_trial: Mapping[str, Element] = field(default_factory=dict)  # by the name of the element

    def asks_all(self, estimand: Estimand, visit: str) -> bool:
        """Whether the estimand asks for all patients of a population, not only for those without some event."""
        return not any(visit in self.events[event].queries for event in estimand.events("principal stratum"))

    def carries(self, endpoint: Endpoint, visit: str) -> bool:
        """Whether some analysis asks for the endpoint's last known value."""
        return any(
            (analysis.endpoint, analysis.visit) == (endpoint.name, visit) and "last observed" in analysis.missing
            for analysis in self.analyses
            if isinstance(analysis, Sensitivity)
        )

    @property
    def imputes(self) -> bool:
        """Whether some analysis asks for missing values to be imputed."""
        return any(
            missing in IMPUTED
            for analysis in self.analyses
            if isinstance(analysis, Sensitivity | Change)
            for missing in analysis.missing
        )

    @property
    def data_cutoff(self) -> datetime.date | None:
        return self.identity.data_cutoff
