"""A field as written in the study file, completed from the packs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeVar

from remit.language.errors import nearest
from remit.language.query import Band
from remit.language.scope import Definition
from remit.language.types import Date, Level, Number, Text, Type, YesNo
from remit.language.units import factor, spelled
from remit.study.bands import make_bands
from remit.study.bindings import bound_items, bound_values
from remit.study.codes import Levels, level_codes
from remit.study.forms import Field, PartialDates
from remit.study.forms_model import FieldPart
from remit.study.names import in_print
from remit.study.pack_contents import Instrument, Laboratory, Packs
from remit.study.place import Place
from remit.study.quantities import check_range, check_unit, limit_of
from remit.study.written import Range

Known = TypeVar("Known")

KINDS = ("type", "levels", "classification", "score", "instrument", "lab")
ALWAYS = {"label", "column", "optional"}
OPTIONS = {
    "date": {"partial"},
    "text": set[str](),
    "yes/no": {"yes", "no"},
    "number": {"unit", "units", "decimals", "range", "bands"},
    "levels": {"ordered"},
    "classification": {"ordered"},
    "score": {"bands"},
    "instrument": {"bands", "with"},
    "lab": {"unit", "units", "decimals", "range"},
}


@dataclass(frozen=True)
class Made:
    """What a field's entry gives: its columns, and for an instrument its total and the subtotals of its segments."""

    fields: tuple[Field, ...]
    totals: tuple[Definition, ...] = ()


def make_field(name: str, form: str, part: FieldPart, packs: Packs, place: Place) -> Made:
    """One entry of a form's `fields`. Raises WrongInput."""
    kind = _kind(name, part, place)
    given = {FieldPart.model_fields[each].alias or each for each in part.model_fields_set}
    for option in sorted(given - {*ALWAYS, *KINDS, *OPTIONS[kind]}):
        takes = ", ".join(sorted(OPTIONS[kind] | ALWAYS))
        raise (place / option).wrong_name(f"{name} is {_a(kind)}, which has no '{option}'", f"It may have {takes}.")
    match kind:
        case "levels":
            return Made((_levels(name, part, part.levels or {}, bool(part.ordered), place / "levels"),))
        case "classification":
            entry = _look_up(part.classification, packs.classifications, "classification", place / "classification")
            ordered = entry.ordered if part.ordered is None else part.ordered
            return Made((_levels(name, part, entry.levels, ordered, place / "classification"),))
        case "score":
            instrument = _look_up(part.score, packs.instruments, "instrument", place / "score")
            return Made((_score(name, part, instrument, place),))
        case "instrument":
            instrument = _look_up(part.instrument, packs.instruments, "instrument", place / "instrument")
            return _instrument(name, form, part, instrument, place)
        case "lab":
            test = _look_up(part.lab, packs.laboratory, "laboratory test", place / "lab")
            return Made((_laboratory(name, part, test, place),))
        case "number":
            return Made((_number(name, part, place),))
    if (part.yes is None) != (part.no is None):
        raise place.wrong_name(f"{name} says only one of yes and no", "Write both phrases, `yes: …` and `no: …`.")
    phrases = (part.yes, part.no) if part.yes and part.no else None
    if part.partial is not None and not part.partial.model_fields_set:
        remedy = "Write `without_day: first`, or `without_month: first`, or both."
        raise (place / "partial").wrong_name(f"partial of {name} says nothing", remedy)
    types: dict[str, Type] = {"date": Date(), "text": Text(), "yes/no": YesNo()}
    return Made((_field(name, part, types[kind], phrases=phrases),))


def _kind(name: str, part: FieldPart, place: Place) -> str:
    given = [kind for kind in KINDS if getattr(part, kind) is not None]
    if len(given) > 1:
        raise place.wrong_name(f"{name} is of more than one kind: {', '.join(given)}", "Leave one of them.")
    if given:
        return part.type or given[0]
    if part.unit is not None or part.decimals is not None or part.range is not None:
        return "number"
    remedy = f"Give it one of {', '.join(KINDS)}: `{name}: date`, or `{name}: {{levels: [mild, severe]}}`."
    raise place.wrong_name(f"nothing says what {name} holds", remedy)


def _a(kind: str) -> str:
    words = {"levels": "a field of levels", "lab": "a laboratory test", "yes/no": "yes/no", "text": "text"}
    return words.get(kind) or f"{'an' if kind[0] in 'aeiou' else 'a'} {kind}"


def _look_up(wanted: str | None, known: Mapping[str, Known], kind: str, place: Place) -> Known:
    if wanted is None or wanted not in known:
        remedy = nearest(wanted or "", known) if known else "No pack that the study names holds any: see `packs`."
        raise place.wrong(f"no pack has the {kind} '{wanted}'", remedy)
    return known[wanted]


def _field(
    name: str,
    part: FieldPart,
    kind: Type,
    *,
    label: str | None = None,
    units: Mapping[str, Fraction] | None = None,
    codes: Mapping[str, str] | None = None,
    range: Range = (None, None),
    phrases: tuple[str, str] | None = None,
    bands: tuple[Band, ...] = (),
    plausible: Range = (None, None),
) -> Field:
    partial = part.partial
    return Field(
        name,
        in_print(name, part.label or label),
        kind,
        part.column or name,
        units=units or {},
        codes=codes or {},
        low=range[0],
        high=range[1],
        required=not part.optional,
        phrases=phrases,
        bands=bands,
        plausible=plausible,
        partial=PartialDates(partial.without_day, partial.without_month) if partial else PartialDates(),
    )


def _levels(name: str, part: FieldPart, levels: Levels, ordered: bool, place: Place) -> Field:
    codes = level_codes(levels, place)
    return _field(name, part, Level(tuple(levels), ordered), codes=codes)


# Numbers


def _number(name: str, part: FieldPart, place: Place) -> Field:
    decimals, written = part.decimals or 0, part.range or (None, None)
    check_range(written, place / "range")
    bands = make_bands(part.bands or {}, place / "bands", decimals, written)
    limit = limit_of(written, decimals, place)
    if part.unit is None:
        if part.units:
            raise (place / "units").wrong_name(f"{name} has other units, but no unit of its own", "Add `unit:`.")
        return _field(name, part, Number("", decimals, limit), range=written, bands=bands)
    unit = spelled(part.unit)
    units = {unit: Fraction(1)}
    for number, other in enumerate(part.units or []):
        size = factor(spelled(other), unit)
        if size is None:
            remedy = "Name units of one quantity; factors that depend on the substance come from a pack's `lab`."
            raise (place / "units" / number).wrong(f"{other} cannot be converted to {part.unit}", remedy)
        check_unit(other, units, (place / "units" / number).wrong)
        units[spelled(other)] = size
    kind = Number(unit, decimals, limit, several_units=len(set(units.values())) > 1)
    return _field(name, part, kind, units=units, range=written, bands=bands)


def _laboratory(name: str, part: FieldPart, test: Laboratory, place: Place) -> Field:
    """A laboratory or imaging measure: the pack's units and factors, the study's unit and decimals."""
    wanted = spelled(part.unit or next(iter(test.sizes)))
    units: dict[str, Fraction] = {}
    for number, unit in enumerate([wanted, *(part.units or [])]):
        here = place / "units" / (number - 1) if number else place / "unit"
        if spelled(unit) not in test.sizes:
            remedy = f"The pack knows {', '.join(test.sizes)}; another unit needs its factor there."
            raise here.wrong(f"{test.name} is not measured in {unit}", remedy)
        check_unit(unit, units, here.wrong)
        units[spelled(unit)] = test.sizes[spelled(unit)] / test.sizes[wanted]
    low, high = (None if bound is None else bound / test.sizes[wanted] for bound in test.range)
    written = part.range or (low, high)
    check_range(written, place / "range")
    decimals, several = part.decimals or 0, len(set(units.values())) > 1
    kind = Number(wanted, decimals, limit_of(written, decimals, place), test.censored, test.name, several)
    low, high = (None if bound is None else bound / test.sizes[wanted] for bound in test.plausible)
    return _field(name, part, kind, label=test.title, units=units, range=written, plausible=(low, high))


def _score(name: str, part: FieldPart, instrument: Instrument, place: Place) -> Field:
    """The total of an instrument, as one number."""
    kind = Number("", instrument.decimals, limit_of(instrument.total, instrument.decimals, place))
    bands = _bands(part, instrument, place)
    return _field(name, part, kind, label=instrument.title, range=instrument.total, bands=bands)


def _bands(part: FieldPart, instrument: Instrument, place: Place) -> tuple[Band, ...]:
    if part.bands is None:
        return instrument.bands
    return make_bands(part.bands, place / "bands", instrument.decimals, instrument.total)


def _instrument(name: str, form: str, part: FieldPart, instrument: Instrument, place: Place) -> Made:
    """An instrument as its items, and its total as the pack has it."""
    if not instrument.items:
        remedy = f"Write `score: {instrument.name}`: the charts then hold the total."
        raise (place / "instrument").wrong(f"the pack has no items of {instrument.name}", remedy)
    prefix = part.column or name
    fields = tuple(
        Field(
            f"{name}_{item}",
            f"{instrument.name}, {spec.label}",
            Number(spec.unit, spec.decimals, limit_of(spec.range, spec.decimals, place)),
            f"{prefix}_{item}",
            units={spec.unit: Fraction(1)} if spec.unit else {},
            low=spec.range[0],
            high=spec.range[1],
            required=not part.optional,
            choices=spec.choices,
        )
        for item, spec in instrument.items.items()
    )
    label, items = part.label or instrument.title, bound_items(name, form, instrument)
    needs = bound_values(instrument.needs, part.bindings or {}, instrument.name, place)
    bands, bound = _bands(part, instrument, place), {**items, **needs}
    total = Definition(name, label, instrument.text, form=form, bands=bands, bound=bound)
    subtotals = (
        Definition(
            f"{name}_{segment}",
            f"{label} ({words})",
            " + ".join(instrument.of_segment(segment)),
            form=form,
            bound={item: items[item] for item in instrument.of_segment(segment)},
        )
        for segment, words in instrument.segments.items()
    )
    return Made(fields, (total, *subtotals))


def conversions(packs: Packs) -> dict[tuple[str, str, str], Fraction]:
    """(test, written, wanted) → exact factor, for each pair of a test's units."""
    return {
        (name, one, two): test.sizes[one] / test.sizes[two]
        for name, test in packs.laboratory.items()
        for one in test.sizes
        for two in test.sizes
    }
