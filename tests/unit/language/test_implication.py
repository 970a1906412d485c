"""Whether one definition implies another: what is seen in their form, and that it holds of every patient."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from remit.language.implication import implies
from remit.language.interpret import UNKNOWN, Interval, Patient, exactly, interpret
from remit.language.query import Query
from remit.language.resolve import resolve
from remit.language.scope import FieldName, FormName, Scope
from remit.language.types import Number, YesNo

FIELDS = {
    "score": Number("", 0),
    "width": Number("mm", 1),
    "crp": Number("mg/L", 1, censored=True, test="CRP"),
    "steroids": YesNo(),
    "ill": YesNo(),
}
NAMES = {name: FieldName(name, name, kind) for name, kind in FIELDS.items()}
SCOPE = Scope({"patients": FormName("patients", "patients", "once", NAMES)})


def query(text: str) -> Query:
    return resolve(text, SCOPE, expected=YesNo)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("score <= 3", "score <= 3"),
        ("score <= 3", "score < 5"),
        ("score < 5", "score <= 4"),  # whole numbers
        ("score >= 5", "score > 4"),
        ("width < 3 mm", "width <= 2.9 mm"),
        ("crp < 5", "crp <= 5"),
        ("score <= 3 and not steroids", "score <= 4"),
        ("score <= 3 and not steroids", "not steroids and score < 10"),
        ("score <= 3", "score <= 3 or ill"),
        ("score <= 3 or score <= 2", "score <= 3"),
        ("ill and (score < 1 or score < 2)", "score < 2"),
        ("score * 2 < 6", "score <= 2"),
        ("width < 0.3 cm", "width < 4 mm"),
    ],
)
def test_what_is_implied(one: str, other: str) -> None:
    assert implies(query(one), query(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("score <= 4", "score <= 3"),
        ("score <= 3", "score >= 3"),
        ("score <= 3", "width <= 3 mm"),
        ("crp < 5", "crp <= 4.9"),  # "<5" is below 5, and it is not known whether it is at most 4.9
        ("crp <= 5", "crp < 5"),
        ("score <= 4", "score <= 4 and ill"),
        ("score <= 4 or ill", "score <= 4"),
        ("score == 3", "score <= 4"),  # not seen in the form
        ("steroids", "ill"),
        ("0 - 1 * score < 6", "score < 6"),
    ],
)
def test_what_is_not_implied_or_not_seen(one: str, other: str) -> None:
    assert not implies(query(one), query(other))


COMPARED = [
    f"{name} {sign} {limit}" for name in ("score", "crp") for sign in ("<", "<=", ">", ">=") for limit in (2, 3, 4)
]
atoms = st.sampled_from([*COMPARED, "steroids", "ill", "not ill"])


def joined(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(lambda parts: f"({' '.join(parts)})")


texts = st.recursive(atoms, joined, max_leaves=4)
truths = st.sampled_from([True, False, None])
numbers = st.one_of(st.none(), st.integers(1, 5))


@settings(max_examples=300, deadline=None, derandomize=True)
@given(texts, texts, numbers, st.tuples(numbers, st.booleans()), truths, truths)
def test_it_holds_of_every_patient(
    one: str, other: str, score: int | None, crp: tuple[int | None, bool], steroids: bool | None, ill: bool | None
) -> None:
    first, second = query(one), query(other)
    if not implies(first, second):
        return
    level, below = crp
    limited = Interval(None, Fraction(level or 0), True, True)  # as "<3"
    values = {
        "score": UNKNOWN if score is None else exactly(Fraction(score)),
        "crp": UNKNOWN if level is None else limited if below else exactly(Fraction(level)),
        "steroids": steroids,
        "ill": ill,
    }
    patient = Patient({("patients", name, None): value for name, value in values.items()})
    if interpret(first, patient) is True:
        assert interpret(second, patient) is True
