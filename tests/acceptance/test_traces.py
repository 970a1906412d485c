"""Behind each result stand patients: how many of them were counted is what the result says."""

from __future__ import annotations

from pathlib import Path

import pytest

from remit.derive.derive import derive_cohort
from remit.estimate.estimate import estimate_results
from remit.run import read_records
from remit.schema.cohort import Cohort
from remit.schema.results import Results
from remit.study.build import read_study
from remit.study.study import Study
from remit.trace.sets import sets_of

EXAMPLES = Path(__file__).parents[2] / "examples"
SECOND = Path(__file__).parent / "second_study"
STUDIES = {
    folder.name: folder
    for folder in (*sorted(folder for folder in EXAMPLES.iterdir() if (folder / "study.yaml").exists()), SECOND)
}


Made = tuple[Study, Cohort, Results]


@pytest.fixture(scope="module", params=STUDIES)
def made(request: pytest.FixtureRequest) -> Made:
    study = read_study(STUDIES[request.param])
    cohort = derive_cohort(study, read_records(study))
    return study, cohort, estimate_results(study, cohort)


def test_sets_give_the_counts_of_each_result(made: Made) -> None:
    _, cohort, results = made
    sets = sets_of(*made)
    assert sets.traced == (*range(cohort.patients.height),)
    for row in results.table.filter(analysis="flow").iter_rows(named=True):
        behind = sets.behind[sets.of[row["result"]]]
        parts = {
            "numerator": behind.numerator,
            "denominator": behind.denominator,
            "missing": behind.missing,
            "population_n": behind.population,
        }
        for name, number in parts.items():
            assert row[name] == (None if number is None else len(sets.sets[number].positions))
