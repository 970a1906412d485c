"""The example with a pack of its own runs, and its scores are what a pencil gives."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import polars as pl

from remit.derive.derive import derive_cohort
from remit.run import read_records
from remit.schema.cohort import variable_column
from remit.study.build import read_study

EXAMPLE = Path(__file__).parents[2] / "examples" / "rheumatoid-arthritis"


def test_it_runs_and_its_scores_are_right() -> None:
    study = read_study(EXAMPLE)
    cohort = derive_cohort(study, read_records(study))
    assert cohort.patients["eligible"].sum() == 12
    visits = pl.concat([pl.read_csv(path, infer_schema=False) for path in sorted(EXAMPLE.glob("charts/*/visits.csv"))])
    first = visits.group_by("patient", maintain_order=True).first()
    by_hand = {
        row["patient"]: sum(Fraction(row[item]) for item in ("cdai_tjc", "cdai_sjc", "cdai_patient", "cdai_evaluator"))
        for row in first.iter_rows(named=True)
    }
    scores = dict(cohort.patients.select("patient", variable_column("patients_at_baseline", "cdai")).iter_rows())
    assert {patient: Fraction(score, 10) for patient, score in scores.items()} == by_hand


def test_it_says_that_it_is_synthetic() -> None:
    assert "synthetic" in (read_study(EXAMPLE).identity.synthetic or "")
