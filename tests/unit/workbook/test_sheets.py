"""Sheets and headings of a workbook: so written that nothing needs to be recognised."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from remit.errors import WrongInput
from remit.language.types import Number, Text
from remit.study.forms import EXPLANATIONS, Charts
from remit.workbook.sheets import form_sheets, heading_of
from tests.unit.sources.making import CALPROTECTIN, CRP, FORMS, HBI, NOTE, PATIENTS, VISITS, field, form


def test_a_sheet_a_form_with_the_patient_first() -> None:
    sheets = form_sheets(FORMS, Charts())
    assert [sheet.name for sheet in sheets] == ["patients", "visits", "treatment"]
    assert [column.heading for column in sheets[0].columns] == ["patient", "birth_date", "sex", "weight (kg)", "smoker"]
    assert sheets[0].place(PATIENTS, None) == 0
    assert sheets[1].place(VISITS, "hbi") == 4


@pytest.mark.parametrize(
    ("field", "heading"),
    [(CRP, "crp (mg/dL)"), (CALPROTECTIN, "calprotectin (ug/g)"), (HBI, "hbi"), (NOTE, "note")],
)
def test_the_heading_tells_the_unit(field: object, heading: str) -> None:
    assert heading_of(field, VISITS, {}) == heading  # type: ignore[arg-type]


def test_a_column_that_ends_with_its_unit_says_it_already() -> None:
    weight = field("weight", Number("kg"), units={"kg": Fraction(1)}, column="weight_kg")
    assert heading_of(weight, form("patients", "once", weight), {}) == "weight_kg"


def test_a_heading_of_the_centre_goes_before_the_column() -> None:
    charts = Charts(columns={"S01": {"visits": {"PCR": "crp", "Nota": "note"}}})
    headings = {
        centre: [column.heading for column in form_sheets(FORMS, charts, centre)[1].columns]
        for centre in ("S01", "S02")
    }
    told = ["patient", "visit_date", "PCR (mg/dL)", "calprotectin (ug/g)", "hbi", "Nota"]
    assert headings["S01"] == told
    assert headings["S02"] == ["patient", "visit_date", "crp (mg/dL)", "calprotectin (ug/g)", "hbi", "note"]


def test_a_heading_that_is_another_field_is_not_used() -> None:
    level = field("level", Number("kg"), units={"kg": Fraction(1)})
    other = field("level_kg", Text())
    both = form("patients", "once", level, other)
    assert [heading_of(each, both, {}) for each in (level, other)] == ["level", "level_kg"]


def test_no_heading_at_all() -> None:
    sizes = {"kg": Fraction(1), "g": Fraction(1, 1000)}
    level, other = field("level", Number("kg", several_units=True), units=sizes), field("level_kg", Text())
    with pytest.raises(WrongInput, match="no heading can name its field level in kg and nothing else"):
        heading_of(level, form("patients", "once", level, other), {})


def test_a_centre_column_stands_where_the_patients_are() -> None:
    sheets = form_sheets(FORMS, Charts(centre_column="Site"))
    assert [[column.heading for column in sheet.columns][:2] for sheet in sheets] == [
        ["patient", "Site"], ["patient", "visit_date"], ["patient", "drug"],
    ]  # fmt: skip


def test_forms_on_one_sheet_share_it() -> None:
    one, two = form("all", "once", HBI), replace(form("two", "once", NOTE, HBI), sheet="All")
    (sheet,) = form_sheets({"one": one, "two": two}, Charts())
    assert [column.heading for column in sheet.columns] == ["patient", "hbi", "note"]


@pytest.mark.parametrize("name", [EXPLANATIONS, "a/b", "x" * 32, "History", "'a"])
def test_a_sheet_that_a_workbook_cannot_have(name: str) -> None:
    with pytest.raises(WrongInput, match="its sheet cannot be called"):
        form_sheets({"a": form(name, "once", NOTE)}, Charts())
