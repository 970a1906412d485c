"""What packs assume that values look like: drawn by `remit simulate` where a study declares nothing of a field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import TypeVar

from remit.language.errors import nearest
from remit.language.types import Level, Number, Type
from remit.study.draws import draw_of, merged
from remit.study.forms import Field, Form
from remit.study.forms_model import FieldPart
from remit.study.pack_contents import AssumedShape, Packs
from remit.study.pack_model import AssumedPart, AssumedShapePart
from remit.study.place import Place
from remit.study.shape_limits import check_assay, check_items, limits_of
from remit.study.simulate_model import DrawPart, ShapePart, ValuesPart
from remit.study.written import Range

OF_NUMBERS = ("mean", "sd", "median", "quartiles", "between", "range", "below", "above")
SHAPED = ("instruments", "laboratory", "classifications")
SomeDraw = TypeVar("SomeDraw", bound=DrawPart)


# Of a pack by itself


def make_assumed(
    parts: Mapping[str, AssumedShapePart], packs: Packs, place: Place | None, whole: bool
) -> dict[str, AssumedShape]:
    """The file simulate.yaml of a pack, of which `packs` has the rest. `whole`: with every number in it checked.

    Raises WrongInput.
    """
    found = {name: AssumedShape(part, place / name) for name, part in parts.items()} if place is not None else {}
    if whole:
        for name, shape in found.items():
            _check(name, shape.part, packs, shape.place)
    return found


def _check(name: str, part: AssumedShapePart, packs: Packs, place: Place) -> None:
    homes = [kind for kind in SHAPED if name in getattr(packs, kind)]
    if not homes:
        known = [each for kind in SHAPED for each in getattr(packs, kind)]
        what = f"the pack holds no instrument, laboratory test or classification '{name}'"
        raise place.wrong_name(what, nearest(name, known))
    if len(homes) > 1:
        raise place.wrong_name(f"'{name}' is of more than one kind: {', '.join(homes)}", "Rename one of them.")
    instrument = packs.instruments.get(name)
    items = instrument.items if instrument is not None else {}
    for key, does in (("items", bool(items)), ("fields", bool(items))):
        if key in part.model_fields_set and not does:
            raise (place / key).wrong_name(f"the pack has no items of {name}", "Remove it.")
    if part.items is not None:
        check_items(part.items, list(items), place / "items")
    for item, shape in part.fields.items():
        (place / "fields" / item).known_key(items, "item")
        kind = Number(decimals=items[item].decimals)
        _check_values(item, shape, kind, items[item].range, place / "fields" / item)
    for key in ("value", "shares"):
        if name in packs.laboratory and key in part.model_fields_set:
            raise (place / key).wrong_name(f"{name} has units, and {key} tells none", "Write mean, median or between.")
    if not part.fields or part.model_fields_set - {"fields", "assumption", "source"}:
        _check_values(name, part, *_type(name, packs), place)


def _type(name: str, packs: Packs) -> tuple[Type, Range]:
    if name in packs.instruments:
        instrument = packs.instruments[name]
        return Number(decimals=instrument.decimals), instrument.total
    if name in packs.laboratory:
        test = packs.laboratory[name]
        return Number(decimals=9, censored=test.censored), _within(test.range, test.plausible)
    entry = packs.classifications[name]
    return Level(tuple(entry.levels), entry.ordered), (None, None)


def draws(part: DrawPart) -> bool:
    """Does it say what values look like, and not only of whom they are missing?"""
    return any(getattr(part, key) is not None for key in DrawPart.model_fields if key != "missing")


def _check_values(name: str, part: AssumedPart, kind: Type, whole: Range, place: Place) -> None:
    if not isinstance(kind, Number) and part.range is not None:
        raise (place / "range").wrong_name(f"{name} is no number, and has no range", "Remove it.")
    limits = limits_of(part.range, whole, place / "range")
    check_assay(kind, name, part, limits, place)
    if draw_of(part, kind, limits, place) is None:
        raise place.wrong_name(f"nothing says what values of {name} look like", "Write its shape: {mean: 10, sd: 3}.")
    if part.later is not None:
        draw_of(merged(part, part.later), kind, limits, place / "later")


# Of a study's fields


def assumed_shapes(
    form: Form, fields: Mapping[str, FieldPart], sums: Mapping[str, object], packs: Packs, later: Sequence[str]
) -> Iterator[tuple[str, ShapePart, Place]]:
    """What the packs assume of the fields of a form, by name, in the field's own unit.

    fields: as the study file writes them. sums: the fields that are an instrument whose total is the sum of its items.
    later: the visits after the reference visit.
    """
    for name, field in fields.items():
        assumed = packs.simulate.get(field.instrument or field.score or field.lab or field.classification or "")
        if assumed is None:
            continue
        part, place = assumed.part, assumed.place
        if field.instrument is not None and name not in sums:
            for item, shape in part.fields.items():
                column = f"{name}_{item}"
                yield column, _of_study(shape, form.fields[column], later), place / "fields" / item
        elif draws(part):
            if field.lab is not None:
                part = _in_unit_of(part, form.fields[name], field.lab, packs)
            if name not in sums:
                part = part.model_copy(update={"items": None})
            yield name, _of_study(part, form.fields.get(name), later), place


def _of_study(part: AssumedPart, field: Field | None, later: Sequence[str]) -> ShapePart:
    """As the study might have written it; only values that are possible there, and that nobody asks about."""
    told = {key: getattr(part, key) for key in ValuesPart.model_fields}
    if field is not None and isinstance(field.type, Number):
        told["range"] = _within(_within(part.range or (None, None), (field.low, field.high)), field.plausible)
    return ShapePart.model_construct(**told, at=dict.fromkeys(later, part.later) if part.later is not None else {})


def _within(one: Range, other: Range) -> Range:
    """What lies in both."""
    lows, highs = ([end for end in ends if end is not None] for ends in zip(one, other, strict=True))
    return max(lows, default=None), min(highs, default=None)


def _in_unit_of(part: AssumedShapePart, field: Field, test: str, packs: Packs) -> AssumedShapePart:
    factor = 1 / packs.laboratory[test].sizes[next(iter(field.units))]
    later = None if part.later is None else _times(part.later, factor)
    return _times(part, factor).model_copy(update={"later": later})


def _times(part: SomeDraw, factor: Fraction) -> SomeDraw:
    """The same in another unit, exactly."""
    return part.model_copy(
        update={key: _product(value, factor) for key in OF_NUMBERS if (value := getattr(part, key, None)) is not None}
    )


def _product(value: Fraction | Range, factor: Fraction) -> Fraction | Range:
    if isinstance(value, tuple):
        low, high = value
        return (None if low is None else low * factor, None if high is None else high * factor)
    return value * factor
