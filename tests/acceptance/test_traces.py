"""Behind each result of the examples stand patients, and how many of them were counted is what the result says."""

from __future__ import annotations

from pathlib import Path

import pytest

from remit.derive.derive import derive_cohort
from remit.estimate.estimate import estimate_results
from remit.run import read_records
from remit.study.build import read_study
from tests.unit.trace.checked import checked

EXAMPLES = Path(__file__).parents[2] / "examples"
SECOND = Path(__file__).parent / "second_study"
STUDIES = [*sorted(path.parent for path in EXAMPLES.glob("*/study.yaml")), SECOND]


@pytest.mark.parametrize("folder", STUDIES, ids=lambda folder: folder.name)
def test_the_patients_give_the_numbers(folder: Path) -> None:
    study = read_study(folder)
    cohort = derive_cohort(study, read_records(study))
    sets = checked(study, cohort, estimate_results(study, cohort))
    assert sets.traced == (*range(cohort.patients.height),)
