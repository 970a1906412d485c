"""A study: the study file with every name, unit and definition resolved."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import combinations
from pathlib import Path
from typing import Literal

from remit.language.combine import between, in_days
from remit.language.query import Query
from remit.language.scope import Scope
from remit.language.types import Level, YesNo
from remit.schema.results import ARM, DECIDED, REQUIRED, STATE_UNKNOWN, Address, shift_level
from remit.study.forms import Charts, Form
from remit.study.model import Identity
from remit.study.packs import Packs
from remit.study.simulation import Simulation
from remit.study.style import PLAIN, Style
from remit.study.written import IMPUTED, Missing, NumberMissing, Strategy

ELIGIBLE = "eligible"
Method = Literal["holm", "hochberg", "benjamini-hochberg", "hierarchical"]  # for several tests


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
class AtStart:
    """An endpoint by its own definition at `visit`, the reference visit. `requires`: its basis there, if it has one."""

    visit: str
    query: Query
    requires: Query | None

    @property
    def handling(self) -> str:
        """Over whom it is counted."""
        return DECIDED if self.requires is None else REQUIRED


@dataclass(frozen=True)
class Endpoint:
    """A yes/no endpoint at its visits; `requires` is the basis of its "required" denominator, where it has one.

    `course`: the same at every visit after the reference visit, in their order, for what is carried forward; without
    those at which it would read a later visit. `at_start`: None where it cannot be asked at the reference visit.
    """

    name: str
    label: str
    at: tuple[str, ...]
    queries: Mapping[str, Query]
    requires: Mapping[str, Query]
    course: Mapping[str, Query]
    at_start: AtStart | None = None

    def until(self, visit: str) -> list[str]:
        """The visits after the reference visit up to this one, the last first."""
        names = [*self.course]
        return names[names.index(visit) :: -1] if visit in names else [visit]


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
class Period:
    """A period of follow-up, for events; the first whose condition holds for the event's row."""

    name: str
    label: str
    where: Query


@dataclass(frozen=True)
class Variable:
    """What a row of a table is about. `unit`: of a span, years, months or days."""

    name: str
    label: str
    query: Query
    unit: str | None = None
    among: Query | None = None


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
class Arms:
    """The arms by which numbers are given, in their order; `query` is the arm of a patient. Each other arm is compared
    with `reference`; None: nothing is compared. `randomised`: whether chance assigned the patients to these arms."""

    kind: Literal["planned", "actual"]
    names: tuple[str, ...]
    query: Query
    reference: str | None
    randomised: bool = False

    @property
    def of_all_levels(self) -> bool:
        """Whether each level is an arm."""
        return isinstance(self.query.type, Level) and set(self.names) == set(self.query.type.levels)

    @property
    def compared(self) -> tuple[str, ...]:
        """The arms that are compared with the reference."""
        return tuple(name for name in self.names if name != self.reference) if self.reference else ()


@dataclass(frozen=True)
class Summary:
    name: str
    title: str
    populations: tuple[str, ...]
    rows: tuple[Variable, ...]
    arms: Arms | None = None


@dataclass(frozen=True)
class Endpoints:
    name: str
    title: str
    populations: Mapping[str, tuple[str, ...]]  # by visit
    endpoints: tuple[str, ...]
    subgroups: tuple[str, ...]
    arms: Arms | None = None

    @property
    def every_population(self) -> tuple[str, ...]:
        """Those of any visit, each once."""
        return tuple(dict.fromkeys(name for names in self.populations.values() for name in names))


@dataclass(frozen=True)
class Course:
    """Numbers over the visits; each variable's queries by visit."""

    name: str
    title: str
    populations: tuple[str, ...]
    rows: tuple[tuple[Variable, Mapping[str, Query]], ...]
    intervals: bool = False  # of the means
    arms: Arms | None = None


@dataclass(frozen=True)
class SpecialInterest:
    """A kind of event of special interest; `where` is about one row of the events' form."""

    name: str
    label: str
    where: Query


@dataclass(frozen=True)
class Events:
    name: str
    title: str
    populations: tuple[str, ...]
    form: str
    term: str
    by: tuple[str, ...]
    periods: tuple[Period, ...]  # those of the study, about a row of this form
    special_interest: tuple[SpecialInterest, ...]
    special_interest_source: str | None
    arms: Arms | None = None


@dataclass(frozen=True)
class TimeToEvent:
    """Days from `start`, a date, to an event: `event` is its date, `happened` whether there was one; who had none is
    observed until `censored`. `label`: what the event is called. `days`: at which the curve is read. `reason`: by which
    of several events that exclude one another the time ended. `compare`: whether the arms are tested. `covariates`: of
    which hazard ratios are given, beside the arm's."""

    name: str
    title: str
    populations: tuple[str, ...]
    label: str
    start: Query
    event: Query
    happened: Query
    censored: Query
    days: tuple[int, ...]
    reason: Query | None = None
    compare: bool = True
    covariates: tuple[Covariate, ...] = ()
    arms: Arms | None = None

    @property
    def modelled(self) -> tuple[Covariate, ...]:
        """Whose hazard ratios are given: first the arm, if arms are compared with one of them."""
        if self.arms is None or self.arms.reference is None:
            return self.covariates
        arm = Covariate(Variable(ARM, ARM, self.arms.query), chosen=self.arms.reference, only=self.arms.names)
        return arm, *self.covariates

    @property
    def queries(self) -> Mapping[str, Query]:
        """What is derived for each patient, by the name of its column."""
        return {
            EVENT_DAY: in_days(between(self.start, self.event)),
            HAPPENED: self.happened,
            LAST_DAY: in_days(between(self.start, self.censored)),
            **({REASON: self.reason} if self.reason is not None else {}),
            **{each.variable.name: each.variable.query for each in self.covariates},
        }


EVENT_DAY, HAPPENED, LAST_DAY, REASON = "event_day", "happened", "last_day", "reason"


@dataclass(frozen=True)
class Rates:
    """Events per patient-years: each row is the number of a patient's events, `exposure` the days of observation."""

    name: str
    title: str
    populations: tuple[str, ...]
    exposure: Query
    rows: tuple[Variable, ...]
    arms: Arms | None = None

    @property
    def queries(self) -> Mapping[str, Query]:
        """What is derived for each patient, by the name of its column."""
        return {EXPOSURE: self.exposure, **{row.name: row.query for row in self.rows}}


EXPOSURE = "exposure"


@dataclass(frozen=True)
class Shift:
    """Levels at the visit `origin` against those at each visit of `to`; each variable's queries by visit.

    Where each variable has `ends`, it is one level of the patient against another, at no visit: `origin` and `to` are
    then BEFORE and AFTER, and the ends are the labels of the two.
    """

    name: str
    title: str
    populations: tuple[str, ...]
    origin: str
    to: tuple[str, ...]
    rows: tuple[tuple[Variable, Mapping[str, Query]], ...]
    ends: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    arms: Arms | None = None

    def visit(self, to: str) -> str | None:
        """The visit of results; None if they are of no visit."""
        return None if self.ends else to


BEFORE, AFTER = "from", "to"


@dataclass(frozen=True)
class States:
    """In which state patients are at each of `visits`, and from which to which they go; each variable's queries by
    visit, and its `levels` in the order in which they are shown, by the variable's name."""

    name: str
    title: str
    populations: tuple[str, ...]
    visits: tuple[str, ...]
    rows: tuple[tuple[Variable, Mapping[str, Query]], ...]
    levels: Mapping[str, tuple[str, ...]]
    arms: Arms | None = None

    def ways(self, variable: Variable) -> Mapping[str, tuple[str, str]]:
        """By the level of results: from which state to which."""
        levels = (*self.levels[variable.name], STATE_UNKNOWN)
        return {shift_level(one, other): (one, other) for one in levels for other in levels}


@dataclass(frozen=True)
class Completeness:
    """Of how many patients values are known; each variable's queries by visit say whether it is known there, yes or no.
    What is told once has a query at the first of `visits` alone."""

    name: str
    title: str
    populations: tuple[str, ...]
    visits: tuple[str, ...]
    rows: tuple[tuple[Variable, Mapping[str, Query]], ...]
    arms: Arms | None = None


@dataclass(frozen=True)
class Sensitivity:
    """An endpoint at a visit: under each estimand, by each handling of what is missing, and for each completion of the
    unknown. `benchmark`: the proportion that is to be exceeded."""

    name: str
    title: str
    populations: tuple[str, ...]
    endpoint: str
    visit: str
    estimands: tuple[str, ...]
    missing: tuple[Missing, ...]
    benchmark: Fraction | None
    arms: Arms | None = None


@dataclass(frozen=True)
class Change:
    """Numbers at the visit `origin` against those of the same patients at each visit of `to`; each variable's queries
    by visit. `missing`: whether also with what is missing imputed."""

    name: str
    title: str
    populations: tuple[str, ...]
    origin: str
    to: tuple[str, ...]
    rows: tuple[tuple[Variable, Mapping[str, Query]], ...]
    missing: tuple[NumberMissing, ...] = ("observed",)
    arms: Arms | None = None


@dataclass(frozen=True)
class Covariate:
    """What may predict an endpoint or a time. `per`: of a number, of how many units the ratio is told; `chosen`: the
    level that the others are compared with, if not the first; `only`: the levels that are taken, if not all."""

    variable: Variable
    per: Fraction | None = None
    chosen: str | None = None
    only: tuple[str, ...] = ()

    @property
    def levels(self) -> tuple[str, ...]:
        """Those of a level, no and yes; none of a number."""
        if self.only:
            return self.only
        match self.variable.query.type:
            case Level(levels=levels):
                return levels
            case YesNo():
                return ("no", "yes")
        return ()

    @property
    def reference(self) -> str:
        """The level that the others are compared with."""
        return self.chosen or self.levels[0]

    @property
    def compared(self) -> tuple[str | None, ...]:
        """The levels that are compared with the reference; of a number None, for it has one odds ratio."""
        return tuple(level for level in self.levels if level != self.reference) if self.levels else (None,)


@dataclass(frozen=True)
class Predictors:
    """Covariates that may predict an endpoint at a visit, under an estimand (or "decided": where it is known)."""

    name: str
    title: str
    populations: tuple[str, ...]
    endpoint: str
    visit: str
    estimand: str
    covariates: tuple[Covariate, ...]
    arms: Arms | None = None


@dataclass(frozen=True)
class Centres:
    """An endpoint at a visit under an estimand (or "decided": where it is known), by the centre of the patients."""

    name: str
    title: str
    populations: tuple[str, ...]
    endpoint: str
    visit: str
    estimand: str
    arms: Arms | None = None


@dataclass(frozen=True)
class Test:
    """A p-value of another analysis: where it stands in the results, and in which step of a hierarchy."""

    label: str
    address: Address
    statistic: str
    step: int

    @property
    def result(self) -> str:
        """The name of its result."""
        return self.address.slug(self.statistic)

    @property
    def of_two_arms_by_counts(self) -> bool:
        """Whether it is Fisher's: of an analysis of sensitivity, in the pairs of completions."""
        return self.address.contrast is not None and self.address.level is not None


@dataclass(frozen=True)
class Multiplicity:
    """Tests of other analyses that are adjusted for their number, and rejected at `level`."""

    name: str
    title: str
    method: Method
    level: Fraction
    tests: tuple[Test, ...]
    populations: tuple[str, ...] = ()
    arms: Arms | None = None


@dataclass(frozen=True)
class RepeatedMeasures:
    """Changes of a number from the visit `origin` to each of `to`, by one mixed model with the value at `origin` and
    `covariates`; `queries`: of the outcome, by visit. `errors`: how standard errors are made."""

    name: str
    title: str
    populations: tuple[str, ...]
    outcome: Variable
    queries: Mapping[str, Query]
    origin: str
    to: tuple[str, ...]
    covariates: tuple[Variable, ...]
    weights: Literal["equal", "proportional"]
    errors: Literal["satterthwaite", "kenward-roger"]
    arms: Arms | None = None


@dataclass(frozen=True)
class Ancova:
    """An outcome by arm, as if the arms had the same covariates; `dose`: of each patient, for a trend. `weights`: how
    levels of covariates count in adjusted means."""

    name: str
    title: str
    populations: tuple[str, ...]
    outcome: Variable
    covariates: tuple[Variable, ...]
    weights: Literal["equal", "proportional"]
    dose: Variable | None
    arms: Arms | None = None

    @property
    def variables(self) -> tuple[Variable, ...]:
        """All that the model reads of a patient, beside the arm."""
        return self.outcome, *self.covariates, *((self.dose,) if self.dose else ())

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Each arm and the one that it is compared with: first those against the reference."""
        names = self.arms.names if self.arms else ()
        reference = (self.arms.reference if self.arms else None) or names[0]
        ordered = (reference, *(name for name in names if name != reference))
        return [(one, other) for other, one in combinations(ordered, 2)]


Analysis = (
    Summary
    | Endpoints
    | Course
    | Events
    | TimeToEvent
    | Shift
    | States
    | Completeness
    | Sensitivity
    | Change
    | Predictors
    | Ancova
    | RepeatedMeasures
    | Rates
    | Centres
    | Multiplicity
)


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
