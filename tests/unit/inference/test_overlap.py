"""Overlap is proved only where a linear program finds no separation, and mostly proved where it finds none."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from remit.inference import separation as of_separation
from remit.inference.design import CovariateError, Design, Levels, Number, YesNo, design, standardised
from remit.inference.logistic_likelihood import Outcome
from remit.inference.overlap import overlap
from remit.inference.separation import Separation, separation


def proved(of: Design, outcome: Outcome) -> bool:
    return overlap(standardised(of)[0], outcome, of.counts)


def by_linear_program(of: Design, outcome: Outcome) -> Separation | None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(of_separation, "overlap", lambda *_: False)
        return separation(of, outcome)


@st.composite
def tables(draw: st.DrawFn) -> tuple[Design, Outcome]:
    """Small, and with few values, so that a third and more of them are separated."""
    n = draw(st.integers(4, 30))
    drawn = draw(
        st.lists(st.tuples(st.integers(0, 3), st.booleans(), st.sampled_from("abc"), st.booleans()), min_size=n)
    )
    numbers, yes, levels, had = (list(column) for column in zip(*drawn, strict=True))
    covariates = [Number("number", [float(each) for each in numbers]), YesNo("yes", yes), Levels("of", levels, "abc")]
    chosen = draw(st.lists(st.sampled_from(covariates), min_size=1, max_size=3, unique_by=lambda each: each.name))
    try:
        return design(chosen), np.array(had)
    except CovariateError:
        return design([Number("order", list(range(len(had))))]), np.array(had)


@settings(max_examples=300, deadline=None)
@given(tables())
def test_what_is_proved_no_linear_program_separates(table: tuple[Design, Outcome]) -> None:
    of, outcome = table
    if proved(of, outcome):
        assert by_linear_program(of, outcome) is None


@settings(max_examples=100, deadline=None)
@given(table=tables(), border=st.integers(0, 3), complete=st.booleans())
def test_who_is_separated_by_design_is_never_proved_to_overlap(
    *, table: tuple[Design, Outcome], border: int, complete: bool
) -> None:
    """All above a border have the outcome, all below have it not, and on it it is as it comes."""
    _, outcome = table
    values = np.arange(len(outcome)) % 5
    told = np.where(values == border, outcome & (not complete), values > border)
    of = design([Number("number", values.tolist())])
    assert not proved(of, told)
    assert separation(of, told) is not None


MANY = 60_000
AGES = [float(20 + (7 * at) % 61) for at in range(MANY)]
OUTCOME = np.array([(at * at) % 7 < 3 for at in range(MANY)])


def test_one_patient_with_a_level_among_many_separates_in_part() -> None:
    rare = Levels("site", ["anal" if at == 5 else "colon" for at in range(MANY)], ["colon", "anal"])
    of = design([rare])
    assert not proved(of, OUTCOME)
    assert separation(of, OUTCOME) == Separation("quasi-complete", ("site",))


def test_a_rare_level_of_which_all_have_the_outcome_separates_in_part() -> None:
    rare = YesNo("rare", [bool(had) and at < 100 for at, had in enumerate(OUTCOME)])
    kinds, counts = np.unique(np.column_stack([rare.values, OUTCOME]), axis=0, return_counts=True)
    of = design([YesNo("rare", kinds[:, 0].tolist())], alike=counts)
    assert not proved(of, kinds[:, 1])
    assert separation(of, kinds[:, 1]) == separation(design([rare]), OUTCOME) == Separation("quasi-complete", ("rare",))


def test_many_patients_who_overlap_need_no_linear_program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr("scipy.optimize.linprog")
    assert separation(design([Number("age", AGES)]), OUTCOME) is None


def test_an_outcome_that_hardly_surprises_is_left_to_the_linear_program() -> None:
    """Of age 61 and more all have the outcome, of age 60 and less nobody, but for one patient of age 60."""
    outcome = np.array(AGES) > 60
    of = design([Number("age", AGES)])
    outcome[AGES.index(60)] = True
    assert not proved(of, outcome)
    assert separation(of, outcome) == Separation("quasi-complete", ("age",))
    outcome[AGES.index(20)] = True
    assert separation(of, outcome) is None


def test_columns_that_tell_the_same_prove_nothing() -> None:
    columns = np.ones((4, 2))
    assert not overlap(columns, np.array([True, False, True, False]), np.ones(4))
