"""What stops the run before a cell is read: the files, sheets, headings and units of the charts."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from remit.errors import WrongInput
from remit.schema.records import COLUMNS_SCHEMA
from remit.study.forms import Form
from tests.unit.sources.making import (
    CHARTS,
    DAY,
    DEFAULT,
    FORMS,
    HBI,
    VISITS,
    centre,
    entries,
    entry,
    field,
    form,
    records,
    values,
    visits,
    workbook,
)

HEADS = ["patient", "visit_date"]


def wrong(folder: Path, forms: Mapping[str, Form] = FORMS) -> WrongInput:
    with pytest.raises(WrongInput) as error:
        records(folder, forms=forms)
    return error.value


def wrong_visits(folder: Path, *headings: object) -> WrongInput:
    return wrong(centre(folder, visits=[[*HEADS, *headings]]))


# --- files ---


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    error = wrong(tmp_path / "charts")
    assert (error.where, error.what) == (str(tmp_path / "charts"), "there is no such folder.")


def test_a_folder_without_charts(tmp_path: Path) -> None:
    (tmp_path / "~$S01.xlsx").write_bytes(b"lock")
    (tmp_path / ".S02.xlsx").write_bytes(b"hidden")
    assert wrong(tmp_path).what == "the folder holds no charts."


def test_lock_files_and_hidden_files_are_passed_over_and_others_named(tmp_path: Path) -> None:
    centre(tmp_path)
    (tmp_path / "~$S01.xlsx").write_bytes(b"lock")
    (tmp_path / ".S02.xlsx").write_bytes(b"hidden")
    (tmp_path / "letter.pdf").write_bytes(b"")
    (tmp_path / "old").mkdir()
    assert entries(records(tmp_path), "file", "action", code="no-charts") == [
        ("letter.pdf", "unused"),
        ("old", "unused"),
    ]


@pytest.mark.parametrize("content", [b"", b"no workbook", b"PK\x05\x06" + b"\0" * 18])
def test_a_workbook_that_cannot_be_read(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "S01.xlsx").write_bytes(content)
    error = wrong(tmp_path)
    assert error.where == "S01.xlsx"
    assert "cannot be read" in error.what


def test_a_sheet_that_cannot_be_read(tmp_path: Path) -> None:
    path = workbook(tmp_path / "whole.xlsx", DEFAULT)
    with zipfile.ZipFile(path) as whole, zipfile.ZipFile(tmp_path / "S01.xlsx", "w") as cut:
        for name in whole.namelist():
            content = whole.read(name)
            cut.writestr(name, content[:-200] if name.endswith("sheet2.xml") else content)
    path.unlink()
    assert "cannot be read" in wrong(tmp_path).what


def test_a_workbook_of_another_format_is_not_left_out(tmp_path: Path) -> None:
    centre(tmp_path)
    (tmp_path / "S02.xls").write_bytes(b"old")
    error = wrong(tmp_path)
    assert (error.where, error.remedy) == ("S02.xls", "Save it as .xlsx.")


def test_the_same_centre_twice(tmp_path: Path) -> None:
    centre(tmp_path)
    centre(tmp_path, "s01")
    assert "S01.xlsx and s01.xlsx are both of the centre" in wrong(tmp_path).what


def test_an_empty_workbook(tmp_path: Path) -> None:
    workbook(tmp_path / "S01.xlsx", {name: [] for name in DEFAULT})
    assert (error := wrong(tmp_path)).where == "S01.xlsx, sheet patients"
    assert error.what == "the sheet is empty."


# --- sheets ---


def test_a_missing_sheet_and_the_one_that_may_be_meant(tmp_path: Path) -> None:
    workbook(tmp_path / "S01.xlsx", {"patients": DEFAULT["patients"], "visit": [HEADS], "treatment": []})
    error = wrong(tmp_path)
    assert error.where == "S01.xlsx"
    assert error.what == "the sheet visits is missing; there are patients, visit, treatment."
    assert "'visit' may be meant" in error.remedy


def test_names_of_sheets_are_compared_without_case_and_spaces(tmp_path: Path) -> None:
    sheets = {"Patients ": DEFAULT["patients"], "VISITS": [HEADS], "treatment": DEFAULT["treatment"]}
    workbook(tmp_path / "S01.xlsx", sheets)
    assert records(tmp_path).rows["sheet"].to_list() == ["Patients "]


def test_a_sheet_of_no_form_is_named(tmp_path: Path) -> None:
    centre(tmp_path, codebook=[["sex", "F"]])
    assert entries(records(tmp_path), "action", "sheet", code="sheet-of-no-form") == [("unused", "codebook")]


def test_two_forms_may_stand_on_one_sheet(tmp_path: Path) -> None:
    scores = replace(form("scores", "visit", HBI), sheet="visits")
    rest = replace(VISITS, fields={name: each for name, each in VISITS.fields.items() if name != "hbi"})
    centre(tmp_path, visits=[[*HEADS, "hbi", "mood"], ["S01-001", DAY, 5, "good"]])
    found = records(tmp_path, forms={**FORMS, "visits": rest, "scores": scores})
    assert values(found, "scores", "hbi") == [5]
    assert entries(found, "column", code="column-of-no-field") == [("D",)]


# --- headings ---


def test_a_missing_column_and_the_heading_that_may_be_meant(tmp_path: Path) -> None:
    error = wrong(centre(tmp_path, patients=[["patient", "birthdate", "sex"]]))
    assert error.where == "S01.xlsx, sheet patients"
    assert error.what == "the column birth_date is missing."
    assert "'birthdate' may be meant for birth_date" in error.remedy


def test_several_missing_columns_in_one_message(tmp_path: Path) -> None:
    error = wrong(centre(tmp_path, patients=[["patient"]]))
    assert error.what == "the columns birth_date, sex are missing."


def test_a_column_that_may_be_absent_is_unknown_and_named(tmp_path: Path) -> None:
    found = records(centre(tmp_path, visits=[HEADS, ["S01-001", DAY]]))
    assert values(found, "visits", "hbi") == [None]
    assert (None, "hbi") in entries(found, "row", "field", action="missing", code="no-column")


def test_a_stop_column_that_is_absent_does_not_mean_that_all_goes_on(tmp_path: Path) -> None:
    treatment = FORMS["treatment"]
    stop = replace(treatment.fields["stop_date"], required=False)
    forms = {**FORMS, "treatment": replace(treatment, fields={**treatment.fields, "stop_date": stop})}
    centre(tmp_path, treatment=[["patient", "drug", "start_date"], ["S01-001", "x", DAY]])
    assert values(records(tmp_path, forms=forms), "treatment", "ongoing") == [False]


def test_a_sheet_without_a_patient_column(tmp_path: Path) -> None:
    error = wrong(centre(tmp_path, visits=[["patients", "visit_date"]]))
    assert error.what == "the column patient is missing."
    assert "'patients' may be meant" in error.remedy


def test_a_heading_twice(tmp_path: Path) -> None:
    assert wrong_visits(tmp_path, "Visit date").what == (
        "the headings 'visit_date' (B) and 'Visit date' (C) are the same."
    )


def test_a_heading_of_no_field_twice(tmp_path: Path) -> None:
    assert "are the same" in wrong_visits(tmp_path, "mood", "Mood").what


@pytest.mark.parametrize(
    "two", [("crp_mg_per_dL", "crp_mg_per_L"), ("hbi", "HBI "), ("calprotectin_ug_g", "calprotectin (ug/g)")]
)
def test_two_columns_for_one_field(tmp_path: Path, two: tuple[str, str]) -> None:
    assert wrong_visits(tmp_path, *two).where == "S01.xlsx, sheet visits"


@pytest.mark.parametrize("heading", ["crp_ng_per_mL", "CRP (mmol/L)", "crp [g/l]", "crp mg"])
def test_a_unit_that_the_field_does_not_list(tmp_path: Path, heading: str) -> None:
    error = wrong_visits(tmp_path, heading)
    assert f"the heading '{heading}' (C) gives crp in" in error.what
    assert "Write it in mg/dL or mg/L" in error.remedy


def test_a_heading_without_the_unit_that_it_needs(tmp_path: Path) -> None:
    error = wrong_visits(tmp_path, "crp")
    assert error.what == "the heading 'crp' (C) tells no unit, and crp may be in mg/dL or mg/L."
    assert error.remedy == "Write the unit into the heading, for example crp_mg_per_dL."


@pytest.mark.parametrize(
    ("heading", "unit", "value"),
    [
        ("crp_mg_per_dL", "mg/dL", 500), ("CRP_MG_PER_DL", "mg/dL", 500), ("crp mg/dl", "mg/dL", 500),
        ("crp_mg_per_L", "mg/L", 50), ("CRP (mg/L)", "mg/L", 50), ("crp [mg/l]", "mg/L", 50), ("crp_mg_l", "mg/L", 50),
        ("Crp,\u00a0mg/L", "mg/L", 50),
    ],
)  # fmt: skip
def test_mg_per_l_is_never_mg_per_dl(tmp_path: Path, heading: str, unit: str, value: int) -> None:
    found = visits(tmp_path, heading, 5)
    assert values(found, "visits", "crp") == [value]
    assert found.columns.filter(field="crp").select("heading", "unit").rows() == [(" ".join(heading.split()), unit)]
    assert entry(found, code="heading")["value"] == f"crp in {unit}"


def test_the_only_unit_need_not_be_written(tmp_path: Path) -> None:
    centre(tmp_path, patients=[["patient", "birth_date", "sex", "weight"], ["1", DAY, "F", 70.5]])
    found = records(tmp_path)
    assert found.columns.filter(field="weight")["unit"].to_list() == ["kg"]
    assert entries(found, "field", code="heading") == []


def test_greek_mu_and_percent_are_units(tmp_path: Path) -> None:
    share = field("share", HBI.type, units={"%": Fraction(1), "per mille": Fraction(1, 10)})
    forms = {**FORMS, "visits": replace(VISITS, fields={**VISITS.fields, "share": share})}
    centre(tmp_path, visits=[[*HEADS, "Calprotectin (µg/g)", "share %"], ["S01-001", DAY, 70, 8]])
    found = records(tmp_path, forms=forms)
    assert values(found, "visits", "calprotectin") == [70]
    assert values(found, "visits", "share") == [8]


def test_label_and_name_are_recognised_and_said(tmp_path: Path) -> None:
    hbi = replace(HBI, label="Harvey-Bradshaw Index", column="hbi_total")
    forms = {**FORMS, "visits": replace(VISITS, fields={**VISITS.fields, "hbi": hbi})}
    for heading in ("hbi", "Harvey Bradshaw index"):
        centre(tmp_path, visits=[[*HEADS, heading], ["S01-001", DAY, 5]])
        found = records(tmp_path, forms=forms)
        assert values(found, "visits", "hbi") == [5]
        assert entry(found, code="heading")["written"] == heading


def test_a_heading_that_two_fields_claim(tmp_path: Path) -> None:
    fields = {name: replace(HBI, name=name, column=name, label="Score") for name in ("one", "two")}
    forms = {**FORMS, "visits": replace(VISITS, fields={**VISITS.fields, **fields})}
    error = wrong(centre(tmp_path, visits=[[*HEADS, "score"]]), forms)
    assert error.what == "the heading 'score' (C) can mean one and two."


def test_headings_told_for_a_centre(tmp_path: Path) -> None:
    told = {"S01": {"visits": {"Paziente": "patient", "PCR (mg/L)": "crp", "Data": "visit_date"}}}
    centre(tmp_path, visits=[["Paziente", "Data", "PCR (mg/L)"], ["S01-001", DAY, 5]])
    found = records(tmp_path, replace(CHARTS, columns=told))
    assert values(found, "visits", "crp") == [50]
    assert values(found, "visits", "visit_date") == [DAY]
    assert entries(found, "field", code="heading") == []


def test_a_told_heading_still_needs_its_unit(tmp_path: Path) -> None:
    told = {"S01": {"visits": {"PCR": "crp"}}}
    centre(tmp_path, visits=[[*HEADS, "PCR"]])
    with pytest.raises(WrongInput, match="tells no unit"):
        records(tmp_path, replace(CHARTS, columns=told))


def test_a_heading_told_to_be_no_field(tmp_path: Path) -> None:
    told = {"S01": {"visits": {"PCR": "crpp"}}}
    with pytest.raises(WrongInput, match="'PCR' is crpp, which is no field of the form visits"):
        records(centre(tmp_path), replace(CHARTS, columns=told))


def test_headings_need_not_stand_in_row_1(tmp_path: Path) -> None:
    rows: Sequence[Sequence[object]] = [["Centre S01"], [], [None, *HEADS, "hbi"], [None, "S01-001", DAY, 60]]
    found = records(centre(tmp_path, visits=rows))
    assert values(found, "visits", "visit_date") == [DAY]
    assert entry(found, code="above-headings")["written"] == "Centre S01"
    assert (entry(found, code="out-of-range")["row"], entry(found, code="out-of-range")["column"]) == (4, "D")


def test_columns_of_no_field_are_named_and_empty_ones_passed_over(tmp_path: Path) -> None:
    centre(tmp_path, visits=[[*HEADS, "mood", None, None], ["S01-001", DAY, None, None, "a remark"]])
    found = records(tmp_path)
    assert entries(found, "column", "code", "written", action="unused") == [
        ("C", "column-of-no-field", "mood"),
        ("E", "column-without-heading", ""),
    ]


def test_columns_tell_where_each_field_stands(tmp_path: Path) -> None:
    found = records(centre(tmp_path, visits=[[*HEADS, "mood", "crp_mg_l"]]))
    assert dict(found.columns.schema) == dict(COLUMNS_SCHEMA)
    assert found.columns.filter(form="visits").rows() == [
        ("visits", "patient", "S01.xlsx", "visits", "A", "patient", None),
        ("visits", "visit_date", "S01.xlsx", "visits", "B", "visit_date", None),
        ("visits", "crp", "S01.xlsx", "visits", "D", "crp_mg_l", "mg/L"),
        ("visits", None, "S01.xlsx", "visits", "C", "mood", None),
    ]


def test_a_study_needs_a_form_of_patients(tmp_path: Path) -> None:
    assert "no form has one row a patient" in wrong(centre(tmp_path), {"visits": VISITS}).what
