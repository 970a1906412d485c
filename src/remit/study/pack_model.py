"""The files of a pack, as they are written. A pack is a folder: pack.yaml, and one file for each kind of thing."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from remit.study.forms_model import Fields
from remit.study.simulate_model import Draw, ValuesPart
from remit.study.written import CLOSED, Expression, Factor, Name, PerhapsTexts, Range, Text, Texts, Truth, Whole, takes

# V: read in the named source. D: arithmetic from such facts. K+, K, K-: from knowledge, more or less sure.
Certainty = Literal["V", "D", "K+", "K", "K-"]
NONE: Range = (None, None)


class Part(BaseModel):
    """A mapping of a pack's file."""

    model_config = CLOSED


class PackPart(Part):
    """pack.yaml: which pack this is, and for which diseases."""

    pack: Name
    version: Text
    title: Text
    diseases: PerhapsTexts = []


class Sourced(Part):
    """Whatever a pack says has its source, and how sure it is."""

    source: Text
    certainty: Certainty
    notes: Text | None = None


Decimals = Annotated[Whole, Field(ge=0, le=9), takes("a whole number from 0 to 9")]
Given = Annotated[dict[Name, Text], takes("names with their values, as in {pain: 2, smoker: yes}")]


class ItemPart(Part):
    """`choices`: what each value stands for on the sheet."""

    label: Text | None = None
    range: Range
    unit: Text | None = None
    decimals: Decimals = 0
    choices: Annotated[dict[Whole, Text], takes("each value with its wording, as in {0: none, 1: mild}")] = {}


class CasePart(Part):
    """What a definition gives for these values; `before`: those at the visit that change and fall look back to."""

    given: Given
    before: Given = {}
    result: Text = Field(alias="is")
    source: Text | None = None


class WrongCasePart(CasePart):
    """`wrong` is what somebody else makes of it, and `why` says who."""

    wrong: Text = Field(alias="not")
    why: Text


class CriterionPart(Sourced):
    """A definition on an instrument's total (`total`), items and needs."""

    title: Text | None = None
    expression: Expression = Field(alias="is")
    examples: list[CasePart] = []
    counter_examples: list[WrongCasePart] = []


class CheckPart(Sourced):
    """A rule between the items of one row."""

    expression: Expression = Field(alias="is")


class ExamplePart(Part):
    """Items and needs, and the total that must come out, or `unknown`."""

    items: Given
    needs: Given = {}
    total: Text
    band: Text | None = None
    criteria: Annotated[dict[Text, Text], takes("criteria with what comes out, as in {remission: yes}")] = {}
    source: Text | None = None


class WrongExamplePart(ExamplePart):
    """`wrong` is the total that somebody else gives, and `why` says who."""

    wrong: Text = Field(alias="not")
    why: Text


class CodedItemPart(Part):
    """What a CDISC test stands for: an item or the total of the instrument, or a part of an item in words (`of`)."""

    nci: Text
    item: Text | None = None
    of: Text | None = None


class CodedInstrumentPart(Part):
    """Where CDISC puts an instrument: its domain, its category there, its NCIt code, and the code of each test."""

    domain: Text
    category: Text
    instrument: Text
    tests: dict[Text, CodedItemPart]


class InstrumentPart(Sourced):
    """`segments`: each item stands once for each, as segment_item. `needs`: values from elsewhere in the study; `once`:
    those of them that a patient has once, and not anew at each visit."""

    title: Text
    needs: Fields = {}
    once: Texts = []
    segments: Annotated[dict[Name, Text], takes("each segment with its label, as in {left: left knee}")] = {}
    items: dict[Name, ItemPart] = {}
    expression: Expression | None = Field(default=None, alias="is")
    requires: Expression | None = None
    decimals: Decimals = 0
    total: Range
    bands: dict[Text, Range] = {}
    bands_source: Text | None = None
    bands_certainty: Certainty | None = None
    checks: dict[Text, CheckPart] = {}
    criteria: dict[Text, CriterionPart] = {}
    examples: list[ExamplePart] = []
    counter_examples: list[WrongExamplePart] = []
    cdisc: CodedInstrumentPart | None = None


class PackDefinitionPart(Sourced):
    """A definition that studies share; `takes`: its parameters, each written like a field."""

    title: Text
    takes: Annotated[Fields, Field(min_length=1)]
    expression: Expression = Field(alias="is")
    examples: list[CasePart] = []
    counter_examples: list[WrongCasePart] = []


class ConversionPart(Part):
    """One quantity in two units: {given: 0.5 mg/dL, is: 5 mg/L}."""

    given: Text
    result: Text = Field(alias="is")
    source: Text | None = None


class CodedTestPart(Part):
    """The code of a test in CDISC and in the NCI thesaurus."""

    testcd: Text
    nci: Text


class LaboratoryPart(Sourced):
    """`plausible`: what lies outside is asked about, not refused. `decimals`: with how many a new study is drafted."""

    title: Text
    unit: Text
    decimals: Decimals | None = None
    units: Annotated[
        dict[Text, Factor], takes("each other unit with the factor that gives `unit`, as in {mg/dL: 10}")
    ] = {}
    range: Range = NONE
    plausible: Range = NONE
    censored: Truth = False
    loinc: Text | None = None
    cdisc: CodedTestPart | None = None
    examples: list[ConversionPart] = []


class ClassificationPart(Sourced):
    levels: Annotated[dict[Text, Text | Texts], Field(min_length=1)]
    ordered: Truth = False


class ListPart(Sourced):
    title: Text
    members: Texts


class SpecialEventPart(Part):
    terms: Texts
    serious: Truth = False


class SpecialInterestPart(Sourced):
    events: Annotated[dict[Text, SpecialEventPart], Field(min_length=1)]


class AssumedPart(ValuesPart):
    """What values look like, until the reference visit and `later`."""

    later: Draw | None = None


class AssumedShapePart(AssumedPart):
    """What `remit simulate` draws where a study says nothing of a field with this instrument, test or classification.

    No finding, so it has no certainty: `assumption` says what is assumed, `source` perhaps what that leans on.
    `fields`: of an instrument whose total is not the sum of its items, those of its items.
    """

    fields: dict[Name, AssumedPart] = Field({})
    assumption: Text
    source: Text | None = None


FILES: dict[str, Any] = {
    "pack": PackPart,
    "instruments": dict[Text, InstrumentPart],
    "definitions": dict[Text, PackDefinitionPart],
    "laboratory": dict[Text, LaboratoryPart],
    "classifications": dict[Text, ClassificationPart],
    "lists": dict[Name, ListPart],
    "special_interest": dict[Name, SpecialInterestPart],
    "simulate": dict[Text, AssumedShapePart],
}
