"""Fisher's test as R gives it, by counting tables, and at the edges."""

from __future__ import annotations

import json
import math
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from remit.inference.benchmark import Alternative
from remit.inference.fisher import fisher_p, fisher_test

REFERENCE = json.loads((Path(__file__).parents[2] / "reference" / "two_groups.json").read_text("utf-8"))
groups = st.integers(0, 40).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of)))


@pytest.mark.parametrize("case", REFERENCE["fisher"], ids=lambda case: f"{case['groups']}")
def test_as_r(case: dict[str, Any]) -> None:
    alternative: Alternative = "two-sided" if case["alternative"] == "two.sided" else case["alternative"]
    found = fisher_test(*case["groups"], alternative)
    assert found.p == pytest.approx(case["p"], rel=1e-8)
    value, *ends = (float(each) for each in case["fisher_test"].values())
    assert (found.lower, found.upper) == pytest.approx(ends, rel=2e-2)  # as near as fisher.test itself comes
    if found.value is not None:
        assert found.value == pytest.approx(value, rel=2e-2)
    if "lower" in case:
        assert (found.lower, found.upper) == pytest.approx((case["lower"], float(case["upper"])), rel=1e-8)
        assert found.value == (None if case["value"] == "Inf" else pytest.approx(case["value"], rel=1e-8))


def test_published() -> None:
    """R. A. Fisher, The design of experiments, 1935: tea or milk first; Journal of the Royal Statistical Society
    1935;98:39-82: convictions of twins."""
    assert fisher_test(3, 4, 1, 4, "greater").p == pytest.approx(0.2429, abs=5e-5)
    tea = fisher_test(3, 4, 1, 4)
    assert (tea.p, tea.value) == (pytest.approx(0.4857, abs=5e-5), pytest.approx(6.408, abs=5e-4))
    twins = fisher_test(2, 17, 10, 13, "less")
    assert (twins.p, twins.value) == (pytest.approx(619 / 1330665, rel=1e-9), pytest.approx(0.0469, abs=5e-5))


def test_the_odds_ratio_that_the_page_tells() -> None:
    assert fisher_test(9, 10, 3, 10).value == pytest.approx(17.2690, abs=5e-5)


@settings(deadline=None)
@given(groups, groups)
def test_the_two_sided_p_counts_the_tables_no_likelier(one: tuple[int, int], two: tuple[int, int]) -> None:
    n, of, other_n, other_of = *one, *two
    together = n + other_n
    tables = {k: math.comb(of, k) * math.comb(other_of, together - k) for k in range(together + 1)}
    expected = Fraction(sum(each for each in tables.values() if each <= tables[n]), math.comb(of + other_of, together))
    assert fisher_p(n, of, other_n, other_of) == pytest.approx(float(expected), rel=1e-9)


@settings(deadline=None)
@given(groups, groups)
def test_groups_swapped_turn_the_ratio(one: tuple[int, int], two: tuple[int, int]) -> None:
    found, swapped = fisher_test(*one, *two), fisher_test(*two, *one)
    assert found.p == pytest.approx(swapped.p, rel=1e-9)
    assert found.lower is not None
    assert swapped.upper is not None
    assert found.lower * swapped.upper == pytest.approx(1, rel=1e-9) or (found.lower, swapped.upper) == (0, math.inf)
    if found.value and swapped.value:
        assert found.value * swapped.value == pytest.approx(1, rel=1e-9)


@settings(deadline=None)
@given(groups, groups)
def test_a_one_sided_interval_agrees_with_its_test(one: tuple[int, int], two: tuple[int, int]) -> None:
    found = fisher_test(*one, *two, "greater")
    assert found.p is not None
    assert found.lower is not None
    if abs(found.p - 0.05) > 1e-9:
        assert (found.p < 0.05) == (found.lower > 1)


def test_many_at_once() -> None:
    n, other = np.arange(8)[:, None], np.arange(6)
    found = fisher_p(n, 7, other, 5)
    assert found.shape == (8, 6)
    assert found[6, 1] == pytest.approx(fisher_test(6, 7, 1, 5).p, rel=1e-14)


@pytest.mark.parametrize("counts", [(0, 10, 0, 20), (10, 10, 20, 20), (0, 0, 3, 9), (0, 0, 0, 0)])
def test_margins_that_leave_one_table(counts: tuple[int, int, int, int]) -> None:
    found = fisher_test(*counts)
    assert (found.value, found.lower, found.upper, found.p) == (None, 0, math.inf, 1)
    assert found.note == "the margins leave one table only: nothing is known of the odds"


def test_an_infinite_odds_ratio_has_a_lower_end() -> None:
    found = fisher_test(10, 10, 3, 10)
    assert (found.value, found.upper) == (None, math.inf)
    assert found.lower is not None
    assert found.lower > 1
    assert found.note == "10 of 10 against 3 of 10: the odds ratio would divide by 0"


@pytest.mark.parametrize("counts", [(5, 4, 1, 2), (1, 2, -1, 2)])
def test_impossible_counts(counts: tuple[int, int, int, int]) -> None:
    with pytest.raises(ValueError, match="above its denominator"):
        fisher_test(*counts)
