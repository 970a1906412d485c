"""Headings: how they are compared, and which field and unit one names.

Compared without regard to case, spaces and signs: "CRP (mg/L)", "crp [mg/l]", "crp_mg_l" and "crp_mg_per_L" are one
heading. A heading names a field by the name that the study file tells for this centre, else by the field's column, else
its name, else its label; after each, a unit that the field lists may follow. The unit is never guessed: where a field
lists units of different size, a heading without one is an error.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from remit.study.forms import Field, Form

# What a heading goes on with, after a field's name, when it tells a unit.
PART = (
    r"(?:per|kg|[munp]?g|mcg|[munp]?mol|meq|[dcmuf]?l|[cmun]?m|lbs?|m?iu|[mk]?u|kpa|mmhg|hpf|days|weeks|months|years)"
)
UNIT = re.compile(rf"{PART}(?:_{PART})*")


@dataclass(frozen=True)
class Meaning:
    """What a heading names. `unit` is None if it tells none; `plain` if it is just the field's column."""

    field: str
    unit: str | None
    plain: bool


@cache
def normal(heading: str) -> str:
    """Lower case, with one _ for each run of signs that are no letters or digits; µ is u, % is "percent"."""
    text = unicodedata.normalize("NFKC", heading).casefold().replace("μ", "u").replace("%", " percent ")
    return re.sub(r"[\W_]+", "_", text).strip("_")


def meanings(form: Form, told: Mapping[str, str]) -> dict[str, tuple[Meaning, ...]]:
    """Each normal heading that names a field of the form; several meanings where two fields claim one heading.

    told: heading → field, from the study file.
    """
    fields = form.fields.values()
    ways = (
        [(form.fields[field], heading) for heading, field in told.items() if field in form.fields],
        [(field, field.column) for field in fields],
        [(field, field.name) for field in fields],
        [(field, field.label) for field in fields],
    )
    known: dict[str, tuple[Meaning, ...]] = {}
    for rank, way in enumerate(ways):
        alone: dict[str, tuple[Meaning, ...]] = {}
        with_unit: dict[str, tuple[Meaning, ...]] = {}
        for field, stem in way:
            for heading, unit in spellings(field, normal(stem)):
                plain = rank < 2 and heading == normal(stem)
                fresh = alone if heading == normal(stem) else with_unit
                fresh[heading] = (*fresh.get(heading, ()), Meaning(field.name, unit, plain))
        known = with_unit | alone | known
    return known


def spellings(field: Field, stem: str) -> Iterator[tuple[str, str | None]]:
    """The field's heading without a unit, and with each unit it lists; and the unit that each tells."""
    units = unit_spellings(field)
    if not stem:
        return
    ends = [spelling for spelling in units if stem.endswith(f"_{spelling}")]
    yield stem, units[max(ends, key=len)] if ends else None
    for spelling, unit in units.items():
        yield f"{stem}_{spelling}", unit


def unit_spellings(field: Field) -> dict[str, str]:
    """mg/L → mg_l and mg_per_l, each with the unit as the field lists it."""
    return {
        spelling: unit
        for unit in field.units
        if unit
        for spelling in (normal(unit.replace("/", " per ")), normal(unit))
    }


def foreign_unit(heading: str, form: Form) -> tuple[Field, str] | None:
    """The field that a heading names in a unit which the field does not list, and that unit's writing; else None."""
    for field in form.fields.values():
        for stem in {normal(field.column), normal(field.name), normal(field.label)}:
            rest = heading.removeprefix(f"{stem}_")
            if field.units and stem and rest != heading and UNIT.fullmatch(rest):
                return field, rest
    return None
