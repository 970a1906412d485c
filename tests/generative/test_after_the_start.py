"""What is said to be of the start alone does not change with what came later; what can be asked there says the same."""

from __future__ import annotations

from contextlib import suppress
from fractions import Fraction
from random import Random

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from remit.language.errors import LanguageError
from remit.language.interpret import Interval, Patient, exactly, interpret
from remit.language.query import Query
from remit.language.resolve import resolve
from remit.language.types import YesNo
from remit.study.at_start import can_move
from remit.study.selection import Timeline, after_start
from remit.study.study import Visit
from tests.generative.charts import random_patients
from tests.generative.expressions import ROW_DATES, Writer
from tests.generative.test_engines_agree import random_queries
from tests.spec.study import SCOPE

VISITS = tuple(
    Visit(visit.name, visit.label, visit.day, visit.day - 10, visit.day + 10, "nearest")
    for visit in SCOPE.visits.values()
)
TIMELINE = Timeline(SCOPE, SCOPE.patient["index_date"].value, VISITS, None)
LATER = ("week12", "week24")
SEEDS = settings(max_examples=25, deadline=None, derandomize=True, phases=[Phase.generate])


def asked(random: Random) -> dict[str, Query]:
    """Yes or no: of values and rows, and of rows until the start."""
    found = {text: query for text, query in random_queries(random, 30, 3).items() if isinstance(query.type, YesNo)}
    while len(found) < 40:
        form = random.choice([*ROW_DATES])
        before = f"{random.choice(ROW_DATES[form][:1])} <= index_date"
        text = f"{random.choice(('any', 'not any'))}({form}, where {before} and {Writer(random, form).truth(2)})"
        with suppress(LanguageError):
            found[text] = resolve(text, SCOPE, visit="week12")
    return found


def with_index(patient: Patient) -> Patient:
    """With an index date that is known."""
    return Patient({**patient.values, ("index", "date", None): exactly(Fraction(19417))}, patient.rows)


def at_start_as_later(patient: Patient) -> Patient:
    """Whose values at the start are those at week 12."""
    values = dict(patient.values)
    for form, field, visit in patient.values:
        if visit == "baseline":
            values[form, field, visit] = patient.values[form, field, "week12"]
    return Patient(values, patient.rows)


def otherwise_later(patient: Patient, other: Patient) -> Patient:
    """Who fared like another patient, and has no rows of after the start."""
    index = patient.values["index", "date", None]
    assert isinstance(index, Interval)
    values = {
        key: other.values[key] if key[2] in LATER or key[0] == "dosing" or key[1] == "observed_day" else value
        for key, value in patient.values.items()
    }
    rows = {
        form: [row for row in rows if not surely_after(row[SCOPE.forms[form].date or ""], index)]
        for form, rows in patient.rows.items()
    }
    return Patient(values, rows)


def surely_after(date: object, index: Interval) -> bool:
    assert isinstance(date, Interval)
    return date.low is not None and index.high is not None and date.low > index.high


@SEEDS
@given(st.integers(0, 10**6))
def test_what_can_be_asked_at_the_start_says_the_same_there(seed: int) -> None:
    random = Random(seed)
    patients = [at_start_as_later(each) for each in random_patients(random, 10).values()]
    for text, query in asked(random).items():
        if can_move(TIMELINE, query, ["week12"]):
            start = resolve(text, SCOPE, visit="baseline")
            if after_start(TIMELINE, start):
                continue
            for patient in patients:
                assert interpret(start, patient) == interpret(query, patient), text


@SEEDS
@given(st.integers(0, 10**6))
def test_what_is_of_the_start_hangs_on_nothing_later(seed: int) -> None:
    random = Random(seed)
    patients = [with_index(each) for each in random_patients(random, 20).values()]
    pairs = list(zip(patients[:10], patients[10:], strict=True))
    for text, query in asked(random).items():
        if not after_start(TIMELINE, query):
            for patient, other in pairs:
                assert interpret(query, patient) == interpret(query, otherwise_later(patient, other)), text
