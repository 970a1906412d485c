"""What a pack's instruments and definitions take, found among the values of a draft, or added to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from remit.drafting.choices import Choices, field_name
from remit.language.scope import FieldName
from remit.language.types import Date, Level, Number, Span, Type
from remit.language.units import factor
from remit.study.forms_model import FieldPart
from remit.study.pack_contents import Instrument, Packs


@dataclass(frozen=True)
class Held:
    """A value that the draft has. `item`: what its instrument calls it."""

    name: str
    label: str
    type: Type
    item: str = ""


@dataclass(frozen=True)
class Added:
    """A field that an instrument needs and nobody chose; `spec` is what stands behind its name."""

    name: str
    spec: Mapping[str, Any]
    instrument: str


@dataclass
class Needed:
    """Fields by the form that they belong to, laboratory tests with the instrument that needs them, and for each
    instrument those of its needs that are called otherwise in the draft. `held`: all values, these and the chosen."""

    held: list[Held]

    patients: list[Added] = field(default_factory=list)
    visits: list[Added] = field(default_factory=list)
    labs: dict[str, str] = field(default_factory=dict)
    bindings: dict[str, dict[str, str]] = field(default_factory=dict)


def bind(wanted: Mapping[str, FieldName], held: Sequence[Held]) -> tuple[dict[str, str], list[str]]:
    """Each parameter with the value that it is, and those that nothing is.

    A value is it if it is called so, or if it is the same laboratory test, or an item of the same name and label.
    """
    found: dict[str, str] = {}
    for name, parameter in wanted.items():
        fitting = [each for each in held if _fits(each.type, parameter.type)]
        called_so = [each for each in fitting if each.name == name]
        alike = [each for each in fitting if each.label == parameter.label and _same(each, name, parameter.type)]
        for each in (called_so or alike)[:1]:
            found[name] = each.name
    return found, [name for name in wanted if name not in found]


def needed(choices: Choices, packs: Packs) -> Needed:
    """What the instruments that are charted item by item need besides what was chosen."""
    found = Needed(list(_chosen(choices, packs)))
    for chosen in choices.instruments:
        instrument = packs.instruments[chosen]
        bound, missing = bind(instrument.needs, found.held)
        for need in missing:
            bound[need] = _add(need, instrument, found, packs)
        renamed = {need: name for need, name in bound.items() if need != name}
        if renamed:
            found.bindings[chosen] = renamed
    return found


def _add(need: str, instrument: Instrument, found: Needed, packs: Packs) -> str:
    """The need as a field of its own, of the visits unless a patient has it once. Returns what it is called."""
    wanted = instrument.needs[need]
    if isinstance(wanted.type, Number) and wanted.type.test:
        found.labs[wanted.type.test] = instrument.name
        found.held.append(_lab(wanted.type.test, packs))
    else:
        taken = need in [each.name for each in found.held]
        name = f"{field_name(instrument.name)}_{need}" if taken else need
        home = found.patients if need in instrument.once else found.visits
        home.append(Added(name, _written(instrument.asked[need], wanted.label), instrument.name))
        found.held.append(Held(name, wanted.label, wanted.type))
    return found.held[-1].name


def _written(part: FieldPart, label: str) -> dict[str, Any]:
    """As the pack writes it; with its label, for the name may have to be another one."""
    written = {
        known.alias or name: getattr(part, name)
        for name, known in FieldPart.model_fields.items()
        if name in part.model_fields_set
    }
    return {**written, "label": label}


def _chosen(choices: Choices, packs: Packs) -> Iterator[Held]:
    """What the template writes, and what was chosen."""
    yield Held("sex", "sex", Level(("female", "male")))
    for name in ("birth_date", "diagnosis_date", "last_contact_date"):
        yield Held(name, name.replace("_", " "), Date())
    yield Held("age", "age", Span())
    yield Held("disease_duration", "disease duration", Span())
    for name in (*choices.instruments, *choices.scores):
        instrument = packs.instruments[name]
        yield Held(field_name(name), instrument.title, Number("", instrument.decimals))
    for name in choices.instruments:
        for item, spec in packs.instruments[name].items.items():
            yield Held(f"{field_name(name)}_{item}", spec.label, Number(spec.unit, spec.decimals), item)
    for name in choices.labs:
        yield _lab(name, packs)
    for measure in choices.measures:
        yield Held(measure.name, measure.label, Number(measure.unit or "", 1))


def _lab(name: str, packs: Packs) -> Held:
    test = packs.laboratory[name]
    return Held(field_name(name), test.title, Number(next(iter(test.sizes)), 1, test=name))


def _same(held: Held, name: str, wanted: Type) -> bool:
    if isinstance(held.type, Number) and held.type.test:
        return isinstance(wanted, Number) and wanted.test == held.type.test
    return held.item == name


def _fits(found: Type, wanted: Type) -> bool:
    if isinstance(found, Level) and isinstance(wanted, Level):
        return set(found.levels) == set(wanted.levels)
    if not isinstance(wanted, Number):
        return type(found) is type(wanted)
    if isinstance(found, Span):
        return factor("d", wanted.unit) is not None
    if not isinstance(found, Number) or (found.test and wanted.test and found.test != wanted.test):
        return False
    return factor(found.unit, wanted.unit) is not None
