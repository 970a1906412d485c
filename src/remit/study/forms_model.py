"""The sections `charts` and `forms` of the study file, as they are written: how the charts look, and what they hold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from remit.study.written import (
    CLOSED,
    Decimals,
    Expression,
    Label,
    Name,
    PerhapsTexts,
    Range,
    Text,
    Texts,
    Truth,
    takes,
)


class Part(BaseModel):
    """A mapping of these sections."""

    model_config = CLOSED


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

    label: Label | None = None
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
    only: Annotated[dict[Text, Texts], takes("variables and what they may say: {LBSPEC: [SERUM]}")] = {}
    """Of an SDTM domain, which records: by variable, what it says in them (`empty`: nothing)."""
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
