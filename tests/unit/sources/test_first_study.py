"""The charts of the first study, each centre with its habits, read with forms written here by hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

import polars as pl
import pytest
from python_calamine import CalamineWorkbook

from remit.language.types import Date, Level, Number, Text, YesNo
from remit.schema.records import Records
from remit.sources.workbooks import read
from remit.study.forms import Charts, Field, Form
from tests.unit.sources.making import entries, field, form

FOLDER = Path(__file__).parents[3] / "examples" / "upadacitinib-crohn" / "charts"
CENTRES = {"S01": 24, "S02": 16, "S03": 13, "S04": 11, "S05": 7}
FAILED = "corticosteroids thiopurines infliximab adalimumab vedolizumab ustekinumab"
OTHERS = "smoker upper_gi perianal perianal_active extent_over_30cm prior_vte prior_arterial_event cv_risk_factors"
YES_NO = [
    *OTHERS.split(),
    *(f"failed_{drug}" for drug in FAILED.split()),
]
ONE, TENTH = Fraction(1), Fraction(1, 10)


def number(
    name: str, high: int, unit: str = "", decimals: int = 0, units: Mapping[str, Fraction] | None = None
) -> Field:
    kind = Number(unit, decimals, censored=name == "calprotectin")
    return field(name, kind, units=units or {}, low=Fraction(0), high=Fraction(high))


def level(name: str, **codes: str) -> Field:
    return field(name, Level(tuple(codes)), codes={code: of for of, code in codes.items()})


def texts(names: str) -> list[Field]:
    return [field(name, Text()) for name in names.split()]


def dates(names: str) -> list[Field]:
    return [field(name, Date()) for name in names.split()]


PERIOD = {"start": "start_date", "stop": "stop_date"}
DOSE = field("dose", Number("mg"), units={"mg": ONE}, low=Fraction(0))
FORMS: dict[str, Form] = {
    each.name: each
    for each in (
        form(
            "patients",
            "once",
            *dates("birth_date diagnosis_date last_contact_date"),
            level("sex", female="F", male="M"),
            level("location", ileal="L1", colonic="L2", ileocolonic="L3"),
            level("behaviour", inflammatory="B1", stricturing="B2", penetrating="B3"),
            *[field(name, YesNo()) for name in YES_NO],
            *texts("previous_surgery extraintestinal"),
            number("ses_cd", 56),
        ),
        form(
            "visits",
            "visit",
            *dates("visit_date"),
            number("hbi_wellbeing", 4),
            number("hbi_pain", 3),
            number("hbi_stools", 50),
            number("hbi_mass", 3),
            number("hbi_complications", 8),
            field("steroids", YesNo()),
            number("crp", 60, "mg/dL", 2, {"mg/dL": ONE, "mg/L": TENTH}),
            number("calprotectin", 30_000, "ug/g", units={"ug/g": ONE}),
            number("bwt_ileum", 30, "mm", 1, {"mm": ONE}),
            number("bwt_colon", 30, "mm", 1, {"mm": ONE}),
            *texts("fistula_drainage"),
            date="visit_date",
        ),
        form("treatment", "period", *texts("drug stop_reason"), DOSE, *dates("start_date stop_date"), **PERIOD),
        form("steroids", "period", *texts("drug"), DOSE, *dates("start_date stop_date"), **PERIOD),
        form("prior_therapies", "period", *texts("drug outcome"), *dates("start_date stop_date"), **PERIOD),
        form("procedures", "event", *dates("date"), *texts("procedure indication"), date="date"),
        form(
            "adverse_events",
            "event",
            *texts("term action_taken comment"),
            *dates("start_date"),
            number("grade", 5),
            field("serious", YesNo()),
            field("related", YesNo()),
            date="start_date",
        ),
    )
}
CHARTS = Charts(yes=("yes", "si", "1"), no=("no", "0"), not_done=("ND", "n.d."))


@pytest.fixture(scope="module")
def found() -> Records:
    return read(FOLDER, FORMS, CHARTS)


def test_each_row_of_the_charts_is_there(found: Records) -> None:
    assert {name: frame.height for name, frame in found.forms.items()} == {
        "patients": 71,
        "visits": 187,
        "treatment": 126,
        "steroids": 35,
        "prior_therapies": 384,
        "procedures": 6,
        "adverse_events": 15,
    }
    assert dict(found.forms["patients"].group_by("centre").len().rows()) == CENTRES
    assert found.rows["_row"].to_list() == list(range(824))


def test_nothing_is_refused_unused_or_queried(found: Records) -> None:
    assert found.ledger.filter(pl.col("action").is_in(["refused", "unused", "queried"])).height == 0


def test_each_crp_is_what_the_chart_says_in_mg_per_dl(found: Records) -> None:
    """Against the raw cells, read here in another way: text with a comma, mg/L by a tenth."""
    written: list[Fraction | None] = []
    for centre in CENTRES:
        sheet = CalamineWorkbook.from_path(FOLDER / f"{centre}.xlsx").get_sheet_by_name("visits").to_python()
        column = next(index for index, heading in enumerate(sheet[0]) if str(heading).startswith("crp"))
        factor = Fraction(1, 10) if sheet[0][column] == "crp_mg_per_L" else Fraction(1)
        for row in sheet[1:]:
            text = str(row[column]).replace(",", ".")
            written.append(Fraction(text) * factor if text[:1].isdigit() else None)
    scaled = [None if value is None else value * 100 for value in written]
    assert found.forms["visits"]["crp"].to_list() == scaled


def visit(found: Records, patient: str, day: dt.date) -> dict[str, object]:
    (only,) = found.forms["visits"].filter(patient=patient, visit_date=day).to_dicts()
    return only


def test_s01_is_used_as_written(found: Records) -> None:
    first = visit(found, "S01-001", dt.date(2023, 1, 26))
    assert (first["crp"], first["calprotectin"], first["bwt_ileum"], first["steroids"]) == (80, 935, None, True)
    assert {code for (code,) in entries(found, "code", centre="S01", form="visits")} == {"heading"}


def test_s02_writes_mg_per_l(found: Records) -> None:
    first = visit(found, "S02-001", dt.date(2023, 2, 6))
    assert (first["crp"], first["bwt_ileum"]) == (150, 60)
    assert entries(found, "row", "column", "written", "value", code="unit", patient="S02-001") == [
        (2, "I", "15", "1.5 mg/dL"),
        (3, "I", "21", "2.1 mg/dL"),
    ]


def test_s03_writes_text_with_comma_day_first_si_and_nd(found: Records) -> None:
    first = visit(found, "S03-001", dt.date(2023, 2, 14))
    assert (first["crp"], first["calprotectin"], first["bwt_ileum"], first["steroids"]) == (70, 2717, None, False)
    assert entries(found, "code", "column", "written", "value", patient="S03-001", sheet="visits", row=2) == [
        ("text-date", "B", "14/02/2023", "2023-02-14"),
        ("decimal-sign", "I", "0,7", "0.7 mg/dL"),
        ("not-done", "K", "ND", None),
        ("not-done", "L", "ND", None),
    ]
    decimals = found.ledger.filter(action="recognised", code="decimal-sign", centre="S03")
    assert decimals.select("column", "value").rows() == [("I", "comma"), ("K", "comma"), ("L", "comma")]


def test_s04_writes_beyond_the_limits_of_the_assay(found: Records) -> None:
    assert entries(found, "written", "value", action="censored", centre="S04") != []
    visits = found.forms["visits"].filter(centre="S04")
    below, above = (visits.filter(calprotectin__censored=side)["calprotectin"].unique().to_list() for side in (-1, 1))
    assert (below, above) == ([50], [1800])
    assert found.forms["visits"].filter(pl.col("calprotectin__censored") != 0)["centre"].unique().to_list() == ["S04"]


def test_s05_writes_month_names_one_and_zero_and_not_done(found: Records) -> None:
    first = visit(found, "S05-001", dt.date(2023, 2, 3))
    assert (first["crp"], first["steroids"], first["hbi_stools"]) == (None, True, 12)
    assert (2, "I", "n.d.") in entries(found, "row", "column", "written", action="missing", patient="S05-001")
    assert entries(found, "code", code="date-order", centre="S05") == []


def test_periods_that_go_on_have_no_stop(found: Records) -> None:
    treatment = found.forms["treatment"]
    assert treatment.filter("ongoing")["stop_date"].null_count() == treatment.filter("ongoing").height > 0
    assert treatment.filter(~pl.col("ongoing"))["stop_date"].null_count() == 0
