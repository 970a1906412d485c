"""The study file, as it is written: what may stand in it, and of which kind. docs/study-file.md is its reference.

The text below a key is what an editor shows of it (`json_schema`).
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic.config import JsonDict

from remit.study.analyses.model import AnalysisPart, Labelled
from remit.study.comparisons.model import ComparisonPart
from remit.study.forms_model import Bindings, ChartsPart, FormPart
from remit.study.report_model import ReportPart
from remit.study.simulate_model import SimulatePart
from remit.study.written import (
    CLOSED,
    Count,
    Day,
    Expression,
    IsoDate,
    Label,
    Name,
    PerhapsTexts,
    Seed,
    Shifts,
    Strategy,
    Text,
    Texts,
    Truth,
    is_in_short,
    takes,
)


class Part(BaseModel):
    """A mapping of the study file."""

    model_config = CLOSED


class Identity(Part):
    """What the study is."""

    id: Text
    """A short name for files and for people."""
    version: Text = "1"
    """The version of the study file: say a new one when a definition changes."""
    title: Text
    """Heads the report."""
    disease: Text | None = None
    """The disease, for the methods section."""
    drug: Text | None = None
    """The drug, for the methods section."""
    design: Text | None = None
    """The design in sentences, for the methods section."""
    line: Text | None = None
    """After which other therapies the drug is given, for comparisons with published studies."""
    dose: Text | None = None
    """The dose, for comparisons with published studies."""
    synthetic: Text | None = None
    """Set if the patients are not real: it is printed on every page."""
    registration: Text | None = None
    """The number under which the study is registered, as in NCT01234567."""
    data_cutoff: IsoDate | None = None
    """The last day that counts: what begins later is not used, a period that goes on ends here."""


class VisitPart(Part):
    """A planned visit, in days from the index date, which is day 0."""

    label: Label | None = None
    """What is printed; without it, the name."""
    day: Day
    """The target day."""
    window: Annotated[tuple[Day, Day], takes("two days, [first, last], as in [63, 105]")]
    """The first and the last day that belong to the visit. Windows may not overlap."""
    pick: Literal["nearest", "last", "first"] = "nearest"
    """Which of several visits in the window counts; of two equally near, the later."""


class DosingPart(Part):
    """Which periods are of the drug, so that expressions can use `dosing.stop_day` and the like."""

    form: Text
    """A form of periods."""
    where: Expression | None = None
    """Which of its rows; without it, all."""
    permanent: Expression
    """Whether the last stop is for good, from the fields of its row."""
    reason: Text | None = None
    """The field that says why a period ended."""


class Criterion(Part):
    """What decides who is eligible: one of `include` and `exclude`."""

    model_config = ConfigDict(json_schema_extra={"oneOf": [{"required": ["include"]}, {"required": ["exclude"]}]})

    include: Expression | None = None
    """What must hold."""
    exclude: Expression | None = None
    """What must not hold."""
    selects_survivors: Truth | None = None
    """Whether it asks for follow-up; without it, this is told by what the definition looks at."""


def _short_population(written: Any) -> Any:
    """`women: sex == "female"`."""
    return {"where": written} if isinstance(written, str) else written


class PopulationPart(Part):
    """A part of the patients; in short, `women: sex == "female"`."""

    label: Label | None = None
    """What is printed; without it, the name with spaces."""
    of: Text = "eligible"
    """The population that it is taken from."""
    where: Expression
    """Who belongs to it."""


_IS_OR_DEFINITION: JsonDict = {"oneOf": [{"required": ["is"]}, {"required": ["definition"]}]}


class DefinitionPart(Part):
    """A value with a name, usable in every expression; in short, `female: sex == "female"`."""

    model_config = ConfigDict(json_schema_extra=_IS_OR_DEFINITION)

    label: Label | None = None
    """What is printed; without it, the name with spaces."""
    expression: Expression | None = Field(default=None, alias="is")
    """The definition."""
    definition: Text | None = None
    """Instead of `is`: a definition of a pack, or `CDAI response`, a criterion of an instrument."""
    bindings: Bindings = Field(default={}, alias="with")
    """What the definition's parameters are in this study."""
    form: Text | None = None
    """The form with many rows whose row it speaks of: it is then a value of each row, as a field is."""
    unit: Literal["years", "months", "days"] | None = None
    """The unit in which a time is printed."""
    yes: Text | None = None
    """The phrase for yes."""
    no: Text | None = None
    """The phrase for no."""


class EndpointPart(Part):
    """What is judged at visits: yes or no."""

    model_config = ConfigDict(json_schema_extra=_IS_OR_DEFINITION)

    label: Label | None = None
    """What is printed; without it, the name with spaces."""
    expression: Expression | None = Field(default=None, alias="is")
    """The definition, yes or no; a field of the visits means its value at the visit."""
    definition: Text | None = None
    """Instead of `is`: a definition of a pack, or `CDAI response`, a criterion of an instrument."""
    bindings: Bindings = Field(default={}, alias="with")
    """What the definition's parameters are in this study."""
    at: Annotated[Texts, takes("a list of visits, as in [week12, week24]")]
    """The visits at which it is judged."""
    requires: Expression | None = None
    """Who has what it takes to be judged, for the denominator of that name."""


class NamedExpression(Part):
    """A definition and what is printed of it."""

    label: Label | None = None
    """What is printed; without it, the name with spaces."""
    expression: Expression = Field(alias="is")
    """The definition."""


class EstimandPart(Part):
    """How what came between and what is missing is handled."""

    label: Label | None = None
    """What is printed; without it, the name with spaces."""
    intercurrent: dict[Text, Strategy] = {}
    """By intercurrent event, its strategy: `treatment policy` goes by the value all the same; `composite` counts the
    event as failure; `hypothetical` takes what would have been without it, which is missing; `while on treatment` goes
    by the last visit before it; `principal stratum` asks only those without it."""
    missing: Literal["non-response"] = "non-response"
    """How a missing assessment counts."""


class ImputationPart(Part):
    """How missing values of endpoints are imputed from what is known of the patients, many times, by chained
    equations."""

    seed: Seed
    """Where the random numbers begin: the same seed gives the same results."""
    imputations: Count = 20
    """How many completed cohorts are made."""
    iterations: Count = 10
    """How often each value is drawn anew before it is taken."""
    predictors: Annotated[list[Labelled], takes("a list of predictors, each an expression, or {is: …, label: …}")] = []
    """What else foretells the missing values, beside what the endpoints read at all visits, and the arm: numbers,
    levels and yes/no."""
    non_response_after: PerhapsTexts = []
    """The intercurrent events after which a missing endpoint counts as not reached, under `hybrid`."""
    shifts: Shifts = []
    """By how much the log odds of those imputed are shifted, as in [-2, -1]: as if they had fared worse than predicted,
    or better."""


class ArmsPart(Part):
    """The arms of a trial, or what else is compared: each analysis is then given by arm and in total."""

    model_config = ConfigDict(json_schema_extra={"anyOf": [{"required": ["planned"]}, {"required": ["actual"]}]})

    planned: Expression | None = None
    """The arm to which a patient was assigned: a field of levels, or a definition that gives one."""
    actual: Expression | None = None
    """The arm that a patient was in fact treated in."""
    levels: Annotated[Texts | None, takes("a list of levels, as in [placebo, low dose]")] = None
    """Which of the levels are arms, and in which order; without it, all in theirs."""
    reference: Text | None = None
    """The arm with which each other is compared; without it, nothing is compared."""
    randomised: Truth = False
    """Whether the patients were assigned to the planned arms by chance; if not, the report warns of comparisons."""
    external: Annotated[PerhapsTexts, takes("a list of arms, as in [earlier]")] = []
    """Which arms are external: cohorts of another time, place or study, to which nobody was assigned here."""


class TargetTrialElementPart(Part):
    """One element of the target trial; in short, how it is in the trial."""

    target: Label | None = None
    """How it would be in the trial."""
    emulated: Label | None = None
    """How it is emulated here, beside what the study file declares."""


def _short_element(written: Any) -> Any:
    """`assignment: at random, to known treatments`."""
    return {"target": written} if isinstance(written, str) else written


TargetTrialElement = Annotated[
    TargetTrialElementPart,
    BeforeValidator(_short_element, json_schema_input_type=Text | TargetTrialElementPart),
    takes("how it is in the trial, or {target: …, emulated: …}"),
]


class TargetTrialPart(Part):
    """The trial that the study stands for, element by element."""

    eligibility: TargetTrialElement | None = None
    """Who may take part."""
    strategies: TargetTrialElement | None = None
    """Which treatment strategies are compared."""
    assignment: TargetTrialElement | None = None
    """How patients come to their strategy."""
    time_zero: TargetTrialElement | None = None
    """When follow-up starts."""
    outcome: TargetTrialElement | None = None
    """What is judged, and when."""
    contrast: TargetTrialElement | None = None
    """What is compared, in whom, and how events on the way count: the estimand."""
    analysis: TargetTrialElement | None = None
    """How it is estimated."""


class PrimaryPart(Part):
    """The primary result; some analysis must give it."""

    endpoint: Text
    """An endpoint."""
    visit: Text
    """One of its visits."""
    population: Text
    """A population: `eligible`, or one of `populations`."""
    estimand: Text
    """An estimand."""


Definitions = dict[
    Name,
    Annotated[DefinitionPart, BeforeValidator(is_in_short, json_schema_input_type=Expression | DefinitionPart)],
]
NamedExpressions = dict[
    Name,
    Annotated[NamedExpression, BeforeValidator(is_in_short, json_schema_input_type=Expression | NamedExpression)],
]


class StudyFile(Part):
    """A study, from charts to paper: docs/study-file.md tells each key."""

    remit: Annotated[
        Literal["1"],
        takes("1, the format of the file that this version of remit reads"),
        WithJsonSchema({"enum": [1, "1"]}),
    ]
    """The format of the file."""
    study: Identity
    """What the study is."""
    packs: Annotated[dict[Text, Text], takes('each pack with its version: {cardiology: "1.0"}')] = {}
    """What studies of one disease share, each with the version that you checked: {cardiology: "1.0"}."""
    charts: ChartsPart = ChartsPart()
    """How the charts are written. What is not told is recognised from whole columns."""
    index: Expression
    """Each patient's day 0: a date filled once, or `first(treatment.start_date, where drug == "…")`."""
    observed_until: Text | None = None
    """The field with the last day on which the patient is known about."""
    birth: Text | None = None
    """The field with the date of birth; a date before it is queried."""
    visits: dict[Name, Annotated[VisitPart, takes("`day:` and `window:`, as in {day: 84, window: [63, 105]}")]] = {}
    """The planned visits by name, each with its day and window: {day: 84, window: [63, 105]}."""
    forms: Annotated[dict[Name, FormPart], Field(min_length=1)]
    """The sheets of the charts by name, each with its fields."""
    dosing: DosingPart | None = None
    """Which periods are of the drug, and which stop is for good."""
    derived: Definitions = {}
    """Values with a name, usable in every expression: `female: sex == "female"`."""
    eligibility: dict[
        Text, Annotated[Criterion, takes("`include:` with what must hold, or `exclude:` with what must not")]
    ] = {}
    """Who is eligible, by the reason that is printed; a patient falls at the first that fails."""
    populations: dict[
        Name,
        Annotated[
            PopulationPart, BeforeValidator(_short_population, json_schema_input_type=Expression | PopulationPart)
        ],
    ] = {}
    """Parts of the eligible patients, by name."""
    endpoints: dict[Name, Annotated[EndpointPart, takes("`at:` with its visits, and `is:` with its definition")]] = {}
    """What is judged at visits, by name: `at` its visits, `is` its definition."""
    intercurrent_events: NamedExpressions = {}
    """What may happen on the way, as an expression at a visit: `stopped: dosing.stop_day < visit.day`."""
    estimands: dict[Name, EstimandPart] = {}
    """How what came between and what is missing is handled, by name."""
    imputation: ImputationPart | None = None
    """How missing values are imputed, for handlings that ask for it: {seed: …}."""
    arms: ArmsPart | None = None
    """What is compared: {planned: …, actual: …, reference: …}; each analysis is then given by arm and in total."""
    target_trial: TargetTrialPart | None = None
    """The trial that a comparison of arms without chance stands for: {assignment: {target: …, emulated: …}}."""
    primary: PrimaryPart | None = None
    """The primary result: {endpoint: …, visit: …, population: …, estimand: …}."""
    subgroups: NamedExpressions = {}
    """Levels, texts or yes/no by which endpoints are also given: `sex: sex`."""
    periods: dict[Text, Expression] = {}
    """Of follow-up, for events: label and condition; the first that holds counts, so that the last may be "yes"."""
    analyses: dict[Name, AnalysisPart] = {}
    """The tables and figures by name; `kind` is summary, endpoints, course, events, time_to_event or shift."""
    comparisons: dict[Name, ComparisonPart] = {}
    """Our endpoints beside what other studies published, by name."""
    report: ReportPart = ReportPart()
    """How the report prints its numbers: {style: lancet}."""
    simulate: SimulatePart = SimulatePart()
    """How `remit simulate` draws patients who do not exist."""
