"""A field as written in the study file, completed from the packs."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeVar

from remit.errors import WrongInput
from remit.language.errors import nearest
from remit.language.query import Band
from remit.language.scope import Definition
from remit.language.types import Date, Level, Number, Text, Type, YesNo
from remit.language.units import factor, spelled
from remit.study.document import Document, Key
from remit.study.forms import Field
from remit.study.model import FieldPart, Range
from remit.study.packs import Packs, bands, exact

Known = TypeVar("Known")

LARGEST = 10**9  # of a scaled number whose range is not told


@dataclass(frozen=True)
class Place:
    """Where a field stands in the study file, for messages."""

    document: Document
    key: Key

    def wrong(self, what: str, remedy: str, *deeper: str) -> WrongInput:
        return WrongInput(self.document.where((*self.key, *deeper)), what, remedy)


@dataclass(frozen=True)
class Made:
    """What a field's entry gives: its columns, and for an instrument its total."""

    fields: tuple[Field, ...]
    total: Definition | None = None


def make_field(name: str, form: str, part: FieldPart, packs: Packs, place: Place) -> Made:
    """One entry of a form's `fields`. Raises WrongInput."""
    kinds = ("type", "levels", "classification", "score", "instrument", "lab")
    given = [kind for kind in kinds if getattr(part, kind) is not None]
    if part.unit is not None and not given:
        given, part = ["type"], part.model_copy(update={"type": "number"})
    if len(given) != 1:
        what = f"{name} has no kind" if not given else f"{name} has more than one kind: {', '.join(given)}"
        raise place.wrong(what, f"Give it one of {', '.join(kinds)}.")
    match given[0]:
        case "levels":
            return Made((_levels(name, part, part.levels or {}),))
        case "classification":
            entry = _look_up(part.classification or "", packs.classifications, "classification", place)
            return Made((_levels(name, part, entry.levels),))
        case "score":
            return Made((_score(name, part, packs, place),))
        case "instrument":
            return _instrument(name, form, part, packs, place)
        case "lab":
            return Made((_laboratory(name, part, packs, place),))
    return Made((_plain(name, part, place),))


def _look_up(wanted: str, known: Mapping[str, Known], kind: str, place: Place) -> Known:
    if wanted not in known:
        raise place.wrong(f"no pack has the {kind} '{wanted}'", nearest(wanted, known), kind)
    return known[wanted]


def _label(name: str, part: FieldPart, default: str | None = None) -> str:
    return part.label or default or name.replace("_", " ")


def _plain(name: str, part: FieldPart, place: Place) -> Field:
    kind: Type
    units: dict[str, Fraction] = {}
    match part.type:
        case "date":
            kind = Date()
        case "text":
            kind = Text()
        case "yes/no":
            kind = YesNo()
        case _:
            kind, units = _number(part, place)
    phrases = (part.yes, part.no) if part.yes and part.no else None
    low, high = _range(part.range)
    return Field(
        name,
        _label(name, part),
        kind,
        part.column or name,
        units=units,
        low=low,
        high=high,
        required=not part.optional,
        phrases=phrases,
    )


def _number(part: FieldPart, place: Place) -> tuple[Number, dict[str, Fraction]]:
    unit = spelled(part.unit) if part.unit else ""
    decimals = part.decimals or 0
    if not unit:
        return Number("", decimals, _limit(part.range, decimals)), {}
    units = {unit: Fraction(1)}
    for written in part.units:
        size = factor(spelled(written), unit)
        if size is None:
            raise place.wrong(f"{written} cannot be converted to {unit}", "Name units of the same quantity.", "units")
        units[spelled(written)] = size
    several = len(set(units.values())) > 1
    return Number(unit, decimals, _limit(part.range, decimals), several_units=several), units


def _range(written: Range | None) -> tuple[Fraction | None, Fraction | None]:
    return (exact(written[0]), exact(written[1])) if written else (None, None)


def _limit(written: Range | None, decimals: int) -> int:
    low, high = _range(written)
    if low is None or high is None:
        return LARGEST
    return max(1, int(max(abs(low), abs(high)) * 10**decimals))


def _levels(name: str, part: FieldPart, levels: Mapping[str, str | list[str]] | Sequence[str]) -> Field:
    named = levels if isinstance(levels, Mapping) else {level: level for level in levels}
    codes = {
        code: level for level, written in named.items() for code in ([written] if isinstance(written, str) else written)
    }
    return Field(
        name,
        _label(name, part),
        Level(tuple(named), part.ordered),
        part.column or name,
        codes=codes,
        required=not part.optional,
    )


def _score(name: str, part: FieldPart, packs: Packs, place: Place) -> Field:
    """The total of an instrument, as one number."""
    instrument = _look_up(part.score or "", packs.instruments, "instrument", place)
    low, high = instrument.total
    return Field(
        name,
        _label(name, part, instrument.title),
        Number("", 0, high or LARGEST),
        part.column or name,
        low=Fraction(low),
        high=None if high is None else Fraction(high),
        required=not part.optional,
        bands=_bands(part, instrument.bands, place),
    )


def _bands(part: FieldPart, of_pack: tuple[Band, ...], place: Place) -> tuple[Band, ...]:
    found = bands(part.bands) if part.bands else of_pack
    for one, two in itertools.pairwise(found):
        if one.high is None or two.low is None or two.low <= one.high:
            raise place.wrong(f"the bands {one.name} and {two.name} overlap", "Both ends belong to a band.", "bands")
        if two.low != one.high + 1:
            raise place.wrong(
                f"between the bands {one.name} and {two.name} there is a gap",
                f"{two.name} begins at {one.high + 1}.",
                "bands",
            )
    return found


def _instrument(name: str, form: str, part: FieldPart, packs: Packs, place: Place) -> Made:
    """An instrument as its items; its total is their sum, unknown if one is."""
    instrument = _look_up(part.instrument or "", packs.instruments, "instrument", place)
    if not instrument.items:
        raise place.wrong(
            f"the pack has no items of {instrument.name}", f"Write `score: {instrument.name}`.", "instrument"
        )
    title = _label(name, part, instrument.title)
    prefix = part.column or name
    fields = []
    for item, (low, high) in instrument.items.items():
        label = f"{instrument.name}, {packs.items[instrument.name][item]}"
        top = None if high is None else Fraction(high)
        kind = Number("", 0, high or LARGEST)
        fields.append(
            Field(
                f"{name}_{item}",
                label,
                kind,
                f"{prefix}_{item}",
                low=Fraction(low),
                high=top,
                required=not part.optional,
            )
        )
    text = " + ".join(field.name for field in fields)
    total = Definition(name, title, text, form=form, bands=_bands(part, instrument.bands, place))
    return Made(tuple(fields), total)


def _laboratory(name: str, part: FieldPart, packs: Packs, place: Place) -> Field:
    """A laboratory or imaging measure: the pack's units and factors, the study's unit and decimals."""
    test = _look_up(part.lab or "", packs.laboratory, "lab", place)
    sizes = {spelled(test.unit): Fraction(1)} | {spelled(unit): Fraction(size) for unit, size in test.units.items()}
    wanted = spelled(part.unit or test.unit)
    units: dict[str, Fraction] = {}
    for unit in [wanted, *(spelled(unit) for unit in part.units)]:
        if unit not in sizes:
            raise place.wrong(f"{part.lab} is not measured in {unit}", f"The pack knows {', '.join(sizes)}.", "unit")
        units[unit] = sizes[unit] / sizes[wanted]
    low, high = _range(part.range or test.range)
    decimals = part.decimals or 0
    several = len(set(units.values())) > 1
    kind = Number(wanted, decimals, _limit(part.range or test.range, decimals), test.censored, part.lab or "", several)
    return Field(
        name,
        _label(name, part, test.title),
        kind,
        part.column or name,
        units=units,
        low=low,
        high=high,
        required=not part.optional,
    )


def conversions(packs: Packs) -> dict[tuple[str, str, str], Fraction]:
    """(test, written, wanted) → exact factor, for each pair of a test's units."""
    found: dict[tuple[str, str, str], Fraction] = {}
    for name, test in packs.laboratory.items():
        sizes = {spelled(test.unit): Fraction(1)} | {spelled(unit): Fraction(size) for unit, size in test.units.items()}
        found |= {(name, one, two): sizes[one] / sizes[two] for one in sizes for two in sizes}
    return found
