"""Random charts of the small study of the specs: unknowns, censored values, ties, ends of months."""

from __future__ import annotations

import datetime
from fractions import Fraction
from random import Random

from remit.language.interpret import UNKNOWN, Interval, Patient, Result, Row, exactly
from remit.language.query import Value
from remit.language.scope import Scope
from remit.language.types import Date, Level, Number, Type, YesNo
from tests.spec.study import SCOPE

EPOCH = datetime.date(1970, 1, 1)
TEXTS = ("infliximab", "Infliximab", "ADALIMUMAB", "prednisone", "Prednisone", "other")
DAYS = tuple(
    (datetime.date.fromisoformat(day) - EPOCH).days
    for day in (
        "1969-12-31", "1970-01-01", "2000-02-29", "2006-01-30", "2023-01-31", "2023-02-28", "2023-03-01",
        "2024-01-29", "2024-01-30", "2024-01-31", "2024-02-01", "2024-02-28", "2024-02-29", "2024-03-01",
        "2024-03-30", "2024-03-31", "2024-04-30",
    )
)  # fmt: skip
SMALL = {"mg/L": 60, "mg/g": 1, "": 4, "mm": 5, "mg/dL": 6, "ug/g": 52, "umol/L": 6, "d": 40, "mg": 4, "kg": 4}


def random_patients(random: Random, count: int, scope: Scope = SCOPE) -> dict[str, Patient]:
    return {f"P{number}": _patient(random, scope) for number in range(count)}


def _patient(random: Random, scope: Scope) -> Patient:
    values: dict[tuple[str, str, str | None], Result] = {}
    rows: dict[str, list[Row]] = {}
    unknown = random.choice((0.0, 0.1, 0.3, 0.7))
    for form in scope.forms.values():
        kinds = {field.name: field.type for field in form.fields.values()}
        if form.rows in ("once", "visit"):
            for visit in [None] if form.rows == "once" else scope.visits:
                values |= {
                    (form.name, name, visit): random_value(random, kind, unknown) for name, kind in kinds.items()
                }
        if form.rows != "once":
            rows[form.name] = [
                {**{name: random_value(random, kind, unknown) for name, kind in kinds.items()}, "_row": number}  # type: ignore[dict-item]
                for number in range(random.choice((0, 1, 1, 2, 3)))
            ]
    for name in scope.patient.values():
        value: Value = name.value
        values[value.form, value.field, value.visit] = random_value(random, value.type, unknown)
    return Patient(values, rows)


def random_value(random: Random, kind: Type, unknown: float) -> Result:
    if random.random() < unknown:
        return UNKNOWN if isinstance(kind, Number | Date) else None
    if isinstance(kind, YesNo):
        return random.random() < 0.5
    if isinstance(kind, Level):
        return random.choice(kind.levels)
    if isinstance(kind, Number):
        scale = 10**kind.decimals
        low = 48 if kind.unit == "ug/g" else 0
        number = Fraction(random.randint(low * scale, SMALL[kind.unit] * scale), scale)
        return _perhaps_censored(random, number, kind.censored)
    if isinstance(kind, Date):
        return _perhaps_censored(random, Fraction(random.choice(DAYS)), kind.censored)
    return random.choice(TEXTS)


def _perhaps_censored(random: Random, value: Fraction, censored: bool) -> Interval:
    if not censored or random.random() < 0.5:
        return exactly(value)
    is_open = random.random() < 0.7
    side = random.randrange(5)
    if side <= 1:
        return Interval(None, value, False, is_open)
    if side <= 3:
        return Interval(value, None, is_open, False)
    return Interval(value, value + random.randint(2, 4), is_open, random.random() < 0.5)
