"""Adjusted p-values as R gives them, and what the procedures promise."""

from __future__ import annotations

import json
import math
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from remit.inference.multiplicity import benjamini_hochberg, fixed_sequence, gatekeeping, hochberg, holm
from tests.unit.inference.reference import page

REFERENCE = json.loads((Path(__file__).parents[2] / "reference" / "two_groups.json").read_text("utf-8"))
several = st.lists(st.floats(0, 1), max_size=12)


@pytest.mark.parametrize("case", REFERENCE["adjusted"], ids=lambda case: f"{case['p']}")
def test_as_p_adjust_of_r(case: dict[str, Any]) -> None:
    assert holm(case["p"]) == pytest.approx(case["holm"], rel=1e-12)
    assert hochberg(case["p"]) == pytest.approx(case["hochberg"], rel=1e-12)
    assert benjamini_hochberg(case["p"]) == pytest.approx(case["benjamini_hochberg"], rel=1e-12)


def test_benjamini_and_hochberg_1995() -> None:
    """Their example of fifteen endpoints, Journal of the Royal Statistical Society B 1995;57:289-300."""
    few = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459]
    ps = [*few, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000]
    claims = [sum(p <= 0.05 for p in method(ps)) for method in (holm, hochberg, benjamini_hochberg)]
    assert claims == [3, 3, 4]


@given(several)
def test_each_is_the_more_lenient(ps: list[float]) -> None:
    for p, found, strict, stricter in zip(ps, benjamini_hochberg(ps), hochberg(ps), holm(ps), strict=True):
        assert p <= found * (1 + 1e-12)
        assert found <= strict * (1 + 1e-12)
        assert strict <= stricter <= 1


@given(several, st.floats(0.001, 0.2))
def test_holm_step_by_step(ps: list[float], level: float) -> None:
    """The smallest p against level/n, the next against level/(n − 1), …, until the first that fails."""
    rejected = 0
    for tests, p in zip(range(len(ps), 0, -1), sorted(ps), strict=True):
        if tests * p > level:
            break
        rejected += 1
    assert sum(each <= level for each in holm(ps)) == rejected


def test_after_the_first_failure_of_a_fixed_sequence_nothing_succeeds() -> None:
    assert fixed_sequence([0.01, 0.03, 0.2, 0.001]) == [0.01, 0.03, 0.2, 0.2]


def test_a_family_is_opened_once_all_of_the_former_succeeded() -> None:
    assert gatekeeping([[0.01], [0.02, 0.04], [0.001]]) == [[0.01], [0.04, 0.04], [0.04]]
    assert gatekeeping([[0.3], [0.001]]) == [[0.3], [0.3]]


def by_closed_test(families: list[list[float]]) -> list[list[float]]:
    """Every set of hypotheses by Bonferroni's inequality in the first family that it touches; of each hypothesis the
    largest p of the sets that it is in: R. Marcus, E. Peritz, K. R. Gabriel, Biometrika 1976;63:655-60."""
    all_of = [(family, place) for family, ps in enumerate(families) for place in range(len(ps))]
    largest = dict.fromkeys(all_of, 0.0)
    for size in range(1, len(all_of) + 1):
        for chosen in combinations(all_of, size):
            first = [families[family][place] for family, place in chosen if family == chosen[0][0]]
            p = min(1.0, len(first) * min(first))
            largest |= {each: max(largest[each], p) for each in chosen}
    return [[largest[family, place] for place in range(len(ps))] for family, ps in enumerate(families)]


@settings(deadline=None, max_examples=60)
@given(st.lists(st.lists(st.floats(0, 1), min_size=1, max_size=3), min_size=1, max_size=3))
def test_gatekeeping_is_a_closed_test(families: list[list[float]]) -> None:
    for found, expected in zip(gatekeeping(families), by_closed_test(families), strict=True):
        assert found == pytest.approx(expected, rel=1e-12)


def test_the_example_of_gatekeeping_on_the_page() -> None:
    told = "p = 0.01, then two with 0.02 and 0.04, then one with 0.001: adjusted 0.01, 0.04 and 0.04, and 0.04."
    assert told in page("multiplicity")
    assert gatekeeping([[0.01], [0.02, 0.04], [0.001]]) == [[0.01], [0.04, 0.04], [0.04]]


@given(several)
def test_families_of_one_are_a_fixed_sequence(ps: list[float]) -> None:
    assert [only for (only,) in gatekeeping([[p] for p in ps])] == fixed_sequence(ps)


def test_no_tests() -> None:
    assert holm([]) == hochberg([]) == benjamini_hochberg([]) == fixed_sequence([]) == gatekeeping([]) == []


@pytest.mark.parametrize("p", [-0.1, 1.1, math.nan])
def test_what_is_no_p(p: float) -> None:
    for method in (holm, hochberg, benjamini_hochberg, fixed_sequence):
        with pytest.raises(ValueError, match="no p-value"):
            method([0.5, p])
    with pytest.raises(ValueError, match="no p-value"):
        gatekeeping([[0.5], [p]])
