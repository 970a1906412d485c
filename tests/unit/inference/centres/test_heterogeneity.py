"""Whether a proportion differs between centres; what holds without one of them."""

from __future__ import annotations

import math
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from remit.inference.centres.counts import Count, told
from remit.inference.centres.heterogeneity import EXACT, LIKELIHOOD_RATIO, exact_p, heterogeneity
from remit.inference.centres.left_out import LeftOut, leave_one_out
from tests.unit.inference.reference import page, reference

REFERENCE = reference("centres")


def counts(events: list[int], patients: list[int]) -> list[Count]:
    return [Count(f"centre {at}", n, of) for at, (n, of) in enumerate(zip(events, patients, strict=True), start=1)]


@pytest.mark.parametrize("case", [*REFERENCE["fisher"], *REFERENCE["proportions"]])
def test_as_in_r(case: dict[str, Any]) -> None:
    p, found = case.get("p", case.get("fisher")), heterogeneity(counts(case["events"], case["patients"]))
    if p:
        assert found.method == EXACT
        assert found.p == pytest.approx(p, rel=1e-8)
    else:
        assert found.method == LIKELIHOOD_RATIO
        assert found.p == pytest.approx(1.26046371629e-08, rel=1e-8)
    if "g2" in case:
        assert found.statistic == pytest.approx(case["g2"], rel=1e-9)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=2, max_size=4))
def test_all_tables_counted_one_by_one(found: list[tuple[int, int]]) -> None:
    centres = counts([min(pair) for pair in found], [max(pair) for pair in found])
    events, patients = sum(c.events for c in centres), sum(c.patients for c in centres)
    p = heterogeneity(centres).p
    if sum(c.patients > 0 for c in centres) < 2 or events in (0, patients):
        assert p is None
        return
    weights = [
        math.prod(math.comb(c.patients, here) for c, here in zip(centres, table, strict=True))
        for table in product(*(range(c.patients + 1) for c in centres))
        if sum(table) == events
    ]
    as_found = math.prod(math.comb(c.patients, c.events) for c in centres)
    assert p == pytest.approx(sum(w for w in weights if w <= as_found) / sum(weights), rel=1e-12)


def test_too_many_tables_to_count_have_none() -> None:
    assert exact_p(counts([5, 2, 7, 1], [8, 9, 11, 13]), most=3) is None
    assert heterogeneity(counts([3000, 7000], [9000, 8000])).method == LIKELIHOOD_RATIO


@pytest.mark.parametrize(
    ("events", "patients", "note"),
    [
        ([3], [9], "Fewer than two centres have patients, so there is nothing to compare."),
        ([3, 0], [9, 0], "Fewer than two centres have patients, so there is nothing to compare."),
        ([0, 0], [9, 4], "None of the 13 patients had the outcome: centres are alike."),
        ([9, 4], [9, 4], "All of the 13 patients had the outcome: centres are alike."),
    ],
)
def test_nothing_to_compare(events: list[int], patients: list[int], note: str) -> None:
    found = heterogeneity(counts(events, patients))
    assert (found.p, found.note) == (None, note)


def test_more_events_than_patients_are_refused() -> None:
    with pytest.raises(ValueError, match="Seoul: 5 of 4 is no proportion"):
        Count("Seoul", 5, 4)


def test_empty_and_small_centres_are_told() -> None:
    assert [guard.told for guard in told(counts([0, 1, 3], [0, 4, 12]))] == [
        "Nobody evaluable in centre 1; left out of the comparison.",
        "Fewer than 5 patients in centre 2.",
    ]


def test_an_estimate_is_made_anew_without_each_centre() -> None:
    responded = np.array([True, True, False, True, False])

    def share(remain: NDArray[np.intp]) -> float:
        return float(responded[remain].mean())

    assert leave_one_out(["B", "B", "A", "B", "A"], share) == (LeftOut("B", 2, 0.0), LeftOut("A", 3, 1.0))
    assert leave_one_out(["A", "A", "A", "A", "A"], share) == (LeftOut("A", 0, None),)


def test_the_example_in_the_documentation() -> None:
    case = REFERENCE["proportions"][0]
    found = heterogeneity(counts(case["events"], case["patients"]))
    listed = ", ".join(f"{n} of {of}" for n, of in zip(case["events"], case["patients"], strict=True))
    told = f"p = {found.p:.4f}; likelihood ratio {found.statistic:.1f} with {found.freedom} degrees of freedom"
    assert f"Responders in eight centres: {listed}." in page("centres")
    assert told in page("centres")
