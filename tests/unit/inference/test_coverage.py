"""What docs/methods/coverage.md says of 64 patients, by summing binomial probabilities, and what is asked of them."""

from __future__ import annotations

import math
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from remit.inference.proportions import METHODS, intervals

PAGE = (Path(__file__).parents[3] / "docs" / "methods" / "coverage.md").read_text("utf-8")
OF, LEAST, MOST = 64, 0.05, 0.95
COUNTS = np.arange(OF + 1)
CHOOSE = np.array([float(math.comb(OF, n)) for n in COUNTS])


def coverage(method: str, truths: np.typing.NDArray[np.float64]) -> np.typing.NDArray[np.float64]:
    lower, upper = intervals(COUNTS, OF, method)
    likely = CHOOSE * truths[:, None] ** COUNTS * (1 - truths[:, None]) ** (OF - COUNTS)
    return np.asarray((likely * ((lower <= truths[:, None]) & (truths[:, None] <= upper))).sum(axis=1))


def mean_and_least(method: str) -> tuple[float, float]:
    """The mean of a fine grid; the least beside the intervals' ends, where coverage jumps."""
    step = (MOST - LEAST) / 40_000
    mean = coverage(method, np.arange(LEAST + step / 2, MOST, step)).mean()
    ends = np.clip(np.concatenate(intervals(COUNTS, OF, method)), LEAST, MOST)
    least = min(coverage(method, np.clip(ends + side, LEAST, MOST)).min() for side in (-1e-10, 1e-10))
    return float(mean), float(least)


@pytest.mark.parametrize("method", METHODS)
def test_the_page(method: str) -> None:
    section = PAGE.split(f"### {OF} patients\n")[1].split("###")[0]
    (row,) = (line for line in section.splitlines() if line.startswith(f"| {method} |"))
    _, mean, least, _, width = (cell.strip() for cell in row.strip("|").split("|"))
    found_mean, found_least = mean_and_least(method)
    assert 100 * found_mean == pytest.approx(float(mean), abs=0.01)
    assert 100 * found_least == pytest.approx(float(least), abs=0.0051)
    assert 15 < float(width) < 25


def test_clopper_pearson_never_falls_below_its_confidence() -> None:
    assert mean_and_least("Clopper-Pearson")[1] >= 0.95


def test_wilson_keeps_its_confidence_on_average_and_is_never_far_below() -> None:
    """It falls below 93 % in a narrow place, from 0.0870 to 0.0871 and its mirror, to 92.97 %."""
    mean, least = mean_and_least("Wilson")
    assert 0.945 <= mean <= 0.955
    assert least == pytest.approx(0.9297, abs=5e-5)
    truths = np.arange(LEAST, MOST, 1e-5)
    below = truths[coverage("Wilson", truths) < 0.93]
    assert len(below) / len(truths) < 0.0005
    assert all(0.0869 < min(truth, 1 - truth) < 0.0872 for truth in below)
    assert "0.0870 to 0.0871 and in the mirror, down to 92.97 %" in PAGE


def test_the_table_by_the_true_proportion() -> None:
    rows = [line.strip("|").split("|") for line in PAGE.splitlines() if line.startswith("| 0.")]
    assert len(rows) == 19
    assert all(float(one[0]) < float(other[0]) for one, other in pairwise(rows))
    truths = np.array([float(row[0]) for row in rows])
    for place, method in enumerate(METHODS, 1):
        assert 100 * coverage(method, truths) == pytest.approx([float(row[place]) for row in rows], abs=0.0051)
