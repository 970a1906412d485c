"""Tests on ranks against R, and against every sign and every draw counted out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import combinations, product
from statistics import median
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from remit.inference import ranks
from remit.inference.estimate import Estimate
from remit.inference.rank_tests import mann_whitney, signed_rank
from tests.unit.inference.reference import reference

R = reference("rank_tests")


def _all(found: Estimate) -> tuple[float | None, float | None, float | None, float | None]:
    return found.value, found.lower, found.upper, found.p


# Signed ranks


@pytest.mark.parametrize("case", R["signed"], ids=lambda case: case["name"])
def test_signed_rank_with_ties_and_zeros_as_in_r(case: dict[str, Any]) -> None:
    assert signed_rank(case["differences"]).p == pytest.approx(case["pratt"], rel=1e-8)
    assert signed_rank(case["differences"], "wilcoxon").p == pytest.approx(case["wilcoxon"], rel=1e-8)


@pytest.mark.parametrize("case", R["untied"])
def test_hodges_lehmann_without_ties_as_in_r(case: dict[str, Any]) -> None:
    assert _all(signed_rank(case["differences"])) == pytest.approx(
        (case["estimate"], case["lower"], case["upper"], case["p"]), rel=1e-8
    )


def test_many_differences_are_normal_as_in_coin() -> None:
    normal = R["normal"]
    found = signed_rank(normal["differences"])
    assert found.p == pytest.approx(normal["pratt"], rel=1e-8)
    assert "normal" in found.method
    assert signed_rank(normal["differences"], "wilcoxon").p == pytest.approx(normal["wilcoxon"], rel=1e-8)


def test_hamilton_depression_scale_of_hollander_and_wolfe() -> None:
    """Example 3.1 and 3.3 of M. Hollander and D. A. Wolfe, Nonparametric statistical methods, 1999: nine patients
    before and after a tranquilizer; one-sided p = 0.020, estimate -0.46, interval at 96.1 % -0.786 to -0.010."""
    before = [1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30]
    after = [0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29]
    found = signed_rank([b - a for a, b in zip(before, after, strict=True)])
    assert (found.value, found.lower, found.upper) == pytest.approx((-0.46, -0.786, -0.010), abs=5e-4)
    assert found.p == pytest.approx(2 * 10 / 512, rel=1e-12)


def _signs_counted_out(differences: Sequence[float], pratt: bool) -> float:
    kept = [x for x in differences if pratt or x]
    sizes = [abs(x) for x in kept]
    rank = [sum(s < size for s in sizes) + (sum(s == size for s in sizes) + 1) / 2 for size in sizes]
    ranked = [(r, x) for r, x in zip(rank, kept, strict=True) if x]
    middle = sum(r for r, _ in ranked) / 2
    away = abs(sum(r for r, x in ranked if x > 0) - middle)
    sums = [
        sum(r for (r, _), on in zip(ranked, signs, strict=True) if on) for signs in product((0, 1), repeat=len(ranked))
    ]
    return sum(abs(s - middle) >= away for s in sums) / len(sums)


small = st.lists(st.integers(-6, 6), min_size=1, max_size=9).filter(any)


@settings(deadline=None, max_examples=60)
@given(small)
def test_p_is_the_share_of_signs_as_far_or_farther(differences: list[int]) -> None:
    assert signed_rank(differences).p == pytest.approx(_signs_counted_out(differences, pratt=True), rel=1e-12)
    assert signed_rank(differences, "wilcoxon").p == pytest.approx(_signs_counted_out(differences, False), rel=1e-12)


numbers = st.lists(st.integers(-40, 40).map(lambda whole: whole / 8), min_size=1, max_size=25)


@settings(deadline=None)
@given(numbers)
def test_the_pseudomedian_is_the_median_of_walsh_averages(differences: list[float]) -> None:
    averages = [(a + b) / 2 for i, a in enumerate(differences) for b in differences[i:]]
    assert signed_rank(differences).value == median(averages)


@settings(deadline=None)
@given(numbers)
def test_the_other_way_round_changes_signs_only(differences: list[float]) -> None:
    value, lower, upper, p = _all(signed_rank(differences))
    assert value is not None
    turned = _all(signed_rank([-x for x in differences]))
    assert turned[0] == -value
    assert turned[3] == p
    if lower is not None and upper is not None:
        assert lower <= value <= upper
        assert turned[1:3] == (-upper, -lower)


@settings(deadline=None)
@given(st.lists(st.integers(1, 10**6), min_size=6, max_size=30, unique=True), st.data())
def test_the_interval_holds_what_the_test_does_not_reject(sizes: list[int], data: st.DataObject) -> None:
    """Without ties the interval is the test turned round."""
    signs = data.draw(st.lists(st.sampled_from([-1.0, 1.0]), min_size=len(sizes), max_size=len(sizes)))
    found = signed_rank([sign * size for sign, size in zip(signs, sizes, strict=True)])
    assert found.p is not None
    assert found.lower is not None
    assert found.upper is not None
    assert (found.p <= 0.05) == (found.lower > 0 or found.upper < 0)


measured = st.lists(st.tuples(st.integers(0, 300), st.integers(0, 300)), min_size=2, max_size=30)


@settings(deadline=None)
@given(measured)
def test_changes_are_tied_as_they_are_written(pairs: list[tuple[int, int]]) -> None:
    """8.7 − 6.7 is 2.0, though not in binary: tenths have the ranks of whole numbers."""
    tenths, whole = [a / 10 - b / 10 for a, b in pairs], [a - b for a, b in pairs]
    for one, other in (
        (signed_rank(tenths), signed_rank(whole)),
        (mann_whitney(tenths[1:], tenths[:1]), mann_whitney(whole[1:], whole[:1])),
    ):
        assert one.p == pytest.approx(other.p, rel=1e-12)
        assert one.value == pytest.approx((other.value or 0) / 10, abs=1e-12)


def test_the_example_of_pratt_1959() -> None:
    """Every patient does worse by a half, and with zeros left out that makes the change *surer*: one-sided p falls from
    70 of 2^12 to 109 of 2^13. Pratt's way does not do that."""
    better = [0, 2, 3, 4, 6, 7, 8, 9, 11, 14, 15, 17, -18]
    worse = [x - 0.5 for x in better]
    assert signed_rank(better, "wilcoxon").p == pytest.approx(2 * 70 / 2**12, rel=1e-12)
    assert signed_rank(worse, "wilcoxon").p == pytest.approx(2 * 109 / 2**13, rel=1e-12)
    assert signed_rank(better).p == pytest.approx(2 * 49 / 2**12, rel=1e-12)
    assert signed_rank(worse).p == pytest.approx(2 * 109 / 2**13, rel=1e-12)


def test_no_patient_has_both_values() -> None:
    assert _all(signed_rank([])) == (None, None, None, None)
    assert signed_rank([]).note == "no patient has both values"


def test_five_differences_are_too_few_for_an_interval() -> None:
    found = signed_rank([1.0, 2, 3, 4, 5])
    assert (found.value, found.lower, found.upper, found.p) == (3.0, None, None, 2 / 32)
    assert found.note == "5 differences are too few for a 95 % interval by ranks"
    assert signed_rank([1.0]).note == "1 difference is too few for a 95 % interval by ranks"
    assert signed_rank([1.0, 2, 3, 4, 5, 6]).lower == 1.0


def test_nobody_changed() -> None:
    found = signed_rank([0.0] * 8)
    assert _all(found) == (0.0, None, None, None)
    assert found.note == "all differences are zero: they give no interval and no test"


def test_everybody_changed_by_the_same() -> None:
    found = signed_rank([-2.0] * 8)
    assert _all(found) == (-2.0, None, None, 2 / 2**8)
    assert found.note == "all differences are the same: they give no interval"


@pytest.mark.parametrize("odd", [math.nan, -math.inf])
def test_what_is_not_known_is_refused(odd: float) -> None:
    with pytest.raises(ValueError, match="not known"):
        signed_rank([1.0, odd])
    with pytest.raises(ValueError, match="not known"):
        mann_whitney([1.0], [odd])


def test_a_table_is_no_row_of_numbers() -> None:
    with pytest.raises(ValueError, match="single row"):
        signed_rank(np.ones((2, 2)))  # type: ignore[arg-type]


# Ranks of two groups


@pytest.mark.parametrize("case", R["two"], ids=lambda case: case["name"])
def test_rank_sums_with_ties_as_in_r(case: dict[str, Any]) -> None:
    assert mann_whitney(case["one"], case["other"]).p == pytest.approx(case["p"], rel=1e-8)


@pytest.mark.parametrize("case", R["untied_two"])
def test_the_shift_without_ties_as_in_r(case: dict[str, Any]) -> None:
    assert _all(mann_whitney(case["one"], case["other"])) == pytest.approx(
        (case["estimate"], case["lower"], case["upper"], case["p"]), rel=1e-8
    )


def test_two_large_groups_are_normal_as_in_coin() -> None:
    normal = R["normal"]
    values = normal["differences"]
    found = mann_whitney(values[:300], values[300:])
    assert found.p == pytest.approx(normal["two"], rel=1e-8)
    assert "normal" in found.method


def test_permeability_of_hollander_and_wolfe() -> None:
    """Examples 4.1, 4.3 and 4.4 of Hollander and Wolfe 1999: human chorioamnion at term and at 12 to 26 weeks;
    one-sided p = 0.127, shift 0.305, interval -0.15 to 0.76 (at 96 %)."""
    term = [0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46]
    early = [1.15, 0.88, 0.90, 0.74, 1.21]
    found = mann_whitney(term, early)
    assert (found.value, found.lower, found.upper) == pytest.approx((0.305, -0.15, 0.76), abs=1e-9)
    assert found.p == pytest.approx(0.2544, abs=5e-5)


def _draws_counted_out(one: Sequence[float], other: Sequence[float]) -> float:
    together = [*one, *other]
    rank = [sum(v < x for v in together) + (sum(v == x for v in together) + 1) / 2 for x in together]
    middle = sum(rank) * len(one) / len(together)
    away = abs(sum(rank[: len(one)]) - middle)
    sums = [sum(draw) for draw in combinations(rank, len(one))]
    return sum(abs(s - middle) >= away - 1e-9 for s in sums) / len(sums)


group = st.lists(st.integers(-4, 4), min_size=1, max_size=6)


@settings(deadline=None, max_examples=60)
@given(group, group)
def test_p_is_the_share_of_draws_as_far_or_farther(one: list[int], other: list[int]) -> None:
    if len({*one, *other}) > 1:
        assert mann_whitney(one, other).p == pytest.approx(_draws_counted_out(one, other), rel=1e-12)


@settings(deadline=None)
@given(numbers, numbers)
def test_the_shift_is_the_median_of_all_differences(one: list[float], other: list[float]) -> None:
    found = mann_whitney(one, other)
    assert found.value == median(a - b for a in one for b in other)
    turned = mann_whitney(other, one)
    assert turned.value == -found.value
    assert turned.p == pytest.approx(found.p, rel=1e-9)
    if found.lower is not None and found.upper is not None:
        assert found.lower <= found.value <= found.upper
        assert (turned.lower, turned.upper) == (-found.upper, -found.lower)


@settings(deadline=None)
@given(st.lists(st.integers(-(10**6), 10**6), min_size=8, max_size=30, unique=True), st.data())
def test_the_shift_is_beyond_zero_where_the_test_rejects(values: list[int], data: st.DataObject) -> None:
    size = data.draw(st.integers(4, len(values) - 4))
    found = mann_whitney(values[:size], values[size:])
    assert found.p is not None
    assert found.lower is not None
    assert found.upper is not None
    assert (found.p <= 0.05) == (found.lower > 0 or found.upper < 0)


def test_a_group_without_values() -> None:
    assert _all(mann_whitney([], [1.0])) == (None, None, None, None)
    assert mann_whitney([1.0], []).note == "a group has no value"


def test_two_against_two_have_no_interval() -> None:
    found = mann_whitney([1.0, 2], [3.0, 4])
    assert (found.value, found.lower, found.p) == (-2.0, None, pytest.approx(1 / 3))
    assert found.note == "2 and 2 values are too few for a 95 % interval by ranks"


def test_all_values_the_same() -> None:
    found = mann_whitney([2.0] * 5, [2.0] * 6)
    assert _all(found) == (0.0, None, None, None)
    assert found.note == "all values are the same: they give no interval and no test"


def test_two_groups_without_spread() -> None:
    found = mann_whitney([3.0] * 5, [2.0] * 5)
    assert _all(found) == (1.0, None, None, pytest.approx(2 / 252))
    assert found.note == "in each group all values are the same: they give no interval"


# Many pairs are not all sorted at once


@pytest.mark.parametrize("few", [3, 10_000])
@pytest.mark.parametrize("whole", [True, False])
def test_ranks_among_many_sums(whole: bool, few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = np.random.default_rng(7).normal(size=60) * 5
    one, other = (np.round(drawn[:20]), np.round(drawn[20:])) if whole else (drawn[:20], drawn[20:])
    sums = np.sort(np.add.outer(one, other), axis=None)
    wanted = [1, 5, 400, 401, 800]
    monkeypatch.setattr(ranks, "_FEW", few)
    assert ranks.at_ranks(wanted, one, other, upper_triangle=False) == [sums[rank - 1] for rank in wanted]
    pairs = np.sort(np.add.outer(one, one)[np.triu_indices(20)])
    wanted = [1, 100, 105, 106, 210]
    assert ranks.at_ranks(wanted, one, one, upper_triangle=True) == [pairs[rank - 1] for rank in wanted]
