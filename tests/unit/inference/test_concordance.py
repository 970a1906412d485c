"""The c-statistic, as pROC has it and as counted pair by pair."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from remit.inference.concordance import APPARENT, c_statistic
from remit.inference.design import INTERCEPT, Column, Design
from remit.inference.logistic import fit
from tests.unit.inference.reference import page, reference


@pytest.mark.parametrize("case", reference("logistic")["cases"], ids=lambda case: str(case["name"]))
def test_as_in_r(case: dict[str, Any]) -> None:
    made = Design(np.array(case["x"], dtype=float), (INTERCEPT, *(Column(term) for term in case["terms"][1:])))
    fitted = fit(made, np.array(case["y"]) == 1, penalised=case["firth"])
    found = c_statistic(np.round(fitted.probabilities, 12), fitted.outcome)
    assert [found.lower, found.value, found.upper] == pytest.approx(case["c_statistic"], rel=1e-8)
    assert found.note == APPARENT


def test_haemorrhage_as_published() -> None:
    """pROC's data set aSAH: X. Robin and others, BMC Bioinformatics 2011;12:77."""
    case = reference("logistic")["haemorrhage"]
    found = c_statistic(np.array(case["s100b"]), np.array(case["poor"]))
    assert [found.lower, found.value, found.upper] == pytest.approx(case["c_statistic"], rel=1e-8)
    assert f"{found.value:.4f}, DeLong's interval {found.lower:.4f} to {found.upper:.4f}." in page("predictors")


@given(st.lists(st.tuples(st.integers(0, 5), st.booleans()), min_size=1, max_size=20))
def test_pair_by_pair(patients: list[tuple[int, bool]]) -> None:
    probabilities = np.array([tenths / 10 for tenths, _ in patients])
    outcome = np.array([had for _, had in patients])
    found = c_statistic(probabilities, outcome)
    pairs = [(a > b) + (a == b) / 2 for a in probabilities[outcome] for b in probabilities[~outcome]]
    if not pairs:
        assert found.value is None
        assert found.note == "All patients or none had the outcome, so there are no pairs."
        return
    assert found.value == pytest.approx(np.mean(pairs))
    assert c_statistic(probabilities, ~outcome).value == pytest.approx(1 - np.mean(pairs))
    if found.lower is not None:
        assert found.upper is not None
        assert 0 <= found.lower <= found.value <= found.upper <= 1


def test_without_interval_there_is_a_note() -> None:
    assert c_statistic(np.array([0.1, 0.2, 0.8, 0.9]), np.array([False, False, True, True])).note == (
        "All pairs agree, so there is no interval."
    )
    assert c_statistic(np.array([0.1, 0.9]), np.array([False, True])).note == (
        "One patient only has the rarer outcome, so there is no interval."
    )
    with pytest.raises(ValueError, match="1 probabilities for 2 outcomes"):
        c_statistic(np.array([0.1]), np.array([True, False]))
