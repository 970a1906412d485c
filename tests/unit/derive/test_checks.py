"""A rule between the items of an instrument: where it surely fails, the ledger asks."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from remit.derive.derive import derive_cohort
from remit.run import read_records
from remit.study.build import read_study

STUDY = """\
remit: 1
study: {id: checks, title: Checks, data_cutoff: 2024-06-30}
packs: {tiny: "1"}
index: start
visits:
  baseline: {day: 0, window: [-30, 30]}
forms:
  patients: {rows: once, fields: {start: date, most: {range: [0, 9]}, knee: {instrument: Knee, with: {most: most}}}}
  visits: {rows: visit, date: seen, fields: {seen: date, hip: {instrument: Knee}}}
analyses:
  baseline: {kind: summary, rows: [knee]}
"""
PACK = """\
Knee:
  title: knee
  needs: {most: {range: [0, 9]}}
  items: {rest: {range: [0, 9]}, walking: {range: [0, 9]}}
  total: [0, null]
  checks:
    rest hurts less: {is: rest <= walking, source: made for the tests, certainty: D}
    no more than the most: {is: walking <= most, source: made for the tests, certainty: D}
  source: made for the tests
  certainty: D
"""


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_a_check_that_fails_is_asked_about(tmp_path: Path, engine: str) -> None:
    """P1 fails one in the visit's row; P2 one in the patient's; of P3 too little is known, so nothing surely fails."""
    pack = tmp_path / "packs" / "tiny"
    pack.mkdir(parents=True)
    (pack / "pack.yaml").write_text('pack: tiny\nversion: "1"\ntitle: tiny\n')
    (pack / "instruments.yaml").write_text(PACK)
    (tmp_path / "study.yaml").write_text(STUDY)
    charts = tmp_path / "charts" / "S1"
    charts.mkdir(parents=True)
    (charts / "patients.csv").write_text(
        "patient,start,most,knee_rest,knee_walking\nP1,2024-01-01,5,1,2\nP2,2024-01-01,5,1,6\nP3,2024-01-01,,4,9\n"
    )
    (charts / "visits.csv").write_text(
        "patient,seen,hip_rest,hip_walking\nP1,2024-01-01,3,2\nP2,2024-01-01,5,5\nP3,2024-01-01,3,\n"
    )
    study = read_study(tmp_path)
    asked = derive_cohort(study, read_records(study), engine).ledger.filter(pl.col("code") == "instrument-check")
    assert asked.select("patient", "sheet", "row", "action", "reason").rows() == [
        ("P2", "patients", 3, "queried", "knee: “no more than the most” does not hold; which of the items is right?"),
        ("P1", "visits", 2, "queried", "hip: “rest hurts less” does not hold; which of the items is right?"),
    ]
