"""Visit windows: which row is picked, and what is said of those that are not."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from remit.derive.derive import derive_cohort
from remit.schema.cohort import Cohort
from tests.unit.derive.small import day, records_of, study_of


def cohort_of(folder: Path, days: list[int | None]) -> Cohort:
    """One patient, first dose on day 100 of the calendar, visits on these study days, each with its number as score."""
    study = study_of(folder)
    visits = [
        {"patient": "P1", "visit_date": None if each is None else day(100 + each), "score": number}
        for number, each in enumerate(days)
    ]
    treatment = [{"patient": "P1", "drug": "x", "start_date": day(100)}]
    patients = [{"patient": "P1", "last_contact": day(400)}]
    return derive_cohort(study, records_of(study, patients=patients, visits=visits, treatment=treatment))


@pytest.mark.parametrize(
    ("days", "baseline", "week4"),
    [
        ([0, 28], 0, 1),
        ([-30, 42], 0, 1),  # both ends belong to a window
        ([-31, 43], None, None),
        ([-20, -5, 0], 2, None),  # baseline: the last
        ([27, 29], None, 1),  # of two equally near, the later
        ([26, 29], None, 1),  # the nearer
        ([29, 29], None, 0),  # of two on one day, the first row
        ([None], None, None),
        ([], None, None),
    ],
)
def test_the_visit_that_is_picked(
    tmp_path: Path, days: list[int | None], baseline: int | None, week4: int | None
) -> None:
    patients = cohort_of(tmp_path, days).patients
    assert patients["visits__score__baseline"][0] == baseline
    assert patients["visits__score__week4"][0] == week4


def test_visits_that_are_not_used_are_named(tmp_path: Path) -> None:
    ledger = cohort_of(tmp_path, [0, 20, 27, 60, None]).ledger
    found = ledger.select("code", "patient", "sheet", "row", "centre").rows()
    assert sorted(found) == [
        ("outside-windows", "P1", "visits", 5, "S01"),
        ("second-visit", "P1", "visits", 3, "S01"),
        ("undated-visit", "P1", "visits", 6, "S01"),
    ]
    assert ledger["reason"].null_count() == 0


@settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(st.integers(-40, 60), max_size=6))
def test_picked_as_by_hand(tmp_path: Path, days: list[int]) -> None:
    patients = cohort_of(tmp_path, list(days)).patients
    near = sorted((abs(each - 28), -each, number) for number, each in enumerate(days) if 14 <= each <= 42)
    late = sorted((-each, number) for number, each in enumerate(days) if -30 <= each <= 0)
    assert patients["visits__score__week4"][0] == (near[0][2] if near else None)
    assert patients["visits__score__baseline"][0] == (late[0][1] if late else None)
