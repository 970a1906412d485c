"""Bounds, the hybrid, and shifts of the unknown responses."""

import math
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from remit.inference.imputation.responses import bounds, delta_series, hybrid, shifted, turns

UNKNOWN = np.array([False, False, True, True, True])
#                        known yes and no, then imputed: always, at times, never
RESPONSES = np.array([[True, False, True, i % 2 == 0, False] for i in range(20)])


def shares(responses: NDArray[np.bool_]) -> list[float]:
    return [float(share) for share in responses.mean(axis=0)]


def test_bounds_do_not_read_what_is_unknown() -> None:
    assert bounds(np.array([True, False, True]), np.array([False, False, True])) == (1, 2)
    assert bounds(np.array([], dtype=bool), np.array([], dtype=bool)) == (0, 0)
    assert bounds(np.array([True]), np.array([True])) == (0, 1)


def test_who_stopped_and_is_unknown_is_a_failure() -> None:
    stopped = np.array([True, True, True, False, False])
    assert shares(hybrid(RESPONSES, UNKNOWN, stopped)) == [1, 0, 0, 0.5, 0]


def test_no_shift_changes_nothing() -> None:
    assert (shifted(RESPONSES, UNKNOWN, 0.0, seed=1) == RESPONSES).all()


def test_infinite_shifts_are_the_bounds() -> None:
    assert shares(shifted(RESPONSES, UNKNOWN, -math.inf, seed=1)) == [1, 0, 0, 0, 0]
    assert shares(shifted(RESPONSES, UNKNOWN, math.inf, seed=1)) == [1, 0, 1, 1, 1]


@pytest.mark.parametrize("delta", [-2.0, -0.5, 0.5, 2.0])
def test_the_log_odds_move_by_delta(delta: float) -> None:
    drawn = np.random.default_rng(3).random((20_000, 2)) < [0.3, 0.8]
    found = shifted(drawn, np.array([True, True]), delta, seed=4).mean(axis=0)
    expected = [1 / (1 + math.exp(-(math.log(p / (1 - p)) + delta))) for p in (0.3, 0.8)]
    assert found == pytest.approx(expected, abs=0.012)


def test_a_larger_shift_never_takes_a_response_away() -> None:
    series = [shifted(RESPONSES, UNKNOWN, delta, seed=1) for delta in (-3, -1, 0, 0.5, 2)]
    for one, two in pairwise(series):
        assert (one <= two).all()


def test_patients_added_at_the_end_do_not_change_those_before() -> None:
    more = np.concatenate([RESPONSES, RESPONSES], axis=1)
    assert (shifted(more, np.tile(UNKNOWN, 2), -1, seed=1)[:, :5] == shifted(RESPONSES, UNKNOWN, -1, seed=1)).all()


def test_where_the_conclusion_turns() -> None:
    rng = np.random.default_rng(5)
    responses = np.concatenate(
        [np.repeat([[True] * 30 + [False] * 14], 40, axis=0), rng.random((40, 20)) < 0.6], axis=1
    )
    series = delta_series(responses, np.arange(64) >= 44, [2, 0, -1, -2, -4, 1, -math.inf], seed=6)
    assert [shift.delta for shift in series] == [-math.inf, -4, -2, -1, 0, 1, 2]
    assert series[0].unknown_share == 0
    below, above = turns(series, lambda found: found.lower is not None and found.lower > 0.5)
    assert below is not None
    assert below.delta == -1
    assert above is None


def test_nobody_unknown() -> None:
    (shift,) = delta_series(np.ones((3, 4), dtype=bool), np.zeros(4, dtype=bool), [0], seed=1)
    assert shift.unknown_share is None
    assert shift.estimate.value == 1


def test_wrong_use() -> None:
    with pytest.raises(ValueError, match="flags of 2 patients do not fit responses of 5"):
        shifted(RESPONSES, np.array([True, False]), 1.0, seed=1)
    with pytest.raises(ValueError, match="no delta 0"):
        turns([], lambda _: True)
