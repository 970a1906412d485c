"""A proportion against a benchmark, as R gives it, and at the edges."""

from __future__ import annotations

import json
import math
from math import comb
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from remit.inference.benchmark import Alternative, binomial_p, binomial_test, probability_above

REFERENCE = json.loads((Path(__file__).parents[2] / "reference" / "proportions.json").read_text("utf-8"))
counts = st.integers(1, 200).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of)))
benchmarks = st.floats(0.01, 0.99)


@pytest.mark.parametrize("case", REFERENCE["tests"], ids=lambda case: f"{case['n']}/{case['of']}")
def test_as_binom_test_of_r(case: dict[str, Any]) -> None:
    alternative: Alternative = "two-sided" if case["alternative"] == "two.sided" else case["alternative"]
    found = binomial_test(case["n"], case["of"], case["benchmark"], alternative)
    assert found.p == pytest.approx(case["p"], rel=1e-8)
    assert (found.lower, found.upper) == pytest.approx((case["lower"], case["upper"]), rel=1e-8)


@pytest.mark.parametrize("case", REFERENCE["above"], ids=lambda case: f"{case['n']}/{case['of']}")
def test_as_pbeta_of_r(case: dict[str, Any]) -> None:
    found = probability_above(case["n"], case["of"], case["benchmark"], tuple(case["prior"]))
    assert found.value == pytest.approx(case["probability"], rel=1e-8)


def test_published() -> None:
    """W. J. Conover, Practical nonparametric statistics, 1971, page 97. Laplace's girls among the children born in
    Paris: A. Gelman and others, Bayesian data analysis, chapter 2."""
    conover = binomial_test(682, 925, 0.75)
    assert conover.p == pytest.approx(0.3825, abs=5e-5)
    assert (conover.lower, conover.upper) == pytest.approx((0.7076683, 0.7654066), abs=5e-8)
    assert probability_above(241_945, 493_472, 0.5, (1, 1)).value == pytest.approx(1.15e-42, rel=4e-3)


@settings(deadline=None)
@given(counts, benchmarks)
def test_the_two_sided_p_sums_what_is_no_likelier(pair: tuple[int, int], benchmark: float) -> None:
    n, of = pair
    likely = [comb(of, k) * benchmark**k * (1 - benchmark) ** (of - k) for k in range(of + 1)]
    expected = sum(each for each in likely if each <= likely[n] * (1 + 1e-7))
    assert binomial_p(n, of, benchmark) == pytest.approx(min(expected, 1), rel=1e-9, abs=1e-300)


@settings(deadline=None)
@given(counts, benchmarks)
def test_it_mirrors(pair: tuple[int, int], benchmark: float) -> None:
    n, of = pair
    greater, less = binomial_p(n, of, benchmark, "greater"), binomial_p(of - n, of, 1 - benchmark, "less")
    assert greater == pytest.approx(less, rel=1e-9)


@settings(deadline=None)
@given(counts, st.sampled_from(["greater", "less"]))
def test_a_one_sided_interval_inverts_its_test(pair: tuple[int, int], alternative: Alternative) -> None:
    found = binomial_test(*pair, 0.5, alternative)
    end = found.lower if alternative == "greater" else found.upper
    assert end is not None
    if 0 < end < 1:
        assert binomial_p(*pair, end, alternative) == pytest.approx(0.05, rel=1e-9)


def test_many_at_once() -> None:
    found = binomial_p(np.array([3, 3, 8]), np.array([10, 20, 20]), 0.3)
    assert found == pytest.approx(
        [binomial_test(3, 10, 0.3).p, binomial_test(3, 20, 0.3).p, binomial_test(8, 20, 0.3).p]
    )


def test_a_registry() -> None:
    assert binomial_p(300_000, 1_000_000, 0.3) == pytest.approx(1)


def test_nobody() -> None:
    tested = binomial_test(0, 0, 0.3)
    assert (tested.value, tested.p, tested.note) == (None, None, "nobody is in the denominator")
    above = probability_above(0, 0, 0.3, (1, 1))
    assert above.value == pytest.approx(0.7)
    assert above.note == "nobody is in the denominator: what the prior says alone"


def test_the_method_says_what_it_is() -> None:
    assert binomial_test(3, 10, 0.3).method == "exact binomial test against 30 %, Clopper-Pearson 95 %"
    assert probability_above(3, 10, 0.3).method == "probability of more than 30 %, prior beta(0.5, 0.5)"


def test_wrong_use() -> None:
    for benchmark in (0.0, 1.0, -0.1):
        with pytest.raises(ValueError, match="between 0 and 1"):
            binomial_test(1, 2, benchmark)
        with pytest.raises(ValueError, match="between 0 and 1"):
            probability_above(1, 2, benchmark)
    with pytest.raises(ValueError, match="above its denominator"):
        binomial_p(3, 2, 0.5)
    with pytest.raises(ValueError, match="no proportion"):
        probability_above(3, 2, 0.5)
    for prior in ((0.0, 1.0), (1.0, math.nan), (math.inf, 1.0)):
        with pytest.raises(ValueError, match="no distribution"):
            probability_above(1, 2, 0.5, prior)
