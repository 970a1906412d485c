"""A proportion in centres that differ, as glmer and plain integration have it."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from remit.inference.centres.counts import Count
from remit.inference.centres.proportions import Proportions, proportions
from remit.inference.estimate import Estimate
from tests.unit.inference.reference import page, reference

CASES = reference("centres")["proportions"]


def centres(events: list[int], patients: list[int]) -> list[Count]:
    return [Count(f"centre {at}", n, of) for at, (n, of) in enumerate(zip(events, patients, strict=True), start=1)]


def expit(linear: float) -> float:
    return 1 / (1 + math.exp(-linear))


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["name"]))
def test_as_in_r(case: dict[str, Any]) -> None:
    found = proportions(centres(case["events"], case["patients"]))
    assert found.spread.value == pytest.approx(case["sd"], abs=1e-6)
    lower, upper = (0.0 if end == "NA" else end for end in case["sd_ends"])
    assert (found.spread.lower, found.spread.upper) == pytest.approx((lower, upper), abs=1e-6)
    assert found.typical.value == pytest.approx(expit(case["intercept"]), abs=1e-6)
    assert [found.typical.lower, found.typical.upper] == pytest.approx(case["typical_ends"], abs=1e-6)
    assert found.average.value == pytest.approx(case["average"], abs=1e-6)
    assert [found.average.lower, found.average.upper] == pytest.approx(case["average_ends"], abs=1e-6)
    for centre, mode, sd in zip(found.centres, case["conditional"], case["conditional_sd"], strict=True):
        ends = [expit(case["intercept"] + mode + side * 1.959963984540054 * sd) for side in (0, -1, 1)]
        shrunken = centre.shrunken
        assert [shrunken.value, shrunken.lower, shrunken.upper] == pytest.approx(ends, abs=1e-5)
    assert found.median_odds_ratio.value == pytest.approx(math.exp(0.9538725524 * case["sd"]), rel=1e-6)
    assert found.spread.p == pytest.approx(math.erfc(math.sqrt(case["statistic"] / 2)) / 2, rel=1e-5)


def test_the_examples_in_the_documentation() -> None:
    """Eight centres; herds of zebu cattle in Ethiopia, counted in lme4's data set cbpp."""
    text = page("centres")
    eight, herds = (proportions(centres(case["events"], case["patients"])) for case in CASES[:2])
    assert f"average {percent(eight.average)}, typical centre {percent(eight.typical)}" in text
    spread, ratio = eight.spread, eight.median_odds_ratio
    assert f"spread {spread.value:.3f} (0 to {spread.upper:.2f}), p = {spread.p:.4f}" in text
    assert f"median odds ratio {ratio.value:.2f} (1 to {ratio.upper:.2f})" in text
    none = eight.centres[6]
    assert none.shrunken.value is not None
    assert f"with {none.count.events} of {none.count.patients} is put at {100 * none.shrunken.value:.0f} %" in text
    assert f"spread {herds.spread.value:.3f} ({herds.spread.lower:.3f} to {herds.spread.upper:.2f})" in text
    assert f"median odds ratio {herds.median_odds_ratio.value:.2f}. R's" in text


def percent(estimate: Estimate) -> str:
    value, lower, upper = (100 * (part or 0.0) for part in (estimate.value, estimate.lower, estimate.upper))
    return f"{value:.1f} % ({lower:.1f} to {upper:.1f})"


def ends(estimate: Estimate) -> tuple[float | None, float | None, float | None]:
    return estimate.lower, estimate.value, estimate.upper


def test_centres_that_differ_by_chance_have_no_spread_and_the_pooled_proportion() -> None:
    found = proportions(centres([4, 4, 4], [10, 10, 10]))
    assert (found.spread.value, found.spread.lower, found.spread.p) == (0.0, 0.0, 1.0)
    assert found.spread.note == "Centres differ no more than chance has them differ."
    assert found.average.value == pytest.approx(0.4, abs=1e-12)
    assert [centre.shrunken.value for centre in found.centres] == pytest.approx([0.4] * 3)
    assert found.centres[0].shrunken.lower is None
    assert found.median_odds_ratio.value == 1.0


def test_centres_of_very_many_patients() -> None:
    found = proportions(centres([300_000, 310_000, 305_000], [900_000] * 3))
    assert found.spread.value == pytest.approx(0.0204, abs=0.0005)  # of the three log odds, with divisor 3
    assert found.average.value == pytest.approx(0.3389, abs=1e-4)


@pytest.mark.parametrize(
    ("events", "patients", "note"),
    [
        ([4], [10], "There is one centre, so nothing can be said of differences between centres."),
        ([1, 0, 1, 0, 0], [1] * 5, "Each centre has one patient, so centres can not be told from patients."),
    ],
)
def test_where_centres_can_not_be_told_from_patients_there_is_the_proportion(
    events: list[int], patients: list[int], note: str
) -> None:
    found = proportions(centres(events, patients))
    n, of = sum(events), sum(patients)
    assert (found.spread.value, found.spread.note) == (None, note)
    assert found.median_odds_ratio.value is None
    lower, value, upper = ends(found.average)
    assert value == pytest.approx(n / of)
    for end in (lower, upper):
        assert end is not None
        loss = n * math.log(n / of / end) + (of - n) * math.log((1 - n / of) / (1 - end))
        assert 2 * loss == pytest.approx(3.841458820694124, rel=1e-6)


@pytest.mark.parametrize(
    ("events", "patients", "value", "note"),
    [
        (
            [0, 0],
            [9, 4],
            0.0,
            "None of the 13 patients had the outcome, so centres can not be told apart.",
        ),
        ([9, 4], [9, 4], 1.0, "All of the 13 patients had the outcome, so centres can not be told apart."),
        ([0], [0], None, "No centre has a patient."),
        ([], [], None, "No centre has a patient."),
    ],
)
def test_one_outcome_in_all_has_no_interval(
    events: list[int], patients: list[int], value: float | None, note: str
) -> None:
    found = proportions(centres(events, patients))
    assert (found.average.value, found.average.lower, found.average.note) == (value, None, note)
    assert found.spread.value is None


def test_centres_of_all_or_nobody_have_a_spread_beyond_what_can_be_estimated() -> None:
    found = proportions(centres([8, 0, 9, 0], [8, 7, 9, 6]))
    assert found.spread.value is None
    assert found.spread.note == "Centres have all or none of their patients with the outcome."
    assert found.average.value == pytest.approx(0.5, abs=0.01)
    assert found.average.lower is not None
    assert found.average.lower < 0.2


def test_two_centres_of_which_one_has_all_and_one_nobody() -> None:
    found = proportions(centres([0, 3], [3, 3]))  # the average is 50 %, but for rounding
    assert found.average.value == pytest.approx(0.5)
    assert found.average.lower == pytest.approx(1 - (found.average.upper or 0), abs=1e-6)


@settings(max_examples=8, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), min_size=1, max_size=6))
def test_nothing_is_ever_nan_and_the_other_outcome_is_the_complement(pairs: list[tuple[int, int]]) -> None:
    events, patients = [min(pair) for pair in pairs], [max(pair) for pair in pairs]
    found = proportions(centres(events, patients))
    other = proportions(centres([of - n for n, of in zip(events, patients, strict=True)], patients))
    for estimate in _all(found):
        for value in (*ends(estimate), estimate.p):
            assert value is None or not math.isnan(value)
        assert estimate.value is not None or estimate.note is not None
        if estimate.lower is not None:
            assert estimate.value is not None
            assert estimate.upper is not None
            assert estimate.lower <= estimate.value + 1e-9
            assert estimate.value <= estimate.upper + 1e-9
    if found.average.lower is not None:
        assert found.average.value == pytest.approx(1 - (other.average.value or 0.0), abs=1e-5)
        assert found.average.lower == pytest.approx(1 - (other.average.upper or 0.0), abs=1e-5)
        assert found.spread.value == pytest.approx(other.spread.value, abs=1e-4)


def _all(found: Proportions) -> list[Estimate]:
    each = [centre.shrunken for centre in found.centres]
    return [found.average, found.typical, found.spread, found.median_odds_ratio, *each]


def test_the_published_free_throws() -> None:
    """A. Agresti, An Introduction to Categorical Data Analysis, 2007, section 10.2.1: the free throws of 15 players, a
    random intercept each; the estimates that it prints, 0.908 and 0.422, and 0.71 for the median player."""
    made = [10, 9, 10, 9, 4, 9, 6, 4, 6, 9, 4, 8, 7, 5, 1]
    tried = [13, 10, 15, 14, 6, 10, 10, 4, 11, 10, 8, 9, 9, 8, 6]
    found = proportions([Count(f"player {n}", *each) for n, each in enumerate(zip(made, tried, strict=True))])
    typical = found.typical.value or 0.0
    assert round(math.log(typical / (1 - typical)), 3) == 0.908
    assert round(typical, 2) == 0.71
    assert round(found.spread.value or 0.0, 3) == 0.422
    assert page("centres").count("log odds 0.908 and spread 0.422") == 1
