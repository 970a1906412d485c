"""A definition that stands in others is computed once, before them."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from remit.derive.define import queries
from remit.derive.derive import derive_cohort
from remit.derive.steps import steps_of
from tests.unit.derive.small import day, records_of, study_of

DEFINITIONS = """
derived:
  halved: {is: 'score / 2', label: half the score}
  doubled: score * 2
  tripled: doubled + score
  high: tripled >= 30
analyses:
  table:
    kind: summary
    title: A table
    rows: [{is: high@baseline}, {is: tripled@baseline}, {is: not high@baseline, label: not high}]
"""


def test_each_definition_is_one_column_after_those_that_it_reads(tmp_path: Path) -> None:
    rounds, _ = steps_of(dict(queries(study_of(tmp_path, DEFINITIONS))))
    assert [len(steps) for steps in rounds] == [1, 1, 1]  # doubled, tripled, high


def test_the_columns_of_steps_do_not_stay(tmp_path: Path) -> None:
    study = study_of(tmp_path, DEFINITIONS)
    records = records_of(
        study,
        patients=[{"patient": name} for name in ("A", "B")],
        visits=[{"patient": "A", "visit_date": day(0), "score": 10}, {"patient": "B", "visit_date": day(0)}],
        treatment=[{"patient": name, "drug": "x", "start_date": day(0)} for name in ("A", "B")],
    )
    patients = derive_cohort(study, records).patients
    assert not [name for name in patients.columns if name.startswith("step__")]
    found = patients.select(pl.col("^table__.*$"))
    assert found.rows() == [(True, 30, False), (None, None, None)]
