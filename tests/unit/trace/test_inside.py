"""Which steps a query has."""

from __future__ import annotations

from remit.language.query import And, Not, Or, Query, Value
from remit.language.types import YesNo
from remit.trace.inside import chained_by, steps_inside

A, B, C, D = (Value("patients", name, None, YesNo()) for name in "abcd")


def test_a_chain_has_its_members() -> None:
    assert steps_inside(And(And(A, B), C)) == [A, B, C]
    assert chained_by(And(And(A, B), C)) == "all of these"
    assert chained_by(Or(A, B)) == "at least one of these"
    assert chained_by(A) is None


def test_another_connective_is_a_step_of_its_own() -> None:
    assert steps_inside(And(A, Or(B, C))) == [A, Or(B, C)]


def test_what_a_chain_denies_is_told_one_by_one() -> None:
    assert steps_inside(And(A, Not(Or(B, Or(C, D))))) == [A, Not(B), Not(C), Not(D)]
    assert steps_inside(Or(A, Not(And(B, Not(C))))) == [A, Not(B), C]
    assert steps_inside(And(A, Not(And(B, C)))) == [A, Not(And(B, C))]
    assert steps_inside(Not(Or(A, B))) == [Not(A), Not(B)]


def test_a_step_stands_once() -> None:
    query: Query = And(A, And(B, A))
    assert steps_inside(query) == [A, B]
