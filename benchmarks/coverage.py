"""How often intervals of proportions hold the truth: python benchmarks/coverage.py writes docs/methods/coverage.md.

Nothing is drawn: every count that can be seen is taken with its probability. It takes some seconds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from measuring import ROOT, table
from numpy.typing import NDArray
from scipy import special, stats

from remit.inference.proportions import METHODS, intervals
from remit.inference.score import score_intervals
from remit.inference.two_proportions import newcombe_intervals

PAGE = ROOT / "docs" / "methods" / "coverage.md"
LEAST, MOST = 0.05, 0.95  # of the true proportions
SIZES = (20, 64, 200)
SIZE = 64
FINE = 1e-5
FLOOR = 0.93
TRUTHS = np.round(np.arange(LEAST, MOST + 0.01, 0.05), 2)
PAIRS = ((64, 64), (64, 32), (20, 20))

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Performance:
    """Over all true proportions between LEAST and MOST; `where` is the one with the least coverage."""

    mean: float
    least: float
    where: float
    width: float


def performance(method: str, of: int) -> Performance:
    """Exact: the mean by integrals of the binomial probabilities, the least where an interval ends, for there coverage
    jumps, and between two ends it has no lowest point."""
    counts = np.arange(of + 1)
    lower, upper = intervals(counts, of, method)
    low, high = np.clip(lower, LEAST, MOST), np.clip(upper, LEAST, MOST)
    whole = MOST - LEAST
    mean = np.sum(_below(high, counts, of) - _below(low, counts, of)) / whole
    width = np.sum((upper - lower) * (_below(MOST, counts, of) - _below(LEAST, counts, of))) / whole
    turns = np.unique(np.concatenate([low, high, [LEAST, MOST]]))
    pieces = np.stack([turns[:-1], turns[1:]])
    middle = pieces.mean(axis=0)
    held = (lower[:, None] <= middle) & (middle <= upper[:, None])
    limits = np.stack([np.sum(stats.binom.pmf(counts[:, None], of, end) * held, axis=0) for end in pieces])
    worst = np.unravel_index(limits.argmin(), limits.shape)
    return Performance(float(mean), float(limits[worst]), float(pieces[worst]), float(width))


def _below(truth: Floats | float, counts: NDArray[np.int_], of: int) -> Floats:
    """The integral of each count's probability over the truths from 0."""
    return np.asarray(special.betainc(counts + 1, of - counts + 1, truth) / (of + 1))


def at(truths: Floats, method: str, of: int) -> Floats:
    """Coverage at each of these true proportions."""
    counts = np.arange(of + 1)[:, None]
    lower, upper = intervals(counts, of, method)
    return np.sum(stats.binom.pmf(counts, of, truths) * ((lower <= truths) & (truths <= upper)), axis=0)


def of_differences(ends: Callable[..., tuple[Floats, Floats]], of: int, other_of: int) -> Floats:
    """Coverage for each pair of TRUTHS."""
    counts, others = np.arange(of + 1), np.arange(other_of + 1)
    lower, upper = ends(counts[:, None], of, others, other_of)
    found = np.empty((len(TRUTHS), len(TRUTHS)))
    for place in np.ndindex(found.shape):
        truth, other_truth = TRUTHS[place[0]], TRUTHS[place[1]]
        difference = np.round(truth - other_truth, 2)
        held = (lower <= difference) & (difference <= upper)
        found[place] = stats.binom.pmf(counts, of, truth) @ held @ stats.binom.pmf(others, other_of, other_truth)
    return found


def page() -> Iterator[str]:
    yield from ("# Coverage", "")
    yield "How often a 95 % interval holds the truth. Nothing is drawn: every count that can be seen is taken with its"
    yield "probability. Written by `python benchmarks/coverage.py`."
    yield from ("", "## One proportion", "")
    yield f"True proportions from {LEAST:g} to {MOST:g}. The mean is the integral over all of them, the least that of"
    yield "all, not of a grid. Width: the expected one, in percentage points."
    for of in SIZES:
        yield from ("", f"### {of} patients", "", *_by_method(of))
    places = np.arange(LEAST, MOST, FINE)
    below = at(places, "Wilson", SIZE) < FLOOR
    few, low = below.mean(), places[below & (places < 0.5)]
    least = performance("Wilson", SIZE).least
    yield from ("", f"### {SIZE} patients, by the true proportion", "")
    yield "Coverage in %. Small steps of the truth move it up and down, for counts are whole numbers. Wilson's interval"
    yield f"covers less than {100 * FLOOR:g} % at {100 * few:.2f} % of the proportions from {LEAST:g} to {MOST:g}: from"
    yield f"{low.min():.4f} to {low.max():.4f} and in the mirror, down to {100 * least:.2f} %. That is the limit from"
    yield "one side at the end of an interval, the lowest that there is; no grid of proportions need show it."
    yield from ("", *_by_truth())
    yield from ("", "## The difference of two proportions", "")
    pairs = len(TRUTHS) ** 2
    yield f"{pairs} pairs of true proportions from {LEAST:g} to {MOST:g} by steps of 0.05. Coverage in %."
    yield from ("", *_of_pairs())


def _by_method(of: int) -> list[str]:
    found = {method: performance(method, of) for method in METHODS}
    rows = [
        [method, _percent(each.mean), _percent(each.least), f"{each.where:.4f}", f"{100 * each.width:.1f}"]
        for method, each in found.items()
    ]
    return table(["method", "mean, %", "least, %", "at the proportion", "width"], rows)


def _by_truth() -> list[str]:
    found = np.stack([at(TRUTHS, method, SIZE) for method in METHODS], axis=1)
    rows = [[f"{truth:.2f}", *map(_percent, row)] for truth, row in zip(TRUTHS, found, strict=True)]
    return table(["proportion", *METHODS], rows)


def _of_pairs() -> list[str]:
    methods = {"Newcombe": newcombe_intervals, "Miettinen-Nurminen": score_intervals}
    rows = []
    for of, other_of in PAIRS:
        for name, ends in methods.items():
            found = of_differences(ends, of, other_of)
            rows.append(
                [name, f"{of} and {other_of}", *(_percent(each) for each in (found.mean(), found.min(), found.max()))]
            )
    return table(["method", "patients", "mean", "least", "most"], rows)


def _percent(share: float) -> str:
    return f"{100 * share:.2f}"


if __name__ == "__main__":
    PAGE.write_text("\n".join(page()) + "\n", encoding="utf-8")
