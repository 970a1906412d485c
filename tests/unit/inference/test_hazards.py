"""Hazard ratios of the patients of whom every covariate is known: never NaN, and never without a reason."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from remit.inference import hazards as module
from remit.inference.design import Levels, Number
from remit.inference.hazards import hazards

PATIENT = st.tuples(
    st.integers(0, 9), st.booleans(), st.sampled_from(["x", "y", None]), st.sampled_from([None, 0.0, 1.0, 2.5])
)


@settings(deadline=None, max_examples=60)
@given(st.lists(PATIENT, max_size=12))
def test_what_is_not_given_has_a_reason(patients: list[tuple[int, bool, str | None, float | None]]) -> None:
    times, events, levels, numbers = ([each[at] for each in patients] for at in range(4))
    found = hazards(times, events, [Levels("level", levels, ["x", "y"]), Number("number", numbers)])  # type: ignore[arg-type]
    assert found.patients + found.left_out == len(patients)
    assert bool(found.ratios) != bool(found.note)
    for _, ratio in found.ratios:
        values = (ratio.value, ratio.lower, ratio.upper, ratio.p)
        assert not any(value is not None and math.isnan(value) for value in values)
        assert ratio.value is not None or ratio.note


def test_a_fit_without_convergence_is_a_note(monkeypatch: pytest.MonkeyPatch) -> None:
    def lost(*_: object) -> None:
        raise ArithmeticError

    monkeypatch.setattr(module, "cox", lost)
    found = hazards([1, 2, 3], [True, True, False], [Number("age", [1.0, 2.0, 3.0])])
    assert (found.note, found.ratios, found.events_per_parameter) == ("the model did not converge", (), None)
