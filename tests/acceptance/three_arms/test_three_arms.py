"""A study with arms from end to end: the engines agree, and the report says the arms."""

from __future__ import annotations

from pathlib import Path

import pytest
from polars.testing import assert_frame_equal

from remit.derive.derive import derive_cohort
from remit.estimate.estimate import estimate_results
from remit.report.report import write_report
from tests.unit.arms import HIGH, LOW, PLACEBO, Patient, made, records, study

PATIENTS = [
    Patient(arm, (30, score, score - shift), treated=treated, rescue=score > 25, terms=("itching",) * (score % 3))
    for shift, (arm, treated) in enumerate([(PLACEBO, PLACEBO), (LOW, LOW), (HIGH, LOW), (None, HIGH)])
    for score in range(20, 30)
]


@pytest.mark.parametrize("engine", ["duckdb", pytest.param("spark", marks=pytest.mark.spark)])
def test_engines_agree(engine: str, request: pytest.FixtureRequest) -> None:
    if engine == "spark":
        request.getfixturevalue("spark")
    cohort, reference = (derive_cohort(study(), records(PATIENTS), name) for name in (engine, "polars"))
    assert_frame_equal(cohort.patients, reference.patients)
    results, expected = (estimate_results(study(), each).table for each in (cohort, reference))
    assert_frame_equal(results, expected, check_exact=False, rel_tol=1e-12, abs_tol=0)


def test_the_report_is_one_page_that_says_the_arms(tmp_path: Path) -> None:
    of = made(PATIENTS)
    path = write_report(of.study, of.results, of.intake, tmp_path)
    page = path.read_text("utf-8")
    for said in (
        "Difference from placebo",
        "Arms as treated.",
        'data-result="effect.eligible.arm.low-dose.week8.response.main.n"',
    ):
        assert said in page
