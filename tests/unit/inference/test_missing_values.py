"""A published trial by each handling of its unknown patients: docs/methods/missing-values.md."""

from __future__ import annotations

import math

import numpy as np
import pytest

from remit.inference.imputation.responses import shifted
from remit.inference.score import miettinen_nurminen
from remit.inference.tipping import Group, tipping_grid
from remit.inference.two_proportions import newcombe
from tests.unit.inference.reference import page

HALOPERIDOL, PLACEBO = Group(29, 47, 22), Group(20, 34, 34)  # J. P. T. Higgins et al., Clinical Trials 2008;5:225-39
HANDLINGS = {
    "decided": (29, 47, 20, 34),
    "non-response": (29, 69, 20, 68),
    "worst for haloperidol": (29, 69, 54, 68),
    "best for haloperidol": (51, 69, 20, 68),
}


@pytest.mark.parametrize("handling", HANDLINGS)
def test_the_table_of_the_page(handling: str) -> None:
    n, of, other, other_of = HANDLINGS[handling]
    ratio = (n / of) / (other / other_of)
    value, lower, upper = (f"{100 * each:.1f}".replace("-", "−") for each in newcombe(n, of, other, other_of))
    row = f"| {handling} | {n} of {of} | {other} of {other_of} | {ratio:.2f} | {value} ({lower} to {upper}) |"
    assert row in page("missing-values")


def test_the_ratio_of_those_known_is_the_published_one() -> None:
    assert miettinen_nurminen(*HANDLINGS["decided"], "ratio").value == pytest.approx(1.05, abs=0.005)


def test_the_bounds_are_corners_of_the_grid() -> None:
    found = tipping_grid(HALOPERIDOL, PLACEBO)
    corners = {"non-response": (0, 0), "worst for haloperidol": (0, -1), "best for haloperidol": (-1, 0)}
    for handling, corner in corners.items():
        ends = found.difference[corner], found.lower[corner], found.upper[corner]
        assert ends == pytest.approx(newcombe(*HANDLINGS[handling]))
    above, below, neither = (int((found.conclusions == one).sum()) for one in ("above", "below", "not distinguished"))
    told = f"Of the {found.conclusions.size} ways in which the unknown can have ended, {above} put haloperidol above"
    assert f"{told} placebo, {below} below, and {neither} do not distinguish them." in page("missing-values")


def test_the_informative_missingness_odds_ratio() -> None:
    """With odds o of those known, o·IMOR of the unknown: 0.5 of both groups, by the formula and by shifted draws."""
    by_formula, by_draws = [], []
    for group in (HALOPERIDOL, PLACEBO):
        share = group.responders / group.evaluable
        odds = 0.5 * share / (1 - share)
        by_formula.append((group.responders + group.unknown * odds / (1 + odds)) / group.of)
        known = np.arange(group.evaluable) < group.responders
        drawn = np.random.default_rng(1).random((4000, group.unknown)) < share
        responses = np.concatenate([np.tile(known, (4000, 1)), drawn], axis=1)
        unknown = np.arange(group.of) >= group.evaluable
        by_draws.append(float(shifted(responses, unknown, math.log(0.5), seed=2).mean()))
    assert by_draws == pytest.approx(by_formula, abs=0.003)
    assert f"the ratio is {by_formula[0] / by_formula[1]:.2f}." in page("missing-values")
