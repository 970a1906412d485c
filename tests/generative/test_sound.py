"""Nothing is claimed that is not certain: what is decided stays so however unknown and censored values turn out."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from random import Random

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from remit.language.interpret import Interval, Patient, Result, exactly, interpret
from remit.language.query import Irrational, Known, MaxMeasured, Query, SumKnown, walk
from remit.language.types import Date, Type
from tests.generative.charts import random_patients, random_value
from tests.generative.test_engines_agree import random_queries
from tests.spec.study import SCOPE

KINDS: dict[tuple[str, str], Type] = {
    (form.name, field.name): field.type for form in SCOPE.forms.values() for field in form.fields.values()
} | {(name.value.form, name.value.field): name.value.type for name in SCOPE.patient.values()}
Turn = Callable[[Result, Type], Result]


def turned_out(patient: Patient, turn: Turn) -> Patient:
    values = {key: turn(value, KINDS[key[:2]]) for key, value in patient.values.items()}
    rows = {
        form: [
            {name: value if name == "_row" else turn(value, KINDS[form, name]) for name, value in row.items()}
            for row in rows
        ]
        for form, rows in patient.rows.items()
    }
    return Patient(values, rows)


def measured(random: Random) -> Turn:
    """A censored value becomes one of those that it may be."""

    def turn(value: Result, kind: Type) -> Result:
        if not isinstance(value, Interval) or not value.known or value.point is not None:
            return value
        step = Fraction(1) if isinstance(kind, Date) else Fraction(1, 4)
        low = value.low if value.low is not None else (value.high or 0) - random.choice((1, 40, 2000))
        high = value.high if value.high is not None else low + random.choice((1, 40, 2000))
        first = low + step if value.low_open else low
        last = high - step if value.high_open else high
        return exactly(first + step * random.randint(0, max(0, int((last - first) / step))))

    return turn


def known(random: Random) -> Turn:
    """And an unknown one becomes any."""
    measure = measured(random)

    def turn(value: Result, kind: Type) -> Result:
        unknown = value is None or (isinstance(value, Interval) and not value.known)
        return measure(random_value(random, kind, 0.0) if unknown else value, kind)

    return turn


def contradicts(before: Result, after: Result) -> bool:
    if not isinstance(before, Interval) or not isinstance(after, Interval):
        return before is not None and before != after
    below = before.low is not None and (
        after.low is None or (after.low, after.low_open) < (before.low, before.low_open)
    )
    above = before.high is not None and (
        after.high is None or (after.high, not after.high_open) > (before.high, not before.high_open)
    )
    return below or above


def contradictions(random: Random, make: Callable[[Random], Turn], without: type | tuple[type, ...]) -> list[str]:
    asked = random_queries(random, 30, depth=4)
    found = []
    for name, patient in random_patients(random, 8).items():
        for _ in range(4):
            turned = turned_out(patient, make(random))
            found += [
                f"{text} of {name} was {before} and turned out {after}"
                for text, query in asked.items()
                if not _has(query, without)
                and contradicts(before := interpret(query, patient), after := interpret(query, turned))
            ]
    return found


def _has(query: Query, kinds: type | tuple[type, ...]) -> bool:
    return any(isinstance(part, kinds) for part in walk(query))


@settings(max_examples=25, deadline=None, derandomize=True, phases=[Phase.generate])
@given(st.integers(0, 10**9))
def test_of_censored_values(seed: int) -> None:
    """`known` asks about what is known, so it may change; and a root says of a "<50" what holds from zero on."""
    assert contradictions(Random(seed), measured, (Known, Irrational)) == []


@settings(max_examples=25, deadline=None, derandomize=True, phases=[Phase.generate])
@given(st.integers(0, 10**9))
def test_of_unknown_values(seed: int) -> None:
    """`max_measured` and `sum_known` moreover step over what was not measured."""
    assert contradictions(Random(seed), known, (Known, MaxMeasured, SumKnown, Irrational)) == []
