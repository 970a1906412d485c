"""The section `analyses` of the study file, as it is written: one model a kind."""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Literal, get_args

from pydantic import BaseModel, BeforeValidator, Field

from remit.study.written import (
    CLOSED,
    Benchmark,
    Day,
    Exact,
    Expression,
    Handlings,
    Label,
    Name,
    NumberHandlings,
    PerhapsTexts,
    Text,
    Texts,
    Truth,
    is_in_short,
    takes,
)

Days = Annotated[list[Day], takes("a list of days, as in [28, 56, 84]")]
Populations = Annotated[Texts, takes("a list of populations, as in [eligible]")]


class Part(BaseModel):
    """A mapping of this section."""

    model_config = CLOSED


class LabelledPart(Part):
    """An expression with its name and label; in short, the expression."""

    expression: Expression = Field(alias="is")
    """What the row is about."""
    name: Name | None = None
    """Its stable name in the results; without it, one is made from the label."""
    label: Label | None = None
    """What is printed."""


class RowPart(LabelledPart):
    """A row of a table; in short, its expression."""

    among: Expression | None = None
    """Of whom it is asked: those for whom this holds."""


Rows = Annotated[
    list[
        Annotated[
            RowPart,
            BeforeValidator(is_in_short, json_schema_input_type=Expression | RowPart),
            takes("an expression, or {is: …, label: …}"),
        ]
    ],
    Field(min_length=1),
    takes("a list of rows, each an expression, or {is: …, label: …, among: …}"),
]


class CovariatePart(LabelledPart):
    """A covariate, a number, level or yes/no; in short, its expression."""

    per: Annotated[Exact, Field(gt=0), takes("a number above 0, as in 12 or 0.5")] | None = None
    """Of a number: the ratio is told per so many of its unit; without it, per one."""
    reference: Text | None = None
    """Of levels: the one that the others are compared with; without it, the first. Of yes/no it is no."""


Covariates = Annotated[
    list[
        Annotated[
            CovariatePart,
            BeforeValidator(is_in_short, json_schema_input_type=Expression | CovariatePart),
            takes("an expression, or {is: …, label: …}"),
        ]
    ],
    Field(min_length=1),
    takes("a list of covariates, each an expression, or {is: …, label: …, per: …, reference: …}"),
]


class AnalysisOfArms(Part):
    """What analyses have in a study with arms."""

    arm: Literal["planned", "actual", "none"] | None = None
    """By which arm: without it the planned one, of events the actual one; `none` gives numbers in total only."""


class SummaryPart(AnalysisOfArms):
    """Characteristics of one or more populations: means, medians, counts."""

    kind: Literal["summary"]
    """A table of characteristics."""
    title: Label | None = None
    """Heads the table; without it, the name."""
    populations: Populations = ["eligible"]
    """One column each."""
    rows: Rows
    """The table's rows, each an expression, or {is: …, label: …, among: …}."""
    compare: Truth = False
    """Whether the arms are compared with the reference."""


class EndpointsPart(AnalysisOfArms):
    """Endpoints at their visits, over each denominator and under each estimand, also by subgroup."""

    kind: Literal["endpoints"]
    """Endpoints over each denominator and estimand, and by subgroup."""
    title: Label | None = None
    """Heads the tables; without it, the name."""
    populations: Annotated[
        Texts | dict[Text, Texts],
        takes("a list of populations, or one for each visit: {week12: [eligible], week24: [eligible]}"),
    ] = ["eligible"]
    """In whom; a list, or one for each visit."""
    endpoints: Texts | None = None
    """Which endpoints; without it, all."""
    subgroups: Annotated[PerhapsTexts | None, takes("a list of subgroups; [] for none")] = None
    """Which subgroups; without it, all; [] for none."""
    compare: Truth = True
    """Whether the arms are compared with the reference."""


class CoursePart(AnalysisOfArms):
    """Numbers at each visit."""

    kind: Literal["course"]
    """Numbers over the visits."""
    title: Label | None = None
    """Heads the table and figure; without it, the name."""
    populations: Populations = ["eligible"]
    """In whom."""
    visits: Texts | None = None
    """At which visits; without it, at all."""
    rows: Rows
    """The numbers, each an expression, or {is: …, label: …}."""
    intervals: Truth = False
    """Whether means have their 95 % intervals, which are then drawn; of arms in place of medians."""
    compare: Truth = True
    """Whether the arms are compared with the reference."""


class EventsPart(AnalysisOfArms):
    """Events of a form, as events and as patients, by period and by what is known of them."""

    kind: Literal["events"]
    """Events of a form, as events and as patients, by period."""
    title: Label | None = None
    """Heads the tables; without it, the name."""
    populations: Populations = ["eligible"]
    """In whom."""
    form: Text
    """The form of events or periods."""
    term: Text
    """The field that names the event."""
    by: PerhapsTexts = []
    """The fields to count by, such as grade."""
    serious: Text = "serious"
    """The yes/no field that says whether an event was serious."""
    special_interest: Text | None = None
    """A list of events of special interest, of a pack."""
    compare: Truth = False
    """Whether the arms are compared with the reference: differences of the percentages of patients, by term."""


class TimeToEventPart(AnalysisOfArms):
    """The time to an event, by Kaplan and Meier."""

    kind: Literal["time_to_event"]
    """The time to an event, by Kaplan and Meier."""
    title: Label | None = None
    """Heads the table and figure; without it, the name."""
    populations: Populations = ["eligible"]
    """In whom."""
    event: Expression
    """The date of the event, as in `first(adverse_events.start_date, where serious)`."""
    label: Label = "event"
    """What the event is called: `serious adverse event`."""
    happened: Expression | None = None
    """Whether there was an event, yes or no. Without it: whether any row of the form that `first` asks is one; of
    another date, whether it is known."""
    censored: Expression
    """The last date until which a patient without the event is known to be without it."""
    reason: Expression | None = None
    """By which of several events that exclude one another the time ended, a level: cumulative incidences are given."""
    start: Expression = Field(default="index_date", alias="from")
    """The date from which the time is counted: this is day 0."""
    compare: Truth = True
    """Whether the arms are compared, by the log-rank test and hazard ratios."""
    covariates: Covariates | None = None
    """Covariates whose hazard ratios are given, each alone and all together, with the arm if the arms are compared."""
    days: Days | None = None
    """The days at which the share without the event and who is at risk are given; without it, those of the visits."""


class RatesPart(AnalysisOfArms):
    """Events per 100 patient-years of exposure."""

    kind: Literal["rates"]
    """Events per 100 patient-years of exposure."""
    title: Label | None = None
    """Heads the table; without it, the name."""
    populations: Populations = ["eligible"]
    """In whom."""
    exposure: Expression
    """How long a patient is observed for the events, as in `dosing.days_on_drug`."""
    rows: Rows
    """The events of a patient, each a number: `count(adverse_events, where serious)`, or {is: …, label: …}."""
    compare: Truth = True
    """Whether the arms are compared with the reference, by rate ratios."""


class ShiftRowPart(RowPart):
    """A row of a shift; in short, its expression."""

    origin: Expression | None = Field(default=None, alias="from")
    """The level that `is` is compared with; the two are then of the patient, whatever the visits."""


class ShiftPart(Part):
    """Levels at one visit against those at later ones, or one level of a patient against another."""

    kind: Literal["shift"]
    """Levels at the reference visit against those at later visits."""
    title: Label | None = None
    """Heads the tables; without it, the name."""
    populations: Populations = ["eligible"]
    """In whom."""
    rows: Annotated[
        list[
            Annotated[
                ShiftRowPart,
                BeforeValidator(is_in_short, json_schema_input_type=Expression | ShiftRowPart),
                takes("an expression, or {is: …, label: …}"),
            ]
        ],
        Field(min_length=1),
        takes("a list of rows, each an expression, or {is: …, from: …, label: …}"),
    ]
    """The levels, each an expression, `band(score)`, or {is: …, label: …}; or two: {from: …, is: …}."""
    origin: Text | None = Field(default=None, alias="from")
    """The visit of the rows; without it, the reference visit."""
    to: Texts | None = None
    """The visits of the columns; without it, all later ones."""
    arm: Literal["planned", "actual", "none"] | None = None
    """By which arm: without it the planned one; `none` gives numbers in total only."""


class ChangePart(AnalysisOfArms):
    """Numbers at one visit against those at later ones, within patients."""

    kind: Literal["change"]
    """Changes of numbers from the reference visit to later visits, within patients."""
    title: Label | None = None
    """Heads the table; without it, the name."""
    populations: Populations = ["eligible"]
    """In whom."""
    rows: Rows
    """The numbers, each an expression, or {is: …, label: …}."""
    origin: Text | None = Field(default=None, alias="from")
    """The visit from which it changes; without it, the reference visit."""
    to: Texts | None = None
    """The visits to which it changes; without it, all later ones."""
    missing: NumberHandlings = ["observed"]
    """Of whom: `observed`, the patients with both values; `imputation`, all, as the study's `imputation` says."""


class StatesRowPart(LabelledPart):
    """A state of a patient at each visit; in short, its expression."""

    start: Expression | None = None
    """The state at the first of the visits, if it is told otherwise there: `band(score)`, `"active disease"`."""
    levels: Texts | None = None
    """The states in the order in which they are shown; without it, that of the definition."""


class StatesPart(Part):
    """In which state patients are at each visit, and from which to which they go."""

    kind: Literal["states"]
    """States at each visit, and from which to which patients go between visits."""
    title: Label | None = None
    """Heads the tables and the figure; without it, the name."""
    populations: Populations = ["eligible"]
    """In whom."""
    visits: Texts | None = None
    """At which visits; without it, at all."""
    rows: Annotated[
        list[
            Annotated[
                StatesRowPart,
                BeforeValidator(is_in_short, json_schema_input_type=Expression | StatesRowPart),
                takes("an expression, or {is: …, start: …, levels: …}"),
            ]
        ],
        Field(min_length=1),
        takes("a list of rows, each an expression, or {is: …, start: …, label: …, levels: …}"),
    ]
    """The states, each an expression that gives a level, yes or no: `band(score)`, `if(…)`; or {is: …, levels: …}."""
    arm: Literal["planned", "actual", "none"] | None = None
    """By which arm: without it the planned one; `none` gives numbers in total only."""


class CompletenessPart(Part):
    """Of how many patients values are known at each visit."""

    kind: Literal["completeness"]
    """Of how many patients each value is known at each visit."""
    title: Label | None = None
    """Heads the table and the figure; without it, the name."""
    populations: Populations = ["eligible"]
    """In whom."""
    visits: Texts | None = None
    """At which visits; without it, at all."""
    rows: Annotated[
        list[
            Annotated[
                LabelledPart,
                BeforeValidator(is_in_short, json_schema_input_type=Expression | LabelledPart),
                takes("an expression, or {is: …, label: …}"),
            ]
        ],
        Field(min_length=1),
        takes("a list of rows, each an expression, or {is: …, label: …}"),
    ]
    """The values, each an expression, or {is: …, label: …}; what is the same at each visit is asked once."""
    arm: Literal["planned", "actual", "none"] | None = None
    """By which arm: without it the planned one; `none` gives numbers in total only."""


class SensitivityPart(AnalysisOfArms):
    """An endpoint under each estimand and each handling of what is missing, and what the unknown could change."""

    kind: Literal["sensitivity"]
    """An endpoint under each estimand, by each handling of what is missing."""
    title: Label | None = None
    """Heads the table; without it, the name."""
    endpoint: Text | None = None
    """Which endpoint; without it, the primary one."""
    visit: Text | None = None
    """At which visit; without it, the primary one's."""
    populations: Populations | None = None
    """In whom; without it, the primary one's."""
    estimands: Texts | None = None
    """Which estimands, one a row; without it, all."""
    missing: Handlings | None = None
    """Which handlings of what is missing, one a column; without it, all that the study has."""
    benchmark: Benchmark | None = None
    """The share to exceed, as in 30 %: at which completion of the unknown the conclusion turns is then told."""
    compare: Truth = True
    """Whether the arms are compared with the reference."""


class PredictorsPart(Part):
    """Covariates that may predict an endpoint: odds ratios, each covariate alone and all together."""

    kind: Literal["predictors"]
    """Odds ratios of an endpoint, each covariate alone and all together."""
    title: Label | None = None
    """Heads the table; without it, the name."""
    endpoint: Text | None = None
    """Which endpoint; without it, the primary one."""
    visit: Text | None = None
    """At which visit; without it, the primary one's."""
    populations: Populations | None = None
    """In whom; without it, the primary one's."""
    estimand: Text | None = None
    """Under which estimand; without it, the primary one's. `decided`: of those in whom the endpoint is known."""
    rows: Covariates
    """The covariates, each an expression, or {is: …, label: …, per: …, reference: …}."""


class CentresPart(Part):
    """An endpoint in each centre, without each, and how far centres differ."""

    kind: Literal["centres"]
    """An endpoint in each centre and without each, and how far centres differ."""
    title: Label | None = None
    """Heads the table; without it, the name."""
    endpoint: Text | None = None
    """Which endpoint; without it, the primary one."""
    visit: Text | None = None
    """At which visit; without it, the primary one's."""
    populations: Populations | None = None
    """In whom; without it, the primary one's."""
    estimand: Text | None = None
    """Under which estimand; without it, the primary one's. `decided`: of those in whom the endpoint is known."""


Labelled = Annotated[
    LabelledPart,
    BeforeValidator(is_in_short, json_schema_input_type=Expression | LabelledPart),
    takes("an expression, or {is: …, label: …}"),
]


AncovaCovariates = Annotated[list[Labelled], takes("a list of covariates, each an expression, or {is: …, label: …}")]


class AncovaPart(AnalysisOfArms):
    """An outcome of the arms as if they had the same covariates."""

    kind: Literal["ancova"]
    """Analysis of covariance: an outcome by arm, as if the arms had the same covariates."""
    title: Label | None = None
    """Heads the table; without it, the name."""
    populations: Populations = ["eligible"]
    """In whom."""
    outcome: Labelled
    """The number that is compared: an expression, or {is: …, label: …}."""
    covariates: AncovaCovariates = []
    """Numbers, levels and yes/no, each an expression, or {is: …, label: …}."""
    weights: Literal["equal", "proportional"] = "equal"
    """How levels of covariates count in adjusted means: equally, or as many patients as have them."""
    dose: Labelled | None = None
    """The dose of a patient, a number: the trend over doses is then tested too."""


class TestPart(Part):
    """A test of another analysis; what is there only once need not be named."""

    analysis: Text
    """Which analysis makes it: a change, rates, times to an event, an analysis of covariance or a sensitivity."""
    population: Text | None = None
    """In whom."""
    row: Text | None = None
    """Of which row, by its name: of a change or of rates."""
    visit: Text | None = None
    """At which visit: of a change."""
    estimand: Text | None = None
    """Under which estimand, with unknown as not reached: of a sensitivity."""
    arm: Text | None = None
    """Which arm against the reference; of a change, the arm in which it is."""
    step: Annotated[Day, Field(ge=1)] | None = None
    """Of a hierarchical procedure: tests of one step are adjusted together, and open the next if all are rejected."""
    label: Label | None = None
    """What is printed."""


class MultiplicityPart(Part):
    """Tests of other analyses, adjusted for their number."""

    kind: Literal["multiplicity"]
    """p-values of other analyses, adjusted for their number."""
    title: Label | None = None
    """Heads the table; without it, the name."""
    method: Literal["holm", "hochberg", "benjamini-hochberg", "hierarchical"]
    """How; hierarchical: in the order in which they stand, each only if those before are rejected."""
    level: Benchmark = Fraction(5, 100)
    """At which a test is rejected."""
    family: Annotated[list[TestPart], Field(min_length=1), takes("a list of tests, as in [{analysis: change}]")]
    """The tests, in their order."""


class RepeatedMeasuresPart(AnalysisOfArms):
    """Changes of a number at several visits, by one mixed model of all of them."""

    kind: Literal["repeated_measures"]
    """The mixed model for repeated measures: changes of a number from the reference visit to later visits."""
    title: Label | None = None
    """Heads the table; without it, the name."""
    populations: Populations = ["eligible"]
    """In whom."""
    outcome: Labelled
    """The number of the visits whose change is modelled: an expression, or {is: …, label: …}."""
    origin: Text | None = Field(default=None, alias="from")
    """The visit from which it changes; without it, the reference visit. Its value is a covariate, by visit."""
    to: Texts | None = None
    """The visits to which it changes; without it, all later ones."""
    covariates: AncovaCovariates = []
    """Numbers, levels and yes/no that act alike at all visits, each an expression, or {is: …, label: …}."""
    weights: Literal["equal", "proportional"] = "equal"
    """How levels of covariates count in adjusted means: equally, or as many patients as have them."""
    errors: Literal["satterthwaite", "kenward-roger"] = "satterthwaite"
    """Standard errors: of the fit (satterthwaite), or with allowance for the covariance being estimated."""
    compare: Truth = True
    """Whether the arms are compared with the reference."""


class AdjustedPart(AnalysisOfArms):
    """An endpoint of arms that chance did not assign, as if their patients had the same covariates."""

    kind: Literal["adjusted"]
    """An endpoint of arms that nobody randomised, adjusted for covariates by the propensity score and by regression."""
    title: Label | None = None
    """Heads the tables; without it, the name."""
    endpoint: Text | None = None
    """Which endpoint; without it, the primary one."""
    visit: Text | None = None
    """At which visit; without it, the primary one's."""
    populations: Populations | None = None
    """In whom; without it, the primary one's."""
    estimand: Text | None = None
    """Under which estimand; without it, the primary one's. `decided`: of those in whom the endpoint is known."""
    covariates: Annotated[AncovaCovariates, Field(min_length=1)]
    """What is adjusted for, as it was on day 0 or before: expressions, or {is: …, label: …}."""
    target: Literal["treated", "all", "overlap"] = "treated"
    """Whose effect: of patients such as those of the arm that is compared with the reference, of all, or of those who
    might have been in either arm."""
    methods: Annotated[
        list[Literal["weighting", "standardisation", "doubly robust"]],
        Field(min_length=1),
        takes("a list of weighting, standardisation and doubly robust"),
    ] = ["weighting", "standardisation", "doubly robust"]
    """How it is adjusted."""
    truncate: Benchmark | None = None
    """The share of weights at each end that are cut to the next one, as in 1 %; without it, none are."""


PartOfPatients = (
    SummaryPart
    | EndpointsPart
    | CoursePart
    | EventsPart
    | TimeToEventPart
    | ShiftPart
    | StatesPart
    | CompletenessPart
    | SensitivityPart
    | ChangePart
    | PredictorsPart
    | AncovaPart
    | RepeatedMeasuresPart
    | RatesPart
    | CentresPart
    | AdjustedPart
)
AnalysisPart = Annotated[PartOfPatients | MultiplicityPart, Field(discriminator="kind")]
KINDS = tuple(get_args(part.model_fields["kind"].annotation)[0] for part in get_args(get_args(AnalysisPart)[0]))
