"""A proportion against a benchmark: whether it differs from it, and how likely it exceeds it."""

from __future__ import annotations

from fractions import Fraction

from remit.schema.results import Statistic

P, PROBABILITY = "benchmark_p", "benchmark_probability"


def against(n: int, of: int, benchmark: Fraction) -> list[Statistic]:
    """The two-sided p of the exact binomial test, and in percent the probability of more than the benchmark, after
    Jeffreys' prior. benchmark: above 0, below 1."""
    from remit.inference.benchmark import binomial_p, probability_above

    test = f"exact binomial test against {float(100 * benchmark):g} %"
    above = probability_above(n, of, float(benchmark))
    if above.value is None or not of:  # of nobody the probability is but the prior's
        why = "nobody is in the denominator"
        return [Statistic(P, None, method=test, note=why), Statistic(PROBABILITY, None, "%", above.method, why)]
    p = float(binomial_p(n, of, float(benchmark))[()])
    return [Statistic(P, p, method=test), Statistic(PROBABILITY, 100 * above.value, "%", above.method)]
