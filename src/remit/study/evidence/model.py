"""A file of evidence, as it is written: one published study."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Annotated, Literal, get_args

from pydantic import BaseModel, Field, PlainValidator

from remit.inference.digits import ROUNDINGS, Rounding
from remit.study.evidence.evidence import Design, MissingHandling, Reported
from remit.study.pack_model import Certainty
from remit.study.written import CLOSED, Label, Name, PerhapsTexts, Text, Truth, Week, seen, takes

_NUMBER = r"(-?(?:0|[1-9][0-9]{0,8})(?:\.([0-9]{1,6}))?)[ \t]+(V|D|K\+|K|K-)"
UNKNOWN: Literal["unknown"] = "unknown"
_ID = "^[a-z0-9]+(-[a-z0-9]+)*$"


def reported(written: object) -> Reported:
    """`49.5 V`. Raises ValueError for what is no number with its certainty."""
    match = re.fullmatch(_NUMBER, written.strip()) if isinstance(written, str) else None
    if not match:
        raise ValueError("not a number with its certainty")
    certainty: Certainty = next(each for each in get_args(Certainty) if each == match[3])
    return Reported(match[1], Fraction(match[1]), len(match[2] or ""), certainty)


def _denominator(written: object) -> Reported | Literal["unknown"]:
    return UNKNOWN if written == UNKNOWN else reported(written)


Number = Annotated[
    Reported,
    PlainValidator(reported),
    seen("string", pattern=rf"^\s*{_NUMBER}\s*$"),
    takes(
        "a number as printed and how sure it is (V read in the source, D arithmetic, K+ and K from knowledge): 49.5 V"
    ),
]
Denominator = Annotated[
    Reported | Literal["unknown"],
    PlainValidator(_denominator),
    seen("string", pattern=rf"^\s*({_NUMBER}|{UNKNOWN})\s*$"),
    takes("a number as printed and how sure it is, as in 94 V; or unknown"),
]
Id = Annotated[
    str,
    Field(pattern=_ID, max_length=60),
    seen("string", pattern=_ID, maxLength=60),
    takes("small letters and digits, with hyphens between: u-exceed, friedberg-2023"),
]


RoundingWord = Literal["rounded", "cut off"]
ROUNDINGS_OF: Mapping[RoundingWord | None, tuple[Rounding, ...]] = {
    None: ROUNDINGS,
    "rounded": ("half up", "half even"),
    "cut off": ("truncation",),
}


class Part(BaseModel):
    """A mapping of the file."""

    model_config = CLOSED


class PopulationPart(Part):
    """Who was in the study. `line`: of therapy."""

    words: Text
    line: Text | None = None
    n: Number | None = None


class CitationPart(Part):
    text: Text
    doi: Text | None = None
    pubmed: Text | None = None
    registration: Text | None = None


class ArmPart(Part):
    """One treatment. `weeks`: how long it was given; `n`: its patients."""

    drug: Text
    dose: Text | None = None
    weeks: Number | None = None
    n: Number | None = None


class ResultPart(Part):
    """What was printed of one arm. `of: unknown`: not that of the arm. `fits: no`: no whole
    number of patients gives the percentage."""

    percent: Number | None = None
    n: Number | None = None
    of: Denominator | None = None
    low: Number | None = None
    high: Number | None = None
    level: Number | None = None
    mean: Number | None = None
    sd: Number | None = None
    median: Number | None = None
    q1: Number | None = None
    q3: Number | None = None
    events: Number | None = None
    rate: Number | None = None
    person_years: Number | None = None
    fits: Truth = True
    note: Text | None = None


Results = Annotated[dict[Text, ResultPart], Field(min_length=1), takes("each arm with its numbers")]


class CharacteristicPart(ResultPart):
    """A characteristic at baseline: of the whole study, or by arm (`results`)."""

    label: Label
    unit: Text | None = None
    source: Text | None = None
    results: Results | None = None


class DefinitionPart(Part):
    """How the outcome was defined: in words, and by name where a pack writes it in the study language."""

    words: Text
    name: Text | None = None


class MissingPart(Part):
    words: Text | None = None
    handling: MissingHandling


class SafetyPart(Part):
    label: Label
    concept: Text = "adverse events"
    week: Week | None = None
    definition: DefinitionPart | None = None
    missing: MissingPart | None = None
    among: Text | None = None
    source: Text | None = None
    results: Results


class OutcomePart(SafetyPart):
    concept: Text
    definition: DefinitionPart
    missing: MissingPart


class EvidencePart(Part):
    """The file. `rounding`: of its percentages, where its numbers show it."""

    evidence: Id
    title: Text
    design: Design
    setting: Text | None = None
    disease: Text
    population: PopulationPart
    citation: CitationPart
    source: Text | None = None
    rounding: RoundingWord | None = None
    overlaps: Annotated[list[Id], takes("a list of the ids of other evidence")] = []
    arms: Annotated[dict[Text, ArmPart], Field(min_length=1)]
    baseline: dict[Name, CharacteristicPart] = {}
    outcomes: dict[Name, OutcomePart] = {}
    safety: dict[Name, SafetyPart] = {}
    cautions: PerhapsTexts = []
