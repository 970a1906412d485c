"""Means, standard deviations and quantiles against independent ones; censored values as intervals."""

from __future__ import annotations

import itertools
import math
import statistics
from fractions import Fraction

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.estimate.numbers import Numbers, summary


def numbers(low: list[int | None], high: list[int | None] | None = None, divisor: int = 1) -> Numbers:
    ends = [pl.Series(values, dtype=pl.Int64) for values in (low, low if high is None else high)]
    return Numbers(ends[0], ends[1], Fraction(divisor), "mm", 1)


def values(given_numbers: Numbers) -> dict[str, float | None]:
    return {each.name: each.value for each in summary(given_numbers)}


def quantile_type_2(ordered: list[int], share: Fraction) -> Fraction:
    """As the inverse of the empirical distribution, averaged where it jumps."""
    n = len(ordered)
    at_least = [x for i, x in enumerate(ordered, 1) if Fraction(i, n) >= share]
    above = [x for i, x in enumerate(ordered, 1) if Fraction(i, n) > share] or at_least[-1:]
    return Fraction(at_least[0] + above[0], 2)


whole = st.lists(st.integers(-10_000, 10_000), min_size=2, max_size=40)


@given(whole)
def test_against_independent_ones(sample: list[int]) -> None:
    found = values(numbers(sample, divisor=10))
    assert found["mean"] == pytest.approx(statistics.fmean(sample) / 10, rel=1e-12, abs=1e-9)
    assert found["sd"] == pytest.approx(statistics.stdev(sample) / 10, rel=1e-9, abs=1e-9)
    ordered = sorted(sample)
    for name, share in (("q1", Fraction(1, 4)), ("median", Fraction(1, 2)), ("q3", Fraction(3, 4))):
        assert found[name] == float(quantile_type_2(ordered, share) / 10)
    assert (found["min"], found["max"]) == (min(sample) / 10, max(sample) / 10)


def test_a_published_example_of_type_2() -> None:
    """R: quantile(1:10, c(.25, .5, .75), type = 2) gives 3, 5.5, 8."""
    found = values(numbers(list(range(1, 11))))
    assert (found["q1"], found["median"], found["q3"]) == (3, 5.5, 8)


@given(st.lists(st.tuples(st.integers(0, 20), st.sampled_from(["exact", "<", ">"])), min_size=1, max_size=4))
def test_a_quantile_of_censored_values_is_given_only_where_all_completions_agree(sample: list[tuple[int, str]]) -> None:
    low = [None if sign == "<" else x for x, sign in sample]
    high = [None if sign == ">" else x for x, sign in sample]
    possible = [{"exact": [x], "<": [x, x - 1, -99], ">": [x, x + 1, 99]}[sign] for x, sign in sample]
    completions = [sorted(each) for each in itertools.product(*possible)]
    for statistic in summary(numbers(low, high))[2:]:
        ends = {at_share(each, statistic.name) for each in completions}
        if statistic.value is None:
            assert len(ends) > 1
            assert statistic.note
        else:
            assert ends == {Fraction(statistic.value)}


def at_share(ordered: list[int], name: str) -> Fraction:
    if name in ("min", "max"):
        return Fraction(ordered[0 if name == "min" else -1])
    return quantile_type_2(ordered, {"median": Fraction(1, 2), "q1": Fraction(1, 4), "q3": Fraction(3, 4)}[name])


def test_a_mean_over_censored_values_is_refused_with_a_reason() -> None:
    mean, sd = summary(numbers([None, 60], [50, 60]))[:2]
    assert (mean.value, sd.value) == (None, None)
    assert "1 of 2" in (mean.note or "")


@pytest.mark.parametrize(("sample", "missing"), [([], 7), ([5], 1)])
def test_too_few(sample: list[int | None], missing: int) -> None:
    found = summary(numbers(sample))
    assert sum(each.value is None for each in found) == missing
    assert all(each.value is not None or each.note for each in found)


def test_large_sums_are_exact() -> None:
    found = values(numbers([10**9] * 1000 + [10**9 + 1]))
    assert found["mean"] == float(Fraction(1001 * 10**9 + 1, 1001))
    assert found["sd"] == pytest.approx(math.sqrt(1 / 1001), rel=1e-12)
