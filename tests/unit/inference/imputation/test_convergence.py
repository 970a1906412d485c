"""R-hat."""

import math

import numpy as np
import pytest

from remit.inference.imputation.convergence import Chain, potential_reduction


def test_by_hand() -> None:
    # two chains of 1, 3 and of 2, 4: variance 2 in each, means 2 and 3 with variance 0.5
    assert potential_reduction(np.array([[1.0, 2.0], [3.0, 4.0]])) == pytest.approx(math.sqrt(1 / 2 + 0.5 / 2))


def test_one_for_chains_that_mix_and_more_for_chains_that_do_not() -> None:
    draws = np.random.default_rng(1).normal(size=(1000, 20))
    assert potential_reduction(draws) == pytest.approx(1, abs=0.005)
    assert (potential_reduction(draws + np.arange(20)) or 0) > 3


def test_what_stands_still() -> None:
    assert potential_reduction(np.ones((5, 4))) is None
    assert potential_reduction(np.tile([1.0, 2.0], (5, 1))) == math.inf
    assert potential_reduction(np.ones((1, 4))) is None
    assert Chain(np.ones((3, 4)), np.ones((3, 4))).r_hat is None
