"""The worked examples of a pack: what goes in, and what must come out."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from remit.language.interpret import UNKNOWN, Interval, Patient, Result, exactly, interpret
from remit.language.query import Query
from remit.language.resolve import EPOCH, resolve
from remit.language.scope import FieldName, Scope
from remit.language.types import Date, Level, Number, Ratio, Span, Type, YesNo, name_of
from remit.language.units import spelled
from remit.study.instruments import BEFORE, NOW, ROW, item_names, own_scope, total_of
from remit.study.pack_contents import Instrument, Laboratory, Packs, SharedDefinition
from remit.study.pack_model import CasePart, ExamplePart, WrongCasePart, WrongExamplePart
from remit.study.place import Place

_AMOUNT = re.compile(r"(-?\d+(?:\.\d+)?(?:/\d+)?)\s*(.*)")
_BEYOND = re.compile(r"(<=|>=|<|>)\s*(.+)")


@dataclass(frozen=True)
class WorkedExample:
    """`query` of `patient` must be `expected`, and not `wrong`. `scope`: that of the query."""

    name: str
    where: str
    scope: Scope
    query: Query
    patient: Patient
    expected: Result
    wrong: Result = None

    def found(self) -> Result:
        return interpret(self.query, self.patient)

    def fault(self, found: Result) -> str | None:
        """What is wrong with what an interpreter or engine found. Of a number, all but one number is unknown."""
        unsure = isinstance(found, Interval) and found.point is None and self.expected == UNKNOWN
        if found != self.expected and not unsure:
            return f"{self.where}: {self.name} is {_shown(found)}, and the example says {_shown(self.expected)}"
        if self.wrong is not None and found == self.wrong:
            return f"{self.where}: {self.name} is {_shown(found)}, which the example calls wrong"
        return None


def worked_examples(packs: Packs) -> list[WorkedExample]:
    """All examples and counter-examples of packs. Raises WrongInput for one that cannot be read."""
    found: list[WorkedExample] = []
    for instrument in packs.instruments.values():
        found += _of_instrument(instrument, packs)
    for definition in packs.definitions.values():
        found += _of_definition(definition, packs)
    for test in packs.laboratory.values():
        found += _of_test(test, packs)
    return found


def faults(packs: Packs) -> list[str]:
    """What the interpreter finds otherwise than the examples say."""
    return [fault for example in worked_examples(packs) if (fault := example.fault(example.found()))]


def _of_instrument(instrument: Instrument, packs: Packs) -> Iterator[WorkedExample]:
    values = {**item_names(instrument.items, instrument.place), **instrument.needs}
    scope = own_scope(values, packs, total_of(instrument))
    for example in instrument.examples:
        wrong = example.wrong if isinstance(example, WrongExamplePart) else None
        place, number = _numbered(instrument.place, instrument.examples, example, WrongExamplePart)
        patient = _patient({**example.items, **example.needs}, {}, scope, place)
        yield _asked(f"{instrument.name} {number}", "total", example.total, wrong, scope, patient, place / "total")
        if example.band is not None:
            name = f"the band of {instrument.name} {number}"
            yield _asked(name, "band(total)", example.band, None, scope, patient, place / "band")
        for label, expected in example.criteria.items():
            name = f"{instrument.criteria[label].name} {number}"
            here = place / "criteria" / label
            yield _asked(name, instrument.criteria[label].text, expected, None, scope, patient, here)


def _of_definition(definition: SharedDefinition, packs: Packs) -> Iterator[WorkedExample]:
    scope = own_scope(definition.parameters, packs)
    for case in definition.examples:
        wrong = case.wrong if isinstance(case, WrongCasePart) else None
        place, number = _numbered(definition.place, definition.examples, case, WrongCasePart)
        patient = _patient(case.given, case.before, scope, place)
        name = f"{definition.name} {number}"
        yield _asked(name, definition.text, case.result, wrong, scope, patient, place / "is")


def _of_test(test: Laboratory, packs: Packs) -> Iterator[WorkedExample]:
    """One amount in two units."""
    own = next(iter(test.sizes))
    field = FieldName("value", test.title, Number(own, 9, 10**15, test=test.name))
    scope = own_scope({"value": field}, packs)
    for number, example in enumerate(test.examples):
        place = test.place / "examples" / number
        patient = _patient({"value": example.given}, {}, scope, place)
        name = f"{test.name}, {example.given}"
        query = resolve("value", scope, visit=NOW)
        yield WorkedExample(
            name, place.document.where(place.key), scope, query, patient, _read(example.result, field, scope, place)
        )


def _numbered(
    place: Place, all_of: object, one: ExamplePart | CasePart, wrong: type[WrongExamplePart] | type[WrongCasePart]
) -> tuple[Place, str]:
    """Where an example stands, and what it is called: counter-examples stand behind the others."""
    listed = [each for each in all_of if isinstance(each, wrong) == isinstance(one, wrong)]  # type: ignore[attr-defined]
    number = next(number for number, each in enumerate(listed) if each is one)
    key = "counter_examples" if isinstance(one, wrong) else "examples"
    return place / key / number, f"({'counter-' if isinstance(one, wrong) else ''}example {number + 1})"


def _asked(
    name: str, text: str, expected: str, wrong: str | None, scope: Scope, patient: Patient, place: Place
) -> WorkedExample:
    query = resolve(text, scope, visit=NOW)
    result = FieldName(name, name, query.type)
    return WorkedExample(
        name,
        place.document.where(place.key),
        scope,
        query,
        patient,
        _read(expected, result, scope, place),
        None if wrong is None else _read(wrong, result, scope, place),
    )


def _patient(given: Mapping[str, str], before: Mapping[str, str], scope: Scope, place: Place) -> Patient:
    fields = scope.forms[ROW].fields
    return Patient(
        {
            (ROW, name, visit): _read(text, fields[name], scope, place, within=True)
            for visit, values in ((NOW, given), (BEFORE, before))
            for name, text in values.items()
        }
    )


def _read(text: str, field: FieldName, scope: Scope, place: Place, within: bool = False) -> Result:
    """A value as it stands in an example. `within`: it must have no more decimals than its field."""
    kind = field.type
    if isinstance(kind, Number | Ratio | Span):
        if text == "unknown":
            return UNKNOWN
        value = _number(text, kind, scope, place)
        finest = kind.decimals if isinstance(kind, Number) and within else None
        if finest is not None and any(
            end is not None and (end * 10**finest).denominator > 1 for end in (value.low, value.high)
        ):
            raise place.wrong_name(f"{text} has more decimals than {field.name}", "Write it as charts would.")
        return value
    if text == "unknown":
        return None
    match kind:
        case YesNo() if text.lower() in ("yes", "no"):
            return text.lower() == "yes"
        case Date() if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            return exactly((datetime.date.fromisoformat(text) - EPOCH).days)
        case Level(levels=levels) if text not in levels:
            raise place.wrong_name(f"{field.name} has no level '{text}'", f"It has {', '.join(levels)}.")
        case YesNo() | Date():
            raise place.wrong_name(f"{field.name} is {name_of(kind)}, and not '{text}'", "Write such a value.")
    return text


def _number(text: str, kind: Type, scope: Scope, place: Place) -> Interval:
    """Perhaps with a unit of its own, perhaps beyond a limit, or from one to another: `0 to 4`."""
    low, between, high = text.partition(" to ")
    if between:
        return Interval(_number(low, kind, scope, place).low, _number(high, kind, scope, place).high)
    beyond = _BEYOND.fullmatch(text)
    if beyond:
        end = _number(beyond[2], kind, scope, place).low
        is_open = "=" not in beyond[1]
        return Interval(None, end, False, is_open) if "<" in beyond[1] else Interval(end, None, is_open, False)
    written = _AMOUNT.fullmatch(text)
    if written is None:
        raise place.wrong_name(f"'{text}' is not a number", "Write a number, perhaps with its unit, or `unknown`.")
    wanted = getattr(kind, "unit", "")
    unit = spelled(written[2]) if written[2] else wanted
    factor = scope.factor(unit, wanted, kind.test if isinstance(kind, Number) else "")
    if factor is None:
        raise place.wrong_name(f"{text} cannot be brought to {wanted or 'a plain number'}", "Correct its unit.")
    return exactly(Fraction(written[1]) * factor)


def _shown(value: Result) -> str:
    if value is None or value == UNKNOWN:
        return "unknown"
    if isinstance(value, Interval):
        return str(value.point) if value.point is not None else f"between {value.low} and {value.high}"
    return {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)
