"""What the names of an expression may mean: made from the study file and its packs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from remit.language.query import Band, Value
from remit.language.syntax import Node
from remit.language.types import Type
from remit.language.units import factor, spelled

Rows = Literal["once", "visit", "event", "period"]


@dataclass(frozen=True)
class FieldName:
    """A field of a form. `bands` if it is a score with known bands; `phrases`: how one says yes, how one says no."""

    name: str
    label: str
    type: Type
    bands: tuple[Band, ...] = ()
    phrases: tuple[str, str] | None = None


@dataclass(frozen=True)
class FormName:
    """A form. `date` orders its rows: the visit's, the event's, or the start of the period."""

    name: str
    label: str
    rows: Rows
    fields: Mapping[str, FieldName]
    date: str | None = None
    stop: str | None = None


@dataclass(frozen=True)
class Bound:
    """What a pack's own name stands for in a study: an expression of the study, brought to `unit` if it is a number."""

    node: Node
    unit: str | None = None


@dataclass(frozen=True)
class Definition:
    """An expression that has a name. `form`: it speaks of one row of that form, as an instrument's total does. `bound`:
    the text is a pack's, and these are its names."""

    name: str
    label: str
    text: str
    form: str | None = None
    bands: tuple[Band, ...] = ()
    phrases: tuple[str, str] | None = None
    bound: Mapping[str, Bound] = field(default_factory=dict)


@dataclass(frozen=True)
class VisitName:
    name: str
    label: str
    day: int


@dataclass(frozen=True)
class PatientName:
    """A value derived for each patient before any definition, such as the index date."""

    label: str
    value: Value


@dataclass(frozen=True)
class TextList:
    """A named list of texts, such as the drugs of a class."""

    label: str
    members: tuple[str, ...]


@dataclass(frozen=True)
class Scope:
    forms: Mapping[str, FormName]
    visits: Mapping[str, VisitName] = field(default_factory=dict)
    reference: str | None = None  # the visit that change and fall look back to
    definitions: Mapping[str, Definition] = field(default_factory=dict)
    patient: Mapping[str, PatientName] = field(default_factory=dict)
    lists: Mapping[str, TextList] = field(default_factory=dict)
    molar: Mapping[tuple[str, str, str], Fraction] = field(default_factory=dict)  # (test, written, wanted) → factor

    def factor(self, written: str, wanted: str, test: str) -> Fraction | None:
        """The exact factor between two units, by the laboratory test where it has one of its own."""
        own = self.molar.get((test, spelled(written), wanted))
        return own if own is not None else factor(spelled(written), wanted)

    def form_of(self, value: Value) -> FieldName | None:
        form = self.forms.get(value.form)
        return form.fields.get(value.field) if form else None
