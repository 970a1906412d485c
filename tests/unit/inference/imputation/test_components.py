"""Imputed components, shifted."""

import numpy as np
import pytest

from remit.inference.imputation.chain import impute
from remit.inference.imputation.components import shift_component
from remit.inference.imputation.imputed import Imputed
from tests.unit.inference.imputation.tables import course


@pytest.fixture(scope="module")
def imputed() -> Imputed:
    return impute(course(), seed=1, iterations=3)


def moved(imputed: Imputed, name: str, delta: float) -> tuple[np.ndarray, np.ndarray]:
    """The empty cells before and after; all others, and all other columns, stay."""
    found = shift_component(imputed, name, delta)
    missing = imputed.coded(name).missing
    before, after = imputed.values[name], found.values[name]
    assert (before[:, ~missing] == after[:, ~missing]).all()
    assert all(found.values[other] is imputed.values[other] for other in found.values if other != name)
    return before[:, missing], after[:, missing]


def test_a_number_moves_by_its_unit_and_stays_in_its_range(imputed: Imputed) -> None:
    before, after = moved(imputed, "score@2", 3)
    assert (after == np.minimum(before + 3, 20)).all()
    before, after = moved(imputed, "crp@2", -2.06)
    assert after == pytest.approx(np.maximum(np.round(before - 2.06, 1), 0))


def test_levels_move_by_whole_levels(imputed: Imputed) -> None:
    before, after = moved(imputed, "wellbeing", 1)
    assert (after == np.minimum(before + 1, 3)).all()
    with pytest.raises(ValueError, match="shifted by whole levels"):
        shift_component(imputed, "wellbeing", 0.5)


def test_yes_and_no_move_by_log_odds(imputed: Imputed) -> None:
    before, after = moved(imputed, "steroid@2", 1)
    assert (before <= after).all()
    assert before.mean() < after.mean() < 1


def test_what_cannot_be_shifted(imputed: Imputed) -> None:
    with pytest.raises(ValueError, match="no direction"):
        shift_component(imputed, "site", 1)
    with pytest.raises(ValueError, match="was not filled"):
        shift_component(imputed, "height", 1)
