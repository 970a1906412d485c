"""The study file, as it is written: what may stand in it, and of which kind. docs/study-file.md is its reference.

The text below a key is what an editor shows of it (`json_schema`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic.config import JsonDict

from remit.study.simulate_model import SimulatePart
from remit.study.times_model import TimeToEventPart
from remit.study.written import (
    CLOSED,
    Day,
    Decimals,
    Expression,
    IsoDate,
    Name,
    PerhapsTexts,
    Range,
    Text,
    Texts,
    Truth,
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
    synthetic: Text | None = None
    """Set if the patients are not real: it is printed on every page."""
    data_cutoff: IsoDate | None = None
    """The last day that counts: what begins later is not used, a period that goes on ends here."""


class CentreHabits(Part):
    """How one centre writes, where that is not recognised."""

    dates: Literal["year-month-day", "day/month/year", "month/day/year"] | None = None
    """In which order the centre writes day, month and year."""
    decimal: Literal["point", "comma"] | None = None
    """What stands before the decimals."""
    columns: Annotated[
        dict[str, dict[Text, Text]], takes("for each form its headings and their fields: {visits: {CRP mg/L: crp}}")
    ] = {}
    """Headings that are not the study's: by form, heading and its field."""


class ChartsPart(Part):
    """How the charts are written. What is not told is recognised from whole columns, and shown in the intake."""

    folder: Text = "charts"
    """The folder of the charts, beside the study file."""
    package: Text | None = None
    """An installed Python package in which the folder lies, if it is not beside the study file."""
    source: Text | None = None
    """What reads the charts: `workbooks`, `parquet` or `sdtm`; without it, what the folder holds tells."""
    centre_column: Text | None = None
    """The column that names the centre, if one workbook holds all centres."""
    yes: Texts = ["yes", "y", "1", "true"]
    """How charts say yes; case does not matter."""
    no: Texts = ["no", "n", "0", "false"]
    """How charts say no; case does not matter."""
    not_done: PerhapsTexts = []
    """How charts say that something was not done or is not known."""
    centres: dict[Text, CentreHabits] = {}
    """By centre: its `dates`, `decimal` and `columns`."""
    corrections: Text | None = None
    """The file of corrections (.csv or .xlsx) beside the study file; `corrections.csv` if there is one."""


class VisitPart(Part):
    """A planned visit, in days from the index date, which is day 0."""

    label: Text | None = None
    """What is printed; without it, the name."""
    day: Day
    """The target day."""
    window: Annotated[tuple[Day, Day], takes("two days, [first, last], as in [63, 105]")]
    """The first and the last day that belong to the visit. Windows may not overlap."""
    pick: Literal["nearest", "last", "first"] = "nearest"
    """Which of several visits in the window counts; of two equally near, the later."""


Kind = Literal["date", "text", "yes/no", "number"]
Levels = Texts | Annotated[dict[Text, Text | Texts], Field(min_length=1)]


def _short_field(written: Any) -> Any:
    """`birth_date: date`, `sex: [female, male]`."""
    if isinstance(written, str):
        return {"type": written}
    return {"levels": written} if isinstance(written, list) else written


Bindings = Annotated[
    dict[Name, Expression], takes("what each name of the pack is in this study, as in {thickness: left_knee}")
]


class PartialPart(Part):
    """What a date counts as that has no day, or no month."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1})

    without_day: Literal["first", "middle", "last"] | None = None
    """Which day of its month a date without a day, as 2014-02, counts as; the middle is the 15th."""
    without_month: Literal["first", "middle", "last"] | None = None
    """Which day of its year a date without a month, as 2014, counts as; the middle is 1 July."""


class FieldPart(Part):
    """One field: what it holds (exactly one of the first six), and how it is written and said."""

    type: Kind | None = None
    """What it holds: a date, a text, yes or no, or a number."""
    levels: Annotated[
        Levels | None,
        takes("a list, as in [mild, severe], or each level with what the charts write: {mild: [1, I], severe: 2}"),
    ] = None
    """The levels, each perhaps with what charts may write for it."""
    classification: Text | None = None
    """A classification of a pack: its levels."""
    score: Text | None = None
    """An instrument of a pack, as one column: its total."""
    instrument: Text | None = None
    """An instrument of a pack, as columns with its items; the field is their sum."""
    lab: Text | None = None
    """A laboratory test or measure of a pack: its units."""

    label: Text | None = None
    """What is printed; without it, the name with spaces."""
    column: Text | None = None
    """The heading in the charts, if it is not the name."""
    unit: Text | None = None
    """The unit that the study speaks of."""
    units: Texts | None = None
    """Other units that charts may use: then the heading must tell, as in `CRP mg/L`."""
    decimals: Decimals | None = None
    """How exactly charts write the number (0 if not told): a cell with more decimals is refused, not rounded."""
    range: Range | None = None
    """[lowest, highest]; null is no limit. A cell outside is refused."""
    ordered: Truth | None = None
    """Whether the levels have an order, so that `<` and `>=` can be asked."""
    bindings: Bindings | None = Field(default=None, alias="with")
    """What an instrument's needs are in this study: {sex: sex, weight: weight}."""
    bands: Annotated[dict[Text, Range], Field(min_length=1)] | None = None
    """Named ranges of a score, for `band(…)`: {mild: [0, 4], severe: [5, 10]}."""
    partial: PartialPart | None = None
    """Of a date: what one counts as that has no day, or no month. Without it such a cell is refused."""
    yes: Text | None = None
    """The phrase for yes."""
    no: Text | None = None
    """The phrase for no."""
    optional: Truth = False
    """Whether charts may lack the column."""


Fields = dict[
    Name,
    Annotated[
        FieldPart,
        BeforeValidator(_short_field, json_schema_input_type=Kind | Texts | FieldPart),
        takes("date, text, yes/no or number, or its kind and more: {levels: [mild, severe], label: severity}"),
    ],
]


def _needs(rows: Sequence[str], keys: Sequence[str]) -> dict[str, Any]:
    """For editors: a form with such rows needs these keys (`scope.make_forms` says so in words)."""
    return {"if": {"properties": {"rows": {"enum": rows}}, "required": ["rows"]}, "then": {"required": keys}}


class FormPart(Part):
    """One sheet of the charts."""

    model_config = ConfigDict(
        json_schema_extra={"allOf": [_needs(["visit", "event"], ["date"]), _needs(["period"], ["start", "stop"])]}
    )

    rows: Literal["once", "visit", "event", "period"]
    """How many rows a patient has: one, one a visit, one an event, one a period."""
    sheet: Text | None = None
    """The name of the sheet or file, if it is not the form's."""
    domain: Text | None = None
    """The SDTM domain that fills the form, as in DM, EX or LB, for `source: sdtm`."""
    key: Text | None = None
    """The heading of the patients' ids: without it `patient`, of a domain USUBJID."""
    one: Text | None = None
    """What one row is called in English: `dosing period`."""
    date: Text | None = None
    """The field with the date of a visit or event."""
    start: Text | None = None
    """The field with the first day of a period."""
    stop: Text | None = None
    """The field with the first day after a period; if it is empty, the period goes on."""
    fields: Annotated[Fields, Field(min_length=1)]
    """The columns of the sheet."""


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
    selects_survivors: Truth = False
    """`yes` marks a criterion that asks for follow-up."""


def _short_population(written: Any) -> Any:
    """`women: sex == "female"`."""
    return {"where": written} if isinstance(written, str) else written


class PopulationPart(Part):
    """A part of the patients; in short, `women: sex == "female"`."""

    label: Text | None = None
    """What is printed; without it, the name with spaces."""
    of: Text = "eligible"
    """The population that it is taken from."""
    where: Expression
    """Who belongs to it."""


def _short_definition(written: Any) -> Any:
    """`female: sex == "female"`."""
    return {"is": written} if isinstance(written, str) else written


_IS_OR_DEFINITION: JsonDict = {"oneOf": [{"required": ["is"]}, {"required": ["definition"]}]}


class DefinitionPart(Part):
    """A value with a name, usable in every expression; in short, `female: sex == "female"`."""

    model_config = ConfigDict(json_schema_extra=_IS_OR_DEFINITION)

    label: Text | None = None
    """What is printed; without it, the name with spaces."""
    expression: Expression | None = Field(default=None, alias="is")
    """The definition."""
    definition: Text | None = None
    """Instead of `is`: a definition of a pack, or `CDAI response`, a criterion of an instrument."""
    bindings: Bindings = Field(default={}, alias="with")
    """What the definition's parameters are in this study."""
    unit: Literal["years", "months", "days"] | None = None
    """The unit in which a time is printed."""
    yes: Text | None = None
    """The phrase for yes."""
    no: Text | None = None
    """The phrase for no."""


class EndpointPart(Part):
    """What is judged at visits: yes or no."""

    model_config = ConfigDict(json_schema_extra=_IS_OR_DEFINITION)

    label: Text | None = None
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

    label: Text | None = None
    """What is printed; without it, the name with spaces."""
    expression: Expression = Field(alias="is")
    """The definition."""


class EstimandPart(Part):
    """How what came between and what is missing is handled."""

    label: Text | None = None
    """What is printed; without it, the name with spaces."""
    intercurrent: dict[Text, Literal["treatment policy", "composite"]] = {}
    """By intercurrent event, its strategy: `treatment policy` goes by the value all the same; `composite` counts the
    event as failure."""
    missing: Literal["non-response"] = "non-response"
    """How a missing assessment counts."""


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


class RowPart(Part):
    """A row of a table; in short, its expression."""

    expression: Expression = Field(alias="is")
    """What the row is about."""
    name: Name | None = None
    """Its stable name in the results; without it, one is made from the label."""
    label: Text | None = None
    """What is printed."""
    among: Expression | None = None
    """Of whom it is asked: those for whom this holds."""


Definitions = dict[
    Name,
    Annotated[DefinitionPart, BeforeValidator(_short_definition, json_schema_input_type=Expression | DefinitionPart)],
]
NamedExpressions = dict[
    Name,
    Annotated[NamedExpression, BeforeValidator(_short_definition, json_schema_input_type=Expression | NamedExpression)],
]
Rows = Annotated[
    list[
        Annotated[
            RowPart,
            BeforeValidator(_short_definition, json_schema_input_type=Expression | RowPart),
            takes("an expression, or {is: …, label: …}"),
        ]
    ],
    Field(min_length=1),
    takes("a list of rows, each an expression, or {is: …, label: …, among: …}"),
]
Populations = Annotated[Texts, takes("a list of populations, as in [eligible]")]


class AnalysisOfArms(Part):
    """What analyses have in a study with arms."""

    arm: Literal["planned", "actual", "none"] | None = None
    """By which arm: without it the planned one, of events the actual one; `none` gives numbers in total only."""


class SummaryPart(AnalysisOfArms):
    """Characteristics of one or more populations: means, medians, counts."""

    kind: Literal["summary"]
    """A table of characteristics."""
    title: Text | None = None
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
    title: Text | None = None
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
    title: Text | None = None
    """Heads the table and figure; without it, the name."""
    populations: Populations = ["eligible"]
    """In whom."""
    visits: Texts | None = None
    """At which visits; without it, at all."""
    rows: Rows
    """The numbers, each an expression, or {is: …, label: …, among: …}."""
    compare: Truth = True
    """Whether the arms are compared with the reference."""


class EventsPart(AnalysisOfArms):
    """Events of a form, as events and as patients, by period and by what is known of them."""

    kind: Literal["events"]
    """Events of a form, as events and as patients, by period."""
    title: Text | None = None
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


class ShiftPart(Part):
    """Levels at one visit against those at later ones."""

    kind: Literal["shift"]
    """Levels at the reference visit against those at later visits."""
    title: Text | None = None
    """Heads the tables; without it, the name."""
    populations: Populations = ["eligible"]
    """In whom."""
    rows: Rows
    """The levels, each an expression, or {is: …, label: …}: `band(score)`."""
    origin: Text | None = Field(default=None, alias="from")
    """The visit of the rows; without it, the reference visit."""
    to: Texts | None = None
    """The visits of the columns; without it, all later ones."""
    arm: Literal["planned", "actual", "none"] | None = None
    """By which arm: without it the planned one; `none` gives numbers in total only."""


AnalysisPart = Annotated[
    SummaryPart | EndpointsPart | CoursePart | EventsPart | TimeToEventPart | ShiftPart, Field(discriminator="kind")
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
    arms: ArmsPart | None = None
    """What is compared: {planned: …, actual: …, reference: …}; each analysis is then given by arm and in total."""
    primary: PrimaryPart | None = None
    """The primary result: {endpoint: …, visit: …, population: …, estimand: …}."""
    subgroups: NamedExpressions = {}
    """Levels, texts or yes/no by which endpoints are also given: `sex: sex`."""
    periods: dict[Text, Expression] = {}
    """Of follow-up, for events: label and condition; the first that holds counts, so that the last may be "yes"."""
    analyses: dict[Name, AnalysisPart] = {}
    """The tables and figures by name; `kind` is summary, endpoints, course, events, time_to_event or shift."""
    simulate: SimulatePart = SimulatePart()
    """How `remit simulate` draws patients who do not exist."""
