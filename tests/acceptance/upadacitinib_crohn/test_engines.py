"""The engines agree: keys, counts and notes identical, floats to 1e-12."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from remit.derive.derive import derive_cohort
from remit.estimate.estimate import estimate_results
from remit.run import read_records
from remit.schema.cohort import Cohort
from remit.schema.records import Records
from remit.study.build import read_study
from remit.study.study import Study

EXAMPLE = Path(__file__).parents[3] / "examples" / "upadacitinib-crohn"


@cache
def study_and_records() -> tuple[Study, Records]:
    study = read_study(EXAMPLE)
    return study, read_records(study)


@cache
def on(engine: str) -> tuple[Cohort, pl.DataFrame]:
    study, records = study_and_records()
    cohort = derive_cohort(study, records, engine)
    return cohort, estimate_results(study, cohort).table


@pytest.mark.parametrize("engine", ["duckdb", pytest.param("spark", marks=pytest.mark.spark)])
def test_the_same_results_and_cohort(engine: str, request: pytest.FixtureRequest) -> None:
    if engine == "spark":
        request.getfixturevalue("spark")
    cohort, results = on(engine)
    reference, expected = on("polars")
    assert_frame_equal(results, expected, check_exact=False, rel_tol=1e-12, abs_tol=0)
    for name in ("patients", "visits", "events", "periods", "ledger"):
        assert_frame_equal(getattr(cohort, name), getattr(reference, name), check_exact=True)
