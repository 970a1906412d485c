"""The pack's expressions in a scope made from its YAML, interpreted for one patient at two visits."""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from remit.language.interpret import Interval, Patient, Result, exactly, interpret
from remit.language.query import Query
from remit.language.resolve import resolve
from remit.language.scope import FieldName, FormName, Scope, VisitName
from remit.language.types import Level, Number, Text, Type, YesNo
from tests.unit.packs.reading import number, written

LABORATORY = written("laboratory")
Value = Fraction | bool | str


def scope_of(parameters: Mapping[str, Any]) -> Scope:
    """Names with what the YAML says of them."""
    fields = {name: FieldName(name, name, _type(part)) for name, part in parameters.items()}
    visits = {name: VisitName(name, name, day) for day, name in enumerate(("before", "now"))}
    return Scope({"values": FormName("values", "values", "visit", fields)}, visits, "before")


def _type(part: Any) -> Type:
    if part == "text":
        return Text()
    if part.get("type") == "yes/no":
        return YesNo()
    if "levels" in part:
        return Level(tuple(part["levels"]))
    unit, test = part.get("unit", ""), part.get("lab", "")
    decimals = int(part.get("decimals", 0))
    ends = [number(end) for end in part.get("range", (None, None))]
    limit = 10**6 if None in ends else max(abs(math.ceil(end or 0)) for end in ends)
    return Number(LABORATORY[test]["unit"] if test else unit, decimals, limit * 10**decimals, test=test)


def parameters_of(instrument: Mapping[str, Any]) -> dict[str, Any]:
    """Items and needs, each item once a segment, and the total."""
    items, segments = instrument.get("items", {}), instrument.get("segments")
    if segments:
        items = {f"{segment}_{item}": part for segment in segments for item, part in items.items()}
    total = {"decimals": instrument.get("decimals", 0), "range": instrument["total"]}
    return {**items, **instrument.get("needs", {}), "total": total}


def formula(instrument: Mapping[str, Any]) -> Query:
    parameters = parameters_of(instrument)
    items = [name for name in parameters if name != "total"]
    return resolve(instrument.get("is") or " + ".join(items), scope_of(parameters), visit="now")


def criterion(instrument: Mapping[str, Any], label: str) -> Query:
    return resolve(instrument["criteria"][label]["is"], scope_of(parameters_of(instrument)), visit="now")


def definition(name: str, wrapped: str = "{}") -> Query:
    """`wrapped`: what is asked of it, as in known({})."""
    part = written("definitions")[name]
    return resolve(wrapped.format(part["is"]), scope_of(part["takes"]), visit="now")


def value(
    query: Query, now: Mapping[str, Value | None], before: Mapping[str, Value | None] | None = None
) -> Fraction | bool | str | None:
    """What the query gives: a number, yes or no, a text; None where it is not one of them."""
    known: dict[tuple[str, str, str | None], Result] = {
        ("values", name, visit): exactly(each) if isinstance(each, Fraction) else each
        for visit, values in (("now", now), ("before", before or {}))
        for name, each in values.items()
        if each is not None
    }
    found = interpret(query, Patient(known))
    return found.point if isinstance(found, Interval) else found
