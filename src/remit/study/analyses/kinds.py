"""The kinds of analyses that a study may ask for, and what they are made of: variables, covariates, periods, arms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import combinations
from typing import Literal

from remit.language.combine import between, in_days
from remit.language.query import Query
from remit.language.types import Level, YesNo
from remit.schema.results import ARM, STATE_UNKNOWN, Address, shift_level
from remit.study.comparisons.indirect_kind import Indirect
from remit.study.comparisons.kinds import Comparison
from remit.study.comparisons.pooled import Pooling
from remit.study.written import Missing, NumberMissing

Method = Literal["holm", "hochberg", "benjamini-hochberg", "hierarchical"]  # for several tests
Target = Literal["treated", "all", "overlap"]  # whose effect is estimated
Adjustment = Literal["weighting", "standardisation", "doubly robust"]


@dataclass(frozen=True)
class Variable:
    """What a row of a table is about. `unit`: of a span, years, months or days."""

    name: str
    label: str
    query: Query
    unit: str | None = None
    among: Query | None = None


@dataclass(frozen=True)
class Period:
    """A period of follow-up, for events; the first whose condition holds for the event's row."""

    name: str
    label: str
    where: Query


@dataclass(frozen=True)
class Arms:
    """The arms by which numbers are given, in their order; `query` is the arm of a patient. Each other arm is compared
    with `reference`; None: nothing is compared. `randomised`: whether chance assigned the patients to these arms.
    `external`: those that are cohorts of another time, place or study."""

    kind: Literal["planned", "actual"]
    names: tuple[str, ...]
    query: Query
    reference: str | None
    randomised: bool = False
    external: tuple[str, ...] = ()

    @property
    def of_all_levels(self) -> bool:
        """Whether each level is an arm."""
        return isinstance(self.query.type, Level) and set(self.names) == set(self.query.type.levels)

    @property
    def compared(self) -> tuple[str, ...]:
        """The arms that are compared with the reference."""
        return tuple(name for name in self.names if name != self.reference) if self.reference else ()


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
    def shown(self) -> tuple[str, ...]:
        """The levels of which shares are given: of two the second alone, as yes of no and yes."""
        return self.levels[1:] if len(self.levels) == 2 else self.levels

    @property
    def reference(self) -> str:
        """The level that the others are compared with."""
        return self.chosen or self.levels[0]

    @property
    def compared(self) -> tuple[str | None, ...]:
        """The levels that are compared with the reference; of a number None, for it has one odds ratio."""
        return tuple(level for level in self.levels if level != self.reference) if self.levels else (None,)


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


@dataclass(frozen=True)
class AdjustedComparison:
    """An endpoint at a visit under an estimand, by arms that chance did not assign: each against the reference as if
    their patients had the same covariates. `target`: as if these were those of the compared arm, of both, or of those
    who might be in either. `truncate`: the share of weights at each end that are cut to the next."""

    name: str
    title: str
    populations: tuple[str, ...]
    endpoint: str
    visit: str
    estimand: str
    covariates: tuple[Covariate, ...]
    target: Target
    methods: tuple[Adjustment, ...]
    truncate: Fraction | None
    arms: Arms | None = None

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Each arm that is compared, and the reference."""
        arms = self.arms
        return [(name, arms.reference) for name in arms.compared] if arms and arms.reference else []


OfStudy = (  # what is asked of our own patients, in total or by arm
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
    | AdjustedComparison
)
Analysis = OfStudy | Comparison | Indirect | Pooling
