"""What derivation asks somebody to look at."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from remit.derive.derive import derive_cohort
from tests.unit.derive.small import day, records_of, study_of

ENDED = {"start_date": day(0), "stop_date": day(50), "reason": "schedule"}


@pytest.mark.parametrize(
    ("treatment", "visits", "codes"),
    [
        ([{"drug": "x", "start_date": day(0)}], [0, 28], []),
        ([{"drug": "x", **ENDED}], [], ["not-resumed"]),  # on the drug by the definition, without a dose
        ([{"drug": "x", **ENDED}, {"drug": "x", "start_date": day(60)}], [], []),
        ([{"drug": "x", **ENDED, "reason": "adverse event"}], [], []),
        ([{"drug": "y", "start_date": day(0)}], [], ["no-index-date"]),
        ([], [], ["no-index-date"]),
        ([{"drug": "x", "start_date": day(0)}], [28, 28], ["same-day-visit"]),
        ([{"drug": "x", "start_date": day(0)}], [20, 28], ["second-visit"]),
    ],
)
def test_what_is_found(tmp_path: Path, treatment: list[dict[str, Any]], visits: list[int], codes: list[str]) -> None:
    study = study_of(tmp_path)
    records = records_of(
        study,
        patients=[{"patient": "P1", "last_contact": day(200)}],
        treatment=[{"patient": "P1", **row} for row in treatment],
        visits=[{"patient": "P1", "visit_date": day(on), "score": 1} for on in visits],
    )
    ledger = derive_cohort(study, records).ledger
    assert ledger["code"].to_list() == codes
    assert ledger["patient"].to_list() == ["P1"] * len(codes)
    assert ledger["reason"].null_count() == 0
