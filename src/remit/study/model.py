"""The study file, as it is written: what may stand in it, and of which kind. docs/study-file.md is its reference."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, Field

from remit.study.written import (
    CLOSED,
    Day,
    Expression,
    IsoDate,
    Name,
    PerhapsTexts,
    Range,
    Text,
    Texts,
    Truth,
    Whole,
    takes,
)


class Part(BaseModel):
    """A mapping of the study file."""

    model_config = CLOSED


class Identity(Part):
    """What the study is."""

    id: Text
    version: Text = "1"
    title: Text
    disease: Text | None = None
    drug: Text | None = None
    design: Text | None = None
    synthetic: Text | None = None  # set if the patients are not real: it is printed on every page
    data_cutoff: IsoDate | None = None


class CentreHabits(Part):
    dates: Literal["year-month-day", "day/month/year", "month/day/year"] | None = None
    decimal: Literal["point", "comma"] | None = None
    columns: Annotated[
        dict[str, dict[Text, Text]], takes("for each form its headings and their fields: {visits: {CRP mg/L: crp}}")
    ] = {}


class ChartsPart(Part):
    """How the charts are written."""

    folder: Text = "charts"
    source: Text = "workbooks"
    centre_column: Text | None = None
    yes: Texts = ["yes", "y", "1", "true"]
    no: Texts = ["no", "n", "0", "false"]
    not_done: PerhapsTexts = []
    centres: dict[Text, CentreHabits] = {}


class VisitPart(Part):
    label: Text | None = None
    day: Day
    window: Annotated[tuple[Day, Day], takes("two days, [first, last], as in [63, 105]")]
    pick: Literal["nearest", "last", "first"] = "nearest"


def _short_field(written: Any) -> Any:
    """`birth_date: date`, `sex: [female, male]`."""
    if isinstance(written, str):
        return {"type": written}
    return {"levels": written} if isinstance(written, list) else written


class FieldPart(Part):
    """One field: what it holds (exactly one of the first six), and how it is written and said."""

    type: Literal["date", "text", "yes/no", "number"] | None = None
    levels: Annotated[
        Texts | Annotated[dict[Text, Text | Texts], Field(min_length=1)] | None,
        takes("a list, as in [mild, severe], or each level with what the charts write: {mild: [1, I], severe: 2}"),
    ] = None
    classification: Text | None = None
    score: Text | None = None
    instrument: Text | None = None
    lab: Text | None = None

    label: Text | None = None
    column: Text | None = None
    unit: Text | None = None
    units: Texts | None = None
    decimals: Annotated[Whole | None, Field(ge=0, le=9), takes("a whole number from 0 to 9")] = None
    range: Range | None = None
    ordered: Truth | None = None
    bands: Annotated[dict[Text, Range], Field(min_length=1)] | None = None
    yes: Text | None = None
    no: Text | None = None
    optional: Truth = False


Fields = dict[
    Name,
    Annotated[
        FieldPart,
        BeforeValidator(_short_field),
        takes("date, text, yes/no or number, or its kind and more: {levels: [mild, severe], label: severity}"),
    ],
]


class FormPart(Part):
    rows: Literal["once", "visit", "event", "period"]
    sheet: Text | None = None
    key: Text = "patient"
    one: Text | None = None
    date: Text | None = None
    start: Text | None = None
    stop: Text | None = None
    fields: Annotated[Fields, Field(min_length=1)]


class DosingPart(Part):
    form: Text
    where: Expression | None = None
    permanent: Expression
    reason: Text | None = None


class Criterion(Part):
    include: Expression | None = None
    exclude: Expression | None = None
    selects_survivors: Truth = False


def _short_population(written: Any) -> Any:
    """`women: sex == "female"`."""
    return {"where": written} if isinstance(written, str) else written


class PopulationPart(Part):
    label: Text | None = None
    of: Text = "eligible"
    where: Expression


def _short_definition(written: Any) -> Any:
    """`female: sex == "female"`."""
    return {"is": written} if isinstance(written, str) else written


class DefinitionPart(Part):
    label: Text | None = None
    expression: Expression = Field(alias="is")
    unit: Literal["years", "months", "days"] | None = None
    yes: Text | None = None
    no: Text | None = None


class EndpointPart(Part):
    label: Text | None = None
    expression: Expression = Field(alias="is")
    at: Annotated[Texts, takes("a list of visits, as in [week12, week24]")]
    requires: Expression | None = None


class NamedExpression(Part):
    label: Text | None = None
    expression: Expression = Field(alias="is")


class EstimandPart(Part):
    label: Text | None = None
    intercurrent: dict[Text, Literal["treatment policy", "composite"]] = {}
    missing: Literal["non-response"] = "non-response"


class PrimaryPart(Part):
    endpoint: Text
    visit: Text
    population: Text
    estimand: Text


class RowPart(Part):
    """A row of a table. `name` is its stable name in the results; without it, one is made from the label."""

    expression: Expression = Field(alias="is")
    name: Name | None = None
    label: Text | None = None
    among: Expression | None = None


Named = Annotated[NamedExpression, BeforeValidator(_short_definition)]
Rows = Annotated[
    list[Annotated[RowPart, BeforeValidator(_short_definition), takes("an expression, or {is: …, label: …}")]],
    Field(min_length=1),
    takes("a list of rows, each an expression, or {is: …, label: …, among: …}"),
]
Populations = Annotated[Texts, takes("a list of populations, as in [eligible]")]


class SummaryPart(Part):
    """Characteristics of one or more populations: means, medians, counts."""

    kind: Literal["summary"]
    title: Text | None = None
    populations: Populations = ["eligible"]
    rows: Rows


class EndpointsPart(Part):
    """Endpoints at their visits, over each denominator and under each estimand, also by subgroup."""

    kind: Literal["endpoints"]
    title: Text | None = None
    populations: Annotated[
        Texts | dict[Text, Texts],
        takes("a list of populations, or one for each visit: {week12: [eligible], week24: [eligible]}"),
    ] = ["eligible"]
    endpoints: Texts | None = None
    subgroups: Annotated[PerhapsTexts | None, takes("a list of subgroups; [] for none")] = None


class CoursePart(Part):
    """Numbers at each visit."""

    kind: Literal["course"]
    title: Text | None = None
    populations: Populations = ["eligible"]
    visits: Texts | None = None
    rows: Rows


class EventsPart(Part):
    """Events of a form, as events and as patients, by period and by what is known of them."""

    kind: Literal["events"]
    title: Text | None = None
    populations: Populations = ["eligible"]
    form: Text
    term: Text
    by: PerhapsTexts = []
    serious: Text = "serious"
    special_interest: Text | None = None


AnalysisPart = Annotated[SummaryPart | EndpointsPart | CoursePart | EventsPart, Field(discriminator="kind")]


class StudyFile(Part):
    remit: Annotated[Literal["1"], takes("1, the format of the file that this version of remit reads")]
    study: Identity
    packs: Annotated[dict[Text, Text], takes('each pack with its version: {cardiology: "1.0"}')] = {}
    charts: ChartsPart = ChartsPart()
    index: Expression
    observed_until: Text | None = None
    birth: Text | None = None
    visits: dict[Name, Annotated[VisitPart, takes("`day:` and `window:`, as in {day: 84, window: [63, 105]}")]] = {}
    forms: Annotated[dict[Name, FormPart], Field(min_length=1)]
    dosing: DosingPart | None = None
    derived: dict[Name, Annotated[DefinitionPart, BeforeValidator(_short_definition)]] = {}
    eligibility: dict[
        Text, Annotated[Criterion, takes("`include:` with what must hold, or `exclude:` with what must not")]
    ] = {}
    populations: dict[Name, Annotated[PopulationPart, BeforeValidator(_short_population)]] = {}
    endpoints: dict[Name, Annotated[EndpointPart, takes("`at:` with its visits, and `is:` with its definition")]] = {}
    intercurrent_events: dict[Name, Named] = {}
    estimands: dict[Name, EstimandPart] = {}
    primary: PrimaryPart | None = None
    subgroups: dict[Name, Named] = {}
    periods: dict[Text, Expression] = {}
    analyses: dict[Name, AnalysisPart] = {}
