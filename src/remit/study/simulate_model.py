"""The section `simulate` of the study file, as it is written: what a simulated cohort looks like."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, Field

from remit.study.written import CLOSED, Day, Exact, IsoDate, Name, Range, Share, Text, Texts, seen, takes

Shares = Annotated[
    dict[Text, Share],
    Field(min_length=1),
    takes("each value with its share, together 100 %: {mild: 70 %, severe: 30 %}"),
]


NUMBER = r"^\s*[+-]?[0-9]{1,12}(\.[0-9]{1,9})?\s*$"
KINDS = ("number", "string")
Correlation = Annotated[
    Exact,
    Field(ge=-1, le=1),
    seen(*KINDS, pattern=NUMBER, minimum=-1, maximum=1),
    takes("a number from -1 to 1"),
]
Proportion = Annotated[
    Exact, Field(ge=0, le=1), seen(*KINDS, pattern=NUMBER, minimum=0, maximum=1), takes("a number from 0 to 1")
]
Positive = Annotated[Exact, Field(ge=0), seen(*KINDS, pattern=NUMBER, minimum=0), takes("a number, 0 or more")]
Rate = Annotated[
    Exact,
    Field(ge=0, le=100),
    seen(*KINDS, pattern=NUMBER, minimum=0, maximum=100),
    takes("how many a patient has in a year, as in 0.8"),
]
Two = tuple[Exact, Exact]


class Part(BaseModel):
    """A mapping of this section."""

    model_config = CLOSED


class DrawPart(Part):
    """What values look like, in one way: `mean` goes with `sd`, `median` with `quartiles`."""

    value: Text | None = None
    """Always this one. In short `drug: aspirin`."""
    share: Share | None = None
    """The share of those who say yes. In short `smoker: 30 %`."""
    shares: Shares | None = None
    """Each value with its share, together 100 %."""
    mean: Exact | None = None
    """Of normal numbers; `sd` is their standard deviation."""
    sd: Positive | None = None
    """The standard deviation, beside `mean`."""
    median: Exact | None = None
    """Of skewed numbers; `quartiles` are the lower and the upper."""
    quartiles: Annotated[Two | None, takes("two numbers, [lower, upper]")] = None
    """The lower and the upper quartile, beside `median`."""
    between: Annotated[Two | None, takes("two numbers, [least, greatest]")] = None
    """All numbers alike often. In short `[0, 84]`."""
    missing: Share | None = None
    """The share that is not known."""


def _short_draw(written: Any) -> Any:
    """`drug: aspirin`, `smoker: 30 %`, `from: [-30, 0]`."""
    if isinstance(written, str):
        return {"value": written}
    return {"between": written} if isinstance(written, list) else written


DRAW = "a value, a share, [least, greatest], or its shape: {mean: 10, sd: 3}"
Draw = Annotated[DrawPart, BeforeValidator(_short_draw, json_schema_input_type=Text | Two | DrawPart), takes(DRAW)]


class ValuesPart(DrawPart):
    """What a field's values look like, and what they go with."""

    range: Range | None = None
    """Narrower limits than those of the field; of a date, in its unit."""
    below: Exact | None = None
    """The lower limit of the assay: what lies below is charted as "<…"."""
    above: Exact | None = None
    """The upper limit of the assay: what lies above is charted as ">…"."""
    items: Shares | None = None
    """Of an instrument's total: the share of each item."""
    severity: Correlation | None = None
    """The correlation with how ill the patient is, by which fields go together."""


class ShapePart(ValuesPart):
    """What a field's values look like, at each visit, and what they go with."""

    at: dict[Text, Draw] = {}
    """What is different at a visit: {week12: {mean: 5}}."""
    before: Text | None = None
    """Of a date: how long before `index`, or before a date that stands above it in its form."""
    after: Text | None = None
    """Of a date: how long after `index`, or after a date that stands above it in its form."""
    unit: Literal["days", "months", "years"] | None = None
    """Of a date: that of the numbers."""
    among: Text | None = None
    """A yes/no field filled once: of others the field is not asked."""
    correlation: Proportion | None = None
    """Of a patient's values at two visits."""
    centre_effect: Proportion | None = None
    """The standard deviation between centres, that of the field being 1."""


Shapes = dict[
    Name,
    Annotated[ShapePart, BeforeValidator(_short_draw, json_schema_input_type=Text | Two | ShapePart), takes(DRAW)],
]


class RowsPart(Part):
    """Rows of a form of periods or events: who has them, when, and what stands in them."""

    share: Share | None = None
    """The share of the patients who have such a row; without it, all."""
    rate: Rate | None = None
    """How many such rows a patient has in a year of follow-up, instead of `share`."""
    among: Text | None = None
    """A yes/no field filled once: only those who say yes have such rows."""
    start: Draw | None = Field(None, alias="from")
    """The day on which it begins, from the index date; without it, day 0."""
    to: Day | None = None
    """The first day without, at the latest."""
    days: Draw | None = None
    """How many days a period takes; without it and `to`, it goes on."""
    fields: Shapes = {}
    """What stands in these rows, where it differs from the form's `fields`."""


def _short_share(written: Any) -> Any:
    """`drop_out: 5 %`."""
    return {"share": written} if isinstance(written, str) else written


class DropOutPart(Part):
    share: Share
    """The share that has left by the last visit."""
    reason: Text | None = None
    """With which doses then end; without it, they go on as far as is known."""


class StopPart(Part):
    share: Share
    """The share that has stopped by the last visit."""
    reasons: Shares | None = None
    """The reasons with their shares."""


class InterruptionsPart(Part):
    share: Share
    """The share that interrupts the drug once, of those who go on with it afterwards."""
    reasons: Shares | None = None
    """The reasons with their shares."""
    days: Draw
    """How long it takes."""


class FormShapes(Part):
    """What stands in a form."""

    fields: Shapes = {}
    """What a field's values look like, by its name."""
    rows: Annotated[list[RowsPart] | None, takes("a list of rows, each {from: 0, days: 84, fields: {…}}")] = None
    """Of a form of periods or events: the rows that patients have."""
    stop: (
        Annotated[
            StopPart,
            BeforeValidator(_short_share, json_schema_input_type=Share | StopPart),
            takes("a share, or {share: 20 %, reasons: {…}}"),
        ]
        | None
    ) = None
    """Of the form of `dosing`: who stops for good."""
    interruptions: InterruptionsPart | None = None
    """Of the form of `dosing`: who interrupts the drug."""


Sizes = dict[Text, Positive]


def _equal_sizes(written: Any) -> Any:
    """`centres: [S01, S02]`."""
    if isinstance(written, list) and all(isinstance(name, str) for name in written):
        return dict.fromkeys(written, "1") if len(set(written)) == len(written) else written
    return written


class SimulatePart(Part):
    """How `remit simulate` draws patients."""

    centres: Annotated[
        Sizes | None,
        BeforeValidator(_equal_sizes, json_schema_input_type=Sizes | Texts),
        takes("a list of centres that differ, or each with its relative size: {S01: 2, S02: 1}"),
    ] = None
    """The centres, or each with its relative size: {S01: 2, S02: 1}."""
    starts: Annotated[tuple[IsoDate, IsoDate] | None, takes("two days, [2023-01-01, 2023-12-31]")] = None
    """The first and the last index date."""
    follow_up: Draw | None = None
    """How many days from the index date to the last contact; without it, until the data cut-off."""
    jitter: Positive | None = None
    """The standard deviation of the days by which a visit misses its day; it stays in its window."""
    missed: Annotated[
        Share | dict[Text, Share] | None, takes("a share, as in 5 %, or one for each visit: {week12: 5 %}")
    ] = None
    """The share of the patients who miss a visit after day 0, or one for each visit: {week12: 5 %}."""
    drop_out: (
        Annotated[
            DropOutPart,
            BeforeValidator(_short_share, json_schema_input_type=Share | DropOutPart),
            takes("a share, or {share: 5 %, reason: lost to follow-up}"),
        ]
        | None
    ) = None
    """Who leaves: after that nothing is known of the patient."""
    missing: Share | None = None
    """The share of the values of each field that is not known, where the field says nothing else."""
    correlation: Proportion | None = None
    """Of a patient's values at two visits, where the field says nothing else."""
    centre_effect: Proportion | None = None
    """The standard deviation between centres, that of a field being 1, where the field says nothing else."""
    benchmark: Share | None = None
    """With what the interval of the primary endpoint is compared."""
    forms: dict[Name, FormShapes] = {}
    """What stands in the forms, by their names."""
