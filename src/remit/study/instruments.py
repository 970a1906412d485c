"""Instruments and definitions of a pack: from what is written to what is used.

A pack's expressions are read in a scope of their own names alone, at two visits (`fall` looks from the second to the
first); a study binds these names to its own values. `check_expressions` reads them all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import cast

from remit.errors import WrongInput
from remit.language.errors import LanguageError, nearest
from remit.language.query import Query
from remit.language.resolve import resolve
from remit.language.scope import Definition, FieldName, FormName, Scope, TextList, VisitName
from remit.language.types import Number, Ratio, YesNo, name_of
from remit.language.units import is_known, spelled
from remit.study.bands import make_bands
from remit.study.expressions import located
from remit.study.fields import conversions, make_field
from remit.study.forms_model import FieldPart
from remit.study.names import WORDS, in_print, refuse_reserved
from remit.study.pack_contents import TOTAL, Instrument, Item, ItemCheck, Packs, SharedDefinition
from remit.study.pack_model import CasePart, ExamplePart, InstrumentPart, ItemPart, PackDefinitionPart
from remit.study.place import Place
from remit.study.quantities import check_range, limit_of

ROW, BEFORE, NOW = "values", "before", "now"  # the form and the visits of a pack's own scope


def make_instruments(parts: Mapping[str, InstrumentPart], packs: Packs, place: Place | None) -> dict[str, Instrument]:
    """`packs`: what else the pack holds. Raises WrongInput."""
    if place is None:
        return {}
    return {name: _instrument(name, part, packs, place / name) for name, part in parts.items()}


def make_definitions(
    parts: Mapping[str, PackDefinitionPart], packs: Packs, place: Place | None
) -> dict[str, SharedDefinition]:
    """As `make_instruments`."""
    if place is None:
        return {}
    return {name: _definition(name, part, packs, place / name) for name, part in parts.items()}


def own_scope(parameters: Mapping[str, FieldName], packs: Packs, total: Definition | None = None) -> Scope:
    """What a pack's expression may speak of."""
    visits = {name: VisitName(name, name, day) for name, day in ((BEFORE, 0), (NOW, 1))}
    lists = {name: TextList(part.title, tuple(part.members)) for name, part in packs.lists.items()}
    forms = {ROW: FormName(ROW, "values", "visit", parameters)}
    definitions = {total.name: total} if total else {}
    return Scope(forms, visits, BEFORE, definitions, lists=lists, molar=conversions(packs))


def total_of(instrument: Instrument) -> Definition:
    """The total as a definition in the pack's own scope."""
    return Definition(TOTAL, instrument.title, instrument.text, form=ROW, bands=instrument.bands)


def item_names(items: Mapping[str, Item], place: Place) -> dict[str, FieldName]:
    """Items as names of the pack's own scope. `place`: the instrument."""
    return {
        name: FieldName(
            name, item.label, Number(item.unit, item.decimals, limit_of(item.range, item.decimals, place / "items"))
        )
        for name, item in items.items()
    }


def check_expressions(packs: Packs) -> None:
    """Read every expression of a pack. Raises WrongInput with its place in the pack's file."""
    for instrument in packs.instruments.values():
        scope = own_scope({**item_names(instrument.items, instrument.place), **instrument.needs}, packs)
        for check in instrument.checks:
            read(check.text, scope, instrument.place / "checks" / check.label / "is", YesNo)
    for definition in packs.definitions.values():
        read(definition.text, own_scope(definition.parameters, packs), definition.place / "is")
        for name in () if definition.instrument else definition.parameters:
            if name not in definition.uses:
                what = f"{definition.name} takes {name}, and does not use it"
                remedy = "Remove it, or say in `is` what it is for."
                raise (definition.place / "takes" / name).wrong_name(what, remedy)


def _definition(name: str, part: PackDefinitionPart, packs: Packs, place: Place) -> SharedDefinition:
    takes = {each: _parameter(each, spec, packs, place / "takes" / each) for each, spec in part.takes.items()}
    examples = (*part.examples, *part.counter_examples)
    _check_cases(part.examples, takes, place / "examples")
    _check_cases(part.counter_examples, takes, place / "counter_examples")
    return SharedDefinition(
        name, part.title, part.expression, takes, part.source, part.certainty, part.notes, examples, place
    )


def _parameter(name: str, part: FieldPart, packs: Packs, place: Place) -> FieldName:
    _refuse_name(name, place)
    if part.instrument is not None or part.score is not None:
        raise place.wrong_name(f"{name} is an instrument", "Take a number, with its `range` and `decimals`.")
    (field,) = make_field(name, ROW, part, packs, place).fields
    return FieldName(name, field.label, field.type, field.bands, field.phrases)


def _refuse_name(name: str, place: Place) -> None:
    refuse_reserved(name, place, (TOTAL,))


def _instrument(name: str, part: InstrumentPart, packs: Packs, place: Place) -> Instrument:
    check_range(part.total, place / "total")
    needs = {need: _parameter(need, spec, packs, place / "needs" / need) for need, spec in part.needs.items()}
    items = _items(part, place)
    (place / "once").each(part.once, needs, "need")
    for need in needs:
        if need in items:
            raise (place / "needs" / need).wrong_name(f"{need} is also an item of {name}", "Rename one.")
    if part.expression is not None and not items:
        what = f"{name} has a formula, and no items"
        raise (place / "is").wrong_name(what, "Add `items:`, or leave `is` out: charts then hold the total.")
    values = {**item_names(items, place), **needs}
    scope = own_scope(values, packs)
    bands = make_bands(part.bands, place / "bands", part.decimals, part.total)
    total = FieldName(TOTAL, part.title, _total_type(part, place), bands)
    return Instrument(
        name,
        part.title,
        items,
        needs,
        part.needs,
        tuple(part.once),
        part.segments,
        _formula(part, items, scope, place),
        part.expression,
        part.requires,
        part.decimals,
        part.total,
        bands,
        part.bands_source,
        part.bands_certainty,
        _checks(part),
        _criteria(name, part, {TOTAL: total, **values}, place / "criteria"),
        part.source,
        part.certainty,
        part.notes,
        _examples(part, items, needs, place),
        place,
        {coded.item: test for test, coded in part.cdisc.tests.items() if coded.item} if part.cdisc else {},
    )


def _total_type(part: InstrumentPart, place: Place) -> Number:
    return Number("", part.decimals, limit_of(part.total, part.decimals, place / "total"))


def _items(part: InstrumentPart, place: Place) -> dict[str, Item]:
    """In segments: each item once for each segment, segment by segment."""
    for name in (*part.items, *part.segments):
        _refuse_name(name, place / ("items" if name in part.items else "segments") / name)
    specs = {name: _item(name, spec, place / "items" / name) for name, spec in part.items.items()}
    if not part.segments:
        return specs
    return {
        f"{segment}_{name}": Item(f"{spec.label} ({label})", spec.range, spec.unit, spec.decimals, spec.choices)
        for segment, label in part.segments.items()
        for name, spec in specs.items()
    }


def _item(name: str, part: ItemPart, place: Place) -> Item:
    check_range(part.range, place / "range")
    unit = spelled(part.unit) if part.unit else ""
    if unit and not is_known(unit):
        raise (place / "unit").wrong(f"'{part.unit}' is not a unit that remit knows", "Write it as in mm, kg, %.")
    low, high = part.range
    for value in part.choices:
        if (low is not None and value < low) or (high is not None and value > high):
            what = f"the choice {value} lies outside the range"
            raise (place / "choices" / str(value)).wrong_name(what, "Correct one of them.")
    return Item(in_print(name, part.label), part.range, unit, part.decimals, part.choices)


def _formula(part: InstrumentPart, items: Mapping[str, Item], scope: Scope, place: Place) -> str:
    """The total as one expression: unknown where `requires` does not hold, rounded to the instrument's decimals."""
    text = part.expression or " + ".join(items)
    plain = all(not item.unit and item.decimals <= part.decimals for item in items.values())
    if not text or (part.expression is None and part.requires is None and plain):
        return text
    query = read(text, scope, place / "is" if part.expression else place / "items")
    if not isinstance(query.type, Number | Ratio) or query.type.unit:
        unit = query.type.unit if isinstance(query.type, Number) else ""
        remedy = f"Divide by the unit: x / 1 {unit}." if unit else "A total is a plain number."
        raise (place / "is").wrong(f"the total is {name_of(query.type)}", remedy)
    if part.requires is not None:
        read(part.requires, scope, place / "requires", YesNo)
        text = f"if({part.requires}, {text})"
    too_fine = isinstance(query.type, Ratio) or query.type.decimals > part.decimals
    return f"round({text}, {part.decimals})" if too_fine else text


def _checks(part: InstrumentPart) -> tuple[ItemCheck, ...]:
    return tuple(
        ItemCheck(label, check.expression, check.source, check.certainty) for label, check in part.checks.items()
    )


def _criteria(
    instrument: str, part: InstrumentPart, values: Mapping[str, FieldName], place: Place
) -> dict[str, SharedDefinition]:
    found = {}
    for label, criterion in part.criteria.items():
        here, name = place / label, f"{instrument} {label}"
        _check_cases(criterion.examples, values, here / "examples")
        _check_cases(criterion.counter_examples, values, here / "counter_examples")
        found[label] = SharedDefinition(
            name,
            criterion.title or name,
            criterion.expression,
            values,
            criterion.source,
            criterion.certainty,
            criterion.notes,
            (*criterion.examples, *criterion.counter_examples),
            here,
            instrument,
        )
    return found


def read(text: str, scope: Scope, place: Place, expected: type | None = None) -> Query:
    """An expression of the pack. Raises WrongInput with its place in the pack's file."""
    try:
        return resolve(text, scope, visit=NOW, expected=expected)
    except LanguageError as error:
        unknown = re.fullmatch(r"there is no '(\w+)'", error.what)
        wrong = located(error, text, place)
        if unknown and unknown[1] not in WORDS:
            what = f"the pack names no item, need or parameter '{unknown[1]}' here"
            remedy = nearest(unknown[1], scope.forms[ROW].fields)
            raise WrongInput(wrong.where, what, remedy) from None
        raise wrong from None


# Examples


def _examples(
    part: InstrumentPart, items: Mapping[str, Item], needs: Mapping[str, FieldName], place: Place
) -> tuple[ExamplePart, ...]:
    for key, examples in (("examples", part.examples), ("counter_examples", part.counter_examples)):
        for number, example in enumerate(cast("Sequence[ExamplePart]", examples)):
            here = place / key / number
            _known(example.items, items, "item", here / "items")
            _known(example.needs, needs, "need", here / "needs")
            _known(example.criteria, part.criteria, "criterion", here / "criteria")
            if example.band is not None:
                (here / "band").known(example.band, part.bands, "band")
    return (*part.examples, *part.counter_examples)


def _check_cases(cases: Sequence[CasePart], parameters: Mapping[str, FieldName], place: Place) -> None:
    for number, case in enumerate(cases):
        _known(case.given, parameters, "parameter", place / number / "given")
        _known(case.before, parameters, "parameter", place / number / "before")


def _known(given: Iterable[str], known: Iterable[str], kind: str, place: Place) -> None:
    for name in given:
        (place / name).known_key(known, kind)
