"""Whoever the patients are, those behind each result give its numbers: of every kind of analysis, by arm, with much
unknown. `estimate` and `trace` count apart from each other.

More seeds: REMIT_SEEDS=100-200.
"""

from __future__ import annotations

import os
import tempfile
from functools import cache
from pathlib import Path

import pytest

from remit.derive.derive import derive_cohort
from remit.estimate.estimate import estimate_results
from remit.schema.records import Records
from remit.simulate.draw import draw_records
from remit.sources.workbooks import read
from remit.study.analyses.kinds import Analysis
from remit.study.build import read_study
from remit.study.study import Study
from remit.trace.sets import Sets
from tests.generative.random_charts import write_charts
from tests.unit.trace.checked import checked

EVERY_KIND = Path(__file__).parent / "every_kind"
CROHN = Path(__file__).parents[2] / "examples" / "upadacitinib-crohn"
START, _, END = os.environ.get("REMIT_SEEDS", "0-2").partition("-")
SEEDS = range(int(START), int(END))

study = cache(read_study)


def traced(asked: Study, records: Records) -> Sets:
    cohort = derive_cohort(asked, records)
    return checked(asked, cohort, estimate_results(asked, cohort))


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("patients", [1, 2, 4, 12, 40])
def test_patients_who_do_not_exist(patients: int, seed: int) -> None:
    asked = study(EVERY_KIND)
    traced(asked, draw_records(asked, patients, seed))


@pytest.mark.parametrize("seed", SEEDS)
def test_random_charts(seed: int) -> None:
    asked = study(CROHN)
    with tempfile.TemporaryDirectory() as folder:
        write_charts(Path(folder), seed)
        traced(asked, read(Path(folder), asked.forms, asked.charts))


def test_every_kind_of_analysis_is_there() -> None:
    assert {type(analysis) for analysis in study(EVERY_KIND).analyses} == {*Analysis.__args__}
