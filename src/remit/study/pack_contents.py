"""What packs hold, read and checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from remit.language.parse import parse
from remit.language.query import Band
from remit.language.scope import FieldName
from remit.language.syntax import names
from remit.study.evidence.shelf import Shelf
from remit.study.forms_model import FieldPart
from remit.study.pack_model import (
    AssumedShapePart,
    CasePart,
    ClassificationPart,
    ConversionPart,
    ExamplePart,
    ListPart,
    PackPart,
    SpecialInterestPart,
)
from remit.study.place import Place
from remit.study.written import Range

TOTAL = "total"  # what an instrument's total is called in its criteria


@dataclass(frozen=True)
class Item:
    """`choices`: what each value stands for."""

    label: str
    range: Range
    unit: str = ""
    decimals: int = 0
    choices: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class SharedDefinition:
    """An expression over parameters, which a study binds to its own values. `instrument`: it is a criterion of that
    instrument."""

    name: str
    title: str
    text: str
    parameters: Mapping[str, FieldName]
    source: str
    certainty: str
    notes: str | None
    examples: Sequence[CasePart]
    place: Place
    instrument: str | None = None

    @property
    def uses(self) -> tuple[str, ...]:
        """The parameters that the text reads."""
        return tuple(dict.fromkeys(names(parse(self.text))))


@dataclass(frozen=True)
class ItemCheck:
    """A rule between the items of one row; where it fails, somebody is asked."""

    label: str
    text: str
    source: str
    certainty: str


@dataclass(frozen=True)
class Instrument:
    """A score: its items with their range, and its total.

    `items`: in segments, one for each item and segment. `asked`: the needs as the pack writes them; `once`: those that
    a patient has once. `text`: the total in the study language, over items and needs; `written`: as the pack writes it,
    if it does.
    """

    name: str
    title: str
    items: Mapping[str, Item]
    needs: Mapping[str, FieldName]
    asked: Mapping[str, FieldPart]
    once: tuple[str, ...]
    segments: Mapping[str, str]
    text: str
    written: str | None
    requires: str | None
    decimals: int
    total: Range
    bands: tuple[Band, ...]
    bands_source: str | None
    bands_certainty: str | None
    checks: tuple[ItemCheck, ...]
    criteria: Mapping[str, SharedDefinition]
    source: str
    certainty: str
    notes: str | None
    examples: Sequence[ExamplePart]
    place: Place
    tests: Mapping[str, str] = field(default_factory=dict)  # item, or TOTAL → its test code in CDISC

    def of_segment(self, segment: str) -> list[str]:
        """The items of a segment."""
        return [item for item in self.items if item.startswith(f"{segment}_")]


@dataclass(frozen=True)
class Laboratory:
    """A laboratory or imaging measure. `sizes`: each unit with the exact factor to the first, the pack's own;
    `decimals` (None: not told), `range` and `plausible` are in the pack's own."""

    name: str
    title: str
    sizes: Mapping[str, Fraction]
    decimals: int | None
    range: Range
    plausible: Range
    censored: bool
    loinc: str | None
    source: str
    certainty: str
    notes: str | None
    examples: Sequence[ConversionPart]
    place: Place
    test: str | None = None  # its test code in CDISC


@dataclass(frozen=True)
class AssumedShape:
    """What fields with this instrument, test or classification look like where a study says nothing; in the pack's own
    unit."""

    part: AssumedShapePart
    place: Place


@dataclass(frozen=True)
class Packs:
    """All that the packs named by a study hold, by name. `definitions` has the criteria of instruments too, `simulate`
    what is assumed of entries of the same name, `evidence` also the study's own."""

    names: Mapping[str, str]  # pack → version
    instruments: Mapping[str, Instrument]
    definitions: Mapping[str, SharedDefinition]
    laboratory: Mapping[str, Laboratory]
    classifications: Mapping[str, ClassificationPart]
    lists: Mapping[str, ListPart]
    special_interest: Mapping[str, SpecialInterestPart]
    simulate: Mapping[str, AssumedShape] = field(default_factory=dict)
    evidence: Shelf = field(default_factory=Shelf)


@dataclass(frozen=True)
class Pack:
    """One pack by itself."""

    identity: PackPart
    folder: str
    contents: Packs
