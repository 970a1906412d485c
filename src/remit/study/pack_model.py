"""The files of a pack, as they are written. A pack is a folder: pack.yaml, and one file for each kind of thing."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from remit.study.written import CLOSED, Factor, Name, Range, Text, Texts, Truth, Whole, takes

# V: read in the named source. D: arithmetic from such facts. K+, K, K-: from knowledge, more or less sure.
Certainty = Literal["V", "D", "K+", "K", "K-"]
NONE: Range = (None, None)


class Part(BaseModel):
    """A mapping of a pack's file."""

    model_config = CLOSED


class PackPart(Part):
    """pack.yaml: which pack this is."""

    pack: Name
    version: Text
    title: Text


class Sourced(Part):
    """Whatever a pack says has its source, and how sure it is."""

    source: Text
    certainty: Certainty


class ItemPart(Part):
    label: Text | None = None
    range: Range


class InstrumentPart(Sourced):
    title: Text
    items: dict[Name, ItemPart] = {}
    decimals: Annotated[Whole, Field(ge=0, le=9), takes("a whole number from 0 to 9")] = 0
    total: Range
    bands: dict[Text, Range] = {}


class LaboratoryPart(Sourced):
    title: Text
    unit: Text
    units: Annotated[
        dict[Text, Factor], takes("each other unit with the factor that gives `unit`, as in {mg/dL: 10}")
    ] = {}
    range: Range = NONE
    censored: Truth = False
    loinc: Text | None = None


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


FILES: dict[str, Any] = {
    "pack": PackPart,
    "instruments": dict[Text, InstrumentPart],
    "laboratory": dict[Text, LaboratoryPart],
    "classifications": dict[Text, ClassificationPart],
    "lists": dict[Name, ListPart],
    "special_interest": dict[Name, SpecialInterestPart],
}
