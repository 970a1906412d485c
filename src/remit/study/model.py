"""The study file, as it is written: what may stand in it, and of which kind."""

from __future__ import annotations

import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$")]
Expression = Annotated[str, StringConstraints(min_length=1)]
Range = tuple[float | None, float | None]


class Part(BaseModel):
    """A mapping of the study file: unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Identity(Part):
    """What the study is."""

    id: str
    version: str = "1"
    title: str
    disease: str | None = None
    drug: str | None = None
    design: str | None = None
    synthetic: str | None = None  # set if the patients are not real: it is printed on every page
    data_cutoff: datetime.date | None = None


class CentreHabits(Part):
    dates: Literal["year-month-day", "day/month/year", "month/day/year"] | None = None
    decimal: Literal["point", "comma"] | None = None
    columns: dict[str, dict[str, str]] = {}  # form → heading → field


class ChartsPart(Part):
    """How the charts are written."""

    folder: str = "charts"
    source: str = "workbooks"
    centre_column: str | None = None
    yes: list[str] = ["yes", "y", "1", "true"]
    no: list[str] = ["no", "n", "0", "false"]
    not_done: list[str] = []
    centres: dict[str, CentreHabits] = {}


class VisitPart(Part):
    label: str | None = None
    day: int
    window: tuple[int, int]
    pick: Literal["nearest", "last", "first"] = "nearest"


def _short_field(value: Any) -> Any:
    return {"type": value} if isinstance(value, str) else value


class FieldPart(Part):
    """One field: what it holds (exactly one of the first six), and how it is written and said."""

    type: Literal["date", "text", "yes/no", "number"] | None = None
    levels: list[str] | dict[str, str | list[str]] | None = None
    classification: str | None = None
    score: str | None = None
    instrument: str | None = None
    lab: str | None = None

    label: str | None = None
    column: str | None = None
    unit: str | None = None
    units: list[str] = []
    decimals: int | None = Field(None, ge=0, le=9)
    range: Range | None = None
    ordered: bool = False
    bands: dict[str, Range] | None = None
    yes: str | None = None
    no: str | None = None
    optional: bool = False


class FormPart(Part):
    rows: Literal["once", "visit", "event", "period"]
    sheet: str | None = None
    key: str = "patient"
    one: str | None = None
    date: str | None = None
    start: str | None = None
    stop: str | None = None
    fields: dict[Name, Annotated[FieldPart, BeforeValidator(_short_field)]]


class DosingPart(Part):
    form: str
    where: Expression | None = None
    permanent: Expression
    reason: str | None = None


class Criterion(Part):
    include: Expression | None = None
    exclude: Expression | None = None
    selects_survivors: bool = False


class PopulationPart(Part):
    label: str | None = None
    of: str = "eligible"
    where: Expression


def _short_definition(value: Any) -> Any:
    return {"is": value} if isinstance(value, str) else value


class DefinitionPart(Part):
    label: str | None = None
    expression: Expression = Field(alias="is")
    unit: Literal["years", "months", "days"] | None = None
    yes: str | None = None
    no: str | None = None


class EndpointPart(Part):
    label: str | None = None
    expression: Expression = Field(alias="is")
    at: list[str]
    requires: Expression | None = None


class EventPart(Part):
    label: str | None = None
    expression: Expression = Field(alias="is")


class EstimandPart(Part):
    label: str | None = None
    intercurrent: dict[str, Literal["treatment policy", "composite"]] = {}
    missing: Literal["non-response"] = "non-response"


class PrimaryPart(Part):
    endpoint: str
    visit: str
    population: str
    estimand: str


class RowPart(Part):
    """A row of a table. `name` is its stable name in the results; without it, one is made from the label."""

    name: Name | None = None
    expression: Expression = Field(alias="is")
    label: str | None = None
    among: Expression | None = None


Rows = list[Annotated[RowPart, BeforeValidator(_short_definition)]]


class SummaryPart(Part):
    """Characteristics of one or more populations: means, medians, counts."""

    kind: Literal["summary"]
    title: str
    populations: list[str]
    rows: Rows


class EndpointsPart(Part):
    """Endpoints at their visits, over each denominator and under each estimand, also by subgroup."""

    kind: Literal["endpoints"]
    title: str
    populations: dict[str, list[str]]
    endpoints: list[str] | None = None
    subgroups: list[str] | None = None


class CoursePart(Part):
    """Numbers at each visit."""

    kind: Literal["course"]
    title: str
    populations: list[str]
    rows: Rows


class EventsPart(Part):
    """Events of a form, as events and as patients, by period and by what is known of them."""

    kind: Literal["events"]
    title: str
    populations: list[str]
    form: str
    term: str
    by: list[str] = []
    serious: str = "serious"
    special_interest: str | None = None


AnalysisPart = Annotated[SummaryPart | EndpointsPart | CoursePart | EventsPart, Field(discriminator="kind")]
Definitions = dict[Name, Annotated[DefinitionPart, BeforeValidator(_short_definition)]]


class StudyFile(Part):
    remit: Literal["1"]
    study: Identity
    packs: dict[str, str] = {}
    charts: ChartsPart = ChartsPart()
    index: Expression
    observed_until: str | None = None
    visits: dict[Name, VisitPart]
    forms: dict[Name, FormPart]
    dosing: DosingPart | None = None
    derived: Definitions = {}
    eligibility: dict[str, Criterion] = {}
    populations: dict[Name, PopulationPart] = {}
    endpoints: dict[Name, EndpointPart] = {}
    intercurrent_events: dict[Name, Annotated[EventPart, BeforeValidator(_short_definition)]] = {}
    estimands: dict[Name, EstimandPart] = {}
    primary: PrimaryPart | None = None
    subgroups: dict[Name, Expression] = {}
    periods: dict[str, Expression] = {}
    analyses: dict[Name, AnalysisPart] = {}


class ItemPart(Part):
    label: str | None = None
    range: tuple[int, int | None]


class InstrumentPart(Part):
    title: str
    items: dict[Name, ItemPart] = {}
    total: tuple[int, int | None]
    bands: dict[str, Range] = {}
    source: str
    certainty: str


class LaboratoryPart(Part):
    title: str
    unit: str
    units: dict[str, str] = {}  # unit → exact factor that gives `unit`, a decimal number or a fraction
    range: Range = (None, None)
    censored: bool = False
    loinc: str | None = None
    source: str
    certainty: str


class ClassificationPart(Part):
    levels: dict[str, str | list[str]]
    source: str
    certainty: str


class ListPart(Part):
    title: str
    members: list[str]
    source: str
    certainty: str


class SpecialEventPart(Part):
    terms: list[str]
    serious: bool = False


class SpecialInterestPart(Part):
    events: dict[str, SpecialEventPart]
    source: str
    certainty: str


class PackPart(Part):
    pack: str
    version: str
    title: str


class PackFile(Part):
    """All the files of a pack's folder together."""

    pack: PackPart
    instruments: dict[str, InstrumentPart] = {}
    laboratory: dict[str, LaboratoryPart] = {}
    classifications: dict[str, ClassificationPart] = {}
    lists: dict[Name, ListPart] = {}
    special_interest: dict[Name, SpecialInterestPart] = {}
