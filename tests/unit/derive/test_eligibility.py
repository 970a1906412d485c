"""Eligibility in order: each patient falls at the first criterion that surely fails."""

from __future__ import annotations

from pathlib import Path

import pytest

from remit.derive.derive import derive_cohort
from tests.unit.derive.small import STUDY, day, records_of, study_of

CRITERIA = """
eligibility:
  no consent:
    include: consent
  low score:
    include: score@baseline >= 10
populations:
  high: {of: eligible, where: score@baseline > 50}
"""


@pytest.mark.parametrize(
    ("consent", "score", "reason", "high"),
    [
        (True, 10, None, False),
        (True, 51, None, True),
        (False, 5, "no_consent", False),  # the first that fails
        (True, 5, "low_score", False),
        (None, 5, "low_score", False),  # a later failure decides, whatever the unknown
        (None, 20, "undecidable", False),
        (True, None, "undecidable", None),
        (False, None, "no_consent", False),
    ],
)
def test_the_first_that_fails(
    tmp_path: Path, consent: bool | None, score: int | None, reason: str | None, high: bool | None
) -> None:
    study = study_of(tmp_path, CRITERIA)
    records = records_of(
        study,
        patients=[{"patient": "P1", "consent": consent, "last_contact": day(300)}],
        visits=[{"patient": "P1", "visit_date": day(0), "score": score}],
        treatment=[{"patient": "P1", "drug": "x", "start_date": day(0)}],
    )
    patients = derive_cohort(study, records).patients
    assert patients["excluded_by"][0] == reason
    assert patients["eligible"][0] == (reason is None)
    assert patients["in__high"][0] in (high, False)


def test_without_criteria_all_are_eligible(tmp_path: Path) -> None:
    study = study_of(tmp_path, text=STUDY)
    records = records_of(study, patients=[{"patient": "P1"}, {"patient": "P2"}])
    assert derive_cohort(study, records).patients["eligible"].to_list() == [True, True]


def test_no_patients_at_all(tmp_path: Path) -> None:
    study = study_of(tmp_path, CRITERIA)
    assert derive_cohort(study, records_of(study)).patients.height == 0
