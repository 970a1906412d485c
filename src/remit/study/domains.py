"""Forms that an SDTM domain fills: under which variable or test code each field stands there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from remit.study.forms import PATIENT, SUBJECT, Field
from remit.study.forms_model import FieldPart, FormPart
from remit.study.pack_contents import TOTAL, Packs


def key_of(part: FormPart) -> str:
    """The heading of the patients' ids."""
    return part.key or (SUBJECT if part.domain else PATIENT)


def in_domain(fields: Sequence[Field], name: str, part: FieldPart, packs: Packs) -> tuple[Field, ...]:
    """The fields of one entry of a form, each with its variable or test code: what the study file tells, else what the
    pack does, else the field's name in capitals."""
    return tuple(replace(field, column=column_of(field, name, part, packs)) for field in fields)


def column_of(field: Field, name: str, part: FieldPart, packs: Packs) -> str:
    if part.instrument is not None:
        tests = packs.instruments[part.instrument].tests
        return tests.get(field.name.removeprefix(f"{name}_"), field.column.upper())
    if part.column is not None:
        return part.column.upper()
    known = None
    if part.lab is not None:
        known = packs.laboratory[part.lab].test
    if part.score is not None:
        known = packs.instruments[part.score].tests.get(TOTAL)
    return known or name.upper()
