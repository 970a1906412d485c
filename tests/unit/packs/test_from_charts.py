"""From charts to endpoints by the pack alone: three patients, each number worked out by hand.

      CDAI                                                    creatinine (limit 90)
P1    267 → 14 + 35 = 49                                      55 → 85: 1.55 times baseline, grade 2
P2    181 → 14 + 20 + 6 x (42 - 45) - 25 = -9                 80 → 85: grade 0
P3    sex not written: unknown, though all else is known      80 → not measured: unknown, not grade 0
"""

from __future__ import annotations

import polars as pl
import pytest
from typer.testing import CliRunner

from remit.cli import app

STUDY = """\
remit: 1
study: {id: crohn, title: A cohort, data_cutoff: 2024-06-30}
packs: {ibd: "1.0"}
index: start_date
visits:
  baseline: {day: 0, window: [-30, 0], pick: last}
  week12: {day: 84, window: [63, 105]}
forms:
  patients:
    rows: once
    fields: {start_date: date, sex: {levels: {female: F, male: M}}, height: {unit: cm, range: [100, 230]}}
  visits:
    rows: visit
    date: visit_date
    fields:
      visit_date: date
      cdai: {instrument: CDAI}
      creatinine: {lab: creatinine}
      creatinine_uln: {lab: creatinine}
derived:
  creatinine_grade:
    definition: CTCAE 5 creatinine increased
    with: {uln: creatinine_uln, baseline: creatinine@baseline}
eligibility:
  too small: {include: height >= 100 cm}
endpoints:
  remission: {at: [week12], definition: CDAI remission}
  response: {at: [week12], definition: CDAI response CR-100}
  grade_2: {at: [week12], is: creatinine_grade >= 2}
analyses:
  course: {kind: course, rows: [cdai, creatinine_grade]}
  effectiveness: {kind: endpoints}
"""
PATIENTS = """\
patient,start_date,sex,height cm
P1,2023-01-10,M,200
P2,2023-02-10,F,150
P3,2023-03-10,,150
"""
CDAI = ["stools", "pain", "wellbeing", "complications", "antidiarrhoeal", "mass", "haematocrit %", "weight kg"]
VISITS = f"""\
patient,visit_date,{",".join(f"cdai_{item}" for item in CDAI)},creatinine umol/L,creatinine_uln umol/L
P1,2023-01-09,28,14,7,1,1,0,40.0,88.4,55,90
P1,2023-04-04,7,7,0,0,0,0,47.0,88.4,85,90
P2,2023-02-09,14,7,7,0,0,2,38.0,35.1,80,90
P2,2023-05-05,7,0,0,0,0,2,45.0,58.5,85,90
P3,2023-03-09,14,7,7,0,0,2,38.0,35.1,80,90
P3,2023-06-02,7,0,0,0,0,0,45.0,58.5,,90
"""


@pytest.fixture(scope="module")
def patients(tmp_path_factory: pytest.TempPathFactory) -> pl.DataFrame:
    folder = tmp_path_factory.mktemp("cohort")
    charts = folder / "charts" / "S01"
    charts.mkdir(parents=True)
    (folder / "study.yaml").write_text(STUDY, "utf-8")
    (charts / "patients.csv").write_text(PATIENTS, "utf-8")
    (charts / "visits.csv").write_text(VISITS, "utf-8")
    done = CliRunner().invoke(app, ["run", str(folder), "--out", str(folder / "out"), "--strict"])
    assert (done.exit_code, done.exception) == (0, None), done.output
    return pl.read_parquet(folder / "out" / "patients.parquet").sort("patient")


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        ("course__cdai__baseline", [267, 181, None]),
        ("course__cdai__week12", [49, -9, None]),
        ("remission__week12", [True, True, None]),
        ("response__week12", [True, True, None]),
        ("course__creatinine_grade__baseline", [0, 0, 0]),
        ("course__creatinine_grade__week12", [2, 0, None]),
        ("grade_2__week12", [True, False, None]),
    ],
)
def test_by_hand(patients: pl.DataFrame, column: str, expected: list[object]) -> None:
    assert patients[column].to_list() == expected
